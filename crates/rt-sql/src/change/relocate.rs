//! Moving a plan to another MRN: the files named the wrong patient, or a patient got a new number.
//!
//! Units: none. Frame: none.

use super::delete::{largest_number, leave_number};
use super::{audit, expect_plan, key};
use crate::database::Database;
use crate::error::{SqlError, SqlErrorKind};
use crate::record::{Act, PlanId};
use crate::schema::known_birth_date;
use crate::session::Session;
use crate::store::{History, Person};
use crate::tables::below_imports;
use crate::value::Value;
use rt_model::date::Date;
use rt_model::patient::Sex;
use std::collections::{BTreeSet, HashMap};

/// Where the MRN of a moved plan is from: no longer its files.
pub(super) const MOVED: &str = "the user's word: the plan was moved";

/// A plan that was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Its number under the old MRN; never used again.
    pub from: PlanId,
    /// Its number under the new MRN.
    pub to: PlanId,
}

impl Database {
    /// Moves a plan with all its versions to another MRN, in their order. The old numbers stay used; the same
    /// content under the old MRN is from now on taken for what was moved.
    ///
    /// # Errors
    /// [`SqlErrorKind::NotStored`]; [`SqlErrorKind::OtherPerson`] where the new MRN has another birth date,
    /// sex or issuer; [`SqlErrorKind::Record`] where both are one, or the new one holds the same content or a
    /// version of the same plan; [`SqlErrorKind::DoesNotFit`]; where the database refuses.
    pub async fn move_plan(
        &self,
        mrn: &str,
        plan_id: PlanId,
        to: &str,
        act: &Act,
    ) -> Result<Vec<Moved>, SqlError> {
        if mrn == to || to.is_empty() {
            return Err(refused("expected another MRN to move to, found the same or none".to_owned()));
        }
        self.schema().check_key("Plans", "MRN", to.into())?;
        self.schema().check_key("DVHs", "MRN", to.into())?;
        let mut session = self.session().await?;
        session.begin(&[mrn, to]).await?;
        let outcome = self.move_in(&mut session, mrn, plan_id, to, act).await;
        session.finish(outcome).await
    }

    async fn move_in(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: PlanId,
        to: &str,
        act: &Act,
    ) -> Result<Vec<Moved>, SqlError> {
        let schema = self.schema();
        expect_plan(session, schema, mrn, plan_id).await?;
        let versions = versions(session, mrn, plan_id).await?;
        let there = History::read(session, schema, to).await?;
        there.check_person(&self.person(session, mrn, plan_id, to).await?)?;
        for version in &versions {
            self.check_not_there(session, &there, mrn, *version, to).await?;
        }
        let first = largest_number(session, schema, to).await? + 1;
        let mut moved = Vec::new();
        for (number, from) in (first..).zip(&versions) {
            let fits = schema.check_key("Plans", "PlanID", i64::from(number).into());
            fits.and_then(|()| schema.check_key("DVHs", "PlanID", i64::from(number).into()))?;
            moved.push(Moved { from: *from, to: PlanId(u16::try_from(number).unwrap_or(u16::MAX)) });
        }
        session.defer_foreign_keys(true).await?;
        for step in &moved {
            rename(session, schema.mrn_is(), mrn, to, *step).await?;
            leave_number(session, mrn, step.from, "moved", act).await?;
            let onward = vec![to.into(), step.to.0.into(), mrn.into(), step.from.0.into()];
            session
                .execute("UPDATE Moves SET ToMRN = ?, ToPlanID = ? WHERE ToMRN = ? AND ToPlanID = ?", onward)
                .await?;
            let row = vec![mrn.into(), step.from.0.into(), to.into(), step.to.0.into()];
            session.insert("Moves", &["MRN", "PlanID", "ToMRN", "ToPlanID"], vec![row]).await?;
        }
        relink(session, to, &moved).await?;
        session.defer_foreign_keys(false).await?;
        for step in &moved {
            let what = format!("to MRN {to} as plan {}", step.to);
            audit::write(
                self,
                session,
                act,
                audit::Entry { action: "move", mrn, plan_id: step.from.0, what },
            )
            .await?;
            let what = format!("from MRN {mrn}, plan {}", step.from);
            audit::write(
                self,
                session,
                act,
                audit::Entry { action: "move", mrn: to, plan_id: step.to.0, what },
            )
            .await?;
        }
        Ok(moved)
    }

    /// Whose plan it is, as far as is known, under the new MRN.
    async fn person(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: PlanId,
        to: &str,
    ) -> Result<Person, SqlError> {
        let sql = format!("SELECT Birthdate, Sex FROM Plans WHERE {} AND PlanID = ?", self.schema().mrn_is());
        let (mut birth_date, mut sex) = (None::<Date>, None::<String>);
        for mut row in session.query(&sql, key(mrn, plan_id)).await? {
            (birth_date, sex) = (row.next()?, row.next()?);
        }
        let mut issuer = None;
        for mut row in session
            .query("SELECT Issuer FROM Imports WHERE MRN = ? AND PlanID = ?", key(mrn, plan_id))
            .await?
        {
            issuer = row.next()?;
        }
        Ok(Person {
            mrn: to.to_owned(),
            birth_date: birth_date.and_then(known_birth_date),
            sex: sex.as_deref().and_then(Sex::parse),
            issuer,
        })
    }

    /// Refuses to put a plan where it is already.
    async fn check_not_there(
        &self,
        session: &mut Session,
        there: &History,
        mrn: &str,
        plan_id: PlanId,
        to: &str,
    ) -> Result<(), SqlError> {
        let sql = "SELECT Digest, PlanUID FROM Imports WHERE MRN = ? AND PlanID = ?";
        for mut row in session.query(sql, key(mrn, plan_id)).await? {
            let (digest, plan_uid): (String, String) = (row.next()?, row.next()?);
            if let Some(same) = there.present_with(&digest, &plan_uid) {
                let text = format!(
                    "expected no version of plan {plan_id} under MRN {to}, found it there as plan {same}: delete one of them first"
                );
                return Err(refused(text));
            }
        }
        Ok(())
    }
}

fn refused(problem: String) -> SqlError {
    SqlError::new(SqlErrorKind::Record { problem })
}

/// The plan and every version that took its place or whose place it took, in order.
async fn versions(session: &mut Session, mrn: &str, plan_id: PlanId) -> Result<BTreeSet<PlanId>, SqlError> {
    let mut links = Vec::new();
    let sql = "SELECT PlanID, SupersededBy FROM PlanStatus WHERE MRN = ? AND SupersededBy IS NOT NULL";
    for mut row in session.query(sql, vec![mrn.into()]).await? {
        links.push((PlanId(row.next()?), PlanId(row.next()?)));
    }
    let mut found = BTreeSet::from([plan_id]);
    loop {
        let before = found.len();
        for (older, newer) in &links {
            if found.contains(older) || found.contains(newer) {
                found.extend([*older, *newer]);
            }
        }
        if found.len() == before {
            return Ok(found);
        }
    }
}

/// Gives every row of a plan its new key.
async fn rename(
    session: &mut Session,
    mrn_is: &str,
    mrn: &str,
    to: &str,
    step: Moved,
) -> Result<(), SqlError> {
    let values = || vec![Value::from(to), step.to.0.into(), mrn.into(), step.from.0.into()];
    for table in ["Plans", "DVHs"] {
        session
            .execute(
                &format!("UPDATE {table} SET MRN = ?, PlanID = ? WHERE {mrn_is} AND PlanID = ?"),
                values(),
            )
            .await?;
    }
    for table in below_imports().chain(["Imports", "Exclusions"]) {
        session
            .execute(
                &format!("UPDATE {table} SET MRN = ?, PlanID = ? WHERE MRN = ? AND PlanID = ?"),
                values(),
            )
            .await?;
    }
    let source = "UPDATE FieldSources SET Source = ? WHERE MRN = ? AND PlanID = ? AND PlansColumn = 'MRN'";
    session.execute(source, vec![MOVED.into(), to.into(), step.to.0.into()]).await
}

/// Lets the moved versions supersede each other under their new numbers.
async fn relink(session: &mut Session, to: &str, moved: &[Moved]) -> Result<(), SqlError> {
    let new: HashMap<PlanId, PlanId> = moved.iter().map(|step| (step.from, step.to)).collect();
    for (table, column) in [("PlanStatus", "SupersededBy"), ("Imports", "Supersedes")] {
        for step in moved {
            let sql = format!("SELECT {column} FROM {table} WHERE MRN = ? AND PlanID = ?");
            let mut linked: Option<u16> = None;
            for mut row in session.query(&sql, key(to, step.to)).await? {
                linked = row.next()?;
            }
            // A version that was deleted stays behind.
            let linked = linked.and_then(|old| new.get(&PlanId(old))).map(|id| id.0);
            let sql = format!("UPDATE {table} SET {column} = ? WHERE MRN = ? AND PlanID = ?");
            session.execute(&sql, vec![Value::from(linked), to.into(), step.to.0.into()]).await?;
        }
    }
    Ok(())
}
