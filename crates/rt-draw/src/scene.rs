//! One slice, ready to be drawn: anatomy, dose and outlines in the pixels of the picture.
//!
//! Units: as stated per field. Frame: pixel coordinates of the picture (see [`crate::canvas`]); directions in
//! DICOM patient coordinates (LPS).

use rt_model::frame::PatientVector;
use rt_model::units::Mm;

/// What one picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceScene {
    /// Width and height of the picture, pixels.
    pub size: [usize; 2],
    /// Distance between pixel centres along x and along y; they may differ.
    pub pixel: [Mm; 2],
    /// Direction of rising x in the patient, a unit vector.
    pub row: PatientVector,
    /// Direction of rising y in the patient, a unit vector.
    pub column: PatientVector,
    /// Windowed anatomy at the pixel centres, 0 black to 255 white, row by row; `None` without an image.
    pub anatomy: Option<Vec<u8>>,
    /// Dose at the pixel centres in the unit of the style, row by row; NaN where the dose grid does not
    /// reach: not calculated, not cold.
    pub dose: Vec<f32>,
    /// Where the dose grid ends on this plane: a closed polygon in pixel coordinates, empty where the plane
    /// misses the grid. May reach beyond the picture.
    pub grid_edge: Vec<[f64; 2]>,
    /// ROIs that meet this plane.
    pub outlines: Vec<Outline>,
    /// Which slice it is.
    pub position: SlicePosition,
}

/// A ROI's outline on one plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// ROI Name.
    pub name: String,
    /// ROI Display Color.
    pub colour: [u8; 3],
    /// Closed polygons in pixel coordinates; the first point is not repeated.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// Which slice of how many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlicePosition {
    /// Place in the whole stack along its normal, from 1.
    pub number: usize,
    /// Slices of the whole stack.
    pub of: usize,
    /// Signed distance of the plane from the frame's origin along its normal; z for an axial slice.
    pub height: Mm,
}
