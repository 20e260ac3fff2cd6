//! Identifiers that depend on a seed and a part's name alone.
//!
//! Units: none. Frame: none.

use rt_model::uid::Uid;
use sha2::{Digest, Sha256};

/// Implementation Class UID (0002,0012) of the files written here.
pub(crate) const IMPLEMENTATION_CLASS: &str = "2.25.183205816013219459018406311062046914209";

/// The identifier of `part` of the phantom grown from `seed`: `2.25.` and the decimal form of a version 8
/// UUID over SHA-256 (PS3.5 B.2, RFC 9562). The same two texts give the same identifier for ever.
#[must_use]
pub fn derived_uid(seed: &str, part: &str) -> Uid {
    let digest = Sha256::new().chain_update(seed).chain_update([0]).chain_update(part).finalize();
    rt_dicom::uid::of_digest(digest.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_valid_stable_and_told_apart() {
        let uid = derived_uid("seed", "plan");
        assert!(uid.is_valid());
        assert_eq!(uid, derived_uid("seed", "plan"));
        assert_ne!(uid, derived_uid("seed", "dose"));
        assert_ne!(derived_uid("ab", "c"), derived_uid("a", "bc"));
        assert!(Uid::new(IMPLEMENTATION_CLASS).unwrap().is_valid());
    }
}
