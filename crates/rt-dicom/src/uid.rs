//! Unique identifiers that follow from content.
//!
//! An identifier is a hash over canonical content: named and typed fields, and elements by tag, value
//! representation and value. Encoded bytes, debug texts and a program's version have no part in it: the same
//! content has the same identifier for ever, however it is written. What changes the meaning of the fields
//! raises the `schema_rev` that each identifier begins with.
//!
//! Units: none. Frame: none.

use crate::data_set::{DataSet, Value};
use crate::vr::Vr;
use rt_model::provenance::Tag;
use rt_model::uid::Uid;
use sha2::{Digest, Sha256};

/// The identifier of a SHA-256 digest: `2.25.` and the decimal form of a version 8 UUID (PS3.5 B.2, RFC
/// 9562).
///
/// # Panics
/// Never: the text is not empty.
#[must_use]
pub fn of_digest(digest: [u8; 32]) -> Uid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    let value = u128::from_be_bytes(bytes);
    let versioned = value & !(0xF << 76) & !(0b11 << 62) | (0x8 << 76) | (0b10 << 62);
    Uid::new(&format!("2.25.{versioned}")).expect("the text is not empty")
}

/// What an identifier is made of, field by field. Each field is hashed with its name, its type and its
/// length, so that no two lists of fields run together.
#[derive(Debug, Clone)]
pub struct Content(Sha256);

impl Content {
    /// Begins with what is identified, and the revision of how its content is described.
    #[must_use]
    pub fn of(kind: &str, schema_rev: u32) -> Self {
        let mut content = Self(Sha256::new());
        content.text("kind", kind).count("schema_rev", u64::from(schema_rev));
        content
    }

    fn field(&mut self, name: &str, kind: u8, value: &[u8]) -> &mut Self {
        self.0.update((name.len() as u64).to_le_bytes());
        self.0.update(name);
        self.0.update([kind]);
        self.0.update((value.len() as u64).to_le_bytes());
        self.0.update(value);
        self
    }

    /// Adds text.
    pub fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.field(name, b't', text.as_bytes())
    }

    /// Adds bytes.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) -> &mut Self {
        self.field(name, b'b', bytes)
    }

    /// Adds a count; before the members of a list, their number.
    pub fn count(&mut self, name: &str, count: u64) -> &mut Self {
        self.field(name, b'c', &count.to_le_bytes())
    }

    /// Adds a number; both zeros are one.
    pub fn number(&mut self, name: &str, number: f64) -> &mut Self {
        let number = if number == 0.0 { 0.0 } else { number };
        self.field(name, b'n', &number.to_bits().to_le_bytes())
    }

    /// Adds a yes or no.
    pub fn flag(&mut self, name: &str, flag: bool) -> &mut Self {
        self.field(name, b'f', &[u8::from(flag)])
    }

    /// Adds that a field has no value.
    pub fn none(&mut self, name: &str) -> &mut Self {
        self.field(name, b'-', &[])
    }

    /// Adds content that was put together elsewhere.
    pub fn content(&mut self, name: &str, content: &Self) -> &mut Self {
        let digest: [u8; 32] = content.0.clone().finalize().into();
        self.field(name, b'h', &digest)
    }

    /// Adds a data set but for the attributes of `without`, which are left out of items too.
    pub fn data_set(&mut self, name: &str, data: &DataSet, without: &[Tag]) -> &mut Self {
        let elements = || data.elements.iter().filter(|element| !without.contains(&element.tag));
        self.count(name, elements().count() as u64);
        for element in elements() {
            let mut head = [element.tag.group.to_le_bytes(), element.tag.element.to_le_bytes()].concat();
            head.extend(element.vr.letters());
            self.field("element", b'e', &head);
            match &element.value {
                Value::Items(items) => {
                    self.count("items", items.len() as u64);
                    for item in items {
                        self.data_set("item", item, without);
                    }
                }
                plain => {
                    self.field("value", b'v', trimmed(element.vr, &plain.little_endian()));
                }
            }
        }
        self
    }

    /// The identifier of this content.
    #[must_use]
    pub fn uid(self) -> Uid {
        of_digest(self.0.finalize().into())
    }
}

/// A value without its padding.
fn trimmed(vr: Vr, value: &[u8]) -> &[u8] {
    let padding: &[u8] = match vr.letters() {
        _ if vr.is_text() => b" \0",
        [b'U', b'I'] => b" \0",
        _ => b"",
    };
    let end = value.iter().rposition(|byte| !padding.contains(byte)).map_or(0, |last| last + 1);
    &value[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags;

    #[test]
    fn identifiers_are_valid_stable_and_told_apart() {
        let uid = |parts: &[&str]| {
            let mut content = Content::of("test", 1);
            for part in parts {
                content.text("part", part);
            }
            content.uid()
        };
        assert!(uid(&["a"]).is_valid() && uid(&["a"]).as_str().len() <= 44);
        assert_eq!(uid(&["a", "b"]), uid(&["a", "b"]));
        assert_ne!(uid(&["ab"]), uid(&["a", "b"]));
        assert_ne!(Content::of("test", 1).uid(), Content::of("test", 2).uid());
        let value: u128 = uid(&["a"]).as_str()["2.25.".len()..].parse().unwrap();
        assert_eq!(((value >> 76) & 0xF, (value >> 62) & 0b11), (8, 0b10));
    }

    #[test]
    fn fields_of_another_name_or_type_are_other_content() {
        let uid = |add: fn(&mut Content) -> &mut Content| {
            let mut content = Content::of("test", 1);
            add(&mut content);
            content.uid()
        };
        let all = [
            uid(|content| content.number("a", 0.0)),
            uid(|content| content.number("b", 0.0)),
            uid(|content| content.count("a", 0)),
            uid(|content| content.flag("a", false)),
            uid(|content| content.none("a")),
            uid(|content| content.text("a", "")),
            uid(|content| content.bytes("a", &[])),
        ];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
        assert_eq!(all[0], uid(|content| content.number("a", -0.0)));
    }

    fn data_set(name: &str, version: &str) -> DataSet {
        let mut item = DataSet::default();
        item.text(tags::SOFTWARE_VERSIONS, version).text(tags::MANUFACTURER, "DoseBridge");
        let mut data = DataSet::default();
        data.bytes(tags::PATIENT_NAME, name).items(tags::CONTRIBUTING_EQUIPMENT_SEQUENCE, [item]);
        data
    }

    #[test]
    fn elements_count_by_tag_vr_and_value() {
        let uid = |data: &DataSet| {
            let mut content = Content::of("instance", 1);
            content.data_set("data set", data, &[tags::SOFTWARE_VERSIONS]);
            content.uid()
        };
        let base = uid(&data_set("A^B", "1.0"));
        assert_eq!(base, uid(&data_set("A^B ", "2.0")), "padding and what is left out");
        assert_ne!(base, uid(&data_set("A^C", "1.0")));
        let mut text = data_set("", "1.0");
        text.text(tags::PATIENT_NAME, "A^B");
        assert_eq!(base, uid(&text), "the same value as text");
        let mut other_vr = data_set("", "1.0");
        other_vr.put_as(tags::PATIENT_NAME, Vr::UN, Value::text("A^B"));
        assert_ne!(base, uid(&other_vr));
        let mut more = data_set("A^B", "1.0");
        more.items(tags::CONTRIBUTING_EQUIPMENT_SEQUENCE, [DataSet::default(), DataSet::default()]);
        assert_ne!(base, uid(&more));
    }
}
