//! The DVHs that a planning system stored in its RTDOSE (PS3.3 C.8.8.4).
//!
//! Units: Gy, cm3. Frame: none.

use super::{TpsDvh, TpsTables};
use rt_dvh::table::DvhTableError;
use rt_dvh::{Agreement, Criteria, Dvh, DvhTable, agreement};
use rt_model::dose::{DvhContribution, StoredDvh, StoredDvhKind, StoredVolumeUnit};
use rt_model::units::{Cm3, Gy};

/// Volumes agree within this part, doses within this part of the largest: what a stored DVH is compared by.
const CRITERION: f64 = 0.01;

/// A stored DVH as a table: bins become a cumulative curve.
///
/// # Errors
/// If its numbers are not a falling curve.
pub fn stored_table(stored: &StoredDvh) -> Result<DvhTable, DvhTableError> {
    let mut volumes = match stored.kind {
        StoredDvhKind::Cumulative => stored.volumes.clone(),
        StoredDvhKind::Differential => {
            let mut sum = 0.0;
            let mut above: Vec<f64> = stored
                .volumes
                .iter()
                .rev()
                .map(|volume| {
                    sum += volume;
                    sum
                })
                .collect();
            above.reverse();
            above
        }
    };
    volumes.push(0.0);
    let whole = match (stored.kind, stored.volume_unit) {
        (StoredDvhKind::Cumulative, StoredVolumeUnit::Percent) => 100.0,
        (StoredDvhKind::Cumulative, StoredVolumeUnit::PerU) => 1.0,
        _ => volumes[0],
    };
    // Empty bins repeat their edge.
    let mut points: Vec<(Gy, f64)> = Vec::with_capacity(volumes.len());
    for (edge, volume) in stored.edges.iter().zip(&volumes) {
        if points.last().is_none_or(|(last, _)| edge > last) {
            points.push((*edge, volume / whole));
        }
    }
    DvhTable::new(stored.total_volume().filter(|cm3| *cm3 > Cm3(0.0)), stored.mean, points)
}

/// The stored DVHs of single ROIs.
pub(super) fn tables(stored: &[StoredDvh]) -> TpsTables {
    let mut tables = TpsTables { format: "RTDOSE with DVH Sequence", ..TpsTables::default() };
    if stored.is_empty() {
        tables.notes.push("the RTDOSE holds no DVH Sequence".to_owned());
    }
    for dvh in stored {
        let [(number, DvhContribution::Included)] = dvh.rois[..] else {
            let numbers: Vec<String> = dvh.rois.iter().map(|(number, _)| number.to_string()).collect();
            tables.notes.push(format!("a DVH of ROIs {} together is left out", numbers.join(", ")));
            continue;
        };
        match stored_table(dvh) {
            Ok(table) => tables.dvhs.push(TpsDvh { name: String::new(), number: Some(number), table }),
            Err(error) => tables.notes.push(format!("ROI {number}: no usable curve: {error}")),
        }
    }
    tables
}

/// How a stored DVH agrees with ours; `None` if either is not a curve.
#[must_use]
pub fn stored_agreement(dvh: &Dvh, stored: &StoredDvh) -> Option<Agreement> {
    let table = stored_table(stored).ok()?;
    let most = table.points().iter().rev().find(|(_, part)| *part > 0.0)?.0;
    agreement(dvh, &table, &Criteria { dose: most * CRITERION, volume: CRITERION })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(kind: StoredDvhKind, volumes: &[f64], volume_unit: StoredVolumeUnit) -> StoredDvh {
        StoredDvh {
            rois: vec![(3, DvhContribution::Included)],
            kind,
            edges: (0..=volumes.len()).map(|n| Gy(n as f64)).collect(),
            volumes: volumes.to_vec(),
            volume_unit,
            minimum: None,
            mean: None,
            maximum: None,
        }
    }

    #[test]
    fn every_kind_gives_the_same_curve() {
        let expected = [(Gy(0.0), 1.0), (Gy(1.0), 0.75), (Gy(2.0), 0.0)];
        for (kind, volumes, unit, volume) in [
            (StoredDvhKind::Cumulative, [8.0, 6.0], StoredVolumeUnit::Cm3, Some(Cm3(8.0))),
            (StoredDvhKind::Cumulative, [100.0, 75.0], StoredVolumeUnit::Percent, None),
            (StoredDvhKind::Cumulative, [1.0, 0.75], StoredVolumeUnit::PerU, None),
            (StoredDvhKind::Differential, [2.0, 6.0], StoredVolumeUnit::Cm3, Some(Cm3(8.0))),
            (StoredDvhKind::Differential, [25.0, 75.0], StoredVolumeUnit::Percent, None),
        ] {
            let table = stored_table(&stored(kind, &volumes, unit)).unwrap();
            assert_eq!((table.points(), table.volume()), (&expected[..], volume), "{kind:?} {unit:?}");
        }
    }

    #[test]
    fn what_is_of_several_rois_is_noted() {
        let mut both = stored(StoredDvhKind::Cumulative, &[1.0, 0.5], StoredVolumeUnit::PerU);
        both.rois.push((4, DvhContribution::Excluded));
        let tables = tables(&[both]);
        assert!(tables.dvhs.is_empty() && tables.notes[0].contains("3, 4"), "{:?}", tables.notes);
    }
}
