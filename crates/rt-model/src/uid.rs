//! DICOM unique identifiers.
//!
//! Units: none. Frame: none.

mod table;

pub use table::{
    APPLICATION_CONTEXT, STANDARD_PREFIX, STORAGE_COMMITMENT_INSTANCE, sop_class, transfer_syntax,
};

use std::fmt;

/// A DICOM unique identifier as it was read, trimmed of padding (PS3.5 section 9).
///
/// Real files carry identifiers that break the rules (leading zeros, more than 64 characters); they are kept
/// as they are, since they still have to match each other. [`Uid::is_valid`] tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(Box<str>);

impl Uid {
    /// The identifier in `text` without its padding; `None` where nothing is left.
    ///
    /// ```
    /// use rt_model::uid::{Uid, sop_class};
    ///
    /// let uid = Uid::new("1.2.840.10008.5.1.4.1.1.481.2\0").unwrap();
    /// assert_eq!(uid.as_str(), sop_class::RT_DOSE);
    /// assert_eq!(Uid::new(" "), None);
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim_matches(|c: char| c == '\0' || c.is_ascii_whitespace());
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The identifier's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Keeps the rules of PS3.5 section 9.1: at most 64 characters, digits and dots, no empty component, no
    /// leading zero.
    ///
    /// ```
    /// use rt_model::uid::Uid;
    ///
    /// assert!(Uid::new("2.25.7").unwrap().is_valid());
    /// assert!(!Uid::new("2.25.07").unwrap().is_valid());
    /// ```
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.0.len() <= 64
            && self.0.split('.').all(|part| {
                !part.is_empty()
                    && part.bytes().all(|byte| byte.is_ascii_digit())
                    && (part.len() == 1 || !part.starts_with('0'))
            })
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_goes_and_the_rest_stays() {
        assert_eq!(Uid::new("1.2.3\0").unwrap().as_str(), "1.2.3");
        assert_eq!(Uid::new(" \0"), None);
    }

    #[test]
    fn broken_rules_are_told_not_mended() {
        for (text, valid) in [("1.2.0.3", true), ("1.02", false), ("1..2", false), ("1.a", false)] {
            assert_eq!(Uid::new(text).unwrap().is_valid(), valid, "{text}");
        }
        assert!(!Uid::new(&"1".repeat(65)).unwrap().is_valid());
    }
}
