//! The control points of a beam: what it does on its way, and what is odd about it.
//!
//! Units: as [`ControlPoint`] says. Frame: DICOM patient coordinates (LPS) for the isocentre.

use crate::control_point::{ControlPoint, Rotation, ScanSpots};
use crate::finding::plan;
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use std::collections::{BTreeMap, HashMap};

/// Positions closer than this are the same, mm: systems write a leaf at rest with its last digits trembling.
const SAME_POSITION_MM: f64 = 0.01;

/// Reads the control points in `sequence` of a beam.
pub(super) fn read(beam: &Node<'_, '_>, sequence: Tag) -> Result<Vec<ControlPoint>, ReadError> {
    let pairs = leaf_pairs(beam)?;
    let mut leaves = Apertures::default();
    let mut jaws = Apertures::default();
    let mut points: Vec<ControlPoint> = Vec::new();
    for item in beam.items(sequence) {
        let item = item?;
        let mut point = points.last().cloned().unwrap_or_default();
        update(&mut point, &item);
        for device in item.items(tags::BEAM_LIMITING_DEVICE_POSITION_SEQUENCE) {
            let device = device?;
            let Some(kind) = device.text(tags::RT_BEAM_LIMITING_DEVICE_TYPE) else { continue };
            let positions = device.decimals(tags::LEAF_JAW_POSITIONS).unwrap_or_default();
            check_leaves(&device, pairs.get(&kind).copied(), positions.len());
            if kind.starts_with("MLC") { &mut leaves } else { &mut jaws }.moved(kind, &positions);
        }
        point.leaves = leaves.number();
        point.jaws = jaws.number();
        check_spots(&item);
        points.push(point);
    }
    Ok(points)
}

/// What the item states; the rest stays as it was.
fn update(point: &mut ControlPoint, item: &Node<'_, '_>) {
    let number = |old: &mut Option<f64>, tag| *old = item.decimal(tag).or(*old);
    let rotation =
        |old: &mut Rotation, tag| *old = item.text(tag).map_or(*old, |text| Rotation::parse(&text));
    point.cumulative_weight = item.decimal(tags::CUMULATIVE_METERSET_WEIGHT);
    number(&mut point.energy, tags::NOMINAL_BEAM_ENERGY);
    number(&mut point.gantry, tags::GANTRY_ANGLE);
    rotation(&mut point.gantry_rotation, tags::GANTRY_ROTATION_DIRECTION);
    number(&mut point.collimator, tags::BEAM_LIMITING_DEVICE_ANGLE);
    rotation(&mut point.collimator_rotation, tags::BEAM_LIMITING_DEVICE_ROTATION_DIRECTION);
    number(&mut point.couch, tags::PATIENT_SUPPORT_ANGLE);
    rotation(&mut point.couch_rotation, tags::PATIENT_SUPPORT_ROTATION_DIRECTION);
    number(&mut point.table_longitudinal, tags::TABLE_TOP_LONGITUDINAL_POSITION);
    point.isocentre = item.point(tags::ISOCENTER_POSITION).or(point.isocentre);
    number(&mut point.source_to_surface, tags::SOURCE_TO_SURFACE_DISTANCE);
    number(&mut point.snout_position, tags::SNOUT_POSITION);
    point.spots = spots(item).or(point.spots);
}

fn spots(item: &Node<'_, '_>) -> Option<ScanSpots> {
    let weights = item.decimals(tags::SCAN_SPOT_METERSET_WEIGHTS)?;
    let size = item.decimals(tags::SCANNING_SPOT_SIZE);
    Some(ScanSpots {
        count: weights.iter().filter(|weight| **weight > 0.0).count() as u32,
        weight: weights.iter().sum(),
        size: size.and_then(|size| <[f64; 2]>::try_from(size).ok()),
        paintings: item.count(tags::NUMBER_OF_PAINTINGS),
    })
}

/// The positions of a kind of beam limiting devices, and how many different ones there were.
#[derive(Default)]
struct Apertures {
    /// By device type; a device that a control point leaves out stays where it is.
    current: BTreeMap<String, Vec<i64>>,
    known: HashMap<BTreeMap<String, Vec<i64>>, u32>,
}

impl Apertures {
    fn moved(&mut self, device: String, positions: &[f64]) {
        let grid = positions.iter().map(|position| (position / SAME_POSITION_MM).round() as i64).collect();
        self.current.insert(device, grid);
    }

    fn number(&mut self) -> Option<u32> {
        if self.current.is_empty() {
            return None;
        }
        let next = self.known.len() as u32;
        if let Some(known) = self.known.get(&self.current) {
            return Some(*known);
        }
        self.known.insert(self.current.clone(), next);
        Some(next)
    }
}

/// Beam limiting device type and its number of leaf pairs.
fn leaf_pairs(beam: &Node<'_, '_>) -> Result<HashMap<String, u32>, ReadError> {
    let mut pairs = HashMap::new();
    for sequence in [tags::BEAM_LIMITING_DEVICE_SEQUENCE, tags::ION_BEAM_LIMITING_DEVICE_SEQUENCE] {
        for device in beam.items(sequence) {
            let device = device?;
            pairs.extend(
                device
                    .text(tags::RT_BEAM_LIMITING_DEVICE_TYPE)
                    .zip(device.count(tags::NUMBER_OF_LEAF_JAW_PAIRS)),
            );
        }
    }
    Ok(pairs)
}

fn check_leaves(device: &Node<'_, '_>, pairs: Option<u32>, found: usize) {
    let Some(pairs) = pairs else { return };
    let expected = 2 * u64::from(pairs);
    if found as u64 != expected {
        let text = format!("expected {expected} positions for {pairs} pairs, found {found}");
        device.warn(plan::LEAF_POSITION_COUNT, tags::LEAF_JAW_POSITIONS, text);
    }
}

/// Each spot of a scanned ion beam has two coordinates and one weight.
fn check_spots(point: &Node<'_, '_>) {
    if !point.has(tags::SCAN_SPOT_POSITION_MAP) {
        return;
    }
    let values = |tag| point.decimals(tag).map_or(0, |values| values.len());
    let (coordinates, weights) =
        (values(tags::SCAN_SPOT_POSITION_MAP), values(tags::SCAN_SPOT_METERSET_WEIGHTS));
    if coordinates != 2 * weights {
        let text = format!("expected two coordinates for each of {weights} spots, found {coordinates}");
        point.warn(plan::SCAN_SPOT_COUNT, tags::SCAN_SPOT_POSITION_MAP, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_that_come_back_are_the_same_ones() {
        let mut leaves = Apertures::default();
        assert_eq!(leaves.number(), None);
        let mut at = |device: &str, positions: &[f64]| {
            leaves.moved(device.into(), positions);
            leaves.number()
        };
        assert_eq!(at("MLCX", &[-10.0, 10.0]), Some(0));
        assert_eq!(at("MLCX", &[-10.0, 12.0]), Some(1));
        assert_eq!(at("MLCX", &[-10.001, 10.002]), Some(0), "the last digits tremble");
        assert_eq!(at("MLCX2", &[0.0, 0.0]), Some(2), "a second layer makes another opening");
    }
}
