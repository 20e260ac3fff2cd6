//! The rows about an import: `Imports`, `ImportFiles`, `FieldSources`, `Audit`.
//!
//! Units: none. Frame: none.

use rt_model::date::DateTime;
use rt_model::uid::Uid;
use std::path::PathBuf;

/// The import that made a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// When it was made, UTC.
    pub at: DateTime,
    /// Who ran it: the account's name.
    pub who: String,
    /// On which computer.
    pub host: String,
    /// Name of the program or engine.
    pub engine_name: String,
    /// Its version.
    pub engine_version: String,
    /// The DVH options in full, in one canonical text: equal options give equal texts.
    pub dvh_options: String,
    /// Every file the case was made of.
    pub files: Vec<SourceFile>,
}

/// A file that a case was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// What it contributed.
    pub role: SourceRole,
    /// SOP Instance UID.
    pub sop_instance: Uid,
    /// Where it was read from.
    pub path: PathBuf,
}

/// What a file contributed to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceRole {
    /// The plan.
    Plan,
    /// The structure set.
    StructureSet,
    /// A dose, or a part of it.
    Dose,
    /// The planning image whose study date stands in for the plan's.
    Image,
}

impl SourceRole {
    /// The word in the table: `plan`, `structure_set`, `dose`, `image`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::StructureSet => "structure_set",
            Self::Dose => "dose",
            Self::Image => "image",
        }
    }

    /// Reads the table's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Plan, Self::StructureSet, Self::Dose, Self::Image]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

/// Where the value of a column of `Plans` comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSource {
    /// The column: `RxDose`.
    pub column: String,
    /// Attribute path and file, or the rule that made the value.
    pub source: String,
}

/// A decision that must stay traceable. The table only grows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// What was done: `import`, `accept`, `override`, `delete` ...
    pub action: String,
    /// Why, or with what.
    pub reason: String,
}
