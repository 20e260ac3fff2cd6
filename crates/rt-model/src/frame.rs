//! Points and directions, each in a frame named by its type.
//!
//! Units: millimetres for patient coordinates, voxels for grid coordinates.
//! Frame: [`PatientPoint`] and [`PatientVector`] are DICOM patient coordinates (LPS: x to the patient's left,
//! y to the back, z to the head; PS3.3 C.7.6.2.1.1); [`GridIndex`] and [`GridPoint`] count voxels of one
//! grid.
//!
//! ```
//! use rt_model::frame::{PatientPoint, PatientVector};
//!
//! let (a, b) = (PatientPoint::new(1.0, 2.0, 3.0), PatientPoint::new(1.0, 2.0, 8.0));
//! let up = b.from_point(a);
//! assert_eq!((up.length(), up.unit()), (5.0, Some(PatientVector::new(0.0, 0.0, 1.0))));
//! assert_eq!(a.moved(up), b);
//! ```

/// A position in the DICOM patient coordinate system (LPS), millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PatientPoint {
    /// Towards the patient's left, mm.
    pub x: f64,
    /// Towards the patient's back, mm.
    pub y: f64,
    /// Towards the patient's head, mm.
    pub z: f64,
}

impl PatientPoint {
    /// The point at (x, y, z) mm.
    #[must_use]
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    /// The vector that leads from `other` to this point.
    #[must_use]
    pub fn from_point(self, other: Self) -> PatientVector {
        PatientVector::new(self.x - other.x, self.y - other.y, self.z - other.z)
    }

    /// This point moved by `vector`.
    #[must_use]
    pub fn moved(self, vector: PatientVector) -> Self {
        Self::new(self.x + vector.x, self.y + vector.y, self.z + vector.z)
    }

    /// The signed distance in mm of this point along `direction` (a unit vector) from the frame's origin.
    #[must_use]
    pub fn along(self, direction: PatientVector) -> f64 {
        self.x * direction.x + self.y * direction.y + self.z * direction.z
    }

    /// No coordinate is NaN or infinite.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite() && self.z.is_finite()
    }
}

/// A difference of positions or a direction in the DICOM patient coordinate system (LPS), millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PatientVector {
    /// Component towards the patient's left, mm.
    pub x: f64,
    /// Component towards the patient's back, mm.
    pub y: f64,
    /// Component towards the patient's head, mm.
    pub z: f64,
}

impl PatientVector {
    /// The vector (x, y, z) mm.
    #[must_use]
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    /// Scalar product, mm².
    #[must_use]
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    /// Vector product.
    #[must_use]
    pub fn cross(self, other: Self) -> Self {
        Self::new(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    /// Length, mm.
    #[must_use]
    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// This vector times `factor`.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor, self.z * factor)
    }

    /// The sum of two vectors.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y, self.z + other.z)
    }

    /// The unit vector of the same direction; `None` for the zero vector and for anything not finite.
    #[must_use]
    pub fn unit(self) -> Option<Self> {
        let length = self.length();
        (length.is_finite() && length > 0.0).then(|| self.scaled(1.0 / length))
    }
}

/// A voxel of a grid, counted from 0: `i` along a row (columns), `j` down the rows, `k` through the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct GridIndex {
    /// Column.
    pub i: usize,
    /// Row.
    pub j: usize,
    /// Frame.
    pub k: usize,
}

/// A continuous position in voxels; whole numbers are voxel centres, so that the grid's centres span
/// `0 ..= size - 1` inclusive on each axis.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GridPoint {
    /// Along a row, voxels.
    pub i: f64,
    /// Down the rows, voxels.
    pub j: f64,
    /// Through the frames, voxels.
    pub k: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cross_product_of_row_and_column_is_the_normal() {
        let row = PatientVector::new(0.0, -1.0, 0.0);
        let column = PatientVector::new(1.0, 0.0, 0.0);
        assert_eq!(row.cross(column), PatientVector::new(0.0, 0.0, 1.0));
    }

    #[test]
    fn the_zero_vector_has_no_direction() {
        assert_eq!(PatientVector::default().unit(), None);
        assert_eq!(PatientVector::new(f64::NAN, 0.0, 0.0).unit(), None);
    }
}
