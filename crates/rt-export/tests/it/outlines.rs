//! What is outlined, and what is told of that which can't be.

use crate::support::{case, load, wash_options};
use rt_draw::outlines::RoiChoice;
use rt_export::case::{ExportCase, ExportOptions};
use rt_export::wash::WashOptions;
use rt_model::finding::{Severity, export as codes};
use rt_phantom::Value;
use rt_phantom::case::Role;

/// What pictures with these ROIs do not show: severity and text.
fn left_out(case: &ExportCase, rois: &RoiChoice) -> Vec<(Severity, String)> {
    let options = WashOptions { rois: rois.clone(), ..wash_options(case) };
    let findings = case.wash(&options).unwrap().findings;
    let reported = findings.into_iter().filter(|finding| finding.code == codes::OUTLINES_LEFT_OUT);
    reported.map(|finding| (finding.severity, finding.text)).collect()
}

#[test]
fn contours_that_lie_on_the_slices_are_all_drawn() {
    let (_folder, case) = case(&rt_phantom::demo::case());
    assert_eq!(left_out(&case, &RoiChoice::All), []);
}

#[test]
fn contours_between_slices_or_across_them_are_told() {
    // The images tilted against the contours.
    let mut phantom = rt_phantom::demo::case().build().unwrap();
    let (sine, cosine) = 20f64.to_radians().sin_cos();
    for (at, file) in phantom.files.iter_mut().filter(|file| file.role == Role::Image).enumerate() {
        let height = 3.0 * at as f64 - 88.5;
        let decimals = |values: &[f64]| Value::decimals(values);
        file.data.set("ImageOrientationPatient", decimals(&[1.0, 0.0, 0.0, 0.0, cosine, sine])).unwrap();
        let place = [-127.5, -127.5 * cosine - height * sine, -127.5 * sine + height * cosine];
        file.data.set("ImagePositionPatient", decimals(&place)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    phantom.write(folder.path()).unwrap();
    let tilted = load(folder.path(), &ExportOptions::default()).unwrap();
    let reported = left_out(&tilted, &RoiChoice::Named(vec!["PTV_7000".into()]));
    assert!(
        matches!(&reported[..], [(Severity::Warning, text)] if text.starts_with("PTV_7000: none of its")),
        "{reported:?}"
    );

    // Every other slice is missing.
    let mut phantom = rt_phantom::demo::case().build().unwrap();
    for number in (1..=60).step_by(2) {
        phantom.remove(&format!("CT/CT.{number:04}.dcm")).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    phantom.write(folder.path()).unwrap();
    let sparse = load(folder.path(), &ExportOptions::default()).unwrap();
    let reported = left_out(&sparse, &RoiChoice::Named(vec!["PTV_7000".into()]));
    assert!(
        matches!(&reported[..], [(Severity::Info, text)] if text.contains("lie on no slice")),
        "{reported:?}"
    );
}
