//! Why a number of a file cannot be used.
//!
//! Units: none. Frame: none.

/// What was found where a number belongs.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::read) enum UnreadableNumber {
    /// Text of another kind, cut to what is worth showing.
    #[error("expected a number, found {shown:?}{}", if *.comma { " (a decimal comma: DICOM writes a point)" } else { "" })]
    Text {
        /// The text's beginning.
        shown: String,
        /// It holds a comma.
        comma: bool,
    },
    /// NaN or an infinity.
    #[error("expected a finite number, found {0}")]
    NotFinite(f64),
    /// A whole number beyond 32 bits.
    #[error("expected a number of 32 bits, found {0}")]
    TooLarge(i64),
}

/// Characters of a text that are shown.
const SHOWN: usize = 24;

impl UnreadableNumber {
    /// `found` is no number.
    pub(in crate::read) fn text(found: &[u8]) -> Self {
        let shown = String::from_utf8_lossy(&found[..found.len().min(SHOWN)]).into_owned();
        Self::Text { shown, comma: found.contains(&b',') }
    }
}

#[cfg(test)]
mod tests {
    use super::UnreadableNumber;

    #[test]
    fn a_decimal_comma_is_named() {
        let text = |found: &[u8]| UnreadableNumber::text(found).to_string();
        assert_eq!(text(b"1,5"), "expected a number, found \"1,5\" (a decimal comma: DICOM writes a point)");
        assert_eq!(text(&[b'x'; 30]), format!("expected a number, found {:?}", "x".repeat(24)));
    }
}
