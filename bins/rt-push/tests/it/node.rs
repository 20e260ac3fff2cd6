//! What the keys of a node do.

use crate::support::{Place, count};
use rt_model::approval::ApprovalStatus;
use rt_model::provenance::Tag;
use rt_model::read::{read_attributes, stored_instance};
use rt_phantom::case::PlanSpec;
use rt_testkit::certificates::Certificates;
use rt_testkit::files::files;
use rt_testkit::namespace::in_own_network;
use rt_testkit::orthanc::{self, Orthanc};
use rt_testkit::port::free_ports;
use rt_testkit::storescp::Storescp;
use rt_testkit::terminal;
use std::path::PathBuf;

const PDF: &str = "1.2.840.10008.5.1.4.1.1.104.1";
/// Multi-frame True Color Secondary Capture.
const MULTI_FRAME: &str = "1.2.840.10008.5.1.4.1.1.7.4";

fn demo(place: &Place) {
    rt_phantom::demo::case().write(&place.path().join("case")).unwrap();
}

#[test]
fn study_products_and_transfer_syntaxes_are_kept_to() {
    let Some(server) = Storescp::start(&[]) else { return };
    let place = Place::new();
    demo(&place);
    let keys = "study = 'new'\naccession = 'ACC7'\nproducts = ['pdf']\ntransfer_syntaxes = ['1.2.840.10008.1.2']\nverify = 'none'";
    place.configure("PEER", server.port, keys);
    let (code, report, text) = place.report(&["prepare", "main", "case"]);
    assert_eq!((code, report["outcome"].as_str()), (1, Some("held")), "{text}");
    assert!(text.contains("answers no queries") && text.contains("contact-sheet.html"), "{text}");
    let spool = files(&place.path().join("push-queue.sqlite.files")).remove(0);
    assert!(std::fs::read(spool.join("contact-sheet.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(std::fs::read_to_string(spool.join("contact-sheet.html")).unwrap().contains("DEMO-0001"));
    assert!(files(server.folder.path()).is_empty(), "nothing goes unseen");

    let (code, report, text) = place.report(&["release", "1", "--as", "physicist"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("sent")), "{text}");
    assert!(
        text.contains("Encapsulated PDF Storage") && text.contains("instances/s") && text.contains("MB/s"),
        "{text}"
    );
    let stored = files(server.folder.path());
    assert_eq!(stored.len(), 1);
    let (_, encoded) = stored_instance(&stored[0]).unwrap();
    assert_eq!((encoded.sop_class.as_str(), encoded.transfer_syntax.as_str()), (PDF, "1.2.840.10008.1.2"));
    let accession = Tag::new(0x0008, 0x0050);
    let attributes = read_attributes(&stored[0], &[accession]).unwrap().value.1;
    assert_eq!(attributes.text(accession), Some("ACC7"));
    let (code, text) = place.run(&["queue", "drop", "1"]);
    assert_eq!((code, spool.exists()), (0, false), "what was prepared goes with its job: {text}");
}

#[test]
fn size_kind_and_dose_as_ct_are_asked_for() {
    let Some(server) = Storescp::start(&[]) else { return };
    let place = Place::new();
    demo(&place);
    let base = "study = 'new'\naccession = 'none'\nverify = 'none'\n";
    let configure = |more: &str| place.configure("PEER", server.port, &format!("{base}{more}"));
    let refused = |arguments: &[&str], code: i32, part: &str| {
        let (found, text) = place.run(arguments);
        assert_eq!(found, code, "{text}");
        assert!(text.contains(part), "{part} not in: {text}");
        assert_eq!(
            files(&place.path().join("push-queue.sqlite.files")),
            Vec::<PathBuf>::new(),
            "nothing is left behind"
        );
    };
    configure("max_mb_per_case = 0.01");
    refused(&["prepare", "main", "case", "--product", "pdf"], 1, "--max-mb 1");
    configure("");
    refused(&["prepare", "main", "case", "--product", "quant"], 2, "quant = true");
    configure("kind = 'router'\nquant = true");
    refused(&["prepare", "main", "case", "--product", "quant"], 2, "kind = \"pacs\"");
    configure("kind = 'tps'\nquant = true");
    refused(&["prepare", "main", "case"], 2, "planning system");
    configure("");
    refused(&["prepare", "main", "case", "--product", "png"], 2, "rt-push export");
    refused(&["prepare", "main", "case", "--pdf", "physics"], 2, "stays in physics");
    place.configure("PEER", server.port, "");
    refused(&["prepare", "main", "case"], 2, "pacs.main.study");

    configure("max_mb_per_case = 0.01\nquant = true");
    let (code, report, text) =
        place.report(&["prepare", "main", "case", "--product", "quant", "--max-mb", "20"]);
    assert_eq!((code, count(&report, "held")), (1, 60), "{text}");
}

#[test]
fn a_case_is_released_by_the_name_that_is_typed() {
    let Some(server) = Storescp::start(&[]) else { return };
    let place = Place::new();
    demo(&place);
    place.configure(
        "PEER",
        server.port,
        "study = 'new'\naccession = 'none'\nproducts = ['pdf']\nverify = 'none'",
    );
    let typed = |name: &str| {
        terminal::typed(
            &place.command(&["case", "main", "case"]),
            "your name to release it",
            &format!("{name}\n"),
        )
    };
    let Some((code, text)) = typed("") else { return };
    assert!(code == 1 && text.contains("your name to release it"), "{code:?} {text}");
    assert!(files(server.folder.path()).is_empty());
    let Some((code, text)) = typed("B. Physicist") else { return };
    assert!(code == 0 && text.contains("verification is switched off"), "{code:?} {text}");
    assert_eq!(files(server.folder.path()).len(), 1);
}

/// A receiver that takes nothing but these classes.
fn takes_only(place: &Place, classes: &[&str]) -> Option<Storescp> {
    let profile = place.path().join("storescp.cfg");
    let contexts: String = classes
        .iter()
        .enumerate()
        .map(|(at, class)| format!("PresentationContext{} = {class}\\Plain\n", at + 1))
        .collect();
    let text = format!(
        "[[TransferSyntaxes]]\n[Plain]\nTransferSyntax1 = LittleEndianExplicit\nTransferSyntax2 = LittleEndianImplicit\n\
         [[PresentationContexts]]\n[Pages]\n{contexts}[[Profiles]]\n[Pages]\nPresentationContexts = Pages\n"
    );
    std::fs::write(&profile, text).unwrap();
    Storescp::start(&["-xf", profile.to_str().unwrap(), "Pages"])
}

#[test]
fn pictures_climb_down_to_what_the_node_takes() {
    for (classes, instead, held) in [(&[PDF][..], "pdf", 1), (&[PDF, MULTI_FRAME], "wash-multiframe", 2)] {
        let place = Place::new();
        let Some(server) = takes_only(&place, classes) else { return };
        demo(&place);
        place.configure(
            "PEER",
            server.port,
            "study = 'new'\naccession = 'none'\nquant = true\nverify = 'none'",
        );
        let (code, report, text) = place.report(&["prepare", "main", "case"]);
        assert_eq!((code, count(&report, "held")), (1, held), "{text}");
        assert!(text.contains(&format!("the node does not take wash: {instead} instead")), "{text}");
        let (code, text) = place.run(&["prepare", "main", "case", "--product", "quant"]);
        assert!(
            code == 1 && text.contains("takes quant in no encoding"),
            "a dose never becomes a picture: {text}"
        );
    }
}

#[test]
fn only_what_is_in_order_releases_itself() {
    if !in_own_network("node::only_what_is_in_order_releases_itself") {
        return;
    }
    let Some(server) = Orthanc::start(r#""DicomAlwaysAllowFind":true,"#) else { return };
    let place = Place::new();
    place.configure(
        orthanc::AE_TITLE,
        server.dicom,
        "study = 'same'\nproducts = ['pdf']\nauto_release = true\nverify_wait_s = 5",
    );
    demo(&place);
    assert_eq!(place.run(&["send", "main", "case"]).0, 0);
    let (code, report, text) = place.report(&["prepare", "main", "case"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("confirmed")), "{text}");

    let plan = PlanSpec { approval_status: ApprovalStatus::Unapproved, ..PlanSpec::default() };
    rt_phantom::case::CaseBuilder::new("unapproved")
        .plan(plan)
        .write(&place.path().join("unapproved"))
        .unwrap();
    assert_eq!(place.run(&["send", "main", "unapproved"]).0, 0);
    let (code, report, text) = place.report(&["prepare", "main", "unapproved", "--allow-unapproved"]);
    assert_eq!((code, report["outcome"].as_str()), (1, Some("held")), "{text}");

    // What the node has, from the patient down to instances.
    let (_, studies) = place.run(&["find", "main", "--patient-id", "DEMO-0001"]);
    let study = studies.split_whitespace().find(|word| word.starts_with("2.25.")).unwrap().to_owned();
    let (code, series) = place.run(&["find", "main", "--study", &study]);
    assert!(code == 0 && series.contains("RTDOSE PLANNED 70Gy/35fx HN_DEMO (report)"), "{series}");
    let line = series.lines().find(|line| line.contains("(report)")).unwrap();
    let (code, instances) =
        place.run(&["find", "main", "--study", &study, "--series", line.split_whitespace().last().unwrap()]);
    assert!(code == 0 && instances.contains("1 found"), "{instances}");
    assert_eq!(place.run(&["find", "main"]).0, 2);
    let (code, text) = place.run(&["find", "main", "--accession", "NONE"]);
    assert!(code == 0 && text.contains("0 found"), "{text}");
}

#[test]
fn a_commitment_that_comes_in_part_or_never_is_told() {
    if !in_own_network("node::a_commitment_that_comes_in_part_or_never_is_told") {
        return;
    }
    let [port, elsewhere] = free_ports();
    let known = format!(r#""DicomModalities":{{"us":["DOSEBRIDGE","127.0.0.1",{port}]}},"#);
    let Some(server) = Orthanc::start(&known) else { return };
    let place = Place::new();
    let configure = |more: &str| place.configure(orthanc::AE_TITLE, server.dicom, more);
    configure("verify = 'none'");
    place.images("ct", 5);
    assert_eq!(place.run(&["send", "main", "ct"]).0, 0);
    let first = server.text("/instances").split('"').nth(1).unwrap().to_owned();
    server.delete(&format!("/instances/{first}"));

    // It answers to a port where nobody listens: nothing is proved by it, and a query proves the rest.
    configure(&format!(
        "commitment = {{ listen = '127.0.0.1:{elsewhere}', wait_s = 1 }}\nverify = 'commitment'"
    ));
    let (code, report, text) = place.report(&["verify", "1"]);
    assert_eq!((code, report["outcome"].as_str()), (1, Some("unverified")), "{text}");
    assert!(text.contains("still to come") && !text.contains("arrived"), "{text}");

    // The answer that comes: four of five.
    configure(&format!("commitment = {{ listen = '127.0.0.1:{port}', wait_s = 2 }}"));
    let (code, report, text) = place.report(&["verify", "1"]);
    assert_eq!((code, count(&report, "committed"), count(&report, "failed")), (1, 4, 1), "{text}");
    assert!(text.contains("0112") && text.contains("rt-push queue retry"), "{text}");
    let (code, text) = place.run(&["queue", "retry", "1"]);
    assert!(code == 0 && text.contains("arrived") && text.contains("5 committed"), "{text}");
}

#[test]
fn a_node_with_tls_is_never_spoken_to_in_plain_text() {
    let place = Place::new();
    let [ours, other] = [&[("server", "127.0.0.1"), ("client", "127.0.0.1")][..], &[]].map(Certificates::new);
    for file in ["ca.pem", "client.pem", "client.key"] {
        std::fs::copy(ours.path(file), place.path().join(file)).unwrap();
    }
    std::fs::copy(other.path("ca.pem"), place.path().join("other.pem")).unwrap();
    let path = |name: &str| ours.path(name).to_string_lossy().into_owned();
    let options = ["+tls", &path("server.key"), &path("server.pem"), "+cf", &path("ca.pem"), "-rc"];
    let Some(server) = Storescp::start(&options) else { return };
    let configure = |tls: &str| place.configure("PEER", server.port, &format!("verify = 'none'\n{tls}"));
    place.images("ct", 3);

    configure("tls = { authority = 'ca.pem', certificate = 'client.pem', key = 'client.key' }");
    let (code, report, text) = place.report(&["send", "main", "ct"]);
    assert_eq!((code, count(&report, "sent")), (0, 3), "{text}");
    let (_, sheet) = place.run(&["sheet", "main"]);
    assert!(sheet.contains("TLS 1.2 or 1.3"), "{sheet}");
    for tls in [
        "tls = { authority = 'other.pem', certificate = 'client.pem', key = 'client.key' }",
        "tls = { authority = 'ca.pem' }",
        "",
    ] {
        configure(tls);
        let (code, text) = place.run(&["send", "main", "ct", "--again"]);
        assert!(code == 3 && !text.contains("sent 3"), "{tls}: {text}");
    }
    assert_eq!(files(server.folder.path()).len(), 3);
}
