//! A MariaDB server of its own: made in a folder that goes with it, on the loopback address, on a free port.
//!
//! Units: none. Frame: none.

use crate::port::free_port;
use crate::skip::skip;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Who may do anything on the server.
pub const USER: &str = "dosebridge";
/// Its password. Has the characters that a password inside a URL would trip over.
pub const PASSWORD: &str = "a pass:w/rd@";

/// A running server.
#[derive(Debug)]
pub struct Server {
    process: Child,
    port: u16,
    options: Vec<String>,
    folder: TempDir,
}

static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
static DATABASES: AtomicU32 = AtomicU32::new(0);

impl Server {
    /// The server of this test process, started by the first who asks and stopped by the last who lets go.
    /// `None` where MariaDB is absent, which CI does not accept.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn shared() -> Option<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return Some(server);
        }
        let server = Arc::new(Self::alone()?);
        *shared = Arc::downgrade(&server);
        Some(server)
    }

    /// A server for one test alone.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn alone() -> Option<Self> {
        Self::alone_with(Vec::new())
    }

    /// A server for one test alone, with options of its own.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn alone_with(options: Vec<String>) -> Option<Self> {
        let Some((program, tables)) = installed() else {
            skip("no mariadbd (install mariadb-server-core)");
            return None;
        };
        let folder = TempDir::new().unwrap();
        make_system_tables(&program, &tables, folder.path());
        let (process, port) = Self::start(&program, folder.path(), &options, None);
        Some(Self { process, port, options, folder })
    }

    /// Ends the server as a power cut does and starts it again on its data and port.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let (program, _) = installed().unwrap();
        (self.process, _) = Self::start(&program, self.folder.path(), &self.options, Some(self.port));
    }

    fn start(program: &Path, folder: &Path, options: &[String], port: Option<u16>) -> (Child, u16) {
        // Between finding a free port and taking it another program may be faster: then the server ends and
        // the next try gets another port.
        for _ in 0..5 {
            let port = port.unwrap_or_else(free_port);
            let log = File::create(folder.join("log")).unwrap();
            let mut process = server(program, folder)
                .arg("--bind-address=127.0.0.1")
                .arg(format!("--port={port}"))
                .arg(format!("--socket={}", folder.join("socket").display()))
                .arg(format!("--pid-file={}", folder.join("pid").display()))
                .args(options)
                .args(["--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--max-connections=300"])
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()
                .unwrap();
            let until = Instant::now() + Duration::from_secs(60);
            while process.try_wait().unwrap().is_none() && Instant::now() < until {
                if std::fs::read_to_string(folder.join("log")).unwrap().contains("ready for connections") {
                    return (process, port);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = process.kill();
            let _ = process.wait();
        }
        panic!("mariadbd did not start: {}", std::fs::read_to_string(folder.join("log")).unwrap());
    }

    /// The server's process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The address of a database, with the user and without the password.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("mysql://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// A connection past the code under test.
    ///
    /// # Panics
    /// Where the server refuses it.
    pub async fn connect(&self, database: &str) -> Conn {
        let options = OptsBuilder::default()
            .ip_or_hostname("127.0.0.1")
            .tcp_port(self.port)
            .user(Some(USER))
            .pass(Some(PASSWORD))
            .db_name(Some(database))
            .prefer_socket(false);
        Conn::new(options).await.unwrap()
    }

    /// A new empty database, by its name.
    ///
    /// # Panics
    /// Where the server refuses it.
    pub async fn new_database(&self) -> String {
        let name = format!("DVH{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        self.connect("mysql").await.query_drop(format!("CREATE DATABASE {name}")).await.unwrap();
        name
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The server program and the script of its system tables.
fn installed() -> Option<(PathBuf, PathBuf)> {
    let folders = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    let sbin = ["/usr/sbin".into(), "/usr/local/sbin".into()];
    let program =
        folders.into_iter().chain(sbin).map(|folder| folder.join("mariadbd")).find(|file| file.is_file())?;
    let share = program.ancestors().nth(2)?.join("share");
    let tables = ["mysql", "mariadb"].map(|folder| share.join(folder).join("mysql_system_tables.sql"));
    Some((program, tables.into_iter().find(|file| file.is_file())?))
}

fn server(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    // root needs to say that it means it; for others the option is without effect.
    command.args(["--no-defaults", "--user=root", "--innodb-log-file-size=8M"]);
    command.arg(format!("--datadir={}", folder.join("data").display()));
    // A server that starts clears its temporary folder, also of what another server keeps there.
    command.arg(format!("--tmpdir={}", folder.display()));
    command
}

/// What mariadb-install-db does (that script needs the client package too), with one user who has a password.
fn make_system_tables(program: &Path, tables: &Path, folder: &Path) {
    std::fs::create_dir(folder.join("data")).unwrap();
    let log = folder.join("bootstrap");
    let mut bootstrap = server(program, folder)
        .arg("--bootstrap")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let user = format!(
        "INSERT INTO mysql.global_priv VALUES ('%', '{USER}', CONCAT('{{\"access\":18446744073709551615,\
         \"plugin\":\"mysql_native_password\",\"authentication_string\":\"', PASSWORD('{PASSWORD}'), '\"}}'));\n"
    );
    let mut input = bootstrap.stdin.take().unwrap();
    input.write_all(b"CREATE DATABASE mysql;\nUSE mysql;\n").unwrap();
    input.write_all(&std::fs::read(tables).unwrap()).unwrap();
    input.write_all(user.as_bytes()).unwrap();
    drop(input);
    assert!(bootstrap.wait().unwrap().success(), "{}", std::fs::read_to_string(log).unwrap());
}
