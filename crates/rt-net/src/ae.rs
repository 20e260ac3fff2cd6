//! Application entity titles.
//!
//! Units: none. Frame: none.

use crate::error::NetError;
use std::fmt;
use std::str::FromStr;

/// An application entity title: 1 to 16 printable ASCII characters without backslash, trimmed of blanks
/// (PS3.5 table 6.2-1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AeTitle(Box<str>);

impl AeTitle {
    /// The longest title, in characters.
    pub const MAX: usize = 16;

    /// The title in `text`; `None` where it is empty, too long or has other characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\0']);
        let fits = (1..=Self::MAX).contains(&text.len())
            && text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\');
        fits.then(|| Self(text.into()))
    }

    /// The title's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AeTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AeTitle {
    type Err = NetError;

    /// The title in `text`.
    ///
    /// # Errors
    /// [`NetErrorKind::Configuration`](crate::NetErrorKind::Configuration).
    fn from_str(text: &str) -> Result<Self, NetError> {
        let problem = || format!("expected an AE title of 1 to 16 printable characters, found {text:?}");
        Self::new(text).ok_or_else(|| NetError::configuration(problem()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_trimmed_and_checked() {
        assert_eq!(AeTitle::new(" PACS  ").unwrap().as_str(), "PACS");
        for text in ["", "   ", "SEVENTEEN_LETTERS", "A\\B", "Ä", "A\tB"] {
            assert_eq!(AeTitle::new(text), None, "{text:?}");
        }
    }
}
