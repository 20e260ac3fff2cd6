//! Rows of `Imports` with their files.
//!
//! Units: none. Frame: none.

use crate::database::Database;
use crate::error::SqlError;
use crate::record::{ImportRow, PlanId, SourceFile, SourceRole};
use crate::session::Session;
use crate::value::Value;
use rt_model::uid::Uid;
use std::collections::HashSet;
use std::path::PathBuf;

/// A row of `Imports`: the import that made a plan, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImport {
    /// The patient.
    pub mrn: String,
    /// The plan's number under the MRN.
    pub plan_id: PlanId,
    /// Issuer of the MRN.
    pub issuer: Option<String>,
    /// SOP Instance UID of the plan as first imported.
    pub plan_uid: Uid,
    /// Digest of the content, 64 hexadecimal digits.
    pub digest: String,
    /// `stored` or `superseded`.
    pub state: String,
    /// The older version whose place it took.
    pub supersedes: Option<PlanId>,
    /// When, by whom and how, and every file that ever brought this content.
    pub import: ImportRow,
}

const IMPORTS: &str = "SELECT MRN, PlanID, Issuer, PlanUID, Digest, State, Supersedes, ImportedAt_UTC, ImportedBy, Host, \
     EngineName, EngineVersion, DVHOptions FROM Imports";
const FILES: &str =
    "SELECT Role, SOPInstanceUID, Path FROM ImportFiles WHERE MRN = ? AND PlanID = ? ORDER BY Number";

const DIGESTS: &str = "SELECT MRN, Digest FROM Imports WHERE State IN ('stored', 'superseded')";

impl Database {
    /// MRN and digest (64 hexadecimal digits) of every content that is stored.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn stored_contents(&self) -> Result<HashSet<(String, String)>, SqlError> {
        let rows = self.session().await?.query(DIGESTS, Vec::new()).await?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    /// The imports of one MRN or all, by MRN and PlanID.
    ///
    /// # Errors
    /// Where the database can't be read.
    pub async fn imports(&self, mrn: Option<&str>) -> Result<Vec<StoredImport>, SqlError> {
        imports(&mut self.session().await?, mrn).await
    }
}

pub(super) async fn imports(session: &mut Session, mrn: Option<&str>) -> Result<Vec<StoredImport>, SqlError> {
    let (condition, values): (_, Vec<Value>) = match mrn {
        Some(mrn) => ("WHERE MRN = ?", vec![mrn.into()]),
        None => ("", Vec::new()),
    };
    let mut found = Vec::new();
    for mut row in session.query(&format!("{IMPORTS} {condition} ORDER BY MRN, PlanID"), values).await? {
        let mut import = StoredImport {
            mrn: row.next()?,
            plan_id: PlanId(row.next()?),
            issuer: row.next()?,
            plan_uid: row.next()?,
            digest: row.next()?,
            state: row.next()?,
            supersedes: row.next::<Option<u16>>()?.map(PlanId),
            import: ImportRow {
                at: row.next()?,
                who: row.next::<Option<_>>()?.unwrap_or_default(),
                host: row.next::<Option<_>>()?.unwrap_or_default(),
                engine_name: row.next::<Option<_>>()?.unwrap_or_default(),
                engine_version: row.next::<Option<_>>()?.unwrap_or_default(),
                dvh_options: row.next()?,
                files: Vec::new(),
            },
        };
        for mut file in session.query(FILES, vec![(&import.mrn).into(), import.plan_id.0.into()]).await? {
            let role: String = file.next()?;
            import.import.files.push(SourceFile {
                role: SourceRole::parse(&role).ok_or_else(|| {
                    SqlError::stored("expected plan, structure_set, dose or image in ImportFiles.Role".into())
                })?,
                sop_instance: file.next()?,
                path: PathBuf::from(file.next::<Option<String>>()?.unwrap_or_default()),
            });
        }
        found.push(import);
    }
    Ok(found)
}
