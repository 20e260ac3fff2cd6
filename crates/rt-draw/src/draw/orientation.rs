//! Which way is which on a picture.
//!
//! Units: none. Frame: directions in DICOM patient coordinates (LPS).

use rt_model::frame::PatientVector;

/// Components below this are left out: 17 degrees off an axis is still called by the axis alone.
const NOTICED: f64 = 0.3;

/// The letters of a direction in the patient, the largest part first (PS3.3 C.7.6.1.1.1): L, R, P, A, H, F,
/// or several for an oblique one.
///
/// ```
/// use rt_draw::draw::letters;
/// use rt_model::frame::PatientVector;
///
/// assert_eq!(letters(PatientVector::new(1.0, 0.0, 0.0)), "L");
/// assert_eq!(letters(PatientVector::new(0.6, 0.0, -0.8)), "FL");
/// ```
#[must_use]
pub fn letters(direction: PatientVector) -> String {
    let mut parts = [(direction.x, 'L', 'R'), (direction.y, 'P', 'A'), (direction.z, 'H', 'F')];
    parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let noticed = parts.iter().filter(|(size, ..)| size.abs() >= NOTICED);
    noticed.map(|(size, plus, minus)| if *size > 0.0 { *plus } else { *minus }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_name_where_a_direction_leads() {
        let of = |x, y, z| letters(PatientVector::new(x, y, z));
        assert_eq!((of(1.0, 0.0, 0.0), of(-1.0, 0.0, 0.0)), ("L".into(), "R".into()));
        assert_eq!((of(0.0, 1.0, 0.0), of(0.0, -1.0, 0.0)), ("P".into(), "A".into()));
        assert_eq!((of(0.0, 0.0, 1.0), of(0.0, 0.1, -0.99)), ("H".into(), "F".into()));
        assert_eq!(of(0.6, 0.0, -0.8), "FL");
    }
}
