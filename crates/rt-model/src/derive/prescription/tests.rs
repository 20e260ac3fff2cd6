use super::*;
use crate::finding::Code;

fn reference(number: i32, structure: &str, kind: &str, dose: f64) -> DoseReference {
    DoseReference {
        number,
        structure_type: structure.into(),
        reference_type: kind.into(),
        target_prescription_dose: Some(Gy(dose)),
        ..DoseReference::default()
    }
}

fn group(links: &[i32]) -> FractionGroup {
    FractionGroup { fractions_planned: Some(20), dose_references: links.to_vec(), ..FractionGroup::default() }
}

fn plan(references: &[DoseReference], groups: &[FractionGroup]) -> Plan {
    Plan { dose_references: references.to_vec(), fraction_groups: groups.to_vec(), ..Plan::default() }
}

fn derive(plan: &Plan, points: &[&str], maximum: f64) -> (Prescription, Vec<Code>) {
    derive_with(plan, points, maximum, |_| {})
}

fn derive_with(
    plan: &Plan,
    points: &[&str],
    maximum: f64,
    change: impl FnOnce(&mut RxInput<'_>),
) -> (Prescription, Vec<Code>) {
    let rois: Vec<Roi> =
        points.iter().map(|name| Roi { name: (*name).to_owned(), ..Roi::default() }).collect();
    let mut input = RxInput {
        plan,
        plan_at: Provenance::unknown(),
        rois: &rois,
        structures_at: Provenance::unknown(),
        maximum: Some((Gy(maximum), Provenance::unknown())),
        rule: RxRule::default(),
        magnitude_exempt: false,
    };
    change(&mut input);
    let parsed = prescription(&input);
    (parsed.value, parsed.findings.into_iter().map(|finding| finding.code).collect())
}

fn chosen(prescription: &Prescription) -> Option<RxSource> {
    prescription.candidates.iter().find(|candidate| candidate.chosen).map(|candidate| candidate.source)
}

#[test]
fn a_point_comes_before_a_linked_target_before_an_unlinked_one() {
    let both =
        plan(&[reference(1, "SITE", "TARGET", 50.0), reference(2, "VOLUME", "TARGET", 60.0)], &[group(&[1])]);
    let (rx, _) = derive(&both, &["rx: 50.2Gy"], 52.0);
    assert_eq!((chosen(&rx), rx.settled), (Some(RxSource::RxPoint), Some(Gy(50.2))));
    let (rx, _) = derive(&both, &[], 52.0);
    assert_eq!((chosen(&rx), rx.settled), (Some(RxSource::LinkedTarget), Some(Gy(50.0))));
    let unlinked = plan(&both.dose_references, &[group(&[])]);
    let (rx, _) = derive(&unlinked, &[], 62.0);
    assert_eq!((chosen(&rx), rx.settled), (Some(RxSource::UnlinkedTarget), Some(Gy(60.0))));
}

#[test]
fn what_is_no_prescription_never_becomes_one() {
    let mut maximum = reference(2, "SITE", "ORGAN_AT_RISK", 46.0);
    (maximum.target_prescription_dose, maximum.delivery_maximum_dose) = (None, Some(Gy(46.0)));
    let only = plan(&[reference(1, "COORDINATES", "TARGET", 43.0), maximum], &[group(&[1])]);
    let (rx, codes) = derive(&only, &[], 45.0);
    assert_eq!((chosen(&rx), rx.rx_dose, rx.settled), (Some(RxSource::DoseMaximum), Some(Gy(45.0)), None));
    assert_eq!(codes, [code::RX_ABSENT]);
    assert_eq!(rx.candidates.len(), 3);
    let (rx, _) = derive_with(&only, &[], 45.0, |input| input.rule.fall_back_to_maximum = false);
    assert_eq!((chosen(&rx), rx.rx_dose), (None, None));
}

#[test]
fn several_groups_need_one_reference() {
    let references = [reference(1, "SITE", "TARGET", 26.0), reference(2, "SITE", "TARGET", 24.0)];
    let (rx, codes) = derive(&plan(&references, &[group(&[1]), group(&[2])]), &[], 50.0);
    assert_eq!((rx.rx_dose, rx.settled), (None, None));
    assert!(codes.contains(&code::RX_GROUPS_DIFFER));
    let (rx, _) = derive(&plan(&references, &[group(&[1]), group(&[1])]), &[], 27.0);
    assert_eq!(rx.settled, Some(Gy(26.0)));
}

#[test]
fn levels_belong_to_their_rois() {
    let level = |number, roi, dose| DoseReference {
        roi_number: Some(roi),
        ..reference(number, "VOLUME", "TARGET", dose)
    };
    let boost = plan(&[level(1, 7, 50.0), level(2, 8, 60.0)], &[group(&[1, 2])]);
    let (rx, _) = derive(&boost, &[], 62.0);
    assert_eq!(rx.settled, Some(Gy(60.0)));
    assert_eq!((rx.level_of(7), rx.level_of(8)), (Ok(Gy(50.0)), Ok(Gy(60.0))));
    assert!(rx.level_of(9).unwrap_err().to_string().contains("several prescription levels"));
}

#[test]
fn conflicts_and_implausible_values_settle_nothing() {
    let one = plan(&[reference(1, "SITE", "TARGET", 50.0)], &[group(&[1])]);
    let (rx, codes) = derive(&one, &["rx: 60 Gy"], 62.0);
    assert_eq!((rx.rx_dose, rx.settled, codes), (Some(Gy(60.0)), None, vec![code::RX_CONFLICT]));
    for maximum in [48.9, 126.0] {
        let (rx, codes) = derive(&one, &[], maximum);
        assert_eq!((rx.rx_dose, rx.settled, codes), (Some(Gy(50.0)), None, vec![code::RX_IMPLAUSIBLE]));
        assert!(rx.level_of(1).unwrap_err().to_string().contains("implausible"));
        let (rx, _) = derive_with(&one, &[], maximum, |input| input.magnitude_exempt = true);
        assert_eq!(rx.settled, Some(Gy(50.0)));
    }
}

#[test]
fn points_that_differ_or_can_not_be_read_give_no_value() {
    let empty = plan(&[], &[group(&[])]);
    for points in [&["rx: 60Gy", "rx: 50Gy"][..], &["rx: 1,800 cGy"]] {
        let (rx, codes) = derive(&empty, points, 62.0);
        assert_eq!((chosen(&rx), rx.settled), (Some(RxSource::DoseMaximum), None));
        assert!(codes.contains(&code::RX_POINT_UNCLEAR));
    }
}

#[test]
fn the_users_word_comes_first_and_differences_are_told() {
    let plan = plan(&[reference(1, "SITE", "TARGET", 50.0)], &[group(&[1])]);
    let (rx, codes) = derive_with(&plan, &["rx: 54Gy"], 62.0, |input| input.rule.stated = Some(Gy(60.0)));
    assert_eq!(
        (chosen(&rx), rx.rx_dose, rx.settled),
        (Some(RxSource::Override), Some(Gy(60.0)), Some(Gy(60.0)))
    );
    assert_eq!(codes, [code::RX_OVERRIDDEN; 2]);
    assert!(rx.candidates.iter().filter(|candidate| candidate.conflict).count() == 3);
    let (rx, codes) = derive_with(&plan, &[], 52.0, |input| input.rule.stated = Some(Gy(50.0)));
    assert_eq!((rx.settled, codes), (Some(Gy(50.0)), vec![]));
}

#[test]
fn a_slip_of_the_users_pen_is_implausible_like_any_other() {
    let plan = plan(&[], &[group(&[])]);
    let (rx, codes) = derive_with(&plan, &[], 62.0, |input| input.rule.stated = Some(Gy(600.0)));
    assert_eq!((rx.rx_dose, rx.settled), (Some(Gy(600.0)), None));
    assert_eq!(codes, [code::RX_IMPLAUSIBLE]);
}

#[test]
fn the_users_word_settles_several_groups_and_keeps_lower_levels_apart() {
    let level = |number, dose, roi| DoseReference {
        roi_number: Some(roi),
        ..reference(number, "VOLUME", "TARGET", dose)
    };
    let plan = plan(&[level(1, 60.0, 11), level(2, 54.0, 12)], &[group(&[1]), group(&[2])]);
    let (rx, _) = derive_with(&plan, &[], 66.0, |input| input.rule.stated = Some(Gy(62.0)));
    assert_eq!(rx.settled, Some(Gy(62.0)));
    assert_eq!((rx.level_of(11), rx.level_of(99)), (Ok(Gy(62.0)), Ok(Gy(62.0))));
    assert!(rx.level_of(12).unwrap_err().to_string().contains("a level of its own, 54.00"));
}

#[test]
fn every_source_reads_as_its_word() {
    assert!(RxSource::ALL.is_sorted());
    for source in RxSource::ALL {
        assert_eq!(RxSource::parse(source.as_str()), Some(source));
    }
}
