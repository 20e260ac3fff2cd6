//! How the program ends after an error of a library: exit code and text.
//!
//! Units: none. Frame: none.

use rt_case::{CaseError, CaseErrorKind};
use rt_cli::exit::{Exit, Failure, chain};
use rt_ingest::{IngestError, IngestErrorKind};
use rt_sql::{SqlError, SqlErrorKind};

/// The failure of an import.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(super) fn ingest(error: IngestError) -> Failure {
    match error.kind() {
        IngestErrorKind::Cancelled => interrupted(),
        IngestErrorKind::Input | IngestErrorKind::Sink => Failure::usage(chain(&error)),
        _ => Failure::stopped(chain(&error)),
    }
}

/// The user asked to stop.
pub(super) fn interrupted() -> Failure {
    Failure { exit: Exit::Interrupted, text: "interrupted".to_owned() }
}

/// The failure of files that are not a case: one that is absent is wrong usage.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(super) fn files(error: CaseError) -> Failure {
    let exit = match error.kind() {
        CaseErrorKind::NoInput => Exit::Usage,
        CaseErrorKind::Cancelled => Exit::Interrupted,
        _ => Exit::SomeRefused,
    };
    Failure { exit, text: error.reason() }
}

/// The failure of a database.
pub(super) fn database(error: &SqlError) -> Failure {
    let exit = match error.kind() {
        SqlErrorKind::Url { .. }
        | SqlErrorKind::Unreachable { .. }
        | SqlErrorKind::SchemaNewer { .. }
        | SqlErrorKind::Schema { .. }
        | SqlErrorKind::Engine { .. } => Exit::Usage,
        SqlErrorKind::NotStored { .. } | SqlErrorKind::NotExcluded { .. } => Exit::SomeRefused,
        _ if error.refuses_case() => Exit::SomeRefused,
        _ => Exit::Stopped,
    };
    Failure { exit, text: chain(error) }
}
