//! One engine for every source of contours and dose; an evaluation that stops when it is asked to.

use rt_case::{
    CaseErrorKind, DvhOptions, EvaluateOptions, Event, FileOptions, PrepareOptions, PreparedCase, evaluate,
    prepare, prepare_files,
};
use rt_model::matching::{MatchOptions, match_cases};
use rt_model::read::{ReadOptions, ScanOptions, compare_duplicates, scan};
use rt_phantom::case::Role;
use std::ops::ControlFlow;

fn options() -> EvaluateOptions {
    let mut options = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").unwrap());
    options.metrics = vec!["D95%".parse().unwrap(), "D0.03cc".parse().unwrap()];
    options
}

#[test]
fn arrays_files_and_a_matched_case_give_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let demo = rt_phantom::demo::write(folder.path()).unwrap();
    let inventory =
        scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap();
    let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
    let matched = match_cases(&inventory, &duplicates, &MatchOptions::default()).cases;
    let case = prepare(&matched[0], &inventory, &PrepareOptions::default()).unwrap();
    let (structures, dose) = (demo.path(Role::StructureSet).unwrap(), demo.path(Role::Dose).unwrap());
    let files = prepare_files(structures, &[dose.to_owned()], None, &FileOptions::default()).unwrap();
    let arrays = PreparedCase::from_parts(case.rois().to_vec(), case.dose().clone())
        .with_prescription(rt_model::units::Gy(70.0))
        .with_fractions(35);

    let go_on = |_| ControlFlow::Continue(());
    let of_case = evaluate(&case, &options(), &mut { go_on }).unwrap();
    let of_files = evaluate(&files, &options(), &mut { go_on }).unwrap();
    let of_arrays = evaluate(&arrays, &options(), &mut { go_on }).unwrap();
    // The demo's highest target has one level: percents, indices and fractions are those of the plan.
    let ptv = case.rois().iter().find(|roi| roi.name == "PTV_7000").unwrap().number;
    let mut asked = EvaluateOptions { rois: Some(vec![ptv]), ..options() };
    asked.metrics =
        ["V95%", "D2%[%]", "HI", "CI", "R50", "Mean[EQD2]"].map(|name| name.parse().unwrap()).to_vec();
    asked.alpha_beta = rt_case::AlphaBeta::read(&["10".into()]).unwrap();
    let [with_plan, with_arrays] =
        [evaluate(&case, &asked, &mut { go_on }), evaluate(&arrays, &asked, &mut { go_on })];
    let (with_plan, with_arrays) = (with_plan.unwrap(), with_arrays.unwrap());
    assert!(with_plan.rois[0].metrics.iter().filter(|metric| metric.value.is_some()).count() >= 3);
    assert_eq!(with_plan.rois[0].metrics, with_arrays.rois[0].metrics);
    assert!(of_case.rois.iter().filter(|roi| roi.dvh.is_ok()).count() > 3);
    for ((one, other), third) in of_case.rois.iter().zip(&of_files.rois).zip(&of_arrays.rois) {
        assert_eq!((&one.dvh, &one.metrics), (&other.dvh, &other.metrics), "{}", one.name);
        assert_eq!((&one.dvh, &one.metrics), (&third.dvh, &third.metrics), "{}", one.name);
    }
}

#[test]
fn an_evaluation_stops_when_it_is_asked_to() {
    let rois: Vec<_> =
        (1..=6).map(|number| rt_model::structure_set::Roi { number, ..rt_dvh::example::roi() }).collect();
    let case = PreparedCase::from_parts(rois, rt_dvh::example::dose());
    for last in [Event::Roi { begun: 2, count: 6 }, Event::Metrics { begun: 1, count: 6 }] {
        let mut seen = Vec::new();
        let stopped = evaluate(&case, &options(), &mut |event| {
            seen.push(event);
            if event == last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped.unwrap_err().kind(), CaseErrorKind::Cancelled);
        assert_eq!(seen.last(), Some(&last));
    }
}

#[test]
fn only_the_rois_that_were_asked_for_are_computed() {
    let rois: Vec<_> =
        (1..=4).map(|number| rt_model::structure_set::Roi { number, ..rt_dvh::example::roi() }).collect();
    let case = PreparedCase::from_parts(rois, rt_dvh::example::dose());
    let options = EvaluateOptions { rois: Some(vec![4, 2, 9]), ..options() };
    let result = evaluate(&case, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(result.rois.iter().map(|roi| roi.number).collect::<Vec<_>>(), [2, 4]);
}
