//! A real archive takes everything, and gives it back as it was.

use crate::support::{case, isodose_options, report_options, wash_options, write};
use rt_draw::report::Paper;
use rt_export::quant::QuantOptions;
use rt_export::series::Syntax;
use rt_testkit::files::data_set;
use rt_testkit::namespace::in_own_network;
use rt_testkit::orthanc::{self, Orthanc};
use rt_testkit::program::program;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn orthanc_takes_all_products_in_one_association_and_gives_them_back() {
    if !in_own_network("peers::orthanc_takes_all_products_in_one_association_and_gives_them_back") {
        return;
    }
    let Some(mut dcmsend) = program("dcmsend", "dcmtk") else { return };
    let Some(server) = Orthanc::start("") else { return };
    let (_folder, case) = case(&rt_phantom::demo::case());
    let out = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> = Vec::new();
    for series in [
        case.wash(&wash_options(&case)).unwrap().value,
        case.wash_multi_frame(&wash_options(&case)).unwrap().value,
        case.quant(&QuantOptions::default()).unwrap(),
        case.pdf(&report_options(&case), Paper::A4).unwrap(),
        case.isodose(&isodose_options(&case)).unwrap(),
    ] {
        // dcmsend would turn implicit VR into the explicit VR that Orthanc takes too: it is written so.
        let syntax = match series.preferred() {
            Syntax::ImplicitLittle => Syntax::ExplicitLittle,
            other => other,
        };
        files.extend(write(&series, syntax, out.path()));
    }
    let sent = dcmsend
        .args(["-v", "-aec", orthanc::AE_TITLE, "127.0.0.1", &server.dicom.to_string()])
        .args(["--single-association", "--decompress-never"])
        .args(&files)
        .env("TCP_NODELAY", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&sent.stdout).into_owned() + &String::from_utf8_lossy(&sent.stderr);
    assert!(sent.status.success(), "{said}");
    assert_eq!(said.matches("Requesting Association").count(), 1, "{said}");
    assert!(said.contains(&format!("with status SUCCESS  : {}", files.len())), "{said}");

    // dcmsend states the lengths of sequences, which are undefined in our files, as dcmconv does.
    let stated = |path: PathBuf| {
        let turned = path.with_extension("stated");
        let done = Command::new("dcmconv").arg("+e").args([&path, &turned]).output().expect("dcmtk has it");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        (data_set(&std::fs::read(&turned).unwrap()).to_vec(), path)
    };
    let mut ours: BTreeMap<Vec<u8>, PathBuf> = files.into_iter().map(stated).collect();
    let ids = server.text("/instances");
    let ids: Vec<&str> = ids.split('"').filter(|part| part.len() == 44).collect();
    assert_eq!(ids.len(), ours.len());
    for id in ids {
        let file = server.get(&format!("/instances/{id}/file"));
        assert!(ours.remove(data_set(&file)).is_some(), "Orthanc gives back another data set for {id}");
    }
    assert!(ours.is_empty(), "{:?}", ours.values());
}
