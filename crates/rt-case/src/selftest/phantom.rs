//! The solids of the self-test, drawn as contours into one case.
//!
//! Units: millimetres, Gy. Frame: DICOM patient coordinates (LPS).

use super::Axis;
use super::metric::METRICS;
use rt_model::frame::PatientPoint;
use rt_model::units::{Gy, Mm};
use rt_phantom::case::{CaseBuilder, DoseSpec};
use rt_phantom::prism::{Caps, prism_dvh};
use rt_phantom::{
    Compound, Cone, Contouring, Cuboid, Cylinder, ExactDvh, GridSpec, HoleStyle, LinearDose, Shape, Sphere,
    Tube,
};
use std::sync::Arc;

/// Contour and dose spacings, mm.
pub(super) const SPACINGS: [f64; 3] = [1.0, 2.0, 3.0];

/// Dose in the middle, Gy; it rises by 1 Gy/mm.
const MIDDLE: Gy = Gy(40.0);

/// The dose grid reaches so far, off the contours' planes, mm.
const REACH: [f64; 3] = [17.6, 17.3, 17.9];

/// Dose Grid Scaling is the largest dose over this at most.
const FULL_SCALE: f64 = 65_535.0;

/// A case with what is known of its structures.
pub(super) struct Phantom {
    pub(super) case: CaseBuilder,
    pub(super) spacing: f64,
    pub(super) direction: Axis,
    /// One step of its stored dose, at most, Gy.
    pub(super) dose_step: f64,
    pub(super) structures: Vec<Structure>,
}

/// A structure's closed forms, one for each of [`METRICS`].
pub(super) struct Structure {
    pub(super) name: &'static str,
    /// Of the slabs that its contours make.
    pub(super) contours: Vec<Option<f64>>,
    /// Of the solid they were drawn from.
    pub(super) solid: Vec<Option<f64>>,
}

/// The case with contours and dose of this spacing and a dose that rises along `direction`.
pub(super) fn phantom(spacing: f64, direction: Axis) -> Phantom {
    let dose = LinearDose { at_origin: MIDDLE, gradient: direction.unit() };
    let drawn: Vec<_> = solids()
        .into_iter()
        .zip(1..)
        .map(|((name, holes, solid), number)| {
            let contouring = Contouring { holes, ..Contouring::every(spacing) };
            let roi = contouring.draw(solid.as_ref(), number, name);
            let values = |exact: Option<ExactDvh<'_>>| {
                METRICS
                    .iter()
                    .map(|metric| exact.as_ref().and_then(|exact| metric.of_exact(exact)))
                    .collect::<Vec<_>>()
            };
            let contours = values(prism_dvh(&roi, Caps::HalfSlice(Mm(spacing)), dose));
            let solid = values(ExactDvh::of_linear(solid.as_ref(), dose));
            (roi, Structure { name, contours, solid })
        })
        .collect();
    let (rois, structures): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    let [x, y, z] = REACH;
    let grid = GridSpec::covering(
        PatientPoint::new(-x, -y, -z),
        PatientPoint::new(x + spacing, y + spacing, z + spacing),
        spacing,
    );
    let case = CaseBuilder::new(format!("selftest {spacing} {direction}"))
        .dose(DoseSpec { field: Arc::new(dose), grid, ..DoseSpec::default() })
        .image(None)
        .rois(rois);
    let largest = MIDDLE.0 + z + 2.0 * spacing;
    Phantom { case, spacing, direction, dose_step: largest / FULL_SCALE, structures }
}

fn solids() -> Vec<(&'static str, HoleStyle, Box<dyn Shape>)> {
    let centre = PatientPoint::default();
    let (radius, height) = (Mm(12.0), Mm(24.0));
    let tube = || Box::new(Tube { centre, radius, hole: Mm(6.0), height });
    let hollow =
        Compound::default().with(Sphere { centre, radius }).without(Sphere { centre, radius: Mm(6.0) });
    vec![
        ("sphere", HoleStyle::Rings, Box::new(Sphere { centre, radius })),
        ("cylinder", HoleStyle::Rings, Box::new(Cylinder { centre, radius, height })),
        ("cone", HoleStyle::Rings, Box::new(Cone { centre, radius, height })),
        (
            "box",
            HoleStyle::Rings,
            Box::new(Cuboid {
                low: PatientPoint::new(-8.3, -4.7, -12.0),
                high: PatientPoint::new(9.1, 6.2, 12.0),
            }),
        ),
        ("tube, exclusive-or", HoleStyle::Xor, tube()),
        ("tube, keyhole", HoleStyle::Keyhole, tube()),
        ("hollow sphere", HoleStyle::Rings, Box::new(hollow)),
    ]
}
