//! Cases, DVHs and findings as rows, in and out, of SQLite and of MySQL or MariaDB.
//!
//! Knows nothing of parsing, geometry, how a DVH is computed, or the command line.
//!
//! Units: those of the columns (Gy, cm3); newtypes in the API. Frame: DICOM patient coordinates (LPS) for points.

pub mod record;
