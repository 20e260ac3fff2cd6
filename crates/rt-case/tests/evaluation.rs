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
    let mut options = EvaluateOptions::new(DvhOptions::preset("dosebridge-1").unwrap());
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
    let arrays = PreparedCase::from_parts(case.rois().to_vec(), case.dose().clone());

    let go_on = |_| ControlFlow::Continue(());
    let of_case = evaluate(&case, &options(), &mut { go_on }).unwrap();
    let of_files = evaluate(&files, &options(), &mut { go_on }).unwrap();
    let of_arrays = evaluate(&arrays, &options(), &mut { go_on }).unwrap();
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
    let mut seen = Vec::new();
    let stopped = evaluate(&case, &options(), &mut |event| {
        let Event::Roi { begun, count } = event else { panic!("{event:?}") };
        seen.push((begun, count));
        if begun == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stopped.unwrap_err().kind(), CaseErrorKind::Cancelled);
    assert_eq!(seen, [(0, 6), (1, 6), (2, 6)]);
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
