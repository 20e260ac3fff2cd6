//! What every picture has to say.

use crate::demo::{DEMO, style};
use rt_draw::draw::palette::Palette;
use rt_draw::draw::{Painter, missing_characters};
use rt_draw::labels::CaseLabels;
use rt_draw::scene::SliceScene;
use rt_draw::style::DoseUnit;
use rt_model::approval::ApprovalStatus;
use rt_model::frame::PatientVector;

fn words(labels: &CaseLabels, scene: &SliceScene) -> Vec<String> {
    Painter::new(labels, &style(labels, Palette::Standard), scene.size).words(scene)
}

fn says(words: &[String], text: &str) -> bool {
    words.join(" ").contains(text)
}

#[test]
fn a_plan_in_order_says_what_it_is() {
    let words = words(&DEMO.labels("HN_DEMO", 70.0), &DEMO.scene(30));
    for text in [
        "PLANNED DOSE, not a record of delivery",
        "Plan HN_DEMO: 70 Gy in 35 fractions",
        "Approval: APPROVED",
        "Total dose confirmed: grid / plan = 1.0000",
        "below 14 Gy not shown",
        "FOR REFERENCE ONLY, NOT FOR TREATMENT",
        "max 71.63 Gy",
        "66.5",
        "95 %",
        "slice 31 of 60",
        "z 1.5 mm",
        "5 cm",
        "dashed: end of the dose grid",
        "PTV_7000",
    ] {
        assert!(says(&words, text), "{text:?} not in {words:#?}");
    }
    for text in ["UNAPPROVED", "TEST", "this plan only", "not settled"] {
        assert!(!says(&words, text), "{text}");
    }
    assert!(
        words.iter().all(|word| !word.contains("DEMO-0001") && !word.contains("HEAD")),
        "no identity on pictures"
    );
}

#[test]
fn each_condition_has_its_words() {
    let (scene, usual) = (DEMO.scene(30), DEMO.labels("HN_DEMO", 70.0));
    let unsettled = words(&CaseLabels { prescription: None, ..usual.clone() }, &scene);
    assert!(says(&unsettled, "prescription not settled") && !says(&unsettled, "%"), "{unsettled:?}");
    let several = words(&CaseLabels { plans: 3, ..usual.clone() }, &scene);
    assert!(says(&several, "this plan only (1 of 3)"));
    for approval in [Some(ApprovalStatus::Unapproved), Some(ApprovalStatus::Rejected), None] {
        let held = words(&CaseLabels { approval: approval.clone(), ..usual.clone() }, &scene);
        assert!(held.iter().any(|word| word == "UNAPPROVED PLAN"), "{approval:?}");
    }
    let test = words(&CaseLabels { test: true, ..usual.clone() }, &scene);
    assert!(test.iter().any(|word| word == "TEST"));
    let relative = CaseLabels { unit: DoseUnit::Percent, prescription: None, ..usual.clone() };
    assert!(says(&words(&relative, &scene), "RELATIVE DOSE, percent of a reference that is not stated"));
    let effective = words(&CaseLabels { unit: DoseUnit::GyRbe, ..usual }, &scene);
    assert!(says(&effective, "70 Gy(RBE) in 35 fractions") && says(&effective, "below 14 Gy(RBE) not shown"));
}

#[test]
fn what_is_not_calculated_is_said() {
    let mut scene = DEMO.scene(30);
    scene.dose.fill(f32::NAN);
    let usual = DEMO.labels("HN_DEMO", 70.0);
    assert!(says(&words(&usual, &scene), "no dose calculated on this slice"));
    scene.dose.fill(1.0);
    let inside = words(&usual, &scene);
    assert!(!says(&inside, "no dose") && !says(&inside, "dashed"));
}

#[test]
fn letters_and_height_follow_the_orientation() {
    // Feet first supine: rows run to the patient's right, the normal to the feet.
    let mut scene = DEMO.scene(30);
    scene.row = PatientVector::new(-1.0, 0.0, 0.0);
    let words = words(&DEMO.labels("HN_DEMO", 70.0), &scene);
    let letters: Vec<&str> = words.iter().map(String::as_str).filter(|word| word.len() == 1).collect();
    assert_eq!(letters, ["L", "R", "A", "P"], "left, right, top, bottom");
    assert!(says(&words, "z 1.5 mm"), "{words:?}");
}

#[test]
fn more_outlines_than_there_is_room_for_are_counted() {
    let mut scene = DEMO.scene(30);
    let one = scene.outlines[0].clone();
    scene.outlines =
        (0..40).map(|at| rt_draw::scene::Outline { name: format!("ROI {at}"), ..one.clone() }).collect();
    let words = words(&DEMO.labels("HN_DEMO", 70.0), &scene);
    let named = words.iter().filter(|word| word.starts_with("ROI ")).count();
    assert!(named > 5 && says(&words, &format!("and {} more", 40 - named)), "{words:?}");
}

#[test]
fn characters_without_a_glyph_are_told() {
    let labels = DEMO.labels("HN_DEMO", 70.0);
    assert_eq!(missing_characters(&labels, ["Größe", "Łuk", "Мозг"]), None);
    let finding = missing_characters(&labels, ["肺_L", "Cord"]).unwrap();
    assert!(finding.text.contains("U+80BA") && finding.code.to_string() == "RT0950", "{finding}");
}
