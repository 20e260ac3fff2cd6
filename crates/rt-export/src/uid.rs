//! Unique identifiers of products.
//!
//! A series is named after everything that goes into it (the case's content, the images it lies on, product,
//! options); an instance after its series and everything that it shows. The same input gives the same files
//! for ever, and nothing that looks different shares an identifier: archives keep the first object of an
//! identifier and drop later ones in silence.
//!
//! Units: none. Frame: none.

use rt_dicom::part10::Implementation;
pub(crate) use rt_dicom::uid::Content;

/// Implementation Class UID (0002,0012) of the files written here.
pub const IMPLEMENTATION_CLASS: &str = "2.25.209214905136417349168716937148406612803";
/// Implementation Version Name (0002,0013).
pub const IMPLEMENTATION_VERSION: &str = concat!("DOSEBRIDGE_", env!("CARGO_PKG_VERSION"));

/// Who writes the files of products.
pub(crate) const IMPLEMENTATION: Implementation =
    Implementation { class: IMPLEMENTATION_CLASS, version: IMPLEMENTATION_VERSION };

/// Revision of what identifiers are made of. It is raised when the same input gives products of another look
/// or content, or when a field of their content changes its meaning: a re-export then makes new series beside
/// those that were sent before.
pub const SCHEMA_REV: u32 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::uid::Uid;

    #[test]
    fn our_identifiers_keep_the_rules() {
        assert!(Uid::new(IMPLEMENTATION_CLASS).unwrap().is_valid());
        assert!(IMPLEMENTATION_VERSION.len() <= 16);
    }
}
