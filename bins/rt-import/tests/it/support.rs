//! Runs the program in a folder of its own and reads what it leaves.

use crate::schema;
use rt_sql::{Database, DatabaseUrl, OpenOptions, StoredImport, StoredPlan};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with the program's files in it.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The program, in this folder, with nothing of the user's configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rt-import"));
        command.args(arguments).current_dir(self.path()).env("HOME", self.path()).env_remove("XDG_CONFIG_HOME");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DOSEBRIDGE_")) {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs `rt-import run` with a JSON report, which keeps to its schema.
    pub(crate) fn import(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[&["run", "--json", "report.json"], arguments].concat());
        let text = std::fs::read(self.path().join("report.json"))
            .unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
        let report: Value = serde_json::from_slice(&text).unwrap();
        schema::check("import-report-1", &report);
        (output.status.code().unwrap(), report)
    }

    /// Rows of `Plans` and `Imports` of the database in this folder.
    pub(crate) fn stored(&self) -> (Vec<StoredPlan>, Vec<StoredImport>) {
        self.read(|database| async move { (database.plans(None).await.unwrap(), database.imports(None).await.unwrap()) })
    }

    pub(crate) fn read<T, F: Future<Output = T>>(&self, query: impl FnOnce(Database) -> F) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let url = DatabaseUrl::sqlite(self.path().join("dvh.sqlite"));
            query(Database::open(&url, &OpenOptions::default()).await.unwrap()).await
        })
    }

    /// Writes files of a phantom into a folder of this one.
    pub(crate) fn write(&self, folder: &str, case: &rt_phantom::case::PhantomCase) -> PathBuf {
        let path = self.path().join(folder);
        case.write(&path).unwrap();
        path
    }
}

/// The collection of real files; `None` where it is absent, which CI does not accept.
pub(crate) fn shared_data() -> Option<PathBuf> {
    let path = std::env::var_os("RT_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    if path.is_dir() {
        return Some(path.canonicalize().unwrap());
    }
    assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "no shared data at {}", path.display());
    eprintln!("skipped: no shared data");
    None
}

/// The texts at `key` of an array's objects.
pub(crate) fn texts<'a>(array: &'a Value, key: &str) -> Vec<&'a str> {
    array.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap_or_default()).collect()
}

/// The codes of an object's findings.
pub(crate) fn codes(object: &Value) -> Vec<&str> {
    texts(&object["findings"], "code")
}
