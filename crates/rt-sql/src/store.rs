//! Storing a case: one transaction, alone under its MRN.
//!
//! Units: none. Frame: none.

/// Makes a row of values of any kind.
macro_rules! row {
    ($($value:expr),* $(,)?) => {
        vec![$(Value::from($value)),*]
    };
}

mod cells;
mod delivery;
mod history;
mod rows;

pub(crate) use delivery::{BEAMS, CHANNELS, DWELLS, LAYERS, SOURCES};
pub use history::digest_text;
pub(crate) use history::{History, Person};
pub(crate) use rows::{AUDIT, IMPORTS, plan as plan_row, write_results};

use crate::curve;
use crate::database::Database;
use crate::error::{SqlError, SqlErrorKind};
use crate::record::{CaseRecord, PlanId, SourceRole};
use crate::session::Session;
use crate::value::Value;
use crate::writer::Writer;
use rt_model::finding::Finding;
use rt_model::finding::database::{STORED_UNDER_ANOTHER_MRN, SUPERSEDES_STORED_PLAN};
use rt_model::provenance::Provenance;
use std::collections::HashSet;

/// What became of a case that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The patient.
    pub mrn: String,
    /// The plan: a new one, or the one that holds the same content.
    pub plan_id: PlanId,
    /// Whether rows were made.
    pub outcome: Outcome,
    /// The older version of this plan whose place the new one takes.
    pub supersedes: Option<PlanId>,
    /// What the database has to say; not among the record's findings.
    pub findings: Vec<Finding>,
}

/// Whether storing made rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A new plan was stored.
    Stored,
    /// The same content was there already. Files with new UIDs were added to it.
    Unchanged,
}

impl Database {
    /// Stores a case, all of it or nothing.
    ///
    /// The same content under the same MRN is not stored twice. The same plan with other content gets a new
    /// PlanID, and the older version is marked as superseded. A PlanID is 1 more than the largest the MRN
    /// ever had.
    ///
    /// # Errors
    /// [`SqlErrorKind::DoesNotFit`], [`SqlErrorKind::OtherPerson`], [`SqlErrorKind::Record`] refuse this
    /// case; [`SqlErrorKind::Busy`] and [`SqlErrorKind::Statement`] may pass or hit other cases too;
    /// [`SqlErrorKind::Lost`] ends the run.
    pub async fn store_case(&self, case: &CaseRecord) -> Result<Stored, SqlError> {
        let at = case.provenance();
        let failed = |error: SqlError| error.at_place(&at);
        check(case).map_err(failed)?;
        let mut session = self.writing_session().await.map_err(failed)?;
        session.begin(&[&case.identity.mrn]).await.map_err(failed)?;
        let outcome = self.store_in(&mut session, case).await;
        let stored = session.finish(outcome).await.map_err(failed)?;
        self.keep(session);
        Ok(stored)
    }

    /// Adds the files of a case whose content is stored already, of which nothing but identity, import and
    /// findings is looked at;
    /// `None` where it is not stored.
    ///
    /// # Errors
    /// Those of [`Self::store_case`].
    pub async fn add_files(&self, case: &CaseRecord) -> Result<Option<Stored>, SqlError> {
        let at = case.provenance();
        let failed = |error: SqlError| error.at_place(&at);
        let mut session = self.writing_session().await.map_err(failed)?;
        session.begin(&[&case.identity.mrn]).await.map_err(failed)?;
        let outcome = self.add_in(&mut session, case).await;
        let stored = session.finish(outcome).await.map_err(failed)?;
        self.keep(session);
        Ok(stored)
    }

    async fn add_in(&self, session: &mut Session, case: &CaseRecord) -> Result<Option<Stored>, SqlError> {
        let history = History::read(session, self.schema(), &case.identity.mrn).await?;
        history.check_person(&(&case.identity).into())?;
        self.unchanged(session, &history, case).await
    }

    /// Takes note of a content that is stored already.
    async fn unchanged(
        &self,
        session: &mut Session,
        history: &History,
        case: &CaseRecord,
    ) -> Result<Option<Stored>, SqlError> {
        let Some(same) = history.same_content(&case.identity) else { return Ok(None) };
        add_new_files(session, self, case, same.plan_id).await?;
        Ok(Some(Stored {
            mrn: case.identity.mrn.clone(),
            plan_id: same.plan_id,
            outcome: Outcome::Unchanged,
            supersedes: None,
            findings: same.findings(case),
        }))
    }

    async fn store_in(&self, session: &mut Session, case: &CaseRecord) -> Result<Stored, SqlError> {
        let mrn = &case.identity.mrn;
        let history = History::read(session, self.schema(), mrn).await?;
        history.check_person(&(&case.identity).into())?;
        if let Some(stored) = self.unchanged(session, &history, case).await? {
            return Ok(stored);
        }
        if let Some(moved) = history.moved_content(&case.identity) {
            let text =
                format!("stored as plan {} of MRN {}, where a user has moved it", moved.plan_id, moved.mrn);
            return Ok(Stored {
                mrn: moved.mrn.clone(),
                plan_id: moved.plan_id,
                outcome: Outcome::Unchanged,
                supersedes: None,
                findings: vec![Finding::info(STORED_UNDER_ANOTHER_MRN, case.provenance(), text)],
            });
        }
        history.check_not_moved(&case.identity)?;
        let plan_id = history.next_plan_id()?;
        let superseded = history.older_versions(&case.identity);
        let supersedes = superseded.iter().max().copied();
        let mut findings = Vec::new();
        if let Some(older) = supersedes {
            let text = format!("stored as plan {plan_id}, takes the place of plan {older} of the same MRN");
            findings.push(Finding::info(SUPERSEDES_STORED_PLAN, case.provenance(), text));
        }
        let mut writer = Writer::new(session, self.schema(), case.provenance());
        writer.findings = findings;
        rows::write(&mut writer, case, plan_id, supersedes).await?;
        let findings = writer.findings;
        for older in superseded {
            let key = |first: Value| vec![first, mrn.into(), older.0.into()];
            session
                .execute(
                    "UPDATE PlanStatus SET SupersededBy = ? WHERE MRN = ? AND PlanID = ?",
                    key(plan_id.0.into()),
                )
                .await?;
            session
                .execute(
                    "UPDATE Imports SET State = ? WHERE MRN = ? AND PlanID = ?",
                    key("superseded".into()),
                )
                .await?;
        }
        Ok(Stored { mrn: mrn.clone(), plan_id, outcome: Outcome::Stored, supersedes, findings })
    }
}

/// Adds the files whose UIDs this plan's imports have not seen.
async fn add_new_files(
    session: &mut Session,
    database: &Database,
    case: &CaseRecord,
    plan_id: PlanId,
) -> Result<(), SqlError> {
    let sql = "SELECT SOPInstanceUID FROM ImportFiles WHERE MRN = ? AND PlanID = ?";
    let mut known = HashSet::new();
    for mut row in session.query(sql, vec![(&case.identity.mrn).into(), plan_id.0.into()]).await? {
        known.insert(row.next::<String>()?);
    }
    let first = known.len();
    let new = case.import.files.iter().filter(|file| !known.contains(file.sop_instance.as_str()));
    let rows = rows::files(case, plan_id, new, first);
    if rows.is_empty() {
        return Ok(());
    }
    let reason = format!("{} files added that hold the same content", rows.len());
    let mut writer = Writer::new(session, database.schema(), case.provenance());
    writer.insert("ImportFiles", rows::FILES, rows).await?;
    writer.insert("Audit", AUDIT, vec![rows::audit(case, plan_id, rows::IMPORT, &reason)]).await
}

/// Characters that the key columns hold in a database that this program makes; one of the original importer
/// holds fewer.
const KEY_CHARACTERS: usize = 64;

impl CaseRecord {
    /// Whether a database that this program makes could store the case, as far as that can be told without
    /// one.
    ///
    /// # Errors
    /// [`SqlErrorKind::Record`], [`SqlErrorKind::DoesNotFit`].
    pub fn check(&self) -> Result<(), SqlError> {
        let names =
            self.rois.iter().filter(|roi| roi.volume.is_some()).map(|roi| ("DVHs.ROIName", &roi.name));
        let long = [("Plans.MRN", &self.identity.mrn)]
            .into_iter()
            .chain(names)
            .map(|(column, text)| (column, text.chars().count()))
            .find(|(_, length)| *length > KEY_CHARACTERS);
        let fits = long.map_or(Ok(()), |(column, length)| {
            Err(SqlError::new(SqlErrorKind::DoesNotFit {
                column: column.into(),
                found: format!("{length} characters"),
                limit: format!("at most {KEY_CHARACTERS} characters"),
            }))
        });
        fits.and_then(|()| check(self)).map_err(|error| error.at_place(&self.provenance()))
    }

    /// The plan's file as the place of errors and findings.
    pub(crate) fn provenance(&self) -> Provenance {
        let plan = self.import.files.iter().find(|file| file.role == SourceRole::Plan);
        Provenance {
            file: plan.map(|file| file.path.clone()),
            sop_instance: Some(self.identity.plan_uid.clone()),
            ..Provenance::default()
        }
    }
}

/// What must hold of a record before the database is asked.
fn check(case: &CaseRecord) -> Result<(), SqlError> {
    let refuse = |problem: String| Err(SqlError::new(SqlErrorKind::Record { problem }));
    if case.identity.mrn.is_empty() {
        return refuse("expected an MRN, found an empty one".into());
    }
    let plan = case
        .import
        .files
        .iter()
        .any(|file| file.role == SourceRole::Plan && file.sop_instance == case.identity.plan_uid);
    if !plan {
        return refuse("expected the plan's own file among the import's files, found none".into());
    }
    if case.prescriptions.iter().filter(|candidate| candidate.chosen).count() > 1 {
        return refuse("expected one chosen prescription at most, found more".into());
    }
    let mut numbers = HashSet::new();
    for roi in &case.rois {
        if !numbers.insert(roi.number) {
            return refuse(format!("expected ROI numbers once each, found {} again", roi.number));
        }
        if roi.volume.is_none() && (roi.curve.is_some() || roi.reason.is_none()) {
            return refuse(format!(
                "expected a reason and no curve for ROI {} without a volume, found otherwise",
                roi.number
            ));
        }
        if let Some(curve) = &roi.curve {
            curve::check(curve)?;
        }
    }
    Ok(())
}
