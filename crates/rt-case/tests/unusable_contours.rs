//! A ROI that lacks contours of its file is refused for every purpose, whoever asks.

use proptest::prelude::*;
use rt_case::compare::{CompareOptions, compare};
use rt_case::tables::{TpsDvh, TpsTables};
use rt_case::{CaseResult, Criteria, DvhOptions, EvaluateOptions, PreparedCase, RoiResult, evaluate};
use rt_dvh::{DvhTable, example};
use rt_model::structure_set::Roi;
use rt_model::units::{Cm3, Gy};
use std::ops::ControlFlow;

/// Every metric that needs a volume, an isodose or a prescription.
const METRICS: [&str; 8] = ["D95%", "V20Gy[cc]", "Mean", "CI", "PCI", "GI", "R50", "HI"];

fn roi(number: i32, kind: &str, unusable_contours: usize) -> Roi {
    Roi {
        number,
        name: format!("{kind} {number}"),
        interpreted_type: Some(kind.into()),
        unusable_contours,
        ..example::roi()
    }
}

fn options() -> EvaluateOptions {
    let mut options = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").unwrap());
    options.metrics = METRICS.iter().map(|name| name.parse().unwrap()).collect();
    options.relate_to_targets = true;
    options
}

fn evaluated(rois: Vec<Roi>, bands: bool) -> CaseResult {
    let case = PreparedCase::from_parts(rois, example::dose()).with_prescription(Gy(20.0));
    evaluate(&case, &EvaluateOptions { bands, ..options() }, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn metric(roi: &RoiResult, name: &str) -> Option<f64> {
    roi.metrics.iter().find(|metric| metric.asked.text == name).and_then(|metric| metric.value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_roi_that_lacks_contours_has_no_number(
        unusable in 1usize..400,
        kind in prop_oneof![Just("PTV"), Just("CTV"), Just("ORGAN"), Just("EXTERNAL")],
        keeps_contours: bool,
        bands: bool,
    ) {
        let mut damaged = roi(1, kind, unusable);
        if !keeps_contours {
            damaged.contours.clear();
        }
        let result = evaluated(vec![damaged.clone(), roi(2, "ORGAN", 0)], bands);
        let [refused, sound] = &result.rois[..] else { panic!("two ROIs") };
        prop_assert!(refused.dvh.is_err() && refused.volume.is_none() && refused.centroid.is_none());
        prop_assert!(refused.metrics.iter().all(|metric| metric.value.is_none() && metric.reason.is_some()));
        prop_assert!(refused.findings.iter().any(|finding| finding.code.to_string() == "RT0390"));
        prop_assert!(sound.dvh.is_ok());

        let case = PreparedCase::from_parts(vec![damaged], example::dose());
        let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(0.0), 1.0), (Gy(20.0), 0.5), (Gy(40.0), 0.0)]).unwrap();
        let theirs = TpsDvh { name: String::new(), number: Some(1), table };
        let tables = TpsTables { dvhs: vec![theirs], ..TpsTables::default() };
        let compare_options = CompareOptions {
            dvh: options().dvh,
            criteria: Criteria { dose: Gy(0.3), volume: 0.01 },
            pass_percent: 95.0,
            volume_percent: 1.0,
        };
        let comparison = compare(&case, &tables, &compare_options);
        prop_assert!(comparison.rois[0].outcome.is_err());
    }
}

#[test]
fn a_damaged_external_gives_no_index_of_the_whole_grid() {
    let indices = ["CI", "PCI", "GI", "R50"];
    let sound = evaluated(vec![roi(1, "EXTERNAL", 0), roi(2, "PTV", 0)], false);
    assert!(metric(&sound.rois[1], "CI").is_some(), "{:?}", sound.rois[1].metrics);
    for contours_left in [true, false] {
        let mut external = roi(1, "EXTERNAL", 3);
        if !contours_left {
            external.contours.clear();
        }
        let damaged = evaluated(vec![external, roi(2, "PTV", 0)], false);
        for name in indices {
            assert_eq!(metric(&damaged.rois[1], name), None, "{name}");
        }
        assert!(metric(&damaged.rois[1], "D95%").is_some());
    }
}

#[test]
fn a_damaged_target_is_named_and_not_replaced_by_another_kind() {
    let mut damaged = roi(1, "PTV", 2);
    damaged.contours.clear();
    let result = evaluated(vec![damaged, roi(2, "CTV", 0), roi(3, "ORGAN", 0)], false);
    let relation = result.rois[2].targets.as_ref().unwrap();
    assert_eq!((relation.targets.as_str(), relation.distance.is_none()), ("", true), "{relation:?}");
    assert!(relation.reason.as_ref().unwrap().contains("no target"), "{relation:?}");
}

#[test]
fn a_roi_in_another_frame_of_reference_has_no_number_and_the_others_go_on() {
    let foreign = Roi { is_foreign: true, ..roi(1, "EXTERNAL", 0) };
    let result = evaluated(vec![foreign, roi(2, "PTV", 0)], false);
    let [foreign, sound] = &result.rois[..] else { panic!("two ROIs") };
    assert!(foreign.dvh.is_err() && foreign.volume.is_none());
    assert_eq!(
        foreign.findings.iter().map(|finding| finding.code.to_string()).collect::<Vec<_>>(),
        ["RT0326"]
    );
    assert!(sound.dvh.is_ok());
    assert_eq!(metric(sound, "CI"), None, "nobody knows what of the isodose is inside the patient");
}
