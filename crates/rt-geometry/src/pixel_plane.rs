//! A plane of pixels: an image slice, or a picture that shows one.
//!
//! Units: millimetres; pixels. Frame: DICOM patient coordinates (LPS); pixel coordinates (x, y) with the
//! centre of the first pixel at (0, 0), x along a row.

use crate::linear::{direction, point, position, vector};
use nalgebra::{Matrix2x3, Vector2};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::units::Mm;

/// Where each pixel of a plane lies in the patient. Each slice of a stack has its own, so that a tilted
/// gantry or an uneven stack needs no special case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelPlane {
    /// Centre of pixel (0, 0).
    pub origin: PatientPoint,
    /// Direction of rising x, a unit vector.
    pub row: PatientVector,
    /// Direction of rising y, a unit vector perpendicular to `row`.
    pub column: PatientVector,
    /// Distance between pixel centres along x and y.
    pub spacing: [Mm; 2],
    /// Pixels along x and y.
    pub size: [usize; 2],
}

impl PixelPlane {
    /// Unit vector `row × column`.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    /// use rt_model::frame::PatientVector;
    ///
    /// assert_eq!(example::plane().normal(), PatientVector::new(0.0, 0.0, 1.0));
    /// ```
    #[must_use]
    pub fn normal(&self) -> PatientVector {
        direction(vector(self.row).cross(&vector(self.column)))
    }

    /// The signed distance of the plane from the patient origin along its normal, mm.
    ///
    /// # Example
    /// ```
    /// assert_eq!(rt_geometry::example::plane().height(), 5.0);
    /// ```
    #[must_use]
    pub fn height(&self) -> f64 {
        position(self.origin).dot(&vector(self.normal()))
    }

    /// The patient position at pixel coordinates (x, y).
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    /// use rt_model::frame::PatientPoint;
    ///
    /// assert_eq!(example::plane().patient_from_pixel([2.5, 0.0]), PatientPoint::new(6.0, 1.0, 5.0));
    /// ```
    #[must_use]
    pub fn patient_from_pixel(&self, [x, y]: [f64; 2]) -> PatientPoint {
        let [along_x, along_y] = [x * self.spacing[0].0, y * self.spacing[1].0];
        point(position(self.origin) + vector(self.row) * along_x + vector(self.column) * along_y)
    }

    /// The pixel coordinates of the point of the plane below `point`.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    /// use rt_model::frame::PatientPoint;
    ///
    /// assert_eq!(example::plane().pixel_from_patient(PatientPoint::new(6.0, 1.0, 99.0)), [2.5, 0.0]);
    /// ```
    #[must_use]
    pub fn pixel_from_patient(&self, point: PatientPoint) -> [f64; 2] {
        let axes = Matrix2x3::from_rows(&[vector(self.row).transpose(), vector(self.column).transpose()]);
        let along = axes * (position(point) - position(self.origin));
        along.component_div(&Vector2::from(self.spacing.map(|spacing| spacing.0))).into()
    }

    /// The same area in pixels `factor` times as fine along both axes.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    ///
    /// let fine = example::plane().refined(2);
    /// assert_eq!((fine.size, fine.spacing[0].0, fine.origin.x), ([20, 20], 1.0, 0.5));
    /// ```
    #[must_use]
    pub fn refined(&self, factor: usize) -> Self {
        // The outer edges stay: the first fine centre lies half a coarse pixel less half a fine one from the
        // first coarse centre.
        let shift = (1.0 / factor as f64 - 1.0) / 2.0;
        Self {
            origin: self.patient_from_pixel([shift, shift]),
            spacing: self.spacing.map(|spacing| Mm(spacing.0 / factor as f64)),
            size: self.size.map(|pixels| pixels * factor),
            ..*self
        }
    }
}

/// The distance from slice `at` of a stack to its nearer neighbour, in the unit of `heights`, which rise;
/// `None` for a lone slice.
///
/// ```
/// use rt_geometry::pixel_plane::distance_to_neighbour;
///
/// assert_eq!(distance_to_neighbour(&[-3.0, 0.0, 5.0], 1), Some(3.0));
/// assert_eq!(distance_to_neighbour(&[-3.0, 0.0, 5.0], 2), Some(5.0));
/// assert_eq!(distance_to_neighbour(&[-3.0], 0), None);
/// ```
#[must_use]
pub fn distance_to_neighbour(heights: &[f64], at: usize) -> Option<f64> {
    let height = heights.get(at)?;
    let below = at.checked_sub(1).map(|below| height - heights[below]);
    let above = heights.get(at + 1).map(|above| above - height);
    below.into_iter().chain(above).min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> PixelPlane {
        PixelPlane {
            origin: PatientPoint::new(10.0, -4.0, 3.0),
            row: PatientVector::new(0.0, 0.6, 0.8),
            column: PatientVector::new(1.0, 0.0, 0.0),
            spacing: [Mm(0.5), Mm(2.0)],
            size: [6, 4],
        }
    }

    #[test]
    fn pixel_and_patient_positions_are_inverse() {
        let plane = plane();
        for at in [[0.0, 0.0], [5.0, 3.0], [-2.5, 7.25]] {
            let back = plane.pixel_from_patient(plane.patient_from_pixel(at));
            assert!((back[0] - at[0]).abs() < 1e-12 && (back[1] - at[1]).abs() < 1e-12, "{at:?} {back:?}");
        }
    }

    #[test]
    fn finer_pixels_cover_the_same_area() {
        let (coarse, fine) = (plane(), plane().refined(3));
        assert_eq!(fine.size, [18, 12]);
        for (corner, finer) in
            [([-0.5, -0.5], [-0.5, -0.5]), ([5.5, 3.5], [17.5, 11.5]), ([2.0, 1.0], [7.0, 4.0])]
        {
            let apart = coarse.patient_from_pixel(corner).from_point(fine.patient_from_pixel(finer)).length();
            assert!(apart < 1e-12, "{corner:?}");
        }
    }
}
