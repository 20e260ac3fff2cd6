//! Eclipse's text export of cumulative DVHs.
//!
//! A block for each structure: lines `Key: value`, a line of column titles with units in brackets, rows of
//! numbers. Doses in Gy or cGy, volumes in cm³ or percent, relative or absolute as the user chose when
//! exporting. Names, identifiers and dates of the head are not read.
//!
//! Units: as the file says, Gy and parts of the volume afterwards. Frame: none.

use super::{Row, TpsTables, push};

/// A structure's block while it is read.
#[derive(Default)]
struct Block {
    name: String,
    volume: Option<f64>,
    mean: Option<f64>,
    columns: Option<Columns>,
    rows: Vec<Row>,
}

/// Where dose and volume stand in a row.
struct Columns {
    dose: usize,
    gray: f64,
    volume: usize,
    percent: bool,
}

pub(super) fn read(text: &str) -> TpsTables {
    let mut tables = TpsTables { format: "Eclipse text export", ..TpsTables::default() };
    let mut block: Option<Block> = None;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix("Structure:") {
            finish(block.replace(Block { name: name.trim().to_owned(), ..Block::default() }), &mut tables);
            continue;
        }
        let Some(block) = &mut block else { continue };
        if let Some(columns) = &block.columns
            && line.starts_with(|first: char| first.is_ascii_digit() || first == '-' || first == '.')
        {
            let numbers: Vec<Option<f64>> = line.split_whitespace().map(|field| field.parse().ok()).collect();
            match (numbers.get(columns.dose), numbers.get(columns.volume)) {
                (Some(Some(dose)), Some(Some(volume))) => {
                    block.rows.push(Row { line: at + 1, dose: dose * columns.gray, part: *volume });
                }
                _ => tables.notes.push(format!(
                    "line {}, {}: no dose and volume: the row is left out",
                    at + 1,
                    block.name
                )),
            }
        } else if line.contains("Dose [") && line.contains("Volume [") || line.contains("dVolume") {
            block.columns = columns(line);
            if block.columns.is_none() {
                tables.notes.push(format!(
                    "line {}, {}: no cumulative DVH with doses in Gy or cGy",
                    at + 1,
                    block.name
                ));
            }
        } else if let Some((key, value)) = line.split_once(':') {
            let value = value.trim().parse().ok();
            if key.starts_with("Volume [") {
                block.volume = value;
            } else if key.starts_with("Mean Dose [") {
                block.mean = gray(key).zip(value).map(|(gray, mean): (f64, f64)| mean * gray);
            }
        }
    }
    finish(block, &mut tables);
    tables
}

/// The factor to Gy of a title's unit; `None` where it is percent.
fn gray(title: &str) -> Option<f64> {
    let unit = title.rsplit_once('[')?.1.trim_end_matches(']').trim().to_ascii_lowercase();
    match unit.as_str() {
        "gy" => Some(1.0),
        "cgy" => Some(0.01),
        _ => None,
    }
}

fn columns(line: &str) -> Option<Columns> {
    let titles: Vec<String> =
        line.split_inclusive(']').map(|title| title.trim().to_owned()).filter(|t| t.contains('[')).collect();
    let dose = titles.iter().position(|title| title.starts_with("Dose ["))?;
    let volume = titles.iter().position(|title| title.contains("Volume [") && !title.contains("dVolume"))?;
    Some(Columns { dose, gray: gray(&titles[dose])?, volume, percent: titles[volume].ends_with("[%]") })
}

fn finish(block: Option<Block>, tables: &mut TpsTables) {
    let Some(mut block) = block else { return };
    let Some(columns) = &block.columns else {
        tables.notes.push(format!("{}: no cumulative DVH", block.name));
        return;
    };
    let whole = block.volume.or_else(|| block.rows.iter().map(|row| row.part).reduce(f64::max));
    let unit = if columns.percent { Some(100.0) } else { whole };
    let Some(unit) = unit.filter(|unit| *unit > 0.0) else {
        tables.notes.push(format!("{}: no volume", block.name));
        return;
    };
    block.rows.iter_mut().for_each(|row| row.part /= unit);
    let volume = if columns.percent { block.volume } else { whole };
    push(tables, &block.name, None, volume, block.mean, &block.rows);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::units::{Cm3, Gy};

    const EXPORT: &str = "\
Patient Name         : SECRET^NAME
Type                 : Cumulative Dose Volume Histogram
Prescribed dose [cGy]: 5000.0

Structure: PTV
Volume [cm\u{b3}]: 8.0
Mean Dose [cGy]: 1500.0

Relative dose [%]           Dose [cGy] Ratio of Total Structure Volume [%]
                 0                   0                        100
                20                1000                        100
                40                2000                        0

Structure: Cord
Volume [cm\u{b3}]: 2.0
Mean Dose [%]: 3.0

Dose [Gy] Relative dose [%] Structure Volume [cm\u{b3}]
 0 0 2.0
 x
 5 10 1.0
 4 8 0.9
 9 18 0

Structure: Empty
";

    #[test]
    fn blocks_are_read_in_any_unit() {
        let tables = read(EXPORT);
        let [ptv, cord] = &tables.dvhs[..] else { panic!("{tables:?}") };
        assert_eq!(
            (ptv.name.as_str(), ptv.table.volume(), ptv.table.mean()),
            ("PTV", Some(Cm3(8.0)), Gy(15.0))
        );
        assert_eq!(ptv.table.points(), [(Gy(0.0), 1.0), (Gy(10.0), 1.0), (Gy(20.0), 0.0)]);
        assert_eq!(cord.table.points(), [(Gy(0.0), 1.0), (Gy(5.0), 0.5), (Gy(9.0), 0.0)]);
        assert!(
            tables.notes.iter().any(|note| note.contains("Cord: dose 4 Gy after 5 Gy")),
            "{:?}",
            tables.notes
        );
        assert!(tables.notes.iter().any(|note| note.contains("Empty")), "{:?}", tables.notes);
        assert!(!format!("{tables:?}").contains("SECRET"));
    }
}
