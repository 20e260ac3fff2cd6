use super::*;
use crate::dose::{DoseHeader, DosePart, DoseType, DoseUnits, Summation};
use crate::image::ImageHeader;
use crate::instance::{Content, Equipment, Instance, InstanceInfo, Study};
use crate::patient::Patient;
use crate::plan::{BeamReference, FractionGroup, RelatedPlan};
use crate::structure_set::StructureSetHeader;
use crate::uid::Uid;

fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap()
}

/// An instance of patient P in study 1.1 and frame 1.9, in file `<uid>.dcm`.
fn instance(sop: &str, content: Content) -> Instance {
    Instance {
        info: InstanceInfo {
            path: format!("{sop}.dcm").into(),
            sop_class: uid("1"),
            sop_instance: uid(sop),
            modality: String::new(),
            patient: Patient { id: "P".into(), name: "A^B".into(), ..Patient::default() },
            study: Study { instance_uid: Some(uid("1.1")), ..Study::default() },
            series_instance: Some(uid("1.8")),
            frame_of_reference: Some(uid("1.9")),
            equipment: Equipment { manufacturer: Some("Maker".into()), ..Equipment::default() },
        },
        content,
        findings: Vec::new(),
    }
}

fn plan(sop: &str, change: impl FnOnce(&mut Plan)) -> Instance {
    let beam = |beam_number| BeamReference { beam_number, meterset: Some(100.0), ..BeamReference::default() };
    let mut plan = Plan {
        approval_status: Some(ApprovalStatus::Approved),
        structure_sets: vec![uid("3.1")],
        fraction_groups: vec![FractionGroup {
            number: 1,
            fractions_planned: Some(20),
            beams: vec![beam(1), beam(2)],
            ..FractionGroup::default()
        }],
        ..Plan::default()
    };
    change(&mut plan);
    instance(sop, Content::Plan(Box::new(plan)))
}

fn structures(sop: &str) -> Instance {
    let header =
        StructureSetHeader { frames_of_reference: vec![uid("1.9")], ..StructureSetHeader::default() };
    let mut set = instance(sop, Content::StructureSet(Box::new(header)));
    set.info.frame_of_reference = None;
    set
}

fn dose(sop: &str, change: impl FnOnce(&mut DoseHeader)) -> Instance {
    let mut header = DoseHeader {
        units: DoseUnits::Gray,
        dose_type: DoseType::Physical,
        summation: Summation::Plan,
        timestamp: None,
        plans: vec![uid("2.1")],
        structure_sets: Vec::new(),
        parts: Vec::new(),
        comment: None,
        derived: false,
        size: Some([2, 2, 2]),
        has_dvhs: false,
    };
    change(&mut header);
    instance(sop, Content::Dose(Box::new(header)))
}

fn beam_dose(sop: &str, beam: i32) -> Instance {
    dose(sop, |d| {
        d.summation = Summation::Beam;
        d.parts = vec![DosePart { fraction_group: 1, beam: Some(beam), control_points: None }];
    })
}

fn matched(instances: Vec<Instance>, options: &MatchOptions) -> Matching {
    let inventory = Inventory { instances, rejected: Vec::new() };
    let matching = match_cases(&inventory, &Duplicates::default(), options);
    let mut seen: Vec<usize> = matching.cases.iter().flat_map(CaseMatch::instances).collect();
    seen.extend(matching.unmatched.iter().map(|file| file.instance));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, (0..inventory.instances.len()).collect::<Vec<_>>(), "a file is lost");
    matching
}

fn only_case(instances: Vec<Instance>, options: &MatchOptions) -> CaseMatch {
    let mut matching = matched(instances, options);
    assert_eq!(matching.cases.len(), 1);
    matching.cases.remove(0)
}

fn default_case(instances: Vec<Instance>) -> CaseMatch {
    only_case(instances, &MatchOptions::default())
}

fn select(choices: &[&str]) -> MatchOptions {
    MatchOptions {
        select: choices.iter().map(|text| text.parse().unwrap()).collect(),
        ..MatchOptions::default()
    }
}

fn incomplete(case: &CaseMatch) -> &str {
    match &case.status {
        CaseStatus::Incomplete(reason) => reason,
        other => panic!("expected an incomplete case, found {other:?}"),
    }
}

fn refused(case: &CaseMatch) -> &str {
    match &case.status {
        CaseStatus::Refused(reason) => reason,
        other => panic!("expected a refused case, found {other:?}"),
    }
}

fn has(case: &CaseMatch, code: crate::finding::Code) -> bool {
    case.findings.iter().any(|finding| finding.code == code)
}

#[test]
fn references_make_a_case() {
    let case =
        default_case(vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {}), structures("3.2")]);
    assert_eq!(case.status, CaseStatus::Complete);
    assert_eq!((case.structure_set, case.composition), (Some(1), Some(Composition::Plan)));
    assert_eq!(case.doses, [DoseUse { instance: 2, factor: 1.0 }]);
    assert_eq!(case.findings, []);
}

#[test]
fn an_absent_structure_set_is_never_replaced_by_itself() {
    let files =
        || vec![plan("2.1", |p| p.structure_sets = vec![uid("3.9")]), structures("3.1"), dose("4.1", |_| {})];
    let case = default_case(files());
    assert!(incomplete(&case).contains("3.9"), "{case:?}");
    assert!(
        incomplete(&case).contains("candidates of the same frame of reference: 3.1 (3.1.dcm"),
        "{case:?}"
    );
    assert!(incomplete(&case).contains("--select structures=UID"));

    let case = only_case(files(), &select(&["structures=3.1"]));
    assert_eq!((&case.status, case.structure_set), (&CaseStatus::Complete, Some(1)));
    assert!(has(&case, code::SELECTED));
}

#[test]
fn a_selected_structure_set_of_another_frame_is_not_taken() {
    let mut other = structures("3.1");
    if let Content::StructureSet(header) = &mut other.content {
        header.frames_of_reference = vec![uid("1.7")];
    }
    let files = vec![plan("2.1", |p| p.structure_sets = vec![uid("3.9")]), other, dose("4.1", |_| {})];
    let matching = matched(files, &select(&["structures=3.1"]));
    assert!(matches!(matching.cases[0].status, CaseStatus::Incomplete(_)));
    assert_eq!(matching.findings[0].code, code::SELECTION_UNUSED);
}

#[test]
fn files_without_any_reference_join_by_study_and_frame() {
    let unlinked = |p: &mut Plan| p.structure_sets.clear();
    let files = || vec![plan("2.1", unlinked), structures("3.1"), dose("4.1", |d| d.plans.clear())];
    let case = default_case(files());
    assert_eq!(case.status, CaseStatus::Complete);
    assert_eq!(case.findings.iter().filter(|finding| finding.code == code::LINKED_BY_STUDY).count(), 2);

    let mut other_study = files();
    other_study[2].info.study.instance_uid = Some(uid("1.2"));
    assert!(incomplete(&default_case(other_study)).contains("no dose names this plan"));

    let mut two_plans = files();
    two_plans.push(plan("2.2", unlinked));
    let matching = matched(two_plans, &MatchOptions::default());
    assert!(matching.cases.iter().all(|case| matches!(case.status, CaseStatus::Incomplete(_))), "ambiguous");
}

#[test]
fn a_dose_of_an_absent_plan_is_explained_and_can_be_chosen() {
    let files = || vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |d| d.plans = vec![uid("2.9")])];
    let matching = matched(files(), &MatchOptions::default());
    assert!(incomplete(&matching.cases[0]).contains("candidates: 4.1"), "{matching:?}");
    assert_eq!(matching.unmatched[0].reason.code, code::PLAN_ABSENT);
    assert!(matching.unmatched[0].reason.text.contains("2.9"));

    let case = only_case(files(), &select(&["dose=4.1"]));
    assert_eq!(case.status, CaseStatus::Complete);
    assert!(has(&case, code::PLAN_REFERENCE_OVERRULED));
}

#[test]
fn the_plans_own_reference_to_a_dose_comes_first() {
    let two = || vec![structures("3.1"), dose("4.1", |_| {}), dose("4.2", |_| {})];
    let mut files = two();
    files.push(plan("2.1", |_| {}));
    let case = default_case(files);
    assert!(incomplete(&case).contains("expected one PLAN dose, found 2: 4.1"), "{case:?}");

    let mut files = two();
    files.push(plan("2.1", |p| p.doses = vec![uid("4.2")]));
    assert_eq!(default_case(files).doses, [DoseUse { instance: 2, factor: 1.0 }]);

    let mut files = two();
    files.push(plan("2.1", |p| p.doses = vec![uid("4.9")]));
    assert!(incomplete(&default_case(files)).contains("the dose that the plan names is absent: 4.9"));
}

#[test]
fn a_plan_dose_is_preferred_to_its_beams() {
    let files = vec![
        plan("2.1", |_| {}),
        structures("3.1"),
        beam_dose("4.1", 1),
        dose("4.2", |_| {}),
        beam_dose("4.3", 2),
    ];
    let case = default_case(files);
    assert_eq!(
        (case.composition, case.doses.len(), case.other_doses.as_slice()),
        (Some(Composition::Plan), 1, &[2, 4][..])
    );
}

#[test]
fn beams_are_summed_when_all_are_there() {
    let base = || vec![plan("2.1", |_| {}), structures("3.1"), beam_dose("4.1", 1)];
    assert!(incomplete(&default_case(base())).contains("partial plan: beams 2 of group 1 missing"));
    let mut whole = base();
    whole.push(beam_dose("4.2", 2));
    let case = default_case(whole);
    assert_eq!((case.composition, case.doses.len()), (Some(Composition::SumOfBeams), 2));
    assert!(has(&case, code::DOSE_COMPOSED));
    let mut twice = base();
    twice.extend([beam_dose("4.2", 2), beam_dose("4.3", 2)]);
    assert!(incomplete(&default_case(twice)).contains("more than once"));
}

#[test]
fn some_doses_are_never_one_plans() {
    for change in [
        (|d: &mut DoseHeader| d.summation = Summation::MultiPlan) as fn(&mut DoseHeader),
        |d| d.summation = Summation::PlanOverview,
        |d| d.summation = Summation::Record,
        |d| d.dose_type = DoseType::Error,
        |d| d.dose_type = DoseType::Other("CODED".into()),
        |d| d.plans.push(uid("2.2")),
    ] {
        let files = || vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", change)];
        for options in [MatchOptions::default(), select(&["dose=4.1"])] {
            let case = only_case(files(), &options);
            incomplete(&case);
            assert!(has(&case, code::DOSE_OF_SEVERAL_PLANS));
            assert_eq!(case.other_doses, [2]);
        }
    }
}

#[test]
fn effective_dose_is_the_ion_plans_and_no_other_plans() {
    let effective = |d: &mut DoseHeader| d.dose_type = DoseType::Effective;
    let ion = |p: &mut Plan| p.ion = true;
    let case =
        default_case(vec![plan("2.1", ion), structures("3.1"), dose("4.1", |_| {}), dose("4.2", effective)]);
    assert_eq!((case.doses[0].instance, case.other_doses.as_slice()), (3, &[2][..]));
    let case = default_case(vec![plan("2.1", ion), structures("3.1"), dose("4.1", |_| {})]);
    assert!(case.status == CaseStatus::Complete && has(&case, code::DOSE_NOT_RBE_WEIGHTED));

    let files = || vec![plan("2.1", |_| {}), structures("3.1"), dose("4.2", effective)];
    assert!(refused(&default_case(files())).contains("biologically scaled, model unknown"));
    assert_eq!(only_case(files(), &select(&["dose=4.2"])).status, CaseStatus::Complete);
    let mut both = files();
    both.push(dose("4.3", |_| {}));
    assert_eq!(default_case(both).doses[0].instance, 3);
}

#[test]
fn a_dose_without_a_type_is_taken_where_the_user_chooses_it() {
    let files = || {
        let untyped = |d: &mut DoseHeader| d.dose_type = DoseType::Other(String::new());
        vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", untyped)]
    };
    let case = default_case(files());
    incomplete(&case);
    let remedy = case.findings.iter().find(|finding| finding.code == code::DOSE_NOT_USED).unwrap();
    assert!(remedy.text.ends_with("--select dose=4.1"), "{}", remedy.text);
    // Followed to the letter.
    let case = only_case(files(), &select(&["dose=4.1"]));
    assert_eq!(case.status, CaseStatus::Complete);
    assert!(has(&case, code::DOSE_NOT_USED), "it is still said");
}

#[test]
fn parts_of_differing_dose_type_are_never_added() {
    let mut effective = beam_dose("4.2", 2);
    if let Content::Dose(header) = &mut effective.content {
        header.dose_type = DoseType::Effective;
    }
    for ion in [false, true] {
        let files =
            vec![plan("2.1", |p| p.ion = ion), structures("3.1"), beam_dose("4.1", 1), effective.clone()];
        let case = default_case(files);
        assert!(refused(&case).contains("never added"));
        assert!(has(&case, code::DOSE_TYPES_MIXED));
    }
}

#[test]
fn a_secondary_dose_is_never_chosen_alone() {
    let foreign = |sop: &str| {
        let mut dose = dose(sop, |_| {});
        dose.info.equipment.manufacturer = Some("Checker".into());
        dose
    };
    let case =
        default_case(vec![plan("2.1", |_| {}), structures("3.1"), foreign("4.1"), dose("4.2", |_| {})]);
    assert_eq!((case.doses[0].instance, case.needs_confirmed_total), (3, false));
    let case = default_case(vec![plan("2.1", |_| {}), structures("3.1"), foreign("4.1")]);
    assert!(case.needs_confirmed_total && has(&case, code::DOSE_SECONDARY));
    let derived = || vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |d| d.derived = true)];
    assert!(incomplete(&default_case(derived())).contains("secondary"));
    assert_eq!(only_case(derived(), &select(&["dose=4.1"])).status, CaseStatus::Complete);
}

#[test]
fn different_patients_are_refused_by_name_of_their_identifiers() {
    let files = || {
        let mut files = vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {})];
        files[2].info.patient.id = "Q".into();
        files
    };
    let case = default_case(files());
    assert!(refused(&case).contains("expected patient \"P\" as in the plan, found \"Q\""), "{case:?}");
    assert!(refused(&case).contains("--accept-patient-mismatch \"P=Q\""));
    for pair in [("P", "Q"), ("Q", "P")] {
        let accept = vec![(pair.0.to_owned(), pair.1.to_owned())];
        let case =
            only_case(files(), &MatchOptions { accept_patient_mismatch: accept, ..MatchOptions::default() });
        assert_eq!(
            (&case.status, case.mrn.as_str(), case.mismatch_accepted),
            (&CaseStatus::Complete, "P", true)
        );
        assert!(has(&case, code::PATIENT_MISMATCH_ACCEPTED));
    }
    let accept = vec![("P".to_owned(), "R".to_owned())];
    refused(&only_case(
        files(),
        &MatchOptions { accept_patient_mismatch: accept, ..MatchOptions::default() },
    ));
}

#[test]
fn identifiers_that_differ_in_case_are_two_patients() {
    let mut files = vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {})];
    files[1].info.patient.id = "p".into();
    refused(&default_case(files));
}

#[test]
fn birth_dates_and_names_are_compared_and_never_printed() {
    let mut files = vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {})];
    files[1].info.patient.name = "C^D".into();
    let case = default_case(files.clone());
    assert!(case.status == CaseStatus::Complete && has(&case, code::PATIENT_NAME_DIFFERS));
    assert!(!format!("{:?}", case.findings).contains("C^D"));
    files[0].info.patient.birth_date = crate::date::Date::new(1950, 1, 2);
    assert_eq!(
        default_case(files.clone()).status,
        CaseStatus::Complete,
        "an absent birth date contradicts nothing"
    );
    files[1].info.patient.birth_date = crate::date::Date::new(1950, 1, 3);
    let case = default_case(files);
    refused(&case);
    assert!(!format!("{case:?}").contains("1950"));
}

#[test]
fn an_empty_patient_identifier_needs_a_link_or_the_user() {
    let mut files = vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {})];
    files[2].info.patient.id.clear();
    let case = default_case(files.clone());
    assert!(case.status == CaseStatus::Complete && has(&case, code::PATIENT_ID_EMPTY));
    if let Content::Dose(header) = &mut files[2].content {
        header.plans.clear();
    }
    assert!(refused(&default_case(files)).contains("no reference links it"));

    let mut files = vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {})];
    files[0].info.patient.id.clear();
    assert!(refused(&default_case(files.clone())).contains("--mrn"));
    let case = only_case(files, &MatchOptions { mrn: Some("P".into()), ..MatchOptions::default() });
    assert_eq!((&case.status, case.mrn.as_str()), (&CaseStatus::Complete, "P"));
}

#[test]
fn another_frame_of_reference_is_refused() {
    for at in [0, 2] {
        let mut files = vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {})];
        files[at].info.frame_of_reference = Some(uid("1.7"));
        assert!(refused(&default_case(files)).contains("1.7"));
    }
    let mut files = vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {})];
    files[2].info.frame_of_reference = None;
    let case = default_case(files);
    assert!(case.status == CaseStatus::Complete && has(&case, code::FRAME_UNKNOWN));
}

#[test]
fn plans_that_treat_nobody_are_left_out() {
    let verifies = RelatedPlan { sop_instance: uid("2.9"), relationship: Some("VERIFIED_PLAN".into()) };
    for change in [
        &(|p: &mut Plan| p.intent = Some("MACHINE_QA".into())) as &dyn Fn(&mut Plan),
        &|p: &mut Plan| p.geometry = Some("TREATMENT_DEVICE".into()),
        &|p: &mut Plan| p.related_plans = vec![verifies.clone()],
    ] {
        let files = || vec![plan("2.1", change), structures("3.1"), dose("4.1", |_| {})];
        let matching = matched(files(), &MatchOptions::default());
        assert!(matching.cases.is_empty());
        assert_eq!(matching.unmatched[0].reason.code, code::NOT_FOR_COHORT);
        assert_eq!(matching.unmatched[2].reason.text, "the dose's plan is left out");
        let case = only_case(files(), &MatchOptions { include_qa: true, ..MatchOptions::default() });
        assert!(case.status == CaseStatus::Complete && has(&case, code::NOT_FOR_COHORT));
    }
}

#[test]
fn copies_are_skipped_and_contradictions_refused() {
    let inventory = Inventory {
        instances: vec![plan("2.1", |_| {}), structures("3.1"), dose("4.1", |_| {}), dose("4.1", |_| {})],
        rejected: Vec::new(),
    };
    assert_eq!(repeated_instances(&inventory), [[2, 3]]);
    let group = |equal| Duplicates { groups: vec![DuplicateGroup { instances: vec![2, 3], equal }] };
    let matching = match_cases(&inventory, &group(true), &MatchOptions::default());
    assert_eq!(matching.cases[0].status, CaseStatus::Complete);
    assert_eq!(matching.unmatched[0].reason.code, code::DUPLICATE_INSTANCE);
    let matching = match_cases(&inventory, &group(false), &MatchOptions::default());
    assert!(refused(&matching.cases[0]).contains("different content"));
    assert_eq!(matching.unmatched[0].reason.code, code::CONFLICTING_INSTANCE);
}

#[test]
fn selected_plans_leave_the_others_out() {
    let files = vec![plan("2.1", |_| {}), plan("2.2", |_| {}), structures("3.1"), dose("4.1", |_| {})];
    let matching = matched(files, &select(&["plan=2.1"]));
    assert_eq!(matching.cases.len(), 1);
    assert_eq!(matching.unmatched[0].reason.code, code::NOT_SELECTED);
}

#[test]
fn images_are_sorted_along_their_normal_and_never_taken_from_another_patient() {
    let image = |sop: &str, z: f64| {
        let header = ImageHeader {
            position: Some(crate::frame::PatientPoint::new(0.0, 0.0, z)),
            orientation: Some([
                crate::frame::PatientVector::new(1.0, 0.0, 0.0),
                crate::frame::PatientVector::new(0.0, 1.0, 0.0),
            ]),
            ..ImageHeader::default()
        };
        instance(sop, Content::Image(Box::new(header)))
    };
    let mut files = vec![
        plan("2.1", |_| {}),
        structures("3.1"),
        dose("4.1", |_| {}),
        image("5.1", 6.0),
        image("5.2", 3.0),
        image("5.3", 0.0),
    ];
    assert_eq!(default_case(files.clone()).images, [5, 4, 3]);
    files[4].info.patient.id = "Q".into();
    assert_eq!(default_case(files).images, [5, 3]);
}

#[test]
fn an_unreadable_file_is_named_where_it_is_missed() {
    let inventory = Inventory {
        instances: vec![plan("2.1", |_| {}), dose("4.1", |_| {})],
        rejected: vec![crate::instance::Rejected {
            path: "broken.dcm".into(),
            modality: None,
            sop_instance: Some(uid("3.1")),
            finding: Finding::error(
                code::FRAME_MISMATCH,
                crate::provenance::Provenance::unknown(),
                "cut short",
            ),
        }],
    };
    let matching = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
    assert!(incomplete(&matching.cases[0]).contains("broken.dcm can't be read: cut short"));
}
