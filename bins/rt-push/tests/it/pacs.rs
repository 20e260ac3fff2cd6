use crate::support::{Place, count};
use rt_testkit::namespace::in_own_network;
use rt_testkit::orthanc::{self, Orthanc};
use rt_testkit::port::free_port;

/// Orthanc answers queries of nodes that it knows, and of others where it is told so.
const ASKED: &str = r#""DicomAlwaysAllowFind":true,"#;

/// A case that may be exported, below the place's folder.
fn case(place: &Place, seed: &str) -> rt_phantom::case::WrittenCase {
    rt_phantom::demo::case().write(&place.path().join(seed)).unwrap()
}

#[test]
fn nothing_goes_unseen_and_what_goes_is_proved() {
    if !in_own_network("pacs::nothing_goes_unseen_and_what_goes_is_proved") {
        return;
    }
    let Some(server) = Orthanc::start(ASKED) else { return };
    let place = Place::new();
    place.configure(orthanc::AE_TITLE, server.dicom, "study = 'same'\nverify_wait_s = 5");
    case(&place, "case");

    // The study is not there yet: held, with the reason, and no word releases it.
    let prepare = ["prepare", "main", "case"];
    let (code, report, text) = place.report(&prepare);
    assert_eq!((code, report["outcome"].as_str()), (1, Some("held")), "{text}");
    assert!(text.contains("not at the node") && text.contains("contact-sheet.html"), "{text}");
    let (code, report, text) = place.report(&["release", "1", "--as", "physicist"]);
    assert_eq!(
        (code, report["outcome"].as_str(), report["sent_now"].as_u64()),
        (1, Some("held"), Some(0)),
        "{text}"
    );

    // With the images there it waits for somebody's word alone.
    let (code, _, text) = place.report(&["send", "main", "case"]);
    assert_eq!(code, 0, "{text}");
    let before = server.text("/instances").matches('"').count();
    let (code, report, text) = place.report(&prepare);
    assert_eq!((code, report["outcome"].as_str()), (1, Some("held")), "{text}");
    assert_eq!(server.text("/instances").matches('"').count(), before, "nothing goes unseen");
    let job = report["job"].to_string();
    let (code, report, text) = place.report(&["release", &job, "--as", "physicist"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("confirmed")), "{text}");
    assert!(count(&report, "verified") > 1 && text.contains("arrived"), "{text}");
    let (code, text) = place.run(&["release", &job, "--as", "somebody"]);
    assert!(code == 2 && text.contains("not held"), "{text}");
}

#[test]
fn storage_commitment_is_the_better_proof() {
    if !in_own_network("pacs::storage_commitment_is_the_better_proof") {
        return;
    }
    let port = free_port();
    let Some(server) =
        Orthanc::start(&format!(r#""DicomModalities":{{"us":["DOSEBRIDGE","127.0.0.1",{port}]}},"#))
    else {
        return;
    };
    let place = Place::new();
    place.configure(
        orthanc::AE_TITLE,
        server.dicom,
        &format!("commitment = {{ listen = '127.0.0.1:{port}', wait_s = 20 }}"),
    );
    place.images("ct", 12);
    let (code, report, text) = place.report(&["send", "main", "ct"]);
    assert_eq!((code, count(&report, "committed")), (0, 12), "{text}");
    assert_eq!(report["verified_by"], serde_json::json!(["commitment"]));
}

#[test]
fn a_phantom_goes_under_the_test_patient() {
    if !in_own_network("pacs::a_phantom_goes_under_the_test_patient") {
        return;
    }
    let Some(server) = Orthanc::start(ASKED) else { return };
    let place = Place::new();
    place.configure(orthanc::AE_TITLE, server.dicom, "study = 'same'\nproducts = ['pdf']\nverify_wait_s = 5");
    let (code, text) = place.run(&["test", "main", "--patient-id", "ZZTEST1"]);
    assert!(code == 1 && text.contains("release it with"), "{text}");
    let (code, report, text) = place.report(&["release", "1", "--as", "pacs team"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("confirmed")), "{text}");
    let found = place.run(&["find", "main", "--patient-id", "ZZTEST1"]);
    assert!(found.1.contains("1 found"), "{}", found.1);
    assert!(server.text("/series?expand").contains("TEST"), "the series says what it is");
}

#[test]
fn another_person_under_the_identifier_holds_the_job() {
    if !in_own_network("pacs::another_person_under_the_identifier_holds_the_job") {
        return;
    }
    let Some(server) = Orthanc::start(ASKED) else { return };
    let place = Place::new();
    place.configure(orthanc::AE_TITLE, server.dicom, "verify_wait_s = 5");
    let patient = |name: &str| rt_model::patient::Patient {
        id: "SAME".into(),
        name: name.into(),
        ..Default::default()
    };
    for (folder, name) in [("one", "ONE^PERSON"), ("two", "OTHER^PERSON")] {
        rt_phantom::case::CaseBuilder::new(folder)
            .patient(patient(name))
            .write(&place.path().join(folder))
            .unwrap();
    }
    let (code, _, text) = place.report(&["send", "main", "one"]);
    assert_eq!(code, 0, "{text}");
    let (code, report, text) = place.report(&["send", "main", "two"]);
    assert_eq!(
        (code, report["outcome"].as_str(), report["sent_now"].as_u64()),
        (1, Some("held"), Some(0)),
        "{text}"
    );
    assert!(text.contains("another name") && !text.contains("PERSON"), "{text}");
}
