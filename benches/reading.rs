//! A written case of clinical size: 28 ROIs with 1.2 million points (25 MB), a 32-bit dose of 10 million
//! voxels (40 MB) and 300 CT slices of 512 x 512.
//!
//! Units: millimetres, gray. Frame: DICOM patient coordinates (LPS).

use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::Gy;
use rt_phantom::case::{CaseBuilder, DoseSpec, ImageSpec, Role};
use rt_phantom::{GridSpec, LinearDose};
use std::f64::consts::TAU;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the files are.
#[derive(Debug)]
pub struct Written {
    /// The RT Structure Set.
    pub structure_set: PathBuf,
    /// The RT Dose.
    pub dose: PathBuf,
}

const ROIS: i32 = 28;
const PLANES: usize = 150;
const POINTS: usize = 285;

/// Writes the case into `folder`.
///
/// # Panics
/// Where it can't be written.
#[must_use]
pub fn write(folder: &Path) -> Written {
    let grid = GridSpec::covering(
        PatientPoint::new(-125.0, -100.0, -105.0),
        PatientPoint::new(124.5, 99.5, 104.5),
        1.0,
    );
    let field = LinearDose { at_origin: Gy(30.0), gradient: PatientVector::new(0.05, 0.1, 0.02) };
    let image = ImageSpec {
        pixels: 512,
        spacing: 1.0,
        planes: (0..300).map(|k| f64::from(k) - 150.0).collect(),
        hounsfield: Arc::new(|_| 0),
        ..ImageSpec::default()
    };
    let case = CaseBuilder::new("bench-reading")
        .dose(DoseSpec { field: Arc::new(field), grid, bits: 32, ..DoseSpec::default() })
        .image(Some(image))
        .rois((1..=ROIS).map(roi))
        .write(folder)
        .expect("the case is written");
    let path = |role| case.path(role).expect("the case has it").to_owned();
    Written { structure_set: path(Role::StructureSet), dose: path(Role::Dose) }
}

/// Wavy circles on 150 planes.
fn roi(number: i32) -> Roi {
    let contour = |index: usize| {
        let z = index as f64 * 2.0 - 150.0;
        let point = |at: usize| {
            let angle = TAU * at as f64 / POINTS as f64;
            let radius = 20.0 + 4.0 * f64::from(number) + (7.0 * angle + z).sin();
            PatientPoint::new(radius * angle.cos(), radius * angle.sin(), z)
        };
        Contour {
            index,
            kind: ContourKind::ClosedPlanar,
            points: (0..POINTS).map(point).collect(),
            slab_thickness: None,
        }
    };
    Roi {
        number,
        name: format!("ROI {number}"),
        contours: (0..PLANES).map(contour).collect(),
        ..Roi::default()
    }
}
