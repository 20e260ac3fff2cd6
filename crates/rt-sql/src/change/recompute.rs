//! Replacing what was computed of a plan by what a newer engine or other options make of the same content.
//!
//! Units: those of the columns. Frame: DICOM patient coordinates (LPS) for points.

use super::relocate::MOVED;
use super::{audit, expect_plan, key};
use crate::database::Database;
use crate::error::{SqlError, SqlErrorKind};
use crate::record::{Act, CaseRecord, PlanId};
use crate::schema::PLANS;
use crate::session::Session;
use crate::store::{digest_text, plan_row, write_results};
use crate::tables::RESULTS;
use crate::value::Value;
use crate::writer::Writer;
use rt_model::finding::Finding;
use std::collections::BTreeMap;

/// What computing a plan anew did.
#[derive(Debug, Clone, PartialEq)]
pub struct Recomputed {
    /// Every value that is another one now, or is gone, or is new.
    pub changes: Vec<Change>,
    /// What the database has to say; not among the record's findings.
    pub findings: Vec<Finding>,
}

/// A value that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The table.
    pub table: &'static str,
    /// Its row within the plan: the values of its key columns. Empty where the plan has one row.
    pub row: String,
    /// The column.
    pub column: String,
    /// The value before; `None` where the row is new.
    pub old: Option<Value>,
    /// The value now; `None` where the row is gone.
    pub new: Option<Value>,
}

/// The rows of a table by their keys, with columns and values.
type Rows = BTreeMap<(usize, String, usize), Vec<(String, Value)>>;

const PLANS_KEY: (&str, &[&str]) = ("Plans", &[]);
const DVHS_KEY: (&str, &[&str]) = ("DVHs", &["ROIName"]);

/// Columns that say where a file lay when it was read, which is no result.
const PLACES: [(&str, &str); 2] = [("FieldSources", "Source"), ("Findings", "File")];

impl Database {
    /// Replaces a plan's computed rows by those of `case`, which is the same content computed anew. Values
    /// that move are kept in `OldValues` as of now; who imported the plan and when stays. With `dry_run`
    /// nothing is changed and the answer is what would be.
    ///
    /// # Errors
    /// [`SqlErrorKind::NotStored`] also for a plan of the original importer; [`SqlErrorKind::Record`] where
    /// the content is another; those of [`Self::store_case`].
    pub async fn recompute(
        &self,
        mrn: &str,
        plan_id: PlanId,
        case: &CaseRecord,
        act: &Act,
        dry_run: bool,
    ) -> Result<Recomputed, SqlError> {
        let at = case.provenance();
        let mut session = self.session().await?;
        session.begin(&[mrn]).await?;
        let outcome = self.recompute_in(&mut session, mrn, plan_id, case, act).await;
        if dry_run && outcome.is_ok() {
            session.rollback().await?;
            return outcome;
        }
        session.finish(outcome).await.map_err(|error| error.at_place(&at))
    }

    async fn recompute_in(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: PlanId,
        case: &CaseRecord,
        act: &Act,
    ) -> Result<Recomputed, SqlError> {
        expect_plan(session, self.schema(), mrn, plan_id).await?;
        check_content(session, mrn, plan_id, case).await?;
        let mut case = case.clone();
        if case.identity.mrn != mrn {
            case.identity.mrn = mrn.to_owned();
            case.field_sources
                .iter_mut()
                .filter(|field| field.column == "MRN")
                .for_each(|field| field.source = MOVED.to_owned());
        }
        let before = self.computed_rows(session, mrn, plan_id).await?;
        let superseded = "SELECT SupersededBy FROM PlanStatus WHERE MRN = ? AND PlanID = ?";
        let mut superseded_by: Option<u16> = None;
        for mut row in session.query(superseded, key(mrn, plan_id)).await? {
            superseded_by = row.next()?;
        }
        let here = format!("{} AND PlanID = ?", self.schema().mrn_is());
        session.execute(&format!("DELETE FROM DVHs WHERE {here}"), key(mrn, plan_id)).await?;
        for table in RESULTS {
            session
                .execute(
                    &format!("DELETE FROM {} WHERE MRN = ? AND PlanID = ?", table.name),
                    key(mrn, plan_id),
                )
                .await?;
        }
        let mut writer = Writer::new(session, self.schema(), case.provenance());
        writer.update_plan(PLANS, plan_row(&case, plan_id), [mrn.into(), plan_id.0.into()]).await?;
        write_results(&mut writer, &case, plan_id).await?;
        let findings = writer.findings;
        let link = vec![Value::from(superseded_by), mrn.into(), plan_id.0.into()];
        session.execute("UPDATE PlanStatus SET SupersededBy = ? WHERE MRN = ? AND PlanID = ?", link).await?;
        let changes = changes(&before, &self.computed_rows(session, mrn, plan_id).await?);
        self.keep_old(session, mrn, plan_id, &changes, act).await?;
        let import = &case.import;
        let sql = "UPDATE Imports SET EngineName = ?, EngineVersion = ?, DVHOptions = ? WHERE MRN = ? AND PlanID = ?";
        let engine =
            vec![(&import.engine_name).into(), (&import.engine_version).into(), (&import.dvh_options).into()];
        session.execute(sql, [engine, key(mrn, plan_id)].concat()).await?;
        let what = format!(
            "{} {} with options {}, {} values moved",
            import.engine_name,
            import.engine_version,
            import.dvh_options,
            changes.len()
        );
        audit::write(self, session, act, audit::Entry { action: "recompute", mrn, plan_id: plan_id.0, what })
            .await?;
        Ok(Recomputed { changes, findings })
    }

    /// Everything that a computation wrote about a plan.
    async fn computed_rows(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: PlanId,
    ) -> Result<Rows, SqlError> {
        let mut all = Rows::new();
        for (at, (table, row_key)) in tables().enumerate() {
            let condition = if at < 2 { self.schema().mrn_is() } else { "MRN = ?" };
            let sql = format!("SELECT * FROM {table} WHERE {condition} AND PlanID = ?");
            let (columns, rows) = session.table(&sql, key(mrn, plan_id)).await?;
            for row in rows {
                let cells: Vec<(String, Value)> = columns.iter().cloned().zip(row).collect();
                let name = row_name(&cells, row_key);
                // Two ROIs may share a name: the second of that name is the second again.
                let mut repetition = 0;
                while all.contains_key(&(at, name.clone(), repetition)) {
                    repetition += 1;
                }
                let data = |(column, _): &(String, Value)| {
                    !is_key(column, row_key) && !PLACES.contains(&(table, column.as_str()))
                };
                let cells = cells.into_iter().filter(data).collect();
                all.insert((at, name, repetition), cells);
            }
        }
        Ok(all)
    }

    /// Keeps what was there before, and what it was made with.
    async fn keep_old(
        &self,
        session: &mut Session,
        mrn: &str,
        plan_id: PlanId,
        changes: &[Change],
        act: &Act,
    ) -> Result<(), SqlError> {
        let last = "SELECT MAX(Recomputation) FROM Recomputations WHERE MRN = ? AND PlanID = ?";
        let number = session.number(last, key(mrn, plan_id)).await? + 1;
        let sql = "INSERT INTO Recomputations (MRN, PlanID, Recomputation, ReplacedAt_UTC, EngineName, EngineVersion, DVHOptions) \
             SELECT MRN, PlanID, ?, ?, EngineName, EngineVersion, DVHOptions FROM Imports WHERE MRN = ? AND PlanID = ?";
        session.execute(sql, [vec![number.into(), act.at.into()], key(mrn, plan_id)].concat()).await?;
        let old =
            changes.iter().filter_map(|change| change.old.as_ref().map(|old| (change, old))).enumerate();
        let rows = old.map(|(at, (change, old))| {
            let text = if *old == Value::Null { Value::Null } else { old.to_string().into() };
            let row: Vec<Value> = vec![
                number.into(),
                (at as i64).into(),
                change.table.into(),
                (&change.row).into(),
                (&change.column).into(),
                text,
            ];
            [key(mrn, plan_id), row].concat()
        });
        let columns =
            ["MRN", "PlanID", "Recomputation", "Number", "TableName", "RowName", "ColumnName", "Value"];
        session.insert("OldValues", &columns, rows.collect()).await
    }
}

/// The tables that a computation writes, with the columns that tell a plan's rows apart.
fn tables() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    [PLANS_KEY, DVHS_KEY].into_iter().chain(RESULTS.iter().map(|table| (table.name, table.row_key)))
}

fn is_key(column: &str, row_key: &[&str]) -> bool {
    ["MRN", "PlanID", "Number"].contains(&column) || row_key.contains(&column)
}

fn row_name(cells: &[(String, Value)], row_key: &[&str]) -> String {
    let value =
        |name: &&str| cells.iter().find(|(column, _)| column == name).map(|(_, value)| value.to_string());
    row_key.iter().filter_map(value).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Refuses another content than the stored one: that is another version of the plan, not another computation.
async fn check_content(
    session: &mut Session,
    mrn: &str,
    plan_id: PlanId,
    case: &CaseRecord,
) -> Result<(), SqlError> {
    let mut rows =
        session.query("SELECT Digest FROM Imports WHERE MRN = ? AND PlanID = ?", key(mrn, plan_id)).await?;
    let Some(row) = rows.first_mut() else {
        return Err(SqlError::new(SqlErrorKind::NotStored { mrn: mrn.to_owned(), plan_id: Some(plan_id) }));
    };
    if row.next::<String>()? == digest_text(&case.identity.digest) {
        return Ok(());
    }
    let problem =
        format!("expected the content stored as plan {plan_id}, found another: import it as a new version");
    Err(SqlError::new(SqlErrorKind::Record { problem }))
}

fn changes(before: &Rows, after: &Rows) -> Vec<Change> {
    let names: Vec<&'static str> = tables().map(|(table, _)| table).collect();
    let change =
        |key: &(usize, String, usize), column: &str, old: Option<&Value>, new: Option<&Value>| Change {
            table: names[key.0],
            row: if key.2 == 0 { key.1.clone() } else { format!("{} ({})", key.1, key.2 + 1) },
            column: column.to_owned(),
            old: old.cloned(),
            new: new.cloned(),
        };
    let mut changes = Vec::new();
    for (key, old) in before {
        let new = after.get(key);
        for (column, old) in old {
            let now = new.and_then(|new| new.iter().find(|(name, _)| name == column)).map(|(_, value)| value);
            if now != Some(old) {
                changes.push(change(key, column, Some(old), now));
            }
        }
    }
    for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        changes.extend(new.iter().map(|(column, new)| change(key, column, None, Some(new))));
    }
    changes
}
