//! What a case is, whatever its files, UIDs and dates are: a digest over its decoded content.
//!
//! Two exports of one plan differ in bytes, UIDs and dates and have the same digest; a voxel, a contour point
//! or a clinical value of the plan that differs gives another one.
//!
//! Units: none. Frame: none; positions enter as they are, in DICOM patient coordinates (LPS).

use crate::approval::ApprovalStatus;
use crate::dose::Dose;
use crate::image::Image;
use crate::plan::Plan;
use crate::structure_set::{ContourKind, StructureSet};
use sha2::{Digest, Sha256};

/// The digest of a case: its plan, its structure set, and its doses with their factors in any order.
///
/// ```
/// use rt_model::identity::case_digest;
/// use rt_model::read::{ReadOptions, read_dose, read_plan, read_structure_set};
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let digest = |seed: &str| -> Result<[u8; 32], Box<dyn std::error::Error>> {
///     let folder = tempfile::tempdir()?;
///     let written = rt_phantom::fixtures::sound(seed).write(folder.path())?;
///     let (path, options) = (|role| written.path(role).unwrap(), ReadOptions::default());
///     let (_, plan) = read_plan(path(Role::Plan), &options)?.value;
///     let set = read_structure_set(path(Role::StructureSet), &options)?.value;
///     let dose = read_dose(path(Role::Dose), &options)?.value;
///     Ok(case_digest(&plan, &set, &[(&dose, 1.0)]))
/// };
/// // The seed decides UIDs and patient: they are not part of what a case is.
/// assert_eq!(digest("one")?, digest("another")?);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn case_digest(plan: &Plan, structures: &StructureSet, doses: &[(&Dose, f64)]) -> [u8; 32] {
    let mut parts: Vec<([u8; 32], u64)> =
        doses.iter().map(|(dose, factor)| (dose_digest(dose), factor.to_bits())).collect();
    parts.sort_unstable();
    let mut writer = Writer::new("case");
    writer.bytes(&plan_digest(plan));
    writer.bytes(&structure_set_digest(structures));
    writer.count(parts.len());
    for (digest, factor) in parts {
        writer.bytes(&digest);
        writer.bytes(&factor.to_le_bytes());
    }
    writer.finish()
}

/// The digest of a plan's clinical values.
#[must_use]
pub fn plan_digest(plan: &Plan) -> [u8; 32] {
    let mut writer = Writer::new("plan");
    writer.text(&plan.label);
    for text in [
        plan.intent.as_deref(),
        plan.geometry.as_deref(),
        plan.approval_status.as_ref().map(ApprovalStatus::as_str),
        plan.brachy_treatment_type.as_deref(),
        plan.brachy_treatment_technique.as_deref(),
    ] {
        writer.optional_text(text);
    }
    writer.count(usize::from(plan.ion));
    writer.count(plan.application_setups);
    writer.count(plan.patient_positions.len());
    for position in &plan.patient_positions {
        writer.text(position);
    }
    writer.count(plan.dose_references.len());
    for reference in &plan.dose_references {
        writer.integer(reference.number.into());
        writer.text(&reference.structure_type);
        writer.text(&reference.reference_type);
        writer.optional_integer(reference.roi_number);
        for dose in [
            reference.target_prescription_dose,
            reference.target_maximum_dose,
            reference.delivery_maximum_dose,
        ] {
            writer.optional_number(dose.map(|dose| dose.0));
        }
        writer.optional_number(reference.point.map(|point| point.x));
        writer.optional_number(reference.point.map(|point| point.y));
        writer.optional_number(reference.point.map(|point| point.z));
    }
    writer.count(plan.fraction_groups.len());
    for group in &plan.fraction_groups {
        writer.integer(group.number.into());
        writer.optional_integer(group.fractions_planned);
        writer.count(group.dose_references.len());
        for number in &group.dose_references {
            writer.integer((*number).into());
        }
        writer.count(group.beams.len());
        for beam in &group.beams {
            writer.integer(beam.beam_number.into());
            writer.optional_number(beam.dose.map(|dose| dose.0));
            writer.optional_number(beam.meterset);
        }
    }
    writer.count(plan.beams.len());
    for beam in &plan.beams {
        writer.integer(beam.number.into());
        for text in [
            &beam.name,
            &beam.beam_type,
            &beam.radiation_type,
            &beam.delivery_type,
            &beam.dosimeter_unit,
            &beam.machine,
            &beam.fluence_mode_id,
            &beam.scan_mode,
        ] {
            writer.optional_text(text.as_deref());
        }
        writer.count(beam.control_points);
        writer.count(beam.nominal_energies.len());
        for energy in &beam.nominal_energies {
            writer.number(*energy);
        }
    }
    writer.finish()
}

/// The digest of a structure set's ROIs: numbers, names, types and contours.
#[must_use]
pub fn structure_set_digest(set: &StructureSet) -> [u8; 32] {
    let mut writer = Writer::new("structure set");
    writer.count(set.rois.len());
    for roi in &set.rois {
        writer.integer(roi.number.into());
        writer.text(&roi.name);
        writer.optional_text(roi.interpreted_type.as_deref());
        writer.count(roi.contours.len());
        for contour in &roi.contours {
            writer.integer(match contour.kind {
                ContourKind::Point => 0,
                ContourKind::OpenPlanar => 1,
                ContourKind::OpenNonplanar => 2,
                ContourKind::ClosedPlanar => 3,
                ContourKind::ClosedPlanarXor => 4,
            });
            writer.optional_number(contour.slab_thickness.map(|thickness| thickness.0));
            writer.numbers(
                contour.points.iter().flat_map(|point| [point.x, point.y, point.z]),
                3 * contour.points.len(),
            );
        }
        // They decide which gaps are part of the ROI. Written where there are any, so that all others keep
        // their digest.
        if let Some(planes) = &roi.source_planes {
            let (origin, normal) = (planes.origin, planes.normal);
            writer.text("source planes");
            let numbers = [origin.x, origin.y, origin.z, normal.x, normal.y, normal.z, planes.spacing.0];
            writer.numbers(numbers.into_iter(), numbers.len());
            writer.count(planes.count);
        }
    }
    writer.finish()
}

/// The digest of a dose: type, units, geometry and voxels.
#[must_use]
pub fn dose_digest(dose: &Dose) -> [u8; 32] {
    let mut writer = Writer::new("dose");
    writer.text(dose.header.dose_type.as_str());
    writer.text(dose.header.summation.as_str());
    writer.count(usize::from(dose.grid.is_some()));
    if let Some(grid) = &dose.grid {
        let geometry = grid.geometry();
        let (origin, row, column, [i, j]) =
            (geometry.origin(), geometry.row(), geometry.column(), geometry.spacing());
        let fixed =
            [origin.x, origin.y, origin.z, row.x, row.y, row.z, column.x, column.y, column.z, i.0, j.0];
        writer.numbers(fixed.into_iter(), fixed.len());
        for size in geometry.size() {
            writer.count(size);
        }
        writer.numbers(geometry.offsets().iter().copied(), geometry.offsets().len());
        writer.voxels(grid.voxels());
    }
    writer.finish()
}

/// The digest of an image's pixel values.
#[must_use]
pub fn pixel_digest(image: &Image) -> [u8; 32] {
    let mut writer = Writer::new("image");
    writer.voxels(&image.values);
    writer.finish()
}

/// Feeds typed values to a hash so that no two sequences of values look alike: every text and list is
/// preceded by its length.
struct Writer {
    hash: Sha256,
    buffer: Vec<u8>,
}

/// Bytes gathered before they are hashed.
const BUFFER: usize = 1 << 16;

impl Writer {
    fn new(kind: &str) -> Self {
        let mut writer = Self { hash: Sha256::new(), buffer: Vec::with_capacity(BUFFER + 64) };
        writer.text(kind);
        writer
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn count(&mut self, count: usize) {
        self.bytes(&(count as u64).to_le_bytes());
    }

    fn integer(&mut self, value: i64) {
        self.bytes(&value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes(text.as_bytes());
    }

    /// -0 and 0 are one number.
    fn number(&mut self, value: f64) {
        self.bytes(&(value + 0.0).to_le_bytes());
    }

    fn numbers(&mut self, values: impl Iterator<Item = f64>, count: usize) {
        self.count(count);
        for value in values {
            self.number(value);
        }
    }

    fn voxels(&mut self, voxels: &[f32]) {
        self.count(voxels.len());
        for voxel in voxels {
            self.bytes(&(voxel + 0.0).to_le_bytes());
        }
    }

    fn optional_text(&mut self, text: Option<&str>) {
        self.count(usize::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn optional_integer(&mut self, value: Option<impl Into<i64>>) {
        self.count(usize::from(value.is_some()));
        if let Some(value) = value {
            self.integer(value.into());
        }
    }

    fn optional_number(&mut self, value: Option<f64>) {
        self.count(usize::from(value.is_some()));
        if let Some(value) = value {
            self.number(value);
        }
    }

    fn finish(mut self) -> [u8; 32] {
        self.hash.update(&self.buffer);
        self.hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::{Date, DateTime};
    use crate::dose::{DoseGrid, DoseHeader, DoseType, DoseUnits, Summation};
    use crate::frame::{PatientPoint, PatientVector};
    use crate::grid::GridGeometry;
    use crate::instance::{Equipment, InstanceInfo, Study};
    use crate::patient::Patient;
    use crate::structure_set::{Contour, Roi, SourcePlanes, StructureSetHeader};
    use crate::uid::Uid;
    use crate::units::{Gy, Mm};

    fn info(uid: &str) -> InstanceInfo {
        InstanceInfo {
            path: format!("{uid}.dcm").into(),
            sop_class: Uid::new("1").unwrap(),
            sop_instance: Uid::new(uid).unwrap(),
            modality: String::new(),
            patient: Patient::default(),
            study: Study::default(),
            series_instance: None,
            frame_of_reference: None,
            equipment: Equipment::default(),
        }
    }

    fn dose(uid: &str, first_voxel: f32, timestamp: Option<DateTime>) -> Dose {
        let geometry = GridGeometry::new(
            PatientPoint::default(),
            PatientVector::new(1.0, 0.0, 0.0),
            PatientVector::new(0.0, 1.0, 0.0),
            [Mm(1.0), Mm(1.0)],
            [2, 1],
            vec![0.0],
        );
        let header = DoseHeader {
            units: DoseUnits::Gray,
            dose_type: DoseType::Physical,
            summation: Summation::Plan,
            timestamp,
            plans: Vec::new(),
            structure_sets: Vec::new(),
            parts: Vec::new(),
            comment: None,
            derived: false,
            size: Some([2, 1, 1]),
            has_dvhs: false,
        };
        let grid = DoseGrid::new(geometry.unwrap(), vec![first_voxel, 2.0], Gy(0.0)).unwrap();
        Dose { info: info(uid), header, grid: Some(grid), stored_dvhs: Vec::new() }
    }

    fn structures(name: &str, x: f64) -> StructureSet {
        let points = vec![PatientPoint::new(x, 0.0, 0.0)];
        let contour = Contour { index: 0, kind: ContourKind::Point, points, slab_thickness: None };
        let roi = Roi { number: 1, name: name.into(), contours: vec![contour], ..Roi::default() };
        StructureSet { info: info("3.1"), header: StructureSetHeader::default(), rois: vec![roi] }
    }

    #[test]
    fn uids_dates_and_order_do_not_matter() {
        let date = Date::new(2020, 1, 2).map(|date| DateTime { date, time: None });
        let (a, b, c) = (dose("4.1", 1.0, None), dose("4.2", 1.0, date), dose("4.3", 3.0, None));
        let set = structures("PTV", 0.0);
        let plan = Plan { timestamp: date, doses: vec![Uid::new("9").unwrap()], ..Plan::default() };
        let one = case_digest(&Plan::default(), &set, &[(&a, 1.0), (&c, 1.0)]);
        assert_eq!(one, case_digest(&plan, &set, &[(&c, 1.0), (&b, 1.0)]));
        assert_eq!(dose_digest(&dose("4.1", 0.0, None)), dose_digest(&dose("4.1", -0.0, None)));
    }

    #[test]
    fn source_planes_count_where_there_are_any() {
        let planes = |count| SourcePlanes {
            origin: PatientPoint::new(0.0, 0.0, -10.0),
            normal: PatientVector::new(0.0, 0.0, 1.0),
            spacing: Mm(2.0),
            count,
        };
        let mut set = structures("PTV", 0.0);
        let mut digest = |source_planes| {
            set.rois[0].source_planes = source_planes;
            structure_set_digest(&set)
        };
        let without = digest(None);
        let hex: String = without.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "e411984c34209dea", "the digest of what is stored already must not change");
        assert_ne!(digest(Some(planes(10))), without);
        assert_ne!(digest(Some(planes(10))), digest(Some(planes(11))));
    }

    #[test]
    fn content_does() {
        let base = (Plan::default(), structures("PTV", 0.0), dose("4.1", 1.0, None), 1.0);
        let digest = |(plan, set, dose, factor): &(Plan, StructureSet, Dose, f64)| {
            case_digest(plan, set, &[(dose, *factor)])
        };
        let first = digest(&base);
        let others = [
            (
                Plan { label: "B".into(), ..Plan::default() },
                structures("PTV", 0.0),
                dose("4.1", 1.0, None),
                1.0,
            ),
            (Plan::default(), structures("CTV", 0.0), dose("4.1", 1.0, None), 1.0),
            (Plan::default(), structures("PTV", 0.5), dose("4.1", 1.0, None), 1.0),
            (Plan::default(), structures("PTV", 0.0), dose("4.1", 1.5, None), 1.0),
            (Plan::default(), structures("PTV", 0.0), dose("4.1", 1.0, None), 20.0),
        ];
        for other in &others {
            assert_ne!(digest(other), first);
        }
    }
}
