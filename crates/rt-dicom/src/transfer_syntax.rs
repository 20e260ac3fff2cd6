//! The transfer syntaxes that data sets are written in (PS3.5 annexes A and G).
//!
//! Units: none. Frame: none.

use rt_model::uid::{Uid, transfer_syntax};

/// How a data set is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferSyntax {
    /// Implicit VR Little Endian, which every DICOM node has to take.
    ImplicitLittle,
    /// Explicit VR Little Endian.
    ExplicitLittle,
    /// Explicit VR Big Endian (retired).
    ExplicitBig,
    /// Deflated Explicit VR Little Endian.
    Deflated,
    /// RLE Lossless: Explicit VR Little Endian with frames as [`crate::rle`] makes them.
    Rle,
}

impl TransferSyntax {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::ImplicitLittle, Self::ExplicitLittle, Self::ExplicitBig, Self::Deflated, Self::Rle];

    /// Transfer Syntax UID.
    #[must_use]
    pub const fn uid(self) -> &'static str {
        match self {
            Self::ImplicitLittle => transfer_syntax::IMPLICIT_LITTLE,
            Self::ExplicitLittle => transfer_syntax::EXPLICIT_LITTLE,
            Self::ExplicitBig => transfer_syntax::EXPLICIT_BIG,
            Self::Deflated => transfer_syntax::DEFLATED,
            Self::Rle => transfer_syntax::RLE,
        }
    }

    /// The transfer syntax of an identifier; `None` for one that is not written here.
    #[must_use]
    pub fn of(uid: &Uid) -> Option<Self> {
        Self::ALL.into_iter().find(|syntax| syntax.uid() == uid.as_str())
    }

    /// Transfer Syntax UID as an identifier.
    #[must_use]
    pub fn to_uid(self) -> Uid {
        Uid::new(self.uid()).expect("a constant of the standard")
    }

    /// Elements state their value representation.
    #[must_use]
    pub const fn is_explicit(self) -> bool {
        !matches!(self, Self::ImplicitLittle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_name_their_syntax() {
        for syntax in TransferSyntax::ALL {
            assert_eq!(TransferSyntax::of(&syntax.to_uid()), Some(syntax));
        }
        assert_eq!(TransferSyntax::of(&Uid::new("1.2.840.10008.1.2.4.90").unwrap()), None);
    }
}
