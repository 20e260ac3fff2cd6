//! CSV. Two forms are known by their first line:
//!
//! - long: `roi_name`, `dose_gy` or `dose_cgy`, and `volume_percent` or `volume_cm3`, with `roi_number` where
//!   there is one; a row for each ROI and dose, as `rt-import dvh --csv` writes it. With `volume_cm3` the
//!   largest volume of a ROI is its whole;
//! - wide: two columns for each ROI, `NAME Dose (Gy)` and `NAME Value (% of 48.6 cc)`, as SlicerRT writes it.
//!
//! Units: Gy, cm3, percent in the files. Frame: none.

use super::{Row, TableErrorKind, TpsTables, push};
use std::collections::BTreeMap;

pub(super) fn read(text: &str) -> Result<TpsTables, TableErrorKind> {
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, fields(line)));
    let (_, head) = lines.next().ok_or(TableErrorKind::Empty)?;
    let plain: Vec<String> =
        head.iter().map(|name| name.trim_start_matches('\u{feff}').to_ascii_lowercase()).collect();
    if plain.iter().any(|name| name == "roi_name") {
        long(&plain, lines)
    } else if head.iter().any(|name| name.to_ascii_lowercase().contains("dose (")) {
        Ok(wide(&head, lines))
    } else {
        Err(TableErrorKind::UnknownFormat)
    }
}

/// The fields of a line by RFC 4180, without blanks around them.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            _ => field.push(letter),
        }
    }
    fields.push(field.trim().to_owned());
    fields
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

fn long(
    head: &[String],
    lines: impl Iterator<Item = (usize, Vec<String>)>,
) -> Result<TpsTables, TableErrorKind> {
    let column = |names: &[&str]| head.iter().position(|name| names.contains(&name.as_str()));
    let missing = |expected| TableErrorKind::MissingColumn { expected, found: head.join(", ") };
    let name = column(&["roi_name"]).ok_or_else(|| missing("roi_name"))?;
    let dose = column(&["dose_gy", "dose_cgy"]).ok_or_else(|| missing("dose_gy or dose_cgy"))?;
    let volume =
        column(&["volume_percent", "volume_cm3"]).ok_or_else(|| missing("volume_percent or volume_cm3"))?;
    let number_column = column(&["roi_number"]);
    let gray = if head[dose] == "dose_cgy" { 0.01 } else { 1.0 };
    let absolute = head[volume] == "volume_cm3";
    let mut tables = TpsTables { format: "CSV", ..TpsTables::default() };
    let mut rois: BTreeMap<(String, Option<i32>), Vec<Row>> = BTreeMap::new();
    for (line, fields) in lines {
        if fields.iter().all(String::is_empty) {
            continue;
        }
        let value = |column: usize| fields.get(column).and_then(|field| number(field));
        let (Some(name), Some(dose), Some(part)) = (fields.get(name), value(dose), value(volume)) else {
            tables.notes.push(format!("line {line}: no name, dose and volume: the row is left out"));
            continue;
        };
        let number = number_column.and_then(|column| fields.get(column)?.parse().ok());
        rois.entry((name.clone(), number)).or_default().push(Row { line, dose: dose * gray, part });
    }
    for ((name, number), mut rows) in rois {
        let whole = rows.iter().map(|row| row.part).fold(0.0, f64::max);
        let unit = if absolute { whole } else { 100.0 };
        rows.iter_mut().for_each(|row| row.part /= unit);
        push(&mut tables, &name, number, absolute.then_some(whole), None, &rows);
    }
    Ok(tables)
}

/// Two columns that belong to a ROI: its dose, and beside it the volume.
struct Column {
    /// Index of the dose.
    at: usize,
    name: String,
    /// Factor to Gy.
    gray: f64,
    /// The volume that the title states, cm³.
    stated: Option<f64>,
    rows: Vec<Row>,
}

fn wide(head: &[String], lines: impl Iterator<Item = (usize, Vec<String>)>) -> TpsTables {
    let mut tables = TpsTables { format: "CSV, two columns for each ROI", ..TpsTables::default() };
    let mut rois: Vec<Column> = Vec::new();
    for (column, title) in head.iter().enumerate() {
        let lower = title.to_ascii_lowercase();
        let Some(start) = lower.rfind("dose (") else { continue };
        let gray = if lower[start..].contains("cgy") { 0.01 } else { 1.0 };
        let name = title.get(..start).unwrap_or_default().trim();
        let name = name.strip_suffix("_DvhArray").unwrap_or(name).to_owned();
        let stated = head
            .get(column + 1)
            .and_then(|value| value.split("% of ").nth(1)?.split(' ').next().and_then(number));
        rois.push(Column { at: column, name, gray, stated, rows: Vec::new() });
    }
    for (line, fields) in lines {
        let mut wrong: Vec<&str> = Vec::new();
        for Column { at, name, gray, rows, .. } in &mut rois {
            let (dose, value) = (fields.get(*at), fields.get(*at + 1));
            let empty = |field: Option<&String>| field.is_none_or(String::is_empty);
            match (dose.and_then(|field| number(field)), value.and_then(|field| number(field))) {
                (Some(dose), Some(percent)) => {
                    rows.push(Row { line, dose: dose * *gray, part: percent / 100.0 })
                }
                _ if empty(dose) && empty(value) => {}
                _ => wrong.push(name),
            }
        }
        if !wrong.is_empty() {
            tables
                .notes
                .push(format!("line {line}, {}: no dose and volume: the row is left out", wrong.join(", ")));
        }
    }
    for column in &rois {
        push(&mut tables, &column.name, None, column.stated, None, &column.rows);
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::units::{Cm3, Gy};

    #[test]
    fn the_long_form_is_read() {
        let text = "roi_number,roi_name,dose_gy,volume_cm3\n1,\"a,b\",0,4\n1,\"a,b\",10,2\n1,\"a,b\",x,1\n1,\"a,b\",20,0\n";
        let tables = read(text).unwrap();
        let [dvh] = &tables.dvhs[..] else { panic!("{tables:?}") };
        assert_eq!((dvh.name.as_str(), dvh.number, dvh.table.volume()), ("a,b", Some(1), Some(Cm3(4.0))));
        assert_eq!(dvh.table.points(), [(Gy(0.0), 1.0), (Gy(10.0), 0.5), (Gy(20.0), 0.0)]);
        assert_eq!(tables.notes, ["line 4: no name, dose and volume: the row is left out"]);
        let percent = read("roi_name,dose_cgy,volume_percent\nx,0,100\nx,1000,0\n").unwrap();
        assert_eq!(percent.dvhs[0].table.points(), [(Gy(0.0), 1.0), (Gy(10.0), 0.0)]);
        assert!(read("a,b\n1,2\n").is_err() && read("").is_err() && read("roi_name,dose_gy\n").is_err());
    }

    #[test]
    fn the_wide_form_is_read_and_its_broken_rows_are_noted() {
        let text = "A B_DvhArray Dose (Gy),A B_DvhArray Value (% of 8.5 cc),C Dose (cGy),C Value (% of 1 cc),\n\
                    0,100,0,100\n1,90,100,50\n0.00001,80,200,0\n3,70,,\n4,x,,\n5,0,,\n";
        let tables = read(text).unwrap();
        let names: Vec<&str> = tables.dvhs.iter().map(|dvh| dvh.name.as_str()).collect();
        assert_eq!(names, ["A B", "C"]);
        assert_eq!(tables.dvhs[0].table.volume(), Some(Cm3(8.5)));
        assert_eq!(tables.dvhs[1].table.points(), [(Gy(0.0), 1.0), (Gy(1.0), 0.5), (Gy(2.0), 0.0)]);
        assert!(
            tables.notes.iter().any(|note| note.starts_with("line 4, A B: dose 0.00001 Gy after 1 Gy")),
            "{:?}",
            tables.notes
        );
        assert!(
            tables.notes.iter().any(|note| note.starts_with("line 6, A B: no dose")),
            "{:?}",
            tables.notes
        );
    }
}
