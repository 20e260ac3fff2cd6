//! Points and directions of the patient as nalgebra's vectors, and back.
//!
//! nalgebra computes; it stays inside this crate: no public signature names one of its types. Products of a
//! matrix and a vector add their terms from the first column to the last, as a scalar product of
//! [`PatientVector`] does: both give the same bits.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use nalgebra::{Matrix3, Vector3};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;

/// A direction or difference.
#[inline]
pub(crate) const fn vector(vector: PatientVector) -> Vector3<f64> {
    Vector3::new(vector.x, vector.y, vector.z)
}

/// A position, as the vector that leads there from the frame's origin.
#[inline]
pub(crate) const fn position(point: PatientPoint) -> Vector3<f64> {
    Vector3::new(point.x, point.y, point.z)
}

/// The direction or difference that a vector is.
#[inline]
pub(crate) fn direction(vector: Vector3<f64>) -> PatientVector {
    PatientVector::new(vector.x, vector.y, vector.z)
}

/// The position that a vector leads to from the frame's origin.
#[inline]
pub(crate) fn point(position: Vector3<f64>) -> PatientPoint {
    PatientPoint::new(position.x, position.y, position.z)
}

/// The matrix of three directions, a row each: it turns a difference into distances along them.
#[inline]
pub(crate) fn rows(directions: [PatientVector; 3]) -> Matrix3<f64> {
    Matrix3::from_rows(&directions.map(|along| vector(along).transpose()))
}

/// The directions of a grid's rows, columns and frames, a row each.
#[inline]
pub(crate) fn grid_axes(geometry: &GridGeometry) -> Matrix3<f64> {
    rows([geometry.row(), geometry.column(), geometry.normal()])
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn matrices_have_the_bits_of_scalar_products(values in proptest::collection::vec(-400.0f64..400.0, 12)) {
            let at = |n: usize| PatientVector::new(values[n], values[n + 1], values[n + 2]);
            let (axes, along) = ([at(0), at(3), at(6)], at(9));
            let product = rows(axes) * vector(along);
            let apart = axes.map(|axis| axis.dot(along));
            proptest::prop_assert_eq!(<[f64; 3]>::from(product).map(f64::to_bits), apart.map(f64::to_bits));
            proptest::prop_assert_eq!(direction(vector(at(0)).cross(&vector(at(3)))), at(0).cross(at(3)));
            proptest::prop_assert_eq!(vector(along).norm().to_bits(), along.length().to_bits());
        }
    }
}
