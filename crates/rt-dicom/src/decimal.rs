//! Decimal strings (VR DS): at most 16 characters (PS3.5 6.2).
//!
//! Units: none. Frame: none.

const LONGEST: usize = 16;

/// The shortest text that reads back as `value`; where that is longer than 16 characters, the closest that is
/// not.
///
/// # Panics
/// Where the value is not finite: no attribute holds such a number.
#[must_use]
pub fn text(value: f64) -> String {
    assert!(value.is_finite(), "a decimal string holds finite numbers only");
    let value = if value == 0.0 { 0.0 } else { value };
    let exact = [format!("{value}"), format!("{value:e}")];
    if let Some(short) = exact.into_iter().min_by_key(String::len).filter(|text| text.len() <= LONGEST) {
        return short;
    }
    let plain =
        (0..LONGEST).rev().map(|digits| format!("{value:.digits$}")).find(|text| text.len() <= LONGEST);
    let scientific =
        (0..LONGEST).rev().map(|digits| format!("{value:.digits$e}")).find(|text| text.len() <= LONGEST);
    let error = |text: &String| text.parse::<f64>().map_or(f64::INFINITY, |read| (read - value).abs());
    plain.into_iter().chain(scientific).min_by(|a, b| error(a).total_cmp(&error(b))).unwrap_or_default()
}

/// Values joined by backslashes.
///
/// # Panics
/// As [`text`].
pub fn join(values: impl IntoIterator<Item = f64>) -> String {
    values.into_iter().map(text).collect::<Vec<_>>().join("\\")
}

/// The number that [`text`] writes.
///
/// # Panics
/// As [`text`].
#[must_use]
pub fn as_written(value: f64) -> f64 {
    text(value).parse().expect("a number was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_or_are_as_close_as_sixteen_characters_allow() {
        assert_eq!(join([1.0, -0.0, 0.01, 0.000_01, -12.345_6]), "1\\0\\0.01\\1e-5\\-12.3456");
        for value in
            [std::f64::consts::PI, -1.0e6 / 3.0, 1.234_567_890_123_4e-7, 1e15 / 7.0, -2.0 / 3.0, 1e300 / 3.0]
        {
            let text = text(value);
            assert!(text.len() <= 16, "{text}");
            assert!((text.parse::<f64>().unwrap() / value - 1.0).abs() < 1e-8, "{text} {value}");
            assert_eq!(as_written(value), text.parse::<f64>().unwrap());
        }
    }
}
