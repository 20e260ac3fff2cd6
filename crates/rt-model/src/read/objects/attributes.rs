//! Attributes that are copied from one object to another as they are.
//!
//! Units: as the attributes have them. Frame: as the attributes have it.

use super::object::Object;
use crate::attribute::{Attribute, AttributeValue, CopiedAttributes};
use crate::provenance::Tag as PlainTag;
use crate::read::bytes::element::Element;
use crate::read::bytes::element_header::Form;
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

/// The attributes of `wanted` that the object has, empty ones included.
pub(in crate::read) fn copied(
    object: &Object<'_, '_>,
    wanted: &[PlainTag],
) -> Result<CopiedAttributes, ReadError> {
    let character_set = object.root.text(tags::SPECIFIC_CHARACTER_SET);
    let chosen = object.root.elements().iter().filter(|element| wanted.contains(&plain(element.tag)));
    let attributes = chosen.map(|element| attribute(&object.root, element)).collect::<Result<_, _>>()?;
    Ok(CopiedAttributes { character_set, attributes })
}

const fn plain(tag: Tag) -> PlainTag {
    PlainTag::new(tag.0, tag.1)
}

fn attribute(node: &Node<'_, '_>, element: &Element<'_>) -> Result<Attribute, ReadError> {
    let vr = element.vr.to_string().as_bytes().try_into().unwrap_or(*b"UN");
    Ok(Attribute { tag: plain(element.tag), vr, value: value(node, element)? })
}

fn value(node: &Node<'_, '_>, element: &Element<'_>) -> Result<AttributeValue, ReadError> {
    if element.vr == VR::SQ || element.form == Form::Items {
        let mut items = Vec::new();
        for item in node.items(element.tag) {
            let item = item?;
            // Private attributes mean nothing to who did not write them.
            let public = item.elements().iter().filter(|inner| inner.tag.0 % 2 == 0);
            items.push(public.map(|inner| attribute(&item, inner)).collect::<Result<_, _>>()?);
        }
        return Ok(AttributeValue::Items(items));
    }
    let width = match element.vr {
        VR::US | VR::SS | VR::OW | VR::AT => 2,
        VR::UL | VR::SL | VR::FL | VR::OF | VR::OL => 4,
        VR::FD | VR::SV | VR::UV | VR::OD | VR::OV => 8,
        VR::OB | VR::UN => 1,
        _ => {
            let decoded = node.charset().decode(element.value, element.vr == VR::PN).text;
            return Ok(AttributeValue::Text { raw: element.value.to_vec(), decoded });
        }
    };
    let mut bytes = element.value.to_vec();
    if element.encoding.big_endian {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    Ok(AttributeValue::Bytes(bytes))
}
