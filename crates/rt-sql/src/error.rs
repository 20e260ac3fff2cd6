//! What can go wrong between a case and its rows.
//!
//! Units: none. Frame: none.

use crate::record::PlanId;
use rt_model::provenance::Provenance;
use std::fmt;

/// A failed operation on a database. The cause reported by the database's own driver, where there is one, is
/// the `source`.
#[derive(Debug, thiserror::Error)]
pub struct SqlError {
    // Boxed: errors are rare and results are moved often.
    kind: Box<SqlErrorKind>,
    at: Box<Provenance>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SqlErrorKind {
    /// The URL names no database that this crate can open.
    Url {
        /// What is wrong with it, with the form that is expected; never the password.
        problem: String,
    },
    /// The database could not be reached or opened at the start.
    Unreachable {
        /// The file or server.
        database: String,
    },
    /// The connection broke, or the file became unusable, after the start: nothing more can be stored.
    Lost,
    /// The database was written by a newer program.
    SchemaNewer {
        /// The database's schema version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// A table or column is not what it has to be.
    Schema {
        /// What was expected and found.
        problem: String,
    },
    /// A table is kept by an engine without transactions.
    Engine {
        /// The table.
        table: String,
        /// The engine.
        engine: String,
    },
    /// Another program kept the lock too long.
    Busy,
    /// A key field does not fit its column; nothing of the case was stored.
    DoesNotFit {
        /// `Table.Column`.
        column: String,
        /// What was found: a length in characters or a number.
        found: String,
        /// What the column holds.
        limit: String,
    },
    /// The MRN is taken by another person: birth date, sex or issuer differ; nothing of the case was stored.
    OtherPerson {
        /// The MRN.
        mrn: String,
        /// A plan stored under it.
        plan_id: PlanId,
        /// `birth date`, `sex` or `issuer`.
        differs: &'static str,
    },
    /// The case is another version of a plan that a user has moved to another MRN; nothing of it was stored.
    MovedAway {
        /// The case's MRN.
        mrn: String,
        /// Where the plan was moved to.
        to: String,
        /// Its number there.
        plan_id: PlanId,
    },
    /// No such plan, or nothing of such a patient, is stored.
    NotStored {
        /// The MRN.
        mrn: String,
        /// The plan; `None` for all of the patient's.
        plan_id: Option<PlanId>,
    },
    /// The plan or patient is not excluded.
    NotExcluded {
        /// The MRN.
        mrn: String,
        /// The plan; `None` for all of the patient's.
        plan_id: Option<PlanId>,
    },
    /// The record contradicts itself or breaks the rules of its types; nothing of it was stored.
    Record {
        /// What was expected and found.
        problem: String,
    },
    /// The database refused a statement; nothing of the case was stored.
    Statement,
    /// A stored value can't be read as what its column means.
    Stored {
        /// What was expected and found.
        problem: String,
    },
}

impl SqlError {
    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> &SqlErrorKind {
        &self.kind
    }

    /// The file or SOP instance concerned.
    #[must_use]
    pub const fn at(&self) -> &Provenance {
        &self.at
    }

    /// The case itself is at fault, and would be again on another try; other cases can be stored.
    #[must_use]
    pub const fn refuses_case(&self) -> bool {
        matches!(
            *self.kind,
            SqlErrorKind::DoesNotFit { .. }
                | SqlErrorKind::OtherPerson { .. }
                | SqlErrorKind::MovedAway { .. }
                | SqlErrorKind::Record { .. }
        )
    }

    pub(crate) fn new(kind: SqlErrorKind) -> Self {
        Self { kind: Box::new(kind), at: Box::default(), source: None }
    }

    pub(crate) fn caused(
        kind: SqlErrorKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind: Box::new(kind), at: Box::default(), source: Some(source.into()) }
    }

    pub(crate) fn stored(problem: String) -> Self {
        Self::new(SqlErrorKind::Stored { problem })
    }

    pub(crate) fn at_place(mut self, at: &Provenance) -> Self {
        if *self.at == Provenance::unknown() {
            *self.at = at.clone();
        }
        self
    }

    /// The same failure, met while opening the database.
    pub(crate) fn at_start(self, database: &str) -> Self {
        match *self.kind {
            SqlErrorKind::Lost | SqlErrorKind::Statement | SqlErrorKind::Busy => {
                let kind = SqlErrorKind::Unreachable { database: database.to_owned() };
                Self { kind: Box::new(kind), ..self }
            }
            _ => self,
        }
    }
}

impl From<SqlErrorKind> for SqlError {
    /// The error that a caller finds by itself, before it asks the database.
    fn from(kind: SqlErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self.at != Provenance::unknown() {
            write!(f, "{}: ", self.at)?;
        }
        fmt::Display::fmt(&self.kind, f)
    }
}

impl fmt::Display for SqlErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { problem }
            | Self::Schema { problem }
            | Self::Record { problem }
            | Self::Stored { problem } => f.write_str(problem),
            Self::Unreachable { database } => write!(f, "database {database} can't be opened"),
            Self::Lost => f.write_str("connection to the database lost"),
            Self::SchemaNewer { found, known } => {
                write!(
                    f,
                    "expected schema version {known} or older, found {found}: use the newer program that made it"
                )
            }
            Self::Engine { table, engine } => write!(
                f,
                "expected an engine with transactions for table {table}, found {engine}: \
                 run `ALTER TABLE {table} ENGINE=InnoDB` first"
            ),
            Self::Busy => f.write_str("another program holds the database's lock"),
            Self::DoesNotFit { column, found, limit } => {
                write!(f, "expected {limit} for {column}, found {found}")
            }
            Self::OtherPerson { mrn, plan_id, differs } => {
                write!(
                    f,
                    "expected the {differs} stored with plan {plan_id} of MRN {mrn}, found another: another person"
                )
            }
            Self::MovedAway { mrn, to, plan_id } => write!(
                f,
                "expected a plan of MRN {mrn}, found a version of plan {plan_id} of MRN {to}, where a user has moved it: \
                 correct the files' Patient ID, or delete that plan first"
            ),
            Self::NotStored { mrn, plan_id: Some(plan_id) } => {
                write!(f, "no plan {plan_id} of MRN {mrn:?} is stored")
            }
            Self::NotStored { mrn, plan_id: None } => write!(f, "nothing of MRN {mrn:?} is stored"),
            Self::NotExcluded { mrn, plan_id: Some(plan_id) } => {
                write!(f, "plan {plan_id} of MRN {mrn:?} is not excluded")
            }
            Self::NotExcluded { mrn, plan_id: None } => write!(f, "MRN {mrn:?} is not excluded as a whole"),
            Self::Statement => f.write_str("statement refused by the database"),
        }
    }
}
