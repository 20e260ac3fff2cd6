//! The demonstration case: a small head and neck with a dozen structures, a plausible dose and a planning CT.
//!
//! Nobody's anatomy: ellipsoids, tubes and a horseshoe. 70 Gy in 35 fractions to the high-risk target and 56
//! Gy to the elective volume, with spinal cord, brainstem and parotids partly spared, planned as two arcs.
//!
//! Units: millimetres, gray. Frame: DICOM patient coordinates (LPS), head first supine, origin inside the
//! neck.

mod anatomy;
mod plan_dose;

use crate::case::{
    BeamSpec, CaseBuilder, DoseLayout, DosePoint, DoseSpec, GantryArc, ImageSpec, PlanSpec, WrittenCase,
};
use crate::error::PhantomError;
use crate::grid::GridSpec;
use anatomy::{PTV_HIGH, organs};
use plan_dose::PlanDose;
use rt_model::date::Date;
use rt_model::frame::PatientPoint;
use rt_model::patient::{Patient, Sex};
use rt_model::units::Gy;
use std::path::Path;
use std::sync::Arc;

/// Patient ID (0010,0020) of the demonstration case.
pub const PATIENT_ID: &str = "DEMO-0001";
/// Distance of CT slices, mm.
const SLICE_SPACING: f64 = 3.0;
/// Number of CT slices; they lie symmetrically about z = 0.
const SLICES: u16 = 60;

/// Writes the demonstration case into a folder, which is made where it is missing: plan, structure set, dose,
/// 60 CT slices, below 4 MB. The bytes are the same each time.
///
/// # Errors
/// Where a file can't be written.
pub fn write(folder: &Path) -> Result<WrittenCase, PhantomError> {
    case().write(folder)
}

/// The description of the demonstration case.
#[must_use]
pub fn case() -> CaseBuilder {
    let patient = Patient {
        id: PATIENT_ID.to_owned(),
        name: "DEMO^HEAD AND NECK".to_owned(),
        birth_date: Date::new(1960, 2, 29),
        sex: Some(Sex::Other),
        ..Patient::default()
    };
    let planes: Vec<f64> =
        (0..SLICES).map(|k| (f64::from(k) - f64::from(SLICES - 1) / 2.0) * SLICE_SPACING).collect();
    let organs = organs();
    CaseBuilder::new("demo head and neck")
        .patient(patient)
        .plan(plan())
        .dose(dose())
        .rois(organs.iter().zip(1..).map(|(organ, number)| organ.draw(number, &planes)))
        .image(Some(ImageSpec {
            centre: [0.0, 10.0],
            planes,
            pixels: 128,
            spacing: 1.875,
            thickness: SLICE_SPACING,
            hounsfield: Arc::new(anatomy::hounsfield),
        }))
}

fn plan() -> PlanSpec {
    let arc = |number, name: &str, gantry, stop, clockwise, meterset| BeamSpec {
        name: name.to_owned(),
        meterset: Some(meterset),
        gantry,
        arc: Some(GantryArc { stop, clockwise, control_points: 25 }),
        ..BeamSpec::fixed(number, 0.5)
    };
    let mut high = PlanSpec::prescription(1, Gy(70.0), "PTV_7000");
    high.structure_type = "VOLUME".to_owned();
    high.roi_number = Some(anatomy::number_of("PTV_7000"));
    PlanSpec {
        label: "HN_DEMO".to_owned(),
        fractions: 35,
        dose_references: vec![high],
        beams: vec![
            arc(1, "ARC1 CW", 181.0, 179.0, true, 268.4),
            arc(2, "ARC2 CCW", 179.0, 181.0, false, 251.9),
        ],
        dose_point: DosePoint::Reference(PTV_HIGH.centre),
        isocentre: PTV_HIGH.centre,
        ..PlanSpec::default()
    }
}

fn dose() -> DoseSpec {
    DoseSpec {
        field: Arc::new(PlanDose),
        grid: GridSpec::covering(
            PatientPoint::new(-117.0, -105.5, -91.0),
            PatientPoint::new(117.0, 116.5, 92.0),
            3.0,
        ),
        bits: 16,
        dose_type: "PHYSICAL".to_owned(),
        layout: DoseLayout::Plan,
    }
}
