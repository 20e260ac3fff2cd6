//! Cases, DVHs and findings as rows, in and out, of SQLite and of MySQL or MariaDB.
//!
//! Knows nothing of parsing, geometry, how a DVH is computed, or the command line.
//!
//! Units: those of the columns (Gy, cm3); newtypes in the API. Frame: DICOM patient coordinates (LPS) for
//! points.

mod change;
mod create;
mod curve;
mod database;
mod error;
mod inspect;
pub mod queue;
mod read;
pub mod record;
mod schema;
mod session;
mod store;
mod tables;
mod url;
mod value;
mod writer;

pub use change::{Change, Deleted, Moved, Purged, Recomputed};
pub use create::{Role, create_database, grants};
pub use database::{Database, OpenOptions, Tls};
pub use error::{SqlError, SqlErrorKind};
pub use inspect::{Inspection, Right, inspect};
pub use read::{CohortPlan, DvhRow, ListedPlan, Source, Standing, StoredImport, StoredPlan, Table};
pub use store::{Outcome, Stored, digest_text};
pub use url::DatabaseUrl;
pub use value::Value;
