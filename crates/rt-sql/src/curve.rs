//! The text of a cumulative DVH in `DVHs.VolumeString`.
//!
//! Comma separated volumes in cm3; entry `i` is the volume that receives at least `i` times the bin width;
//! from 0 Gy up to and including the first zero. Decimals are as many as 1e-5 of the volume or 1e-4 cm3 need,
//! whichever is finer; a volume above 0 never reads 0.
//!
//! Units: cm3. Frame: none.

use crate::error::{SqlError, SqlErrorKind};
use crate::record::{Curve, MAX_BINS};
use rt_model::units::Gy;

/// Writes the text. Refuses a curve that breaks its own rules.
pub(crate) fn encode(curve: &Curve) -> Result<String, SqlError> {
    check(curve)?;
    let decimals = decimals(curve.cumulative[0]);
    let mut text = Vec::with_capacity(curve.cumulative.len() * 10);
    let (mut before, mut entry) = (f64::NAN, 0..0);
    for &volume in &curve.cumulative {
        if !text.is_empty() {
            text.push(b',');
        }
        let begin = text.len();
        // Up to the minimum dose every entry is the same.
        if volume == before {
            text.extend_from_within(entry);
        } else {
            push_decimal(&mut text, volume, decimals);
        }
        (before, entry) = (volume, begin..text.len());
    }
    Ok(String::from_utf8(text).expect("digits, points and commas"))
}

/// Appends `volume` rounded to so many decimals, without zeros at the end. By pairs of digits, not by the
/// general formatter: a case has some 100,000 entries and is written while others wait for its lock.
fn push_decimal(text: &mut Vec<u8>, volume: f64, decimals: usize) {
    let scaled = (volume * 10_u64.pow(decimals as u32) as f64).round_ties_even();
    if volume > 0.0 && !(1.0..EXACT_INTEGERS).contains(&scaled) {
        text.extend(format!("{volume:.*}", decimals.max(two_digits(volume))).into_bytes());
        return;
    }
    let (mut digits, mut at) = ([b'0'; DIGITS], DIGITS);
    let mut rest = scaled as u64;
    while rest > 0 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    let point = DIGITS - decimals;
    // One digit at least before the point, and no more zeros than that.
    let first = (at..point - 1).find(|&place| digits[place] != b'0').unwrap_or(point - 1);
    text.extend_from_slice(&digits[first..point]);
    if let Some(last) = (point..DIGITS).rfind(|&place| digits[place] != b'0') {
        text.push(b'.');
        text.extend_from_slice(&digits[point..=last]);
    }
}

/// Digits of the largest exact integer, and one before 15 decimals; even, as they are written by pairs.
const DIGITS: usize = 18;

/// `00` to `99`.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// Below this every integer is a 64-bit floating-point number.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// Reads the text back: also one of the original importer, which may lack the zero at its end.
pub(crate) fn decode(text: &str) -> Result<Vec<f64>, SqlError> {
    text.split(',')
        .map(|entry| entry.trim().parse().ok().filter(|volume: &f64| volume.is_finite()))
        .collect::<Option<_>>()
        .ok_or_else(|| {
            SqlError::stored(
                "expected volumes parted by commas in DVHs.VolumeString, found something else".into(),
            )
        })
}

/// Refuses a curve that breaks the rules of its type.
pub(crate) fn check(curve: &Curve) -> Result<(), SqlError> {
    rules(curve).map_err(|problem| SqlError::new(SqlErrorKind::Record { problem: problem.to_string() }))
}

/// A rule of [`Curve`] that a curve breaks.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum BrokenRule {
    #[error("expected a bin width above 0 Gy, found {0}")]
    BinWidth(Gy),
    #[error("expected a curve of 2 to {max} entries, found {0}", max = MAX_BINS)]
    Length(usize),
    #[error("expected a curve that never rises and ends with its first zero, found another")]
    Course,
}

fn rules(curve: &Curve) -> Result<(), BrokenRule> {
    let volumes = &curve.cumulative;
    if !(curve.bin.is_finite() && curve.bin.get() > 0.0) {
        return Err(BrokenRule::BinWidth(curve.bin));
    }
    if volumes.len() < 2 || volumes.len() > MAX_BINS {
        return Err(BrokenRule::Length(volumes.len()));
    }
    let falls = volumes.windows(2).all(|pair| pair[0] > 0.0 && pair[0] >= pair[1]);
    if !falls || !volumes[0].is_finite() || volumes[volumes.len() - 1] != 0.0 {
        return Err(BrokenRule::Course);
    }
    Ok(())
}

/// Decimals that resolve 1e-5 of `volume` and 1e-4 cm3.
fn decimals(volume: f64) -> usize {
    (4..=15).find(|&decimals| 10_f64.powi(-decimals) <= 1e-5 * volume * (1.0 + 1e-9)).unwrap_or(15) as usize
}

/// Decimals that show the first two digits of a small volume.
fn two_digits(volume: f64) -> usize {
    (1.0 - volume.log10().floor()).max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(cumulative: Vec<f64>) -> Curve {
        Curve { bin: Gy(0.01), cumulative }
    }

    #[test]
    fn digits_follow_the_volume() {
        let third = 1.0 / 3.0;
        for (volume, text) in [(1000.0, "1000,333.3333,0"), (1.0, "1,0.33333,0"), (0.01, "0.01,0.0033333,0")]
        {
            assert_eq!(encode(&curve(vec![volume, volume * third, 0.0])).unwrap(), text);
        }
    }

    #[test]
    fn the_text_keeps_the_stated_digits_and_every_volume_above_zero() {
        for volume in [1e-9_f64, 1e-6, 3e-3, 0.7, 42.0, 25_000.0, 1e15] {
            let steps = 5000;
            let values: Vec<f64> =
                (0..=steps).map(|i| volume * (1.0 - f64::from(i) / f64::from(steps)).powi(3)).collect();
            let back = decode(&encode(&curve(values.clone())).unwrap()).unwrap();
            let tolerance = (1e-5 * volume).min(1e-4);
            assert_eq!(back.len(), values.len());
            for (found, expected) in back.iter().zip(&values) {
                assert!((found - expected).abs() <= tolerance, "{found} {expected}");
                assert_eq!(*found > 0.0, *expected > 0.0, "{found} {expected}");
            }
            assert!(back.is_sorted_by(|a, b| a >= b));
        }
    }

    #[test]
    fn curves_that_break_the_rules_are_refused() {
        for values in
            [vec![], vec![0.0], vec![1.0, 0.5], vec![1.0, 2.0, 0.0], vec![1.0, 0.0, 0.0], vec![f64::NAN, 0.0]]
        {
            assert!(encode(&curve(values.clone())).is_err(), "{values:?}");
        }
        let longest: Vec<f64> = (0..MAX_BINS).map(|i| if i + 1 == MAX_BINS { 0.0 } else { 1.0 }).collect();
        assert!(encode(&curve(longest.clone())).is_ok());
        assert!(encode(&curve([vec![1.0], longest].concat())).is_err());
        assert!(encode(&Curve { bin: Gy(0.0), cumulative: vec![1.0, 0.0] }).is_err());
    }

    #[test]
    fn the_original_importers_text_is_read() {
        assert_eq!(decode("12.50, 3.00,0.10").unwrap(), [12.5, 3.0, 0.1]);
        assert!(decode("12.5,,1").is_err());
        assert!(decode("").is_err());
    }
}
