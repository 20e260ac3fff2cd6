//! What every product carries: patient, study and frame of reference as the image series has them, our own
//! series and equipment, references back to what the dose came from.
//!
//! Units: none. Frame: the frame of reference is copied, never made.

use crate::attributes::{FRAME, PATIENT, SERIES, STUDY};
use crate::case::ExportCase;
use crate::content::Canonical;
use crate::slices::Slice;
use crate::uid::{Content, SCHEMA_REV};
use rt_dicom::{DataSet, Value, Vr, tags};
use rt_model::approval::ApprovalStatus;
use rt_model::attribute::{Attribute, AttributeValue, CopiedAttributes};
use rt_model::instance::InstanceInfo;
use rt_model::provenance::Tag;
use rt_model::uid::Uid;

/// Which attributes hold text that has to become UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    AsItIs,
    Utf8,
}

fn copy(from: &CopiedAttributes, wanted: &[Tag], text: Text, into: &mut DataSet) {
    for tag in wanted {
        if let Some(attribute) = from.get(*tag) {
            put(attribute, text, into);
        }
    }
}

fn put(attribute: &Attribute, text: Text, into: &mut DataSet) {
    let vr = Vr::from_letters(attribute.vr).unwrap_or(Vr::UN);
    let value = match &attribute.value {
        AttributeValue::Text { decoded, .. } if text == Text::Utf8 => {
            Value::Bytes(decoded.clone().into_bytes())
        }
        AttributeValue::Text { raw, .. } => Value::Bytes(raw.clone()),
        AttributeValue::Bytes(bytes) => Value::Bytes(bytes.clone()),
        AttributeValue::Items(items) => {
            let item = |attributes: &Vec<Attribute>| {
                let mut item = DataSet::default();
                let kept =
                    attributes.iter().filter(|attribute| attribute.tag != tags::SPECIFIC_CHARACTER_SET);
                kept.for_each(|attribute| put(attribute, text, &mut item));
                item
            };
            Value::Items(items.iter().map(item).collect())
        }
    };
    into.put_as(attribute.tag, vr, value);
}

/// Text of an item is in another character set than that of its data set.
fn has_items_in_another_character_set(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.value {
        AttributeValue::Items(items) => items.iter().any(|item| {
            item.iter().any(|inner| inner.tag == tags::SPECIFIC_CHARACTER_SET)
                || has_items_in_another_character_set(item)
        }),
        _ => false,
    })
}

/// Copies attributes of one slice as they are, character for character.
pub(crate) fn copy_slice(slice: &Slice, wanted: &[Tag], into: &mut DataSet) {
    copy(&slice.attributes, wanted, Text::AsItIs, into);
}

/// What a series says of itself.
pub(crate) struct SeriesFacts<'a> {
    /// Name of the product.
    pub(crate) product: &'static str,
    /// Options that shape it.
    pub(crate) options: Content,
    /// Modality (0008,0060).
    pub(crate) modality: &'a str,
    /// Series Number (0020,0011), from the first of our series on.
    pub(crate) number: usize,
    /// Follows the common series description; empty for the pictures.
    pub(crate) suffix: &'a str,
}

/// A longer text is cut at a character (PS3.5 6.2 gives limits in characters).
pub(crate) fn fitting(text: &str, longest: usize) -> String {
    let clean = text.chars().map(|c| if c == '\\' { '/' } else { c }).filter(|c| !c.is_control());
    clean.take(longest).collect::<String>().trim().to_owned()
}

/// The identifier of a series of the case.
pub(crate) fn series_uid(case: &ExportCase, facts: &SeriesFacts<'_>) -> Uid {
    let mut content = Content::of("series", SCHEMA_REV);
    content.text("product", facts.product).text("suffix", facts.suffix).content("options", &facts.options);
    case.labels.add_to(&mut content);
    content.bytes("case", &case.facts().digest).count("sources", case.sources().count() as u64);
    for info in case.sources() {
        content.text("source", info.sop_instance.as_str());
    }
    content.count("slices", case.stack.slices.len() as u64);
    for slice in &case.stack.slices {
        match &slice.sop_instance {
            Some(instance) => content.text("slice", instance.as_str()),
            None => content.none("slice"),
        };
    }
    case.study().add_to(&mut content);
    content.uid()
}

/// `RTDOSE PLANNED {rx}Gy/{fx}fx {plan}`: without a settled prescription no number.
pub(crate) fn description(case: &ExportCase, suffix: &str) -> String {
    let labels = &case.labels;
    let mut text = String::new();
    for burned in labels.burned() {
        text += &format!("{burned} ");
    }
    text += "RTDOSE PLANNED ";
    match (labels.prescription, labels.fractions) {
        (Some(dose), Some(fractions)) => {
            text += &format!("{}{}/{fractions}fx ", rt_draw::labels::round(dose), labels.unit)
        }
        (Some(dose), None) => text += &format!("{}{} ", rt_draw::labels::round(dose), labels.unit),
        (None, _) if labels.unit == rt_draw::style::DoseUnit::Percent => text += "RELATIVE ",
        (None, _) => {}
    }
    // The plan's name gives way to what tells the products apart.
    let suffix = if suffix.is_empty() { String::new() } else { format!(" {suffix}") };
    let plan = fitting(&labels.plan, 64_usize.saturating_sub(text.chars().count() + suffix.chars().count()));
    format!("{text}{plan}{suffix}").trim().to_owned()
}

/// Everything that all instances of a series share.
pub(crate) fn series(case: &ExportCase, facts: &SeriesFacts<'_>, uid: &Uid) -> DataSet {
    let mut data = DataSet::default();
    let target = &case.stack.header;
    // Only a plan's label can hold more than ASCII among what we write ourselves. Items are written in the
    // character set of their data set: those that have another one are of one mind with the rest in UTF-8
    // alone.
    let set = target.character_set.as_deref();
    let ours = case.labels.plan.is_ascii() || set == Some("ISO_IR 192");
    let text = if ours && !has_items_in_another_character_set(&target.attributes) {
        Text::AsItIs
    } else {
        Text::Utf8
    };
    copy(target, &[&PATIENT[..], &STUDY, &SERIES, &FRAME].concat(), text, &mut data);
    data.text_if(tags::SPECIFIC_CHARACTER_SET, if text == Text::Utf8 { Some("ISO_IR 192") } else { set });
    for required in [
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::PATIENT_SEX,
        tags::STUDY_DATE,
        tags::STUDY_TIME,
        tags::REFERRING_PHYSICIAN_NAME,
        tags::STUDY_ID,
        tags::ACCESSION_NUMBER,
        tags::POSITION_REFERENCE_INDICATOR,
    ] {
        // Type 2: present, and empty where the images say nothing.
        if !data.has(required) {
            data.empty(required);
        }
    }
    case.apply_study(&mut data);
    let (date, time) = &case.date;
    data.text(tags::SERIES_DATE, date)
        .text(tags::SERIES_TIME, time)
        .text(tags::CONTENT_DATE, date)
        .text(tags::CONTENT_TIME, time)
        .text(tags::MODALITY, facts.modality)
        .uid(tags::SERIES_INSTANCE_UID, uid)
        .integer(tags::SERIES_NUMBER, facts.number)
        .text(tags::SERIES_DESCRIPTION, description(case, facts.suffix))
        .text(tags::MANUFACTURER, MANUFACTURER)
        .text(tags::MANUFACTURER_MODEL_NAME, MODEL)
        .text(tags::SOFTWARE_VERSIONS, env!("CARGO_PKG_VERSION"));
    let mut ours = DataSet::default();
    ours.text(tags::MANUFACTURER, MANUFACTURER)
        .text(tags::MANUFACTURER_MODEL_NAME, MODEL)
        .text(tags::SOFTWARE_VERSIONS, env!("CARGO_PKG_VERSION"))
        .items(
            tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE,
            vec![DataSet::code("109102", "DCM", "Processing Equipment")],
        );
    data.items(tags::CONTRIBUTING_EQUIPMENT_SEQUENCE, vec![ours]);
    let sources =
        case.sources().map(|info| DataSet::reference(info.sop_class.as_str(), info.sop_instance.as_str()));
    data.items(tags::SOURCE_INSTANCE_SEQUENCE, sources.collect::<Vec<_>>());
    data
}

const MANUFACTURER: &str = "DoseBridge";
const MODEL: &str = "rt-export";

/// What an image derived from `slice` adds: where it came from, and what was done.
pub(crate) fn derived(case: &ExportCase, slice: &Slice, text: &str, data: &mut DataSet) {
    if let (Some(class), Some(instance)) = (&slice.sop_class, &slice.sop_instance) {
        let mut source = DataSet::reference(class.as_str(), instance.as_str());
        let purpose = DataSet::code("121322", "DCM", "Source image for image processing operation");
        source
            .items(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, vec![purpose])
            .text(tags::SPATIAL_LOCATIONS_PRESERVED, "YES");
        data.items(tags::SOURCE_IMAGE_SEQUENCE, vec![source]);
    }
    if !data.has(tags::BODY_PART_EXAMINED) && !data.has(tags::LATERALITY) {
        // Type 2C: where the body part is unknown it might be a paired one.
        data.empty(tags::LATERALITY);
    }
    data.text(tags::DERIVATION_DESCRIPTION, fitting(text, 1024))
        .items(tags::DERIVATION_CODE_SEQUENCE, vec![DataSet::code("113085", "DCM", "Spatial resampling")])
        .text(tags::IMAGE_COMMENTS, comments(case));
}

fn comments(case: &ExportCase) -> String {
    let approval = case.labels.approval.as_ref().map_or("NOT STATED", ApprovalStatus::as_str);
    format!("{}; plan approval: {approval}", rt_draw::labels::REFERENCE_ONLY)
}

impl ExportCase {
    /// The objects that the dose and what is said of it came from: doses, plan, structure set.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &InstanceInfo> {
        let facts = self.facts();
        facts.doses.iter().map(|dose| &dose.info).chain([&facts.plan_info, &facts.structure_set_info])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_dicom::TransferSyntax;

    fn text(tag: rt_model::provenance::Tag, vr: &[u8; 2], raw: &[u8], decoded: &str) -> Attribute {
        let value = AttributeValue::Text { raw: raw.to_vec(), decoded: decoded.to_owned() };
        Attribute { tag, vr: *vr, value }
    }

    #[test]
    fn items_of_another_character_set_become_utf_8() {
        let plain = text(tags::PATIENT_ID, b"LO", b"17", "17");
        let item = vec![
            text(tags::SPECIFIC_CHARACTER_SET, b"CS", b"ISO_IR 100", "ISO_IR 100"),
            text(tags::PATIENT_ID, b"LO", b"M\xFCller", "Müller"),
        ];
        let value = AttributeValue::Items(vec![item]);
        let sequence = Attribute { tag: tags::OTHER_PATIENT_I_DS_SEQUENCE, vr: *b"SQ", value };
        assert!(!has_items_in_another_character_set(std::slice::from_ref(&plain)));
        assert!(has_items_in_another_character_set(&[plain, sequence.clone()]));
        let mut data = DataSet::default();
        put(&sequence, Text::Utf8, &mut data);
        let bytes = data.encode(TransferSyntax::ExplicitLittle).unwrap();
        let found = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(found("Müller".as_bytes()) && !found(b"ISO_IR"));
    }
}
