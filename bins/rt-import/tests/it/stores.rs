//! The program on both databases.

use crate::mariadb::{PASSWORD, Server};
use crate::support::Place;
use mysql_async::prelude::Queryable;
use rt_sql::{Database, OpenOptions};
use serde_json::Value;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// A database that the program is given by its address.
pub(crate) struct Store {
    pub(crate) url: String,
    server: Option<Arc<Server>>,
}

/// What a command left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a test on SQLite and on MariaDB, each in a folder of its own.
pub(crate) fn on_both(test: impl Fn(&Place, &Store)) {
    test(&Place::new(), &Store::sqlite());
    if let Some(server) = Server::shared() {
        let store = Store::on(&server);
        test(&Place::new(), &store);
    }
}

/// Options with the password of the test's server.
pub(crate) fn with_password() -> OpenOptions {
    OpenOptions { password: Some(PASSWORD.into()), ..OpenOptions::default() }
}

impl Store {
    /// `dvh.sqlite` in the place's folder.
    pub(crate) fn sqlite() -> Self {
        Self { url: "sqlite:dvh.sqlite".into(), server: None }
    }

    /// Runs a statement past the program.
    pub(crate) fn execute(&self, place: &Place, sql: &str) {
        let Some(server) = &self.server else {
            return rusqlite::Connection::open(place.path().join("dvh.sqlite"))
                .unwrap()
                .execute_batch(sql)
                .unwrap();
        };
        let name = self.url.rsplit('/').next().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { server.connect(name).await.query_drop(sql).await.unwrap() });
    }

    /// The number that a query past the program gives; of a server's database.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        let server = self.server.as_ref().expect("a server");
        let name = self.url.rsplit('/').next().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { server.connect(name).await.query_first(sql).await.unwrap().unwrap() })
    }

    /// A new database of a server.
    pub(crate) fn on(server: &Arc<Server>) -> Self {
        let name = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(server.new_database());
        Self { url: server.url(&name), server: Some(Arc::clone(server)) }
    }

    /// A database of a server by its address.
    pub(crate) fn at(server: &Arc<Server>, url: String) -> Self {
        Self { url, server: Some(Arc::clone(server)) }
    }

    /// The program with this database; nobody is there to ask.
    pub(crate) fn command(&self, place: &Place, arguments: &[&str]) -> Command {
        let mut command = place.command(&[arguments, &["--db", &self.url]].concat());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if self.server.is_some() {
            command.env("DOSEBRIDGE_DATABASE_PASSWORD", PASSWORD);
        }
        command
    }

    pub(crate) fn run(&self, place: &Place, arguments: &[&str]) -> Ran {
        let output = self.command(place, arguments).output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that has to succeed, and reads its JSON.
    pub(crate) fn json(&self, place: &Place, arguments: &[&str]) -> Value {
        let ran = self.run(place, &[arguments, &["--json", "-"]].concat());
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        let report = serde_json::from_str(&ran.out)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", ran.out));
        crate::schema::check_own(&report);
        report
    }

    /// Asks the database itself.
    pub(crate) fn read<T, F: Future<Output = T>>(
        &self,
        place: &Place,
        query: impl FnOnce(Database) -> F,
    ) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let url = self.url.replace("sqlite:", &format!("sqlite:{}/", place.path().display()));
        let options = self.server.as_ref().map_or_else(OpenOptions::default, |_| with_password());
        runtime.block_on(async {
            let database = Database::open(&url.parse().unwrap(), &options).await.unwrap();
            let answer = query(database.clone()).await;
            database.close().await;
            answer
        })
    }
}
