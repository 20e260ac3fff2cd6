//! Runs the program in a folder of its own and reads what it leaves.

use crate::schema;
use rt_sql::{Database, DatabaseUrl, OpenOptions, StoredImport, StoredPlan};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with the program's files in it.
pub(crate) struct Place {
    inner: rt_testkit::place::Place,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { inner: rt_testkit::place::Place::of(env!("CARGO_BIN_EXE_rt-import")) }
    }

    pub(crate) fn path(&self) -> &Path {
        self.inner.path()
    }

    /// The program, in this folder, with nothing of the user's configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.inner.command(arguments)
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
        self.read(|database| async move {
            (database.plans(None).await.unwrap(), database.imports(None).await.unwrap())
        })
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

/// The texts at `key` of an array's objects.
pub(crate) fn texts<'a>(array: &'a Value, key: &str) -> Vec<&'a str> {
    array.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap_or_default()).collect()
}

/// The codes of an object's findings.
pub(crate) fn codes(object: &Value) -> Vec<&str> {
    texts(&object["findings"], "code")
}
