//! Unique identifiers that follow from what they name.
//!
//! A series is named after everything that goes into it (the case's content, the images it lies on, product, options, program
//! version); an instance after its series and every byte that it shows. The same input gives the same files for ever, and nothing
//! that looks different shares an identifier: archives keep the first object of an identifier and drop later ones in silence.
//!
//! Units: none. Frame: none.

use rt_model::uid::Uid;
use sha2::{Digest, Sha256};

/// Implementation Class UID (0002,0012) of the files written here.
pub const IMPLEMENTATION_CLASS: &str = "2.25.209214905136417349168716937148406612803";
/// Implementation Version Name (0002,0013).
pub const IMPLEMENTATION_VERSION: &str = concat!("DOSEBRIDGE_", env!("CARGO_PKG_VERSION"));

/// What an identifier is made of, part by part.
pub(crate) struct Content(Sha256);

impl Content {
    /// Begins with what kind of identifier it is.
    pub(crate) fn of(kind: &str) -> Self {
        Self(Sha256::new()).and(kind.as_bytes())
    }

    /// Adds a part. Its length is a part of it, so that no two lists of parts run together.
    pub(crate) fn and(mut self, part: &[u8]) -> Self {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    /// `2.25.` and the decimal form of a version 8 UUID over SHA-256 (PS3.5 B.2, RFC 9562).
    pub(crate) fn uid(self) -> Uid {
        let digest = self.0.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        let value = u128::from_be_bytes(bytes);
        let versioned = value & !(0xF << 76) & !(0b11 << 62) | (0x8 << 76) | (0b10 << 62);
        Uid::new(&format!("2.25.{versioned}")).expect("the text is not empty")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_valid_stable_and_told_apart() {
        let uid = |parts: &[&str]| parts.iter().fold(Content::of("test"), |content, part| content.and(part.as_bytes())).uid();
        assert!(uid(&["a"]).is_valid() && uid(&["a"]).as_str().len() <= 44);
        assert_eq!(uid(&["a", "b"]), uid(&["a", "b"]));
        assert_ne!(uid(&["ab"]), uid(&["a", "b"]));
        assert!(Uid::new(IMPLEMENTATION_CLASS).unwrap().is_valid());
        assert!(IMPLEMENTATION_VERSION.len() <= 16);
    }
}
