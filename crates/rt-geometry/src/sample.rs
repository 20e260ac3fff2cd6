//! Dose at a point.
//!
//! Units: gray. Frame: DICOM patient coordinates (LPS).

use rt_model::dose::DoseGrid;
use rt_model::frame::{GridPoint, PatientPoint};
use rt_model::units::Gy;

/// Positions this close to the grid, in voxels, count as on it: coordinates are rounded when they are
/// written.
pub(crate) const BORDER: f64 = 1e-6;

/// The dose at a patient position, trilinear between voxel centres; `None` outside the outermost voxel
/// centres, where dose is unknown.
///
/// # Example
/// ```
/// use rt_geometry::{example, sample::trilinear};
/// use rt_model::frame::PatientPoint;
/// use rt_model::units::Gy;
///
/// let dose = example::dose();
/// assert_eq!(trilinear(&dose, PatientPoint::new(2.5, 7.0, 5.0)), Some(Gy(12.5)));
/// assert_eq!(trilinear(&dose, PatientPoint::new(-11.0, 7.0, 5.0)), None, "beyond the grid dose is unknown");
/// ```
#[must_use]
pub fn trilinear(dose: &DoseGrid, point: PatientPoint) -> Option<Gy> {
    trilinear_at(dose, dose.geometry().grid_from_patient(point)).map(Gy)
}

/// The dose in Gy at a continuous grid position.
pub(crate) fn trilinear_at(dose: &DoseGrid, position: GridPoint) -> Option<f64> {
    let size = dose.geometry().size();
    let mut low = [0usize; 3];
    let mut part = [0.0; 3];
    for (axis, at) in [position.i, position.j, position.k].into_iter().enumerate() {
        let last = (size[axis] - 1) as f64;
        if !(-BORDER..=last + BORDER).contains(&at) {
            return None;
        }
        let at = at.clamp(0.0, last);
        low[axis] = (at as usize).min(size[axis].saturating_sub(2));
        part[axis] = at - low[axis] as f64;
    }
    let strides = [1, size[0], size[0] * size[1]];
    let corner = low[0] + low[1] * strides[1] + low[2] * strides[2];
    let mut sum = 0.0;
    for corner_of_cell in 0..8usize {
        let (mut at, mut weight) = (corner, 1.0);
        for axis in 0..3 {
            let upper = corner_of_cell >> axis & 1 == 1;
            weight *= if upper { part[axis] } else { 1.0 - part[axis] };
            at += if upper { strides[axis] } else { 0 };
        }
        if weight > 0.0 {
            sum += weight * f64::from(dose.voxels()[at]);
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::frame::PatientVector;
    use rt_model::grid::GridGeometry;
    use rt_model::units::Mm;

    #[test]
    fn a_linear_dose_is_exact_and_the_outside_unknown() {
        let geometry = GridGeometry::new(
            PatientPoint::new(-4.0, 2.0, 10.0),
            PatientVector::new(0.0, 1.0, 0.0),
            PatientVector::new(1.0, 0.0, 0.0),
            [Mm(2.0), Mm(3.0)],
            [4, 3],
            vec![0.0, 1.0, 4.0],
        )
        .unwrap();
        let linear = |p: PatientPoint| 20.0 + 0.5 * p.x - 0.25 * p.y + 2.0 * p.z;
        let mut voxels = Vec::new();
        for (k, j, i) in (0..3).flat_map(|k| (0..3).flat_map(move |j| (0..4).map(move |i| (k, j, i)))) {
            let at = rt_model::frame::GridPoint { i: f64::from(i), j: f64::from(j), k: f64::from(k) };
            voxels.push(linear(geometry.patient_from_grid(at)) as f32);
        }
        let dose = DoseGrid::new(geometry, voxels, Gy(0.0)).unwrap();
        for point in [
            PatientPoint::new(-4.0, 2.0, 10.0),
            PatientPoint::new(1.9, 7.9, 6.1),
            PatientPoint::new(0.0, 5.0, 8.5),
        ] {
            let found = trilinear(&dose, point).unwrap().0;
            assert!((found - linear(point)).abs() < 1e-5, "{found}");
        }
        for outside in [
            PatientPoint::new(-4.1, 2.0, 10.0),
            PatientPoint::new(-4.0, 8.1, 10.0),
            PatientPoint::new(-4.0, 2.0, 10.1),
        ] {
            assert_eq!(trilinear(&dose, outside), None);
        }
    }
}
