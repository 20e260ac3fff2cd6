//! Odd and hostile files, one case each, all in one run: what becomes of the case, and what the user reads.
//! What is said on reading alone is tested with the reader.

use crate::support::{Place, texts};
use rt_phantom::fixtures;
use serde_json::Value;

/// Fixtures whose case is not stored: what becomes of it, and the code of the finding that says why.
const NOT_STORED: [(&str, &str, &str); 40] = [
    ("empty", "incomplete", "RT0607"),
    ("truncated_contours", "incomplete", "RT0604"),
    ("truncated_pixels", "incomplete", "RT0607"),
    ("private_syntax", "no case", "RT0109"),
    ("length_overflow", "failed", "RT0117"),
    ("no_instance_uid", "incomplete", "RT0607"),
    ("same_uid_other_content", "refused", "RT0602"),
    ("leading_zero_uid", "incomplete", "RT0604"),
    ("long_uid", "incomplete", "RT0604"),
    ("other_patient", "refused", "RT0624"),
    ("other_frame", "refused", "RT0630"),
    ("dose_elsewhere", "refused", "RT0639"),
    ("scaling_missing", "failed", "RT0401"),
    ("scaling_nan", "failed", "RT0401"),
    ("scaling_negative", "failed", "RT0401"),
    ("scaling_zero", "failed", "RT0401"),
    ("no_pixels", "incomplete", "RT0618"),
    ("relative", "incomplete", "RT0617"),
    ("signed_overflow", "failed", "RT0422"),
    ("offsets_missing", "failed", "RT0410"),
    ("offsets_short", "failed", "RT0411"),
    ("offsets_turn_back", "failed", "RT0412"),
    ("offsets_start_anywhere", "failed", "RT0413"),
    ("pixels_long", "failed", "RT0407"),
    ("pixels_short", "failed", "RT0407"),
    ("no_orientation", "failed", "RT0417"),
    ("skewed", "failed", "RT0417"),
    ("no_spacing", "failed", "RT0418"),
    ("spacing_negative", "failed", "RT0418"),
    ("spacing_zero", "failed", "RT0418"),
    ("mixed_dose_types", "refused", "RT0638"),
    ("beam_missing", "incomplete", "RT0612"),
    ("beam_twice", "incomplete", "RT0613"),
    ("plan_absent", "no case", "RT0632"),
    ("structures_absent", "incomplete", "RT0604"),
    ("other_structures", "incomplete", "RT0604"),
    ("multi_plan_of_one", "incomplete", "RT0609"),
    ("roi_number_twice", "incomplete", "RT0303"),
    ("huge", "failed", "RT0108"),
    ("decimal_comma", "failed", "RT0401"),
];

/// The same for those that a list of its own keeps readable: names too long for the database, nesting, voxels
/// nobody can read.
const NOT_STORED_EITHER: [(&str, &str, &str); 5] = [
    ("long_name", "refused", "RT0311"),
    ("two_points", "failed", "RT0435"),
    ("nested_too_deep", "incomplete", "RT0604"),
    ("sequence_bomb", "incomplete", "RT0604"),
    ("compressed_32_bit", "failed", "RT0423"),
];

/// Fixtures whose case is stored, with a code that its ROIs must show.
const ROI_CODES: [(&str, &str); 7] = [
    ("no_contours", "RT0701"),
    ("points_only", "RT0701"),
    ("not_triplets", "RT0390"),
    ("point_count", "RT0390"),
    ("nan_coordinate", "RT0390"),
    ("self_crossing", "RT0704"),
    ("anisotropic", "RT0720"),
];

/// Fixtures whose case is stored, with a code that the case must show.
const CASE_CODES: [(&str, &str); 6] = [
    ("slice_missing", "RT0550"),
    ("slice_twice", "RT0551"),
    ("slices_uneven", "RT0552"),
    ("gantry_tilt", "RT0553"),
    ("phases", "RT0554"),
    ("outside_images", "RT0321"),
];

fn is_of(file: &Value, name: &str) -> bool {
    file.as_str().is_some_and(|path| path.contains(&format!("/{name}/")))
}

#[test]
fn every_fixture_ends_as_it_should_and_harms_no_other() {
    let place = Place::new();
    let fixtures = fixtures::all();
    for fixture in &fixtures {
        place.write(&format!("in/{}", fixture.name), &fixture.case().unwrap());
    }
    let (code, report) = place.import(&["in"]);
    assert_eq!(code, 1);
    let cases = report["cases"].as_array().unwrap();
    let unmatched = report["unmatched"].as_array().unwrap();
    let expected = |name: &str| NOT_STORED.iter().chain(&NOT_STORED_EITHER).find(|row| row.0 == name);
    let mut wrong = Vec::new();
    for fixture in &fixtures {
        let name = fixture.name;
        let case = cases.iter().find(|case| is_of(&case["files"]["plan"], name));
        let status = case.map_or("no case", |case| case["status"].as_str().unwrap());
        let mut reported: Vec<&str> = case.map(|case| texts(&case["findings"], "code")).unwrap_or_default();
        reported.extend(
            unmatched
                .iter()
                .filter(|file| is_of(&file["path"], name))
                .filter_map(|file| file["code"].as_str()),
        );
        let (wanted, code) =
            expected(name).map_or(("stored", None), |(_, status, code)| (*status, Some(code)));
        if status != wanted || code.is_some_and(|code| !reported.contains(code)) {
            wrong.push(format!("{name}: expected {wanted} {code:?}, found {status} {reported:?}"));
        }
        if status != "stored" && case.is_some_and(|case| case["reason"].is_null()) {
            wrong.push(format!("{name}: {status} without a reason"));
        }
    }
    for (name, code) in CASE_CODES {
        let of_image_stack = |code: &str| code.starts_with("RT055");
        let case = cases.iter().find(|case| is_of(&case["files"]["plan"], name)).unwrap();
        if !texts(&case["findings"], "code").contains(&code) {
            wrong.push(format!("{name}: expected {code}"));
        }
        let others = cases.iter().filter(|case| texts(&case["findings"], "code").contains(&code));
        if of_image_stack(code) && others.count() != 1 {
            wrong.push(format!("{code} is told of other cases too"));
        }
    }
    let scout = unmatched
        .iter()
        .find(|file| file["path"].as_str().is_some_and(|path| path.ends_with("scout/CT/scout.dcm")));
    if scout.is_none_or(|file| file["severity"] != "info") {
        wrong.push(format!("scout: expected it left out with information, found {scout:?}"));
    }
    for (name, code) in ROI_CODES {
        let case = cases.iter().find(|case| is_of(&case["files"]["plan"], name)).unwrap();
        let rois = case["rois"].as_array().unwrap();
        if !rois.iter().any(|roi| texts(&roi["findings"], "code").contains(&code)) {
            wrong.push(format!("{name}: no ROI says {code}"));
        }
    }
    let outside = cases.iter().filter(|case| texts(&case["findings"], "code").contains(&"RT0321"));
    let outside: Vec<&Value> = outside.map(|case| &case["files"]["plan"]).collect();
    if !matches!(outside[..], [plan] if is_of(plan, "outside_images")) {
        wrong
            .push(format!("RT0321: expected of the contours outside the images alone, found of {outside:?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let (plans, _) = place.stored();
    let stored = cases.iter().filter(|case| case["status"] == "stored").count();
    assert_eq!(plans.len(), stored);
}
