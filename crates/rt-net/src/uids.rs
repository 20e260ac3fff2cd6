//! Identifiers of the protocol: those of the standard are rt-model's, our own implementation's are here.
//!
//! Units: none. Frame: none.

use rt_dicom::part10::Implementation;
use rt_model::uid::Uid;

pub use rt_model::uid::sop_class::{PATIENT_ROOT_FIND, STORAGE_COMMITMENT, STUDY_ROOT_FIND, VERIFICATION};
pub use rt_model::uid::transfer_syntax::{DEFLATED, EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, RLE};
pub use rt_model::uid::{APPLICATION_CONTEXT, STORAGE_COMMITMENT_INSTANCE};

/// This implementation (PS3.7 D.3.3.2): under the UUID-derived root, so that it needs no registration.
pub const IMPLEMENTATION_CLASS: &str = "2.25.217152509364172577841618255406582924305";
/// This implementation's version, at most 16 characters (PS3.7 D.3.3.2).
pub const IMPLEMENTATION_VERSION: &str = concat!("DOSEBRIDGE_", env!("CARGO_PKG_VERSION"));

/// Who writes the files of what is received.
pub(crate) const IMPLEMENTATION: Implementation =
    Implementation { class: IMPLEMENTATION_CLASS, version: IMPLEMENTATION_VERSION };

pub(crate) use rt_model::uid::sop_class::STORAGE_PREFIX;

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
