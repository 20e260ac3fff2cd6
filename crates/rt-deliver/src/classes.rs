//! The SOP classes, services and transfer syntaxes that a delivery uses, by name.
//!
//! Units: none. Frame: none.

use crate::product::Product;
use rt_net::uids::{
    EXPLICIT_LITTLE, IMPLICIT_LITTLE, RLE, STORAGE_COMMITMENT, STUDY_ROOT_FIND, VERIFICATION,
};

/// An identifier of the standard and its name.
pub type NamedUid = (&'static str, &'static str);

/// SOP classes of the products: class, name, product.
pub const PRODUCT_CLASSES: [(&str, &str, Product); 5] = [
    ("1.2.840.10008.5.1.4.1.1.7", "Secondary Capture Image Storage", Product::Wash),
    (
        "1.2.840.10008.5.1.4.1.1.7.4",
        "Multi-frame True Color Secondary Capture Image Storage",
        Product::WashMultiframe,
    ),
    ("1.2.840.10008.5.1.4.1.1.2", "CT Image Storage", Product::Quant),
    ("1.2.840.10008.5.1.4.1.1.104.1", "Encapsulated PDF Storage", Product::Pdf),
    ("1.2.840.10008.5.1.4.1.1.481.3", "RT Structure Set Storage", Product::Isodose),
];

/// Further storage classes that files are often of.
pub const OTHER_CLASSES: [NamedUid; 5] = [
    ("1.2.840.10008.5.1.4.1.1.4", "MR Image Storage"),
    ("1.2.840.10008.5.1.4.1.1.128", "Positron Emission Tomography Image Storage"),
    ("1.2.840.10008.5.1.4.1.1.481.2", "RT Dose Storage"),
    ("1.2.840.10008.5.1.4.1.1.481.5", "RT Plan Storage"),
    ("1.2.840.10008.5.1.4.1.1.481.8", "RT Ion Plan Storage"),
];

/// Services other than storage that a delivery uses.
pub const SERVICES: [NamedUid; 3] = [
    (VERIFICATION, "Verification"),
    (STUDY_ROOT_FIND, "Study Root Query/Retrieve - FIND"),
    (STORAGE_COMMITMENT, "Storage Commitment Push Model"),
];

/// Transfer syntaxes of the products.
pub const SYNTAXES: [NamedUid; 3] = [
    (IMPLICIT_LITTLE, "Implicit VR Little Endian"),
    (EXPLICIT_LITTLE, "Explicit VR Little Endian"),
    (RLE, "RLE Lossless"),
];

/// The name of a SOP class, or the identifier itself.
///
/// ```
/// assert_eq!(rt_deliver::class_name("1.2.840.10008.5.1.4.1.1.2"), "CT Image Storage");
/// ```
#[must_use]
pub fn class_name(uid: &str) -> &str {
    let products = PRODUCT_CLASSES.iter().map(|(class, name, _)| (*class, *name));
    let known = products.chain(OTHER_CLASSES).chain(SERVICES).find(|(class, _)| *class == uid);
    known.map_or(uid, |(_, name)| name)
}

/// The name of a transfer syntax, or the identifier itself.
///
/// ```
/// assert_eq!(rt_deliver::syntax_name("1.2.840.10008.1.2.5"), "RLE Lossless");
/// ```
#[must_use]
pub fn syntax_name(uid: &str) -> &str {
    SYNTAXES.iter().find(|(syntax, _)| *syntax == uid).map_or(uid, |(_, name)| name)
}

/// The SOP class of a product; `None` for plain files.
pub(crate) fn class_of(product: Product) -> Option<&'static str> {
    PRODUCT_CLASSES.iter().find(|(_, _, one)| *one == product).map(|(class, ..)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_strangers_are_shown_as_they_are() {
        assert_eq!(class_name("1.2.840.10008.5.1.4.1.1.2"), "CT Image Storage");
        assert_eq!(class_name("1.2.3"), "1.2.3");
        assert_eq!(syntax_name("1.2.840.10008.1.2.5"), "RLE Lossless");
    }

    #[test]
    fn every_dicom_product_has_a_class() {
        for product in Product::ALL {
            assert_eq!(class_of(product).is_some(), product.is_dicom(), "{product:?}");
        }
    }
}
