//! Decimal and integer strings (PS3.5 6.2, DS and IS).
//!
//! Units: as the attribute has them. Frame: none.

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Cuts padding off: blanks and zero bytes at both ends.
pub(in crate::read) fn trim(text: &[u8]) -> &[u8] {
    let padding = |byte: &u8| matches!(byte, b' ' | 0 | b'\t' | b'\r' | b'\n');
    let start = text.iter().position(|byte| !padding(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !padding(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// The finite number in `text`, correctly rounded; `None` for anything else (NaN and infinities too).
pub(in crate::read) fn decimal(text: &[u8]) -> Option<f64> {
    let text = trim(text);
    fixed(text).or_else(|| general(text))
}

/// Sign, digits, point, digits, where all digits together are exact in a double: one division rounds once, as
/// it must (W. D. Clinger 1990, fast path).
fn fixed(text: &[u8]) -> Option<f64> {
    let (value, length) = fixed_prefix(text)?;
    (length == text.len()).then_some(value)
}

/// The fixed-point number that `text` begins with, and its length in bytes; `None` where its digits are too
/// many for one exact division, or where there are none.
#[inline]
fn fixed_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let negative = text.first() == Some(&b'-');
    let start = usize::from(negative || text.first() == Some(&b'+'));
    let mut mantissa = 0_u64;
    let mut at = start;
    while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    let mut digits = at - start;
    let mut decimals = 0;
    if text.get(at) == Some(&b'.') {
        at += 1;
        let point = at;
        while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        decimals = at - point;
        digits += decimals;
    }
    // Nineteen digits fit 64 bits, so that nothing wrapped.
    if digits == 0 || digits > 19 || mantissa > 1 << 53 {
        return None;
    }
    let value = mantissa as f64 / POWERS[decimals];
    Some((if negative { -value } else { value }, at))
}

fn general(text: &[u8]) -> Option<f64> {
    // fast-float2 accepts the words "nan" and "inf"; DICOM has neither.
    let plain =
        text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    let text = text.strip_prefix(b"+").filter(|rest| rest.first() != Some(&b'-')).unwrap_or(text);
    fast_float2::parse::<f64, _>(text).ok().filter(|value| plain && value.is_finite())
}

/// A whole number, and whether it was written with decimals (all zero).
pub(in crate::read) fn integer(text: &[u8]) -> Option<(i64, bool)> {
    let text = std::str::from_utf8(trim(text)).ok()?;
    if let Ok(number) = text.parse() {
        return Some((number, false));
    }
    let number = decimal(text.as_bytes())?;
    (number.fract() == 0.0 && number.abs() < 9e15).then_some((number as i64, true))
}

/// Appends the numbers between backslashes. The error is the text of the first that is none.
///
/// A single backslash at the end, as some writers leave it, starts no further number.
pub(in crate::read) fn decimals<'a>(text: &'a [u8], into: &mut Vec<f64>) -> Result<(), &'a [u8]> {
    let text = trim(text);
    let text = text.strip_suffix(b"\\").unwrap_or(text);
    if text.is_empty() {
        return Ok(());
    }
    let mut list = List::new(text);
    for _ in 0..values(text) {
        into.push(list.number()?);
    }
    Ok(())
}

/// How many values a text holds: one more than it has backslashes.
pub(in crate::read) fn values(text: &[u8]) -> usize {
    // Sums of bytes over at most 255 of them are the form that compilers turn into vector instructions.
    1 + text
        .chunks(255)
        .map(|part| usize::from(part.iter().map(|byte| u8::from(*byte == b'\\')).sum::<u8>()))
        .sum::<usize>()
}

/// Numbers between backslashes, one after the other.
pub(in crate::read) struct List<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> List<'a> {
    pub(in crate::read) const fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// The next number; the error is the text that is none.
    ///
    /// Most numbers are plain fixed-point ones that end at a backslash: one pass finds both value and end.
    #[inline]
    pub(in crate::read) fn number(&mut self) -> Result<f64, &'a [u8]> {
        let rest = &self.text[self.at.min(self.text.len())..];
        if let Some((number, length)) = fixed_prefix(rest)
            && matches!(rest.get(length), None | Some(b'\\'))
        {
            self.at += length + 1;
            return Ok(number);
        }
        let one = rest.split(|byte| *byte == b'\\').next().unwrap_or_default();
        self.at += one.len() + 1;
        decimal(one).ok_or(one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_ds_may_hold_is_read_and_nothing_else() {
        for (text, number) in [
            ("-0", Some(-0.0)),
            (" 12.5 ", Some(12.5)),
            ("+3.", Some(3.0)),
            (".5", Some(0.5)),
            ("1.2E-3", Some(0.0012)),
            ("189.431250000000", Some(189.43125)),
            ("0.123456789012345678901", Some(0.123_456_789_012_345_68)),
            ("1,5", None),
            ("1.2.3", None),
            ("NaN", None),
            ("inf", None),
            ("1e999", None),
            ("+-1", None),
            (".", None),
            ("-", None),
            ("", None),
            ("12 3", None),
            ("0x10", None),
        ] {
            assert_eq!(decimal(text.as_bytes()), number, "{text:?}");
        }
    }

    #[test]
    fn whole_numbers_may_carry_zero_decimals() {
        assert_eq!(integer(b"12 "), Some((12, false)));
        assert_eq!(integer(b"+5"), Some((5, false)));
        assert_eq!(integer(b"2.0"), Some((2, true)));
        assert_eq!(integer(b"2.5"), None);
        assert_eq!(integer(b""), None);
    }

    #[test]
    fn lists_stop_at_the_first_bad_number() {
        let mut numbers = Vec::new();
        assert_eq!(decimals(b"1\\2\\", &mut numbers), Ok(()));
        assert_eq!(numbers, [1.0, 2.0]);
        assert_eq!(decimals(b"1\\\\2", &mut numbers), Err(&b""[..]));
        assert_eq!(decimals(b"1\\x\\2", &mut numbers), Err(&b"x"[..]));
    }

    proptest! {
        #[test]
        fn every_decimal_is_rounded_as_std_rounds_it(whole in -1_000_000_000_i64..1_000_000_000, places in 0_usize..12, digits in 0_u64..1_000_000_000_000) {
            let text = format!("{whole}.{:0places$}", digits % 10_u64.pow(places as u32));
            prop_assert_eq!(decimal(text.as_bytes()), Some(text.parse::<f64>().unwrap()));
        }
    }
}
