use super::*;
use crate::{DvhOptions, example};
use rt_geometry::stack::RoiStack;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, ContourKind};
use rt_model::units::Gy;

fn square(z: f64, side: f64) -> Contour {
    rectangle(z, side, side)
}

fn rectangle(z: f64, width: f64, height: f64) -> Contour {
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    let points = corners.map(|(x, y)| PatientPoint::new(x, y, z)).to_vec();
    Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: Some(Mm(2.0)) }
}

fn banded(contours: Vec<Contour>, metrics: &[&str]) -> Vec<Band> {
    let (roi, options, dose) =
        (Roi { contours, ..Roi::default() }, DvhOptions::preset("dosebridge-2").unwrap(), example::dose());
    let stack = RoiStack::build(&roi, &options.stack(None)).unwrap().value;
    let dvh = compute(&stack, &dose, &options).unwrap().value;
    let metrics: Vec<Metric> = metrics.iter().map(|metric| metric.parse().unwrap()).collect();
    bands(&dvh, &roi, None, &dose, &metrics, &MetricContext::default())
}

fn box_of(planes: &[f64]) -> Vec<Contour> {
    planes.iter().map(|z| square(*z, 20.0)).collect()
}

#[test]
fn ends_may_lie_anywhere_up_to_the_next_plane() {
    let [volume] = banded(box_of(&[1.0, 3.0, 5.0, 7.0]), &["V0Gy[cc]"])[..] else { panic!() };
    // 8 mm of 4 cm²; the ends may be 1 mm less or 1 mm more each, and a little more of that spread on each
    // side.
    let geometry = volume.geometry.unwrap();
    let expected = 0.8 + GEOMETRY_MARGIN * 1.6;
    assert!(
        (geometry.below - expected).abs() < 1e-6 && (geometry.above - expected).abs() < 1e-6,
        "{geometry:?}"
    );
}

#[test]
fn a_gap_that_was_bridged_is_read_both_ways() {
    let [volume] = banded(box_of(&[1.0, 3.0, 7.9, 9.9]), &["V0Gy[cc]"])[..] else { panic!() };
    // Open, the gap of 4.9 mm keeps two caps of 1 mm: 2.9 mm of 4 cm² less. Without caps it would be 2 mm
    // less at the ends.
    assert!(
        (volume.geometry.unwrap().below - 1.16 - GEOMETRY_MARGIN * (1.16 + 0.8)).abs() < 1e-6,
        "{volume:?}"
    );
}

#[test]
fn a_metric_without_value_has_no_band_and_says_why() {
    let bands = banded(box_of(&[1.0, 3.0]), &["V95%", "D3.5cc"]);
    // 1.6 cm³ at most: the second has no value either.
    assert_eq!(bands[0].reason, Some(BandReason::NoValue(Reason::NeedsPrescription)));
    assert!(matches!(bands[1].reason, Some(BandReason::NoValue(Reason::TooSmall { .. }))), "{bands:?}");
    let bands = banded(box_of(&[1.0, 3.0]), &["D1.2cc"]);
    assert!(
        matches!(bands[0].reason, Some(BandReason::NoValueElsewhere(Reason::TooSmall { .. }))),
        "{bands:?}"
    );
    let bands = banded(box_of(&[1.0]), &["D1%"]);
    assert_eq!(bands[0].reason, Some(BandReason::NoOtherReading));
}

#[test]
fn what_lies_outside_the_grid_is_in_the_band() {
    // The grid ends at z = 12 mm: 3 of 10 mm are outside.
    let [mean] = banded(box_of(&[6.0, 8.0, 10.0, 12.0, 14.0]), &["Mean"])[..] else { panic!() };
    let coverage = mean.coverage.unwrap();
    assert!((coverage.below - 6.0).abs() < 0.01, "{coverage:?}");
    assert!(mean.low.unwrap() <= mean.value.low.unwrap() && mean.high.unwrap() >= mean.value.high.unwrap());
}

#[test]
fn the_band_of_a_large_roi_says_nothing_rather_than_much() {
    // 34 mm by 20 mm, 8 mm high: the ends leave 2 of 8 mm open, and more. A mean dose is known far better.
    let planes = [1.0, 3.0, 5.0, 7.0].map(|z| rectangle(z, 34.0, 20.0)).to_vec();
    let [volume, mean] = banded(planes, &["V0Gy[cc]", "Mean"])[..] else { panic!() };
    assert!(matches!(volume.reason, Some(BandReason::TooWide(percent)) if percent > 40.0), "{volume:?}");
    assert!(volume.low.is_none() && volume.high.is_none() && volume.geometry.unwrap().below > 1.0);
    assert!(mean.reason.is_none() && mean.low.is_some(), "{mean:?}");
}

#[test]
fn what_lies_outside_the_grid_withholds_no_band() {
    // 34 mm by 20 mm, from 9 to 17 mm: the grid ends at 12 mm. That is reported as coverage; contours and
    // dose leave the mean dose narrow.
    let planes = [10.0, 12.0, 14.0, 16.0].map(|z| rectangle(z, 34.0, 20.0)).to_vec();
    let [mean] = banded(planes, &["Mean"])[..] else { panic!() };
    assert!(mean.coverage.unwrap().below > 1.0 && mean.reason.is_none(), "{mean:?}");
    assert!(mean.low.unwrap() <= mean.value.low.unwrap(), "{mean:?}");
}

#[test]
fn no_part_of_a_volume_is_more_than_the_whole() {
    let (roi, options) =
        (Roi { contours: box_of(&[1.0, 3.0, 5.0, 7.0]), ..Roi::default() }, example::options());
    // The dose is known to 1 Gy: 99 % that receive 10.2 Gy may be 94 % or 104 %, but for the latter.
    let dose = DoseGrid::new(example::dose().geometry().clone(), example::dose().voxels().to_vec(), Gy(1.0))
        .unwrap();
    let stack = RoiStack::build(&roi, &options.stack(None)).unwrap().value;
    let dvh = compute(&stack, &dose, &options).unwrap().value;
    let metrics = ["V10.2Gy", "CV29.8Gy[%]"].map(|metric| metric.parse().unwrap());
    for band in bands(&dvh, &roi, None, &dose, &metrics, &MetricContext::default()) {
        assert!(band.value.value.unwrap() + band.grid.unwrap().above > 99.9, "{band:?}");
        assert_eq!(band.high, Some(100.0), "{band:?}");
    }
}
