//! Rows on their way into tables: measured against their columns, what does not fit told.
//!
//! Units: none. Frame: none.

use crate::error::{SqlError, SqlErrorKind};
use crate::schema::{Schema, is_key};
use crate::session::Session;
use crate::value::Value;
use rt_model::finding::{Finding, database::VALUE_DOES_NOT_FIT};
use rt_model::provenance::Provenance;

/// Writes the rows of one case.
pub(crate) struct Writer<'a> {
    session: &'a mut Session,
    schema: &'a Schema,
    at: Provenance,
    /// What did not fit so far.
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Writer<'a> {
    pub(crate) const fn new(session: &'a mut Session, schema: &'a Schema, at: Provenance) -> Self {
        Self { session, schema, at, findings: Vec::new() }
    }

    /// Inserts rows that have a value per column. What does not fit becomes NULL with a finding, or refuses
    /// the case where the column tells whose row it is or must have a value.
    pub(crate) async fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), SqlError> {
        let mut fitting = Vec::with_capacity(rows.len());
        for row in rows {
            fitting.push(self.fit(table, columns, row)?);
        }
        self.session.insert(table, columns, fitting).await
    }

    /// Gives the plan's row of `Plans` new values; what does not fit is told as on inserting.
    pub(crate) async fn update_plan(
        &mut self,
        columns: &[&str],
        row: Vec<Value>,
        key: [Value; 2],
    ) -> Result<(), SqlError> {
        let set = columns.iter().map(|column| format!("{column} = ?")).collect::<Vec<_>>().join(", ");
        let sql = format!("UPDATE Plans SET {set} WHERE {} AND PlanID = ?", self.schema.mrn_is());
        let fitting = self.fit("Plans", columns, row)?;
        self.session.execute(&sql, [fitting, key.to_vec()].concat()).await
    }

    fn fit(&mut self, table: &str, columns: &[&str], row: Vec<Value>) -> Result<Vec<Value>, SqlError> {
        debug_assert_eq!(columns.len(), row.len(), "{table}");
        let mut fitting = Vec::with_capacity(row.len());
        for (name, value) in columns.iter().zip(row) {
            let column = self.schema.column(table, name).ok_or_else(|| {
                let problem = format!("expected a column {name} in table {table}, found none");
                SqlError::new(SqlErrorKind::Schema { problem })
            })?;
            fitting.push(match column.kind.fit(value) {
                Ok(value) => value,
                Err(misfit) if is_key(name) || !column.nullable => return Err(misfit.error(table, name)),
                Err(misfit) => {
                    let text = format!(
                        "expected {} for {table}.{name}, found {}: stored as NULL",
                        misfit.limit, misfit.found
                    );
                    self.findings.push(Finding::warning(VALUE_DOES_NOT_FIT, self.at.clone(), text));
                    Value::Null
                }
            });
        }
        Ok(fitting)
    }
}
