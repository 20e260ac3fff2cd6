//! From a folder to a loaded case: scan, match, load; and what makes two exports the same case.

use rt_model::case::Case;
use rt_model::identity::case_digest;
use rt_model::instance::Inventory;
use rt_model::matching::{CaseStatus, Duplicates, MatchOptions, match_cases};
use rt_model::read::{ReadErrorKind, ReadOptions, ScanOptions, compare_duplicates, scan};
use rt_phantom::case::PhantomCase;
use rt_phantom::{Value, fixtures};
use std::ops::ControlFlow;
use std::path::Path;

fn scanned(folder: &Path) -> Inventory {
    scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap()
}

fn written(case: &PhantomCase) -> (tempfile::TempDir, Inventory) {
    let folder = tempfile::tempdir().unwrap();
    case.write(folder.path()).unwrap();
    let inventory = scanned(folder.path());
    (folder, inventory)
}

fn loaded(case: &PhantomCase) -> Case {
    let (_folder, inventory) = written(case);
    let matching = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
    let only = &matching.cases[0];
    assert_eq!(only.status, CaseStatus::Complete);
    only.load(&inventory, &ReadOptions::default()).unwrap().unwrap().value
}

fn digest(case: &PhantomCase) -> [u8; 32] {
    let case = loaded(case);
    case_digest(&case.plan, &case.structure_set, &[(&case.doses[0], 1.0)])
}

fn sound(seed: &str) -> PhantomCase {
    fixtures::sound(seed).build().unwrap()
}

#[test]
fn a_matched_case_is_loaded_with_its_images_in_order() {
    let case = loaded(&sound("load"));
    assert_eq!((case.structure_set.rois.len(), case.doses.len()), (2, 1));
    assert!(case.doses[0].grid.is_some());
    let images = case.images.unwrap();
    assert_eq!((images.instances.len(), images.slice_spacing.map(|gap| gap.0)), (12, Some(2.0)));
    assert_eq!(images.study_instance, case.plan_info.study.instance_uid);
}

#[test]
fn an_export_under_new_uids_and_encodings_is_the_same_case() {
    let first = digest(&sound("one"));
    assert_eq!(digest(&sound("two")), first, "another seed gives other UIDs and another patient");
    for encoding in ["big_endian", "deflated", "bare", "un_for_public"] {
        assert_eq!(digest(&fixtures::named(encoding).unwrap().case().unwrap()), first, "{encoding}");
    }
    let mut dated = sound("one");
    dated.file("RP.dcm").unwrap().data.set("RTPlanDate", Value::text("20301231")).unwrap();
    assert_eq!(digest(&dated), first, "a date is no content");
}

#[test]
fn a_change_of_content_is_another_case() {
    let first = digest(&sound("one"));
    for (file, keyword, value) in [
        ("RP.dcm", "RTPlanLabel", "OTHER"),
        ("RP.dcm", "ApprovalStatus", "UNAPPROVED"),
        ("RD.dcm", "DoseGridScaling", "0.00098"),
    ] {
        let mut changed = sound("one");
        changed.file(file).unwrap().data.set(keyword, Value::text(value)).unwrap();
        assert_ne!(digest(&changed), first, "{keyword}");
    }
}

#[test]
fn a_file_that_changed_since_the_scan_is_refused() {
    let mut case = sound("changed");
    let (folder, inventory) = written(&case);
    let matching = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
    case.file("RD.dcm").unwrap().data.set("PatientID", Value::text("SOMEBODY ELSE")).unwrap();
    case.write(folder.path()).unwrap();
    let error = matching.cases[0].load(&inventory, &ReadOptions::default()).unwrap().unwrap_err();
    assert_eq!(error.kind(), ReadErrorKind::WrongObject);
    assert!(error.to_string().contains("found it changed"), "{error}");
}

#[test]
fn an_incomplete_case_is_not_loaded() {
    let mut case = sound("incomplete");
    case.remove("RS.dcm").unwrap();
    let (_folder, inventory) = written(&case);
    let matching = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
    assert!(matching.cases[0].load(&inventory, &ReadOptions::default()).is_none());
}

#[test]
fn files_of_one_instance_are_compared_by_what_they_hold() {
    let mut case = sound("copies");
    for name in ["RP.dcm", "RS.dcm", "RD.dcm", "CT/CT.0001.dcm"] {
        // The copy is written with another transfer syntax: other bytes, the same content.
        let copy = case.copy(name, &format!("copy/{name}")).unwrap();
        copy.encoding = fixtures::named("big_endian").unwrap().case().unwrap().files[0].encoding.clone();
    }
    let (_folder, inventory) = written(&case);
    let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
    assert_eq!(duplicates.groups.len(), 4);
    assert!(duplicates.groups.iter().all(|group| group.equal), "{duplicates:?}");

    case.file("copy/RS.dcm").unwrap().data.set("PatientID", Value::text("SOMEBODY ELSE")).unwrap();
    case.file("copy/RP.dcm").unwrap().data.set("RTPlanLabel", Value::text("OTHER")).unwrap();
    case.file("copy/RD.dcm").unwrap().data.set("DoseGridScaling", Value::text("0.00098")).unwrap();
    let (_folder, inventory) = written(&case);
    let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
    assert_eq!(duplicates.groups.iter().filter(|group| !group.equal).count(), 3);

    // A pixel that differs, and pixels that nobody reads.
    let image = &mut case.file("copy/CT/CT.0001.dcm").unwrap().data;
    let Some(Value::Words(mut pixels)) = image.get("PixelData").cloned() else { panic!("no pixels") };
    pixels[100] ^= 1;
    image.set("PixelData", Value::Words(pixels)).unwrap();
    let (_folder, inventory) = written(&case);
    let unequal = |inventory| {
        compare_duplicates(inventory, &ReadOptions::default()).groups.iter().filter(|g| !g.equal).count()
    };
    assert_eq!(unequal(&inventory), 4);
    for name in ["CT/CT.0001.dcm", "copy/CT/CT.0001.dcm"] {
        case.file(name).unwrap().data.set("SamplesPerPixel", Value::Words(vec![3])).unwrap();
    }
    let (_folder, inventory) = written(&case);
    assert_eq!(unequal(&inventory), 3);
}
