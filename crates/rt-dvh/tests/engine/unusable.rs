//! A ROI that lacks contours of its file has no volume, no region and no band, whoever asks for
//! it.

use crate::common::{dvh, preset};
use crate::properties::{any_dose, any_roi};
use proptest::prelude::*;
use rt_dvh::band::BandReason;
use rt_dvh::{MetricContext, bands};
use rt_geometry::stack::{
    Between, Caps, PlaneRules, RoiStack, StackErrorKind, StackOptions, StructurePlanes, UsableContours,
};
use rt_model::finding::{Finding, structures};
use rt_model::provenance::Provenance;
use rt_model::structure_set::Roi;
use rt_model::units::Mm;
use std::fs;
use std::path::Path;

fn any_options() -> impl Strategy<Value = StackOptions<'static>> {
    let caps = prop_oneof![
        Just(Caps::None),
        Just(Caps::HalfSlice),
        (0.0f64..9.0).prop_map(|mm| Caps::HalfSliceCapped(Mm(mm))),
        Just(Caps::Rounded),
    ];
    let between = prop_oneof![Just(Between::Prism), Just(Between::Interpolated)];
    let planes = prop_oneof![Just(PlaneRules::Version1), Just(PlaneRules::Version2)];
    (planes, between, caps)
        .prop_map(|(planes, between, caps)| StackOptions::new(between, caps).with_planes(planes))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_function_that_accepts_a_roi_refuses_unusable_contours(
        sound in any_roi(),
        dose in any_dose(),
        options in any_options(),
        count in 1usize..2000,
        kept in 0usize..9,
    ) {
        let mut damaged = Roi { unusable_contours: count, ..sound.clone() };
        damaged.contours.truncate(kept);

        let error = RoiStack::build(&damaged, &options).unwrap_err();
        prop_assert_eq!(error.kind(), StackErrorKind::UnusableContours { count });
        let text = format!("{count} contours can't be used; a DVH of the others would be of another volume");
        prop_assert_eq!(error.finding(), Finding::error(structures::ROI_LEFT_OUT, Provenance::unknown(), text.clone()));
        prop_assert_eq!(error.to_string(), text);
        prop_assert_eq!(UsableContours::of(&damaged).unwrap_err(), error);

        // As a neighbour it does not count: where a contour is missing, a plane may be.
        let alone = RoiStack::build(&sound, &options).unwrap().value;
        let rois = [sound.clone(), Roi { number: sound.number + 1, ..damaged.clone() }];
        let planes = StructurePlanes::of(&rois);
        let beside = RoiStack::build(&rois[0], &options.with_neighbours(planes.neighbours(0))).unwrap().value;
        prop_assert_eq!(beside.volume(), alone.volume());

        let metrics = ["D95%", "V20Gy[cc]", "CI"].map(|metric| metric.parse().unwrap());
        let reported = bands(&dvh(&sound, &dose), &damaged, None, &dose, &metrics, &MetricContext::default());
        prop_assert_eq!(reported.len(), metrics.len());
        for band in reported {
            prop_assert_eq!((band.low, band.high), (None, None));
            prop_assert_eq!((band.numerical, band.geometry, band.grid, band.coverage), (None, None, None, None));
            prop_assert_eq!(band.reason, Some(BandReason::UnusableContours { count }));
        }
    }
}

#[test]
fn no_reason_hides_that_contours_are_unusable() {
    let damaged = Roi { unusable_contours: 3, ..Roi::default() };
    let error = RoiStack::build(&damaged, &preset().stack(None)).unwrap_err();
    assert_eq!(error.kind(), StackErrorKind::UnusableContours { count: 3 }, "not that there is no contour");
}

/// Whoever adds a function that accepts a ROI or its contours adds it to the property above, or makes it
/// private.
#[test]
fn the_functions_that_accept_a_roi_are_those_of_the_property() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for name in ["rt-geometry", "rt-dvh"] {
        public_functions_of_rois(&crates.join(name).join("src"), &mut found);
    }
    found.sort();
    assert_eq!(found, ["bands", "build", "neighbours_of", "of", "of"]);
}

fn public_functions_of_rois(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            public_functions_of_rois(&entry, found);
            continue;
        }
        let source = fs::read_to_string(&entry).unwrap();
        let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for function in code.join("\n").replace("pub const fn ", "pub fn ").split("pub fn ").skip(1) {
            let accepts = |word: &str| {
                parameters(function).split(|c: char| !c.is_alphanumeric()).any(|found| found == word)
            };
            if ["Roi", "Contour", "StructureSet"].into_iter().any(accepts) {
                found.push(function.split(['(', '<']).next().unwrap_or_default().to_owned());
            }
        }
    }
}

/// Generics and parameters of a function's source, without what it returns.
fn parameters(function: &str) -> &str {
    let mut depth = 0;
    let end = function.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ')' && depth == 0
    });
    &function[..end.unwrap_or(function.len())]
}
