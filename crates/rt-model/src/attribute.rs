//! Attributes of a file as they are, to be written again unchanged.
//!
//! Units: as the attributes have them. Frame: as the attributes have it.

use crate::provenance::Tag;

/// An attribute with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its tag.
    pub tag: Tag,
    /// Its value representation, two letters.
    pub vr: [u8; 2],
    /// Its value.
    pub value: AttributeValue,
}

/// An attribute's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeValue {
    /// Text in the character set of the file, padding included.
    Text {
        /// The bytes.
        raw: Vec<u8>,
        /// What they say.
        decoded: String,
    },
    /// Numbers in little endian, or bytes.
    Bytes(Vec<u8>),
    /// The items of a sequence.
    Items(Vec<Vec<Attribute>>),
}

/// Chosen attributes of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopiedAttributes {
    /// Specific Character Set (0008,0005) as written, where stated.
    pub character_set: Option<String>,
    /// The attributes, sorted by tag.
    pub attributes: Vec<Attribute>,
}

impl CopiedAttributes {
    /// The attribute of `tag`.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.tag == tag)
    }

    /// The text of an attribute without padding; `None` where absent, empty or no text.
    #[must_use]
    pub fn text(&self, tag: Tag) -> Option<&str> {
        match &self.get(tag)?.value {
            AttributeValue::Text { decoded, .. } => {
                Some(decoded.trim_matches([' ', '\0'])).filter(|text| !text.is_empty())
            }
            _ => None,
        }
    }
}
