//! What an MRN has stored so far, and what that means for a new case.
//!
//! Units: none. Frame: none.

use crate::error::{SqlError, SqlErrorKind};
use crate::record::{CaseIdentity, CaseRecord, PlanId};
use crate::schema::{Schema, known_birth_date};
use crate::session::Session;
use rt_model::date::Date;
use rt_model::finding::Finding;
use rt_model::finding::database::{STORED_AND_SUPERSEDED, STORED_WITH_OTHER_OPTIONS};
use rt_model::patient::Sex;

/// Everything stored under one MRN, as far as it decides about a new case.
pub(crate) struct History {
    plans: Vec<PlanEntry>,
    imports: Vec<ImportEntry>,
    moved: Vec<MovedEntry>,
}

/// Who a case is of, as far as is known.
pub(crate) struct Person {
    pub(crate) mrn: String,
    pub(crate) birth_date: Option<Date>,
    pub(crate) sex: Option<Sex>,
    pub(crate) issuer: Option<String>,
}

impl From<&CaseIdentity> for Person {
    fn from(case: &CaseIdentity) -> Self {
        Self {
            mrn: case.mrn.clone(),
            birth_date: case.birth_date,
            sex: case.sex,
            issuer: case.issuer.clone(),
        }
    }
}

/// A row of `Plans`, from this program or the original importer.
struct PlanEntry {
    plan_id: PlanId,
    birth_date: Option<Date>,
    sex: Option<Sex>,
}

/// A row of `Imports` with its plan UIDs.
pub(super) struct ImportEntry {
    pub(super) plan_id: PlanId,
    issuer: Option<String>,
    digest: String,
    options: String,
    superseded_by: Option<u16>,
    plan_uids: Vec<String>,
}

/// A plan that was moved from this MRN to another.
pub(super) struct MovedEntry {
    pub(super) mrn: String,
    pub(super) plan_id: PlanId,
    digest: String,
    plan_uid: String,
}

const MOVED: &str = "SELECT m.ToMRN, m.ToPlanID, i.Digest, i.PlanUID FROM Moves AS m \
     JOIN Imports AS i ON i.MRN = m.ToMRN AND i.PlanID = m.ToPlanID WHERE m.MRN = ?";
const IMPORTS: &str = "SELECT i.PlanID, i.Issuer, i.Digest, i.DVHOptions, s.SupersededBy FROM Imports AS i \
     LEFT JOIN PlanStatus AS s ON s.MRN = i.MRN AND s.PlanID = i.PlanID WHERE i.MRN = ? ORDER BY i.PlanID";
const PLAN_UIDS: &str = "SELECT PlanID, SOPInstanceUID FROM ImportFiles WHERE MRN = ? AND Role = 'plan'";

impl History {
    pub(crate) async fn read(session: &mut Session, schema: &Schema, mrn: &str) -> Result<Self, SqlError> {
        let mut plans = Vec::new();
        let sql = format!("SELECT PlanID, Birthdate, Sex FROM Plans WHERE {}", schema.mrn_is());
        for mut row in session.query(&sql, vec![mrn.into()]).await? {
            let plan_id = PlanId(row.next()?);
            let birth_date = row.next::<Option<_>>()?.and_then(known_birth_date);
            let sex = row.next::<Option<String>>()?.as_deref().and_then(Sex::parse);
            plans.push(PlanEntry { plan_id, birth_date, sex });
        }
        let mut imports: Vec<ImportEntry> = Vec::new();
        for mut row in session.query(IMPORTS, vec![mrn.into()]).await? {
            imports.push(ImportEntry {
                plan_id: PlanId(row.next()?),
                issuer: row.next()?,
                digest: row.next()?,
                options: row.next()?,
                superseded_by: row.next()?,
                plan_uids: Vec::new(),
            });
        }
        for mut row in session.query(PLAN_UIDS, vec![mrn.into()]).await? {
            let (plan_id, uid) = (PlanId(row.next()?), row.next()?);
            if let Some(import) = imports.iter_mut().find(|import| import.plan_id == plan_id) {
                import.plan_uids.push(uid);
            }
        }
        let mut moved = Vec::new();
        for mut row in session.query(MOVED, vec![mrn.into()]).await? {
            moved.push(MovedEntry {
                mrn: row.next()?,
                plan_id: PlanId(row.next()?),
                digest: row.next()?,
                plan_uid: row.next()?,
            });
        }
        Ok(Self { plans, imports, moved })
    }

    /// Refuses a case of another person; what either side does not know is no difference.
    pub(crate) fn check_person(&self, new: &Person) -> Result<(), SqlError> {
        let differ = |plan_id, differs| {
            Err(SqlError::new(SqlErrorKind::OtherPerson { mrn: new.mrn.clone(), plan_id, differs }))
        };
        for plan in &self.plans {
            if differs(plan.birth_date, new.birth_date) {
                return differ(plan.plan_id, "birth date");
            }
            if differs(plan.sex, new.sex) {
                return differ(plan.plan_id, "sex");
            }
        }
        match self.imports.iter().find(|import| differs(import.issuer.as_deref(), new.issuer.as_deref())) {
            Some(import) => differ(import.plan_id, "issuer"),
            None => Ok(()),
        }
    }

    /// The stored plan that holds the same content; the current version where there are several.
    pub(super) fn same_content(&self, new: &CaseIdentity) -> Option<&ImportEntry> {
        let digest = digest_text(&new.digest);
        self.present()
            .filter(|import| import.digest == digest)
            .min_by_key(|import| import.superseded_by.is_some())
    }

    /// The plan that holds the same content and that a user has moved to another MRN.
    pub(super) fn moved_content(&self, new: &CaseIdentity) -> Option<&MovedEntry> {
        let digest = digest_text(&new.digest);
        self.moved.iter().find(|moved| moved.digest == digest)
    }

    /// Refuses another version of a plan that a user has moved to another MRN: it is in doubt whose it is.
    pub(super) fn check_not_moved(&self, new: &CaseIdentity) -> Result<(), SqlError> {
        match self.moved.iter().find(|moved| moved.plan_uid == new.plan_uid.as_str()) {
            Some(moved) => Err(SqlError::new(SqlErrorKind::MovedAway {
                mrn: new.mrn.clone(),
                to: moved.mrn.clone(),
                plan_id: moved.plan_id,
            })),
            None => Ok(()),
        }
    }

    /// The stored plan with this digest, or of this plan's SOP Instance UID.
    pub(crate) fn present_with(&self, digest: &str, plan_uid: &str) -> Option<PlanId> {
        let same = |import: &&ImportEntry| {
            import.digest == digest || import.plan_uids.iter().any(|uid| uid == plan_uid)
        };
        self.present().find(same).map(|import| import.plan_id)
    }

    /// Current plans that are older versions of the same plan.
    pub(super) fn older_versions(&self, new: &CaseIdentity) -> Vec<PlanId> {
        self.present()
            .filter(|import| import.superseded_by.is_none())
            .filter(|import| import.plan_uids.iter().any(|uid| uid == new.plan_uid.as_str()))
            .map(|import| import.plan_id)
            .collect()
    }

    /// 1 more than the largest that this MRN ever had: what was deleted from `Plans` is still in `Imports`.
    pub(super) fn next_plan_id(&self) -> Result<PlanId, SqlError> {
        let plans = self.plans.iter().map(|plan| plan.plan_id);
        let largest =
            plans.chain(self.imports.iter().map(|import| import.plan_id)).max().unwrap_or(PlanId(0));
        largest.0.checked_add(1).map(PlanId).ok_or_else(|| {
            SqlError::new(SqlErrorKind::DoesNotFit {
                column: "Plans.PlanID".into(),
                found: (u32::from(u16::MAX) + 1).to_string(),
                limit: format!("0 to {}", u16::MAX),
            })
        })
    }

    /// Imports whose plan has not been deleted.
    fn present(&self) -> impl Iterator<Item = &ImportEntry> {
        self.imports.iter().filter(|import| self.plans.iter().any(|plan| plan.plan_id == import.plan_id))
    }
}

impl ImportEntry {
    /// What to tell of a case that is stored here already.
    pub(super) fn findings(&self, case: &CaseRecord) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.options != case.import.dvh_options {
            let text = format!(
                "stored as plan {} with options {}; recompute to change them",
                self.plan_id, self.options
            );
            findings.push(Finding::warning(STORED_WITH_OTHER_OPTIONS, case.provenance(), text));
        }
        if let Some(newer) = self.superseded_by {
            let text = format!("stored as plan {}, which plan {newer} has superseded", self.plan_id);
            findings.push(Finding::warning(STORED_AND_SUPERSEDED, case.provenance(), text));
        }
        findings
    }
}

/// A digest as the database holds it: 64 hexadecimal digits.
#[must_use]
pub fn digest_text(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn differs<T: PartialEq>(stored: Option<T>, new: Option<T>) -> bool {
    matches!((stored, new), (Some(stored), Some(new)) if stored != new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::uid::Uid;

    fn identity() -> CaseIdentity {
        CaseIdentity {
            mrn: "A".into(),
            issuer: Some("H".into()),
            birth_date: Date::new(1950, 1, 1),
            sex: Some(Sex::Female),
            plan_uid: Uid::new("1.2").unwrap(),
            digest: [0xAB; 32],
        }
    }

    fn history(change: impl FnOnce(&mut PlanEntry, &mut ImportEntry)) -> History {
        let mut plan =
            PlanEntry { plan_id: PlanId(3), birth_date: Date::new(1950, 1, 1), sex: Some(Sex::Female) };
        let mut import = ImportEntry {
            plan_id: PlanId(3),
            issuer: Some("H".into()),
            digest: "ab".repeat(32),
            options: String::new(),
            superseded_by: None,
            plan_uids: vec!["1.2".into()],
        };
        change(&mut plan, &mut import);
        History { plans: vec![plan], imports: vec![import], moved: Vec::new() }
    }

    #[test]
    fn another_person_is_refused_and_the_unknown_is_not() {
        assert!(history(|_, _| {}).check_person(&(&identity()).into()).is_ok());
        assert!(
            history(|plan, import| (plan.birth_date, plan.sex, import.issuer) = (None, None, None))
                .check_person(&(&identity()).into())
                .is_ok()
        );
        assert!(
            history(|plan, _| plan.birth_date = Date::new(1950, 1, 2))
                .check_person(&(&identity()).into())
                .is_err()
        );
        assert!(history(|plan, _| plan.sex = Some(Sex::Male)).check_person(&(&identity()).into()).is_err());
        let error = history(|_, import| import.issuer = Some("G".into()))
            .check_person(&(&identity()).into())
            .unwrap_err();
        assert!(error.to_string().contains("issuer") && !error.to_string().contains("1950"), "{error}");
    }

    #[test]
    fn content_plan_and_number_decide() {
        let found = history(|_, _| {});
        assert_eq!(found.same_content(&identity()).unwrap().plan_id, PlanId(3));
        assert_eq!(found.next_plan_id().unwrap(), PlanId(4));
        assert_eq!(found.older_versions(&identity()), [PlanId(3)]);
        let other = history(|_, import| import.superseded_by = Some(4));
        assert!(other.older_versions(&identity()).is_empty());
    }

    #[test]
    fn a_deleted_plan_leaves_its_number_only() {
        let mut deleted = history(|_, _| {});
        deleted.plans.clear();
        assert!(deleted.same_content(&identity()).is_none());
        assert_eq!(deleted.next_plan_id().unwrap(), PlanId(4));
    }

    #[test]
    fn numbers_end() {
        assert!(history(|plan, _| plan.plan_id = PlanId(u16::MAX)).next_plan_id().is_err());
    }
}
