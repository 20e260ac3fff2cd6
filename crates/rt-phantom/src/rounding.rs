//! Coordinates as planning systems write them: rounded.
//!
//! Units: none. Frame: none.

/// The number with at most `places` decimals.
pub(crate) fn rounded(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    let rounded = (value * scale).round() / scale;
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_leaves_no_negative_zero() {
        assert!(rounded(-0.000_01, 3).is_sign_positive());
        assert_eq!(rounded(1.234_56, 3), 1.235);
    }
}
