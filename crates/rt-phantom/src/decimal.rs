//! Decimal strings (VR DS): at most 16 characters.
//!
//! Units: none. Frame: none.

use std::fmt::Write;

/// The longest decimal string (PS3.5 6.2).
const LONGEST: usize = 16;

/// Appends the shortest text that reads back as `value`; where that is longer than 16 characters, the closest that is not.
///
/// # Panics
/// Where the value is not finite: a phantom has no such number.
pub(crate) fn push(text: &mut String, value: f64) {
    assert!(value.is_finite(), "a decimal string holds finite numbers only");
    let value = if value == 0.0 { 0.0 } else { value };
    let start = text.len();
    write!(text, "{value}").expect("a string takes all");
    if text.len() - start <= LONGEST {
        return;
    }
    let plain = (0..LONGEST).rev().map(|digits| format!("{value:.digits$}"));
    let scientific = (0..LONGEST).rev().map(|digits| format!("{value:.digits$e}"));
    let error = |candidate: &str| (candidate.parse::<f64>().expect("a number was written") - value).abs();
    let fitting = [plain.into_iter().find(|t| t.len() <= LONGEST), scientific.into_iter().find(|t| t.len() <= LONGEST)];
    let best = fitting.into_iter().flatten().min_by(|a, b| error(a).total_cmp(&error(b))).expect("one digit always fits");
    text.truncate(start);
    text.push_str(&best);
}

/// Values joined by backslashes.
pub(crate) fn join(values: impl IntoIterator<Item = f64>) -> String {
    let mut text = String::new();
    for value in values {
        if !text.is_empty() {
            text.push('\\');
        }
        push(&mut text, value);
    }
    text
}

/// The number that [`push`] writes.
pub(crate) fn as_written(value: f64) -> f64 {
    join([value]).parse().expect("a number was written")
}

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
    fn short_numbers_stay_and_long_ones_fit() {
        assert_eq!(join([1.0, -0.0, 2.5, -12.3456]), "1\\0\\2.5\\-12.3456");
        for value in [std::f64::consts::PI, -1.0e6 / 3.0, 1.234_567_890_123_4e-7, -9.876_543_210_987e-12, 1e15 / 7.0] {
            let text = join([value]);
            assert!(text.len() <= 16, "{text}");
            assert!((text.parse::<f64>().unwrap() / value - 1.0).abs() < 1e-7, "{text} {value}");
        }
    }

    #[test]
    fn rounding_leaves_no_negative_zero() {
        assert!(rounded(-0.000_01, 3).is_sign_positive());
        assert_eq!(rounded(1.234_56, 3), 1.235);
    }
}
