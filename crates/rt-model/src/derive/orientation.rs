//! How the patient lay.
//!
//! Units: none. Frame: DICOM patient coordinates (LPS); the eight positions by their row and column cosines.

use super::Derived;
use crate::case::Case;
use crate::finding::{Finding, plan as code};
use crate::frame::PatientVector;
use crate::grid::GridGeometry;
use crate::provenance::{Provenance, Tag};

/// The eight recumbent positions with the row and column cosines of a grid whose rows and columns follow the
/// couch.
const POSITIONS: [(&str, [f64; 3], [f64; 3]); 8] = [
    ("HFS", [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
    ("HFP", [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]),
    ("FFS", [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
    ("FFP", [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]),
    ("HFDL", [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]),
    ("HFDR", [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]),
    ("FFDL", [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]),
    ("FFDR", [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]),
];

/// How far cosines may be from those of a position.
const TOLERANCE: f64 = 1e-3;

/// The patient position of the plan's set-ups (all distinct ones), else what the dose grid's cosines say.
pub(super) fn patient_orientation(
    case: &Case,
    grid: Option<&GridGeometry>,
    findings: &mut Vec<Finding>,
) -> Option<Derived<String>> {
    let at = case
        .plan_info
        .provenance()
        .attribute("PatientSetupSequence > PatientPosition", Tag::new(0x0018, 0x5100));
    let mut positions: Vec<&str> = Vec::new();
    for position in case
        .plan
        .patient_positions
        .iter()
        .map(|position| position.trim())
        .filter(|position| !position.is_empty())
    {
        if !positions.contains(&position) {
            positions.push(position);
        }
    }
    if positions.len() > 1 {
        let text = format!("the plan's set-ups have several patient positions: {}", positions.join(","));
        findings.push(Finding::warning(code::ORIENTATION_SEVERAL, at.clone(), text));
    }
    if !positions.is_empty() {
        return Some(Derived { value: positions.join(","), at });
    }
    let in_dose = case.doses.first().map_or_else(Provenance::unknown, |dose| dose.info.provenance());
    let in_dose = in_dose.attribute("ImageOrientationPatient", Tag::new(0x0020, 0x0037));
    let found =
        grid.and_then(from_cosines).map(|position| Derived { value: position.to_owned(), at: in_dose });
    let text = match &found {
        Some(Derived { value: position, .. }) => {
            format!("the plan states no patient position; the dose grid's cosines are those of {position}")
        }
        None => "the plan states no patient position and the dose grid's cosines are of none".to_owned(),
    };
    findings.push(Finding::warning(code::ORIENTATION_FALL_BACK, at, text));
    found
}

fn from_cosines(grid: &GridGeometry) -> Option<&'static str> {
    let near = |found: PatientVector, [x, y, z]: [f64; 3]| {
        (found.x - x).abs() < TOLERANCE && (found.y - y).abs() < TOLERANCE && (found.z - z).abs() < TOLERANCE
    };
    POSITIONS
        .into_iter()
        .find(|(_, row, column)| near(grid.row(), *row) && near(grid.column(), *column))
        .map(|(name, _, _)| name)
}

#[cfg(test)]
mod tests {
    use super::super::tests::case;
    use super::*;
    use crate::frame::PatientPoint;
    use crate::units::Mm;

    fn orientation(positions: &[&str], grid: Option<&GridGeometry>) -> (Option<String>, usize) {
        let mut case = case();
        case.plan.patient_positions = positions.iter().map(|position| (*position).to_owned()).collect();
        let mut findings = Vec::new();
        let found = patient_orientation(&case, grid, &mut findings);
        let of_the_grid = found
            .as_ref()
            .is_some_and(|found| found.at.to_string().ends_with("ImageOrientationPatient (0020,0037)"));
        assert!(found.is_none() || of_the_grid == positions.is_empty(), "{found:?}");
        (found.map(|found| found.value), findings.len())
    }

    #[test]
    fn the_plan_decides_with_all_its_setups() {
        assert_eq!(orientation(&["HFDL", "HFDL"], None), (Some("HFDL".into()), 0));
        assert_eq!(orientation(&["HFS", "FFS"], None), (Some("HFS,FFS".into()), 1));
    }

    #[test]
    fn cosines_serve_where_the_plan_is_silent() {
        let grid = |row: [f64; 3], column: [f64; 3]| {
            let vector = |[x, y, z]: [f64; 3]| PatientVector::new(x, y, z);
            let spacing = [Mm(1.0), Mm(1.0)];
            GridGeometry::new(
                PatientPoint::default(),
                vector(row),
                vector(column),
                spacing,
                [2, 2],
                vec![0.0, 1.0],
            )
            .unwrap()
        };
        for (name, row, column) in POSITIONS {
            assert_eq!(orientation(&[], Some(&grid(row, column))), (Some(name.to_owned()), 1));
        }
        assert_eq!(orientation(&[], Some(&grid([0.6, 0.8, 0.0], [-0.8, 0.6, 0.0]))), (None, 1));
    }
}
