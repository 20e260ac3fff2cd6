//! RT Dose of a phantom (PS3.3 A.18): one for the plan, or parts of it.
//!
//! Units: gray, millimetres. Frame: DICOM patient coordinates (LPS).

use super::CaseBuilder;
use super::file::{PhantomFile, Role};
use super::header::{DATE, ObjectKind, PLAN, TIME, header};
use super::photon_beam;
use super::plan::BeamSpec;
use crate::dose::{DoseField, LinearDose};
use crate::error::PhantomError;
use crate::grid::{GridSpec, Lattice};
use rt_dicom::decimal;
use rt_dicom::tags;
use rt_dicom::{DataSet, Value};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::uid::sop_class;
use rt_model::units::Gy;
use std::sync::Arc;

/// The dose of a case.
#[derive(Clone)]
pub struct DoseSpec {
    /// The dose of the whole plan, all fractions.
    pub field: Arc<dyn DoseField>,
    /// The grid that samples it.
    pub grid: GridSpec,
    /// Bits Allocated (0028,0100): 16 or 32.
    pub bits: u16,
    /// Dose Type (3004,0004).
    pub dose_type: String,
    /// Which RTDOSE objects make up the plan's dose.
    pub layout: DoseLayout,
}

/// Which RTDOSE objects make up a plan's dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoseLayout {
    /// One object, DoseSummationType PLAN.
    Plan,
    /// One object for the fraction group, whole delivery: FRACTION.
    Fraction,
    /// One object for one fraction: FRACTION_SESSION.
    FractionSession,
    /// An object for each treatment beam, whole delivery: BEAM.
    Beams {
        /// Beams whose object is not written.
        missing: Vec<i32>,
        /// Beams with a second object of other content.
        repeated: Vec<i32>,
    },
    /// An object for each treatment beam, one fraction: BEAM_SESSION.
    BeamSessions,
    /// Two objects for each photon beam that treats, one for the control points up to the middle one, one for
    /// the rest, one fraction: CONTROL_POINT.
    ControlPoints,
}

impl Default for DoseSpec {
    fn default() -> Self {
        let field = LinearDose { at_origin: Gy(30.0), gradient: PatientVector::new(0.0, 1.0, 0.0) };
        let half = PatientPoint::new(24.0, 24.0, 24.0);
        Self {
            field: Arc::new(field),
            grid: GridSpec::covering(PatientPoint::new(-half.x, -half.y, -half.z), half, 2.0),
            bits: 16,
            dose_type: "PHYSICAL".to_owned(),
            layout: DoseLayout::Plan,
        }
    }
}

/// One RTDOSE to be made.
struct Part {
    /// What its file and identifiers are named by; empty for the only one.
    name: String,
    summation: &'static str,
    /// Its share of the plan's dose.
    factor: f64,
    beam: Option<i32>,
    /// First and last control point.
    control_points: Option<[i64; 2]>,
    of_fraction_group: bool,
}

pub(super) fn files(case: &CaseBuilder, lattice: &Lattice) -> Result<Vec<PhantomFile>, PhantomError> {
    let doses: Vec<f64> = lattice.centres().map(|point| case.dose.field.at(point).0).collect();
    if let Some(bad) = doses.iter().find(|dose| !(dose.is_finite() && **dose >= 0.0)) {
        return Err(PhantomError::description(format!(
            "expected doses of 0 Gy or more in the grid, found {bad}"
        )));
    }
    if !matches!(case.dose.bits, 16 | 32) {
        return Err(PhantomError::description(format!("expected 16 or 32 bits, found {}", case.dose.bits)));
    }
    Ok(parts(case).iter().zip(1..).map(|(part, number)| file(case, lattice, &doses, part, number)).collect())
}

fn parts(case: &CaseBuilder) -> Vec<Part> {
    let per_fraction = 1.0 / f64::from(case.plan.fractions);
    let whole = |summation, factor, of_fraction_group| {
        vec![Part {
            name: String::new(),
            summation,
            factor,
            beam: None,
            control_points: None,
            of_fraction_group,
        }]
    };
    let beams = |summation, factor: f64| {
        let treating = case.plan.beams.iter().filter(|beam| beam.treats());
        treating.map(move |beam| Part {
            name: beam.number.to_string(),
            summation,
            factor: factor * beam.share,
            beam: Some(beam.number),
            control_points: None,
            of_fraction_group: true,
        })
    };
    match &case.dose.layout {
        DoseLayout::Plan => whole("PLAN", 1.0, false),
        DoseLayout::Fraction => whole("FRACTION", 1.0, true),
        DoseLayout::FractionSession => whole("FRACTION_SESSION", per_fraction, true),
        DoseLayout::ControlPoints => case
            .plan
            .beams
            .iter()
            .filter(|beam| beam.treats())
            .flat_map(|beam| halves(beam, per_fraction))
            .collect(),
        DoseLayout::BeamSessions => beams("BEAM_SESSION", per_fraction).collect(),
        DoseLayout::Beams { missing, repeated } => {
            let present = beams("BEAM", 1.0).filter(|part| !missing.contains(&part.beam.unwrap_or_default()));
            let second = beams("BEAM", 0.5).filter(|part| repeated.contains(&part.beam.unwrap_or_default()));
            let second = second.map(|part| Part { name: format!("{}.second", part.name), ..part });
            present.chain(second).collect()
        }
    }
}

/// The stretches of a beam before and behind its middle control point.
fn halves(beam: &BeamSpec, factor: f64) -> impl Iterator<Item = Part> {
    let weights = photon_beam::weights(beam);
    let (middle, last) = (weights.len() / 2, weights.len() - 1);
    [[0, middle], [middle, last]].into_iter().filter(|[from, to]| from < to).map(move |[from, to]| Part {
        name: format!("{}.{from}-{to}", beam.number),
        summation: "CONTROL_POINT",
        factor: factor * beam.share * (weights[to] - weights[from]),
        beam: Some(beam.number),
        control_points: Some([from as i64, to as i64]),
        of_fraction_group: true,
    })
}

fn file(case: &CaseBuilder, lattice: &Lattice, doses: &[f64], part: &Part, number: i64) -> PhantomFile {
    let instance_part = format!("dose {}", part.name);
    let kind = ObjectKind {
        sop_class: sop_class::RT_DOSE,
        instance_part: &instance_part,
        series_part: "dose series",
        modality: "RTDOSE",
        series_number: 4,
        instance_number: number,
        description: "Dose",
    };
    let bits = case.dose.bits;
    let full_scale = if bits == 16 { f64::from(u16::MAX) } else { f64::from(u32::MAX) };
    let largest = doses.iter().fold(0.0, |largest: f64, dose| largest.max(*dose)) * part.factor;
    let scaling = if largest > 0.0 { scaling_for(largest, full_scale) } else { 1.0 };
    let stored = doses.iter().map(|dose| (dose * part.factor / scaling).round());
    let pixels = match bits {
        16 => Value::Words(stored.map(|value| value as u16).collect()),
        _ => Value::DoubleWords(stored.map(|value| value as u32).collect()),
    };
    let [row, column, _] = lattice.axes;
    let mut data = header(case, &kind);
    data.text(tags::CONTENT_DATE, DATE)
        .text(tags::CONTENT_TIME, TIME)
        .decimals(tags::SLICE_THICKNESS, [case.dose.grid.spacing[2]])
        .decimals(tags::IMAGE_POSITION_PATIENT, [lattice.origin.x, lattice.origin.y, lattice.origin.z])
        .decimals(tags::IMAGE_ORIENTATION_PATIENT, [row.x, row.y, row.z, column.x, column.y, column.z])
        .short(tags::SAMPLES_PER_PIXEL, 1)
        .text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
        .integer(tags::NUMBER_OF_FRAMES, lattice.offsets.len() as i64)
        .put(tags::FRAME_INCREMENT_POINTER, Value::Tags(vec![tags::GRID_FRAME_OFFSET_VECTOR]))
        .short(tags::ROWS, lattice.size[1] as u16)
        .short(tags::COLUMNS, lattice.size[0] as u16)
        .decimals(tags::PIXEL_SPACING, [lattice.spacing[1], lattice.spacing[0]])
        .short(tags::BITS_ALLOCATED, bits)
        .short(tags::BITS_STORED, bits)
        .short(tags::HIGH_BIT, bits - 1)
        .short(tags::PIXEL_REPRESENTATION, 0)
        .text(tags::DOSE_UNITS, "GY")
        .text(tags::DOSE_TYPE, case.dose.dose_type.as_str())
        .text(tags::DOSE_SUMMATION_TYPE, part.summation)
        .decimals(tags::GRID_FRAME_OFFSET_VECTOR, &lattice.written)
        .decimals(tags::DOSE_GRID_SCALING, [scaling])
        .text(tags::TISSUE_HETEROGENEITY_CORRECTION, "IMAGE")
        .items(tags::REFERENCED_RT_PLAN_SEQUENCE, [plan_reference(case, part)])
        .put(tags::PIXEL_DATA, pixels);
    let name = if part.name.is_empty() { "RD.dcm".to_owned() } else { format!("RD.{}.dcm", part.name) };
    PhantomFile::new(name, Role::Dose, data, case.encoding.clone())
}

/// The scaling as it is written, such that the largest dose is at most full scale.
fn scaling_for(largest: f64, full_scale: f64) -> f64 {
    let scaling = decimal::as_written(largest / full_scale);
    if largest / scaling <= full_scale { scaling } else { decimal::as_written(scaling * (1.0 + 1e-9)) }
}

fn plan_reference(case: &CaseBuilder, part: &Part) -> DataSet {
    let mut plan = DataSet::reference(case.plan.sop_class(), &case.uid(PLAN));
    if part.of_fraction_group {
        let mut group = DataSet::default();
        group.integer(tags::REFERENCED_FRACTION_GROUP_NUMBER, 1);
        if let Some(number) = part.beam {
            let mut beam = DataSet::default();
            beam.integer(tags::REFERENCED_BEAM_NUMBER, number);
            if let Some([start, stop]) = part.control_points {
                let mut points = DataSet::default();
                points
                    .integer(tags::REFERENCED_START_CONTROL_POINT_INDEX, start)
                    .integer(tags::REFERENCED_STOP_CONTROL_POINT_INDEX, stop);
                beam.items(tags::REFERENCED_CONTROL_POINT_SEQUENCE, [points]);
            }
            group.items(tags::REFERENCED_BEAM_SEQUENCE, [beam]);
        }
        plan.items(tags::REFERENCED_FRACTION_GROUP_SEQUENCE, [group]);
    }
    plan
}
