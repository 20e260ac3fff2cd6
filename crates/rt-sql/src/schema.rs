//! What the tables of the database at hand can hold, as the database itself declares it.
//!
//! A database of the original importer has narrower columns than ours, SQLite declares lengths without
//! keeping them: so every value is measured against its column's declaration before it is sent.
//!
//! Units: none. Frame: none.

mod column;
pub(crate) mod migrate;

pub(crate) use column::ColumnType;

use crate::error::{SqlError, SqlErrorKind};
use crate::session::Session;
use crate::value::Value;
use rt_model::date::Date;
use std::collections::HashMap;

/// A column's declaration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) kind: ColumnType,
    pub(crate) nullable: bool,
}

/// The declarations of all tables.
#[derive(Debug)]
pub(crate) struct Schema {
    /// By table and column, in lower case: a server on a file system without case lists `plans`.
    columns: HashMap<(String, String), Column>,
    /// The text of `Plans` compares by a collation that ignores case or trailing blanks, as the original
    /// importer's does.
    loose: bool,
}

/// The tables of the original importer, with their columns.
pub(crate) const ORIGINAL: [(&str, &[&str]); 2] = [("Plans", PLANS), ("DVHs", DVHS)];

/// The columns of `Plans` in order.
pub(crate) const PLANS: &[&str] = &[
    "MRN",
    "PlanID",
    "Birthdate",
    "Age",
    "Sex",
    "SimStudyDate",
    "RadOnc",
    "TxSite",
    "RxDose",
    "Fractions",
    "Energy",
    "StudyInstanceUID",
    "PatientOrientation",
    "PlanTimeStamp",
    "StTimeStamp",
    "DoseTimeStamp",
    "TPSManufacturer",
    "TPSSoftwareName",
    "TPSSoftwareVersion",
    "TxModality",
    "MUs",
    "TxTime",
];

/// The columns of `DVHs` in order.
pub(crate) const DVHS: &[&str] = &[
    "MRN",
    "PlanID",
    "ROIName",
    "Type",
    "Volume",
    "MinDose",
    "MeanDose",
    "MaxDose",
    "DoseBinSize",
    "VolumeString",
];

/// Columns that tell whose row it is: a value that does not fit refuses the case.
const KEYS: [&str; 3] = ["MRN", "PlanID", "ROIName"];

/// Collations that compare byte for byte, trailing blanks included (those of `utf8mb4_bin` do not count).
const EXACT_COLLATIONS: [&str; 2] = ["utf8mb4_nopad_bin", "utf8mb4_0900_bin"];

const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\", NULL, 'SQLite' \
     FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'";

// CAST: MySQL 8 gives these columns as binary text.
const MYSQL_COLUMNS: &str = "SELECT CAST(c.TABLE_NAME AS CHAR), CAST(c.COLUMN_NAME AS CHAR), CAST(c.COLUMN_TYPE AS CHAR), \
     c.IS_NULLABLE = 'NO', CAST(c.COLLATION_NAME AS CHAR), CAST(t.ENGINE AS CHAR) \
     FROM information_schema.COLUMNS AS c \
     JOIN information_schema.TABLES AS t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME \
     WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE'";

impl Schema {
    /// Reads the declarations; refuses a table without transactions and an original table that lacks a
    /// column.
    pub(crate) async fn read(session: &mut Session) -> Result<Self, SqlError> {
        let listing = match session {
            Session::Sqlite(_) => SQLITE_COLUMNS,
            Session::Mysql(_) => MYSQL_COLUMNS,
        };
        let mut columns = HashMap::new();
        let mut loose = false;
        for mut row in session.query(listing, Vec::new()).await? {
            let (table, name, declared): (String, String, String) = (row.next()?, row.next()?, row.next()?);
            let (not_null, collation, engine): (bool, Option<String>, String) =
                (row.next()?, row.next()?, row.next()?);
            if ORIGINAL.iter().any(|(original, _)| original.eq_ignore_ascii_case(&table))
                && !matches!(engine.as_str(), "InnoDB" | "SQLite")
            {
                return Err(SqlError::new(SqlErrorKind::Engine { table, engine }));
            }
            if table.eq_ignore_ascii_case("Plans") && name == "MRN" {
                loose = collation.as_deref().is_some_and(|collation| !EXACT_COLLATIONS.contains(&collation));
            }
            let kind = ColumnType::parse(&declared, collation.as_deref());
            columns.insert((table.to_lowercase(), name.to_lowercase()), Column { kind, nullable: !not_null });
        }
        let schema = Self { columns, loose };
        schema.check_original()?;
        Ok(schema)
    }

    /// Where a table of the original importer exists, it has all of its columns.
    fn check_original(&self) -> Result<(), SqlError> {
        for (table, columns) in ORIGINAL {
            let missing = columns.iter().find(|column| self.column(table, column).is_none());
            match missing {
                Some(column) if self.has_table(table) => {
                    let problem = format!("expected a column {column} in table {table}, found none");
                    return Err(SqlError::new(SqlErrorKind::Schema { problem }));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn has_table(&self, table: &str) -> bool {
        let table = table.to_lowercase();
        self.columns.keys().any(|(name, _)| *name == table)
    }

    pub(crate) fn column(&self, table: &str, column: &str) -> Option<&Column> {
        self.columns.get(&(table.to_lowercase(), column.to_lowercase()))
    }

    /// Refuses a value that does not fit a column which tells whose row it is.
    pub(crate) fn check_key(&self, table: &str, name: &str, value: Value) -> Result<(), SqlError> {
        let fit = self.column(table, name).map_or(Ok(value.clone()), |column| column.kind.fit(value));
        fit.map(drop).map_err(|misfit| misfit.error(table, name))
    }

    /// The condition `MRN = ?` for `Plans` and `DVHs`, byte for byte whatever their collation.
    pub(crate) const fn mrn_is(&self) -> &'static str {
        if self.loose { "BINARY CONVERT(MRN USING utf8mb4) = ?" } else { "MRN = ?" }
    }
}

/// The birth date, unless it is the original importer's stand-in 1800-01-01 for an unknown one.
pub(crate) fn known_birth_date(date: Date) -> Option<Date> {
    (date.year() > 1800).then_some(date)
}

/// Tells whose row it is.
pub(crate) fn is_key(column: &str) -> bool {
    KEYS.contains(&column)
}
