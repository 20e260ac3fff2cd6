//! How the elements of a data set are written: explicit or implicit VR, little or big endian (PS3.5 section
//! 7).
//!
//! Units: none. Frame: none.

/// The encoding of a data set or item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) struct Encoding {
    /// Elements state their VR.
    pub(in crate::read) explicit: bool,
    /// Numbers have their highest byte first.
    pub(in crate::read) big_endian: bool,
}

impl Encoding {
    pub(in crate::read) const IMPLICIT: Self = Self { explicit: false, big_endian: false };
    pub(in crate::read) const EXPLICIT: Self = Self { explicit: true, big_endian: false };
    pub(in crate::read) const BIG_ENDIAN: Self = Self { explicit: true, big_endian: true };

    /// The number in two bytes.
    pub(in crate::read) const fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    /// The number in four bytes.
    pub(in crate::read) const fn u32(self, bytes: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    /// The number in eight bytes.
    pub(in crate::read) const fn u64(self, bytes: [u8; 8]) -> u64 {
        if self.big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) }
    }
}
