//! DVHs that other systems wrote: Eclipse's text export, CSV, the DVH Sequence of an RTDOSE.
//!
//! Rows that cannot be used are left out with a note that names their line; nothing is left out silently.
//!
//! Units: Gy, cm3. Frame: none.

mod comma;
mod eclipse;
mod error;
mod stored;

pub use error::{TableError, TableErrorKind};
pub use stored::{stored_agreement, stored_table};

use rt_dvh::DvhTable;
use rt_model::read::{ReadOptions, read_dose};
use rt_model::units::{Cm3, Gy};
use std::path::Path;

/// Another system's DVHs.
#[derive(Debug, Clone, Default)]
pub struct TpsTables {
    /// What kind of file it was.
    pub format: &'static str,
    /// Its DVHs.
    pub dvhs: Vec<TpsDvh>,
    /// What was left out or understood with an assumption.
    pub notes: Vec<String>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct TpsDvh {
    /// Name of the ROI; empty where there is only a number.
    pub name: String,
    /// ROI Number, where the file has it.
    pub number: Option<i32>,
    /// The curve.
    pub table: DvhTable,
}

/// Tables of this size and more are refused, bytes.
const LARGEST: u64 = 256 << 20;

/// Reads a file of any of the formats.
///
/// # Errors
/// If it cannot be read or is none of them.
pub fn read(path: &Path, options: &ReadOptions) -> Result<TpsTables, TableError> {
    let unreadable = |error: std::io::Error| TableError::io(path, error);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if let Ok(dose) = read_dose(path, options) {
        let mut tables = stored::tables(&dose.value.stored_dvhs);
        tables.notes.extend(dose.findings.iter().map(|finding| format!("{} {}", finding.code, finding.text)));
        return Ok(tables);
    }
    if length >= LARGEST {
        return Err(TableErrorKind::TooLarge { most: LARGEST, found: length }.in_file(path));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    if text.lines().any(|line| line.starts_with("Structure:")) {
        return Ok(eclipse::read(&text));
    }
    comma::read(&text).map_err(|kind| kind.in_file(path))
}

/// A row of a curve: its line, its dose in Gy and its volume as a part of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    line: usize,
    dose: f64,
    part: f64,
}

/// Points of a curve: a dose, and the part of the volume that receives at least that.
type Points = Vec<(Gy, f64)>;

/// The rows that make a falling curve, and the lines of those that do not, each with the reason.
fn sound(rows: &[Row]) -> (Points, Vec<(usize, String)>) {
    let mut points = Points::with_capacity(rows.len());
    let mut wrong = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let last = points.last().map_or(f64::NEG_INFINITY, |(dose, _)| dose.0);
        let next = rows.get(at + 1).map_or(f64::INFINITY, |next| next.dose);
        // One that leaps is above both that follow; where only the next one is below, that one turns back.
        let leaps =
            rows.get(at + 2).is_some_and(|after| row.dose >= next && row.dose >= after.dose && next > last);
        if row.dose <= last {
            wrong.push((row.line, format!("dose {} Gy after {last} Gy", row.dose)));
        } else if leaps {
            wrong.push((row.line, format!("dose {} Gy before {next} Gy", row.dose)));
        } else if points.last().is_some_and(|(_, part)| row.part > part + RISE) {
            wrong.push((row.line, format!("the volume rises at {} Gy", row.dose)));
        } else {
            points.push((Gy(row.dose), row.part));
        }
    }
    (points, wrong)
}

/// A volume that rises by more is no rounding.
const RISE: f64 = 1e-4;

/// Makes the DVH of a ROI from its rows and notes the rows that are left out.
fn push(
    tables: &mut TpsTables,
    name: &str,
    number: Option<i32>,
    volume: Option<f64>,
    mean: Option<f64>,
    rows: &[Row],
) {
    let (points, wrong) = sound(rows);
    for (line, why) in wrong {
        tables.notes.push(format!("line {line}, {name}: {why}: the row is left out"));
    }
    match DvhTable::new(volume.map(Cm3), mean.map(Gy), points) {
        Ok(table) => tables.dvhs.push(TpsDvh { name: name.to_owned(), number, table }),
        Err(error) => tables.notes.push(format!("{name}: no usable curve: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_turns_back_or_leaps_is_left_out_alone() {
        let rows = |doses: &[f64]| -> Vec<Row> {
            doses
                .iter()
                .enumerate()
                .map(|(at, dose)| Row { line: at + 1, dose: *dose, part: 1.0 - 0.1 * at as f64 })
                .collect()
        };
        for (doses, line) in
            [(&[0.0, 1.0, 0.0001, 3.0][..], 3), (&[0.0, 100.0, 2.0, 3.0], 2), (&[0.0, 1.0, 1.0, 3.0], 3)]
        {
            let (points, wrong) = sound(&rows(doses));
            assert_eq!((points.len(), wrong.len(), wrong[0].0), (3, 1, line), "{wrong:?}");
        }
        let rising =
            [(0.0, 1.0), (1.0, 0.5), (2.0, 0.7), (3.0, 0.2)].map(|(dose, part)| Row { line: 1, dose, part });
        assert_eq!(sound(&rising).1.len(), 1);
    }
}
