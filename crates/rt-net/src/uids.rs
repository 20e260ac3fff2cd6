//! Identifiers of the protocol (PS3.6 annex A).
//!
//! Units: none. Frame: none.

use rt_dicom::part10::Implementation;
use rt_model::uid::Uid;

/// DICOM application context.
pub const APPLICATION_CONTEXT: &str = "1.2.840.10008.3.1.1.1";
/// Verification SOP class.
pub const VERIFICATION: &str = "1.2.840.10008.1.1";
/// Storage Commitment Push Model SOP class.
pub const STORAGE_COMMITMENT: &str = "1.2.840.10008.1.20.1";
/// The well-known SOP instance of storage commitment.
pub const STORAGE_COMMITMENT_INSTANCE: &str = "1.2.840.10008.1.20.1.1";
/// Study Root Query/Retrieve Information Model - FIND.
pub const STUDY_ROOT_FIND: &str = "1.2.840.10008.5.1.4.1.2.2.1";
/// Patient Root Query/Retrieve Information Model - FIND.
pub const PATIENT_ROOT_FIND: &str = "1.2.840.10008.5.1.4.1.2.1.1";

/// Implicit VR Little Endian, which every peer has to accept (PS3.5 section 10.1).
pub const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
/// Explicit VR Little Endian.
pub const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
/// Deflated Explicit VR Little Endian.
pub const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
/// Explicit VR Big Endian (retired).
pub const EXPLICIT_BIG: &str = "1.2.840.10008.1.2.2";
/// RLE Lossless.
pub const RLE: &str = "1.2.840.10008.1.2.5";

/// This implementation (PS3.7 D.3.3.2): under the UUID-derived root, so that it needs no registration.
pub const IMPLEMENTATION_CLASS: &str = "2.25.217152509364172577841618255406582924305";
/// This implementation's version, at most 16 characters (PS3.7 D.3.3.2).
pub const IMPLEMENTATION_VERSION: &str = concat!("DOSEBRIDGE_", env!("CARGO_PKG_VERSION"));

/// Who writes the files of what is received.
pub(crate) const IMPLEMENTATION: Implementation = Implementation { class: IMPLEMENTATION_CLASS, version: IMPLEMENTATION_VERSION };

/// The prefix of the storage SOP classes (PS3.4 B.5); private classes have others.
pub(crate) const STORAGE_PREFIX: &str = "1.2.840.10008.5.1.4.1.1.";

/// An identifier of this module as a [`Uid`].
pub(crate) fn uid(text: &'static str) -> Uid {
    Uid::new(text).expect("the constants of this module are identifiers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_identifiers_keep_the_rules() {
        assert!(uid(IMPLEMENTATION_CLASS).is_valid());
        assert!(IMPLEMENTATION_VERSION.len() <= 16);
    }
}
