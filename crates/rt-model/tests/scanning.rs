//! Scans of folders: what is beside the data, what cannot be read, links, pipes, order, and stopping.

use rt_model::finding::{Severity, files};
use rt_model::instance::{Content, Inventory};
use rt_model::read::{ReadErrorKind, ReadOptions, ScanErrorKind, ScanOptions, read_plan, scan};
use rt_phantom::case::{CaseBuilder, ImageSpec};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

fn scan_all(paths: &[PathBuf]) -> Inventory {
    scan(paths, &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap()
}

/// A small case with three slices; the folder is removed at the end.
fn written() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let image = ImageSpec { planes: vec![-2.0, 0.0, 2.0], pixels: 8, ..ImageSpec::default() };
    CaseBuilder::new("scanning").image(Some(image)).write(folder.path()).unwrap();
    folder
}

fn rejection<'a>(inventory: &'a Inventory, name: &str) -> &'a rt_model::instance::Rejected {
    inventory
        .rejected
        .iter()
        .find(|rejected| rejected.path.ends_with(name))
        .unwrap_or_else(|| panic!("{name}: {inventory:#?}"))
}

#[test]
fn headers_are_sorted_by_path_and_know_what_was_left_in_the_file() {
    let folder = written();
    let inventory = scan_all(&[folder.path().to_owned()]);
    assert_eq!(inventory.rejected, []);
    assert!(inventory.instances.is_sorted_by_key(|instance| &instance.info.path));
    let count = |is: fn(&Content) -> bool| {
        inventory.instances.iter().filter(|instance| is(&instance.content)).count()
    };
    assert_eq!(count(|content| matches!(content, Content::Image(header) if header.position.is_some())), 3);
    assert_eq!(count(|content| matches!(content, Content::Plan(_))), 1);
    assert_eq!(
        count(|content| matches!(content, Content::Dose(header) if header.size == Some([25, 25, 25]))),
        1
    );
}

#[test]
fn a_path_given_twice_is_read_once() {
    let folder = written();
    let plan = folder.path().join("RP.dcm");
    assert_eq!(scan_all(&[folder.path().to_owned(), plan]).instances.len(), 6);
}

#[test]
fn what_lies_beside_the_data_is_named_and_harmless() {
    let folder = written();
    for (name, bytes, text) in [
        ("notes.txt", &b"to whom it may concern\n"[..], "found text"),
        ("export.zip", b"PK\x03\x04rest", "a zip archive"),
        ("RD.dcm.gz", b"\x1F\x8B\x08rest", "a gzip archive"),
        ("index.html", b"<!DOCTYPE html><html>", "an HTML page"),
        ("marked.txt", b"\xEF\xBB\xBFtext with a mark", "found text"),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
        let inventory = scan_all(&[folder.path().to_owned()]);
        let finding = &rejection(&inventory, name).finding;
        assert_eq!((finding.code, finding.severity), (files::NOT_DICOM, Severity::Info), "{name}");
        assert!(finding.text.contains(text), "{name}: {}", finding.text);
    }
}

#[test]
fn text_that_calls_itself_dicom_is_an_error() {
    let folder = written();
    fs::write(folder.path().join("lost.dcm"), "version https://git-lfs.github.com/spec/v1\n").unwrap();
    let inventory = scan_all(&[folder.path().to_owned()]);
    let finding = &rejection(&inventory, "lost.dcm").finding;
    assert_eq!((finding.code, finding.severity), (files::NOT_DICOM, Severity::Error));
    assert!(finding.text.contains("a Git LFS pointer"), "{}", finding.text);
}

#[test]
fn a_directory_of_other_files_is_skipped() {
    let folder = written();
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    bytes.extend(b"\x02\0\x02\0UI\x14\x001.2.840.10008.1.3.10");
    bytes.extend(b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0");
    bytes.extend(b"\x04\0\x30\x11CS\x02\0A ");
    fs::write(folder.path().join("DICOMDIR"), bytes).unwrap();
    let inventory = scan_all(&[folder.path().to_owned()]);
    let finding = &rejection(&inventory, "DICOMDIR").finding;
    assert_eq!((finding.code, finding.severity), (files::DICOM_DIRECTORY, Severity::Info));
}

#[test]
fn a_cut_file_names_its_instance_and_what_is_missing() {
    let folder = written();
    let path = folder.path().join("CT/CT.0002.dcm");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 40]).unwrap();
    let inventory = scan_all(&[folder.path().to_owned()]);
    let rejected = rejection(&inventory, "CT.0002.dcm");
    assert_eq!((rejected.finding.code, rejected.finding.severity), (files::TRUNCATED, Severity::Error));
    assert_eq!(rejected.modality.as_deref(), Some("CT"));
    assert!(rejected.sop_instance.is_some());
    assert!(rejected.finding.text.contains("40 missing"), "{}", rejected.finding.text);
    assert_eq!(rejected.finding.at.path.as_deref(), Some("PixelData"));
}

#[test]
fn a_missing_path_is_an_error_and_a_missing_file_too() {
    let nowhere = Path::new("no/such/folder");
    let error =
        scan(&[nowhere.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(error.kind(), ScanErrorKind::NotFound);
    assert_eq!(error.at().file.as_deref(), Some(nowhere));
    let error = read_plan(nowhere, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ReadErrorKind::Io);
    let chain = std::error::Error::source(&error).unwrap().to_string();
    assert!(!error.to_string().contains(&chain), "{error} repeats {chain}");
}

#[test]
fn the_callback_hears_of_each_file_and_may_stop() {
    let folder = written();
    let paths = [folder.path().to_owned()];
    let heard = AtomicUsize::new(0);
    scan(&paths, &ScanOptions::default(), &|progress| {
        heard.fetch_add(1, Ordering::Relaxed);
        assert!(progress.done <= progress.files && progress.files == 6);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(heard.into_inner(), 6);
    let error = scan(&paths, &ScanOptions::default(), &|_| ControlFlow::Break(())).unwrap_err();
    assert_eq!(error.kind(), ScanErrorKind::Cancelled);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_pipe_is_never_opened() {
        let folder = written();
        let pipe = folder.path().join("pipe.dcm");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: no mkfifo");
            return;
        }
        let inventory = scan_all(&[folder.path().to_owned()]);
        let finding = &rejection(&inventory, "pipe.dcm").finding;
        assert_eq!((finding.code, finding.severity), (files::NOT_A_REGULAR_FILE, Severity::Info));
        assert_eq!(
            read_plan(&pipe, &ReadOptions::default()).unwrap_err().kind(),
            ReadErrorKind::NotRegularFile
        );
    }

    #[test]
    fn links_are_followed_once() {
        let folder = written();
        symlink(folder.path(), folder.path().join("CT/loop")).unwrap();
        symlink(folder.path().join("gone"), folder.path().join("dangling")).unwrap();
        let inventory = scan_all(&[folder.path().to_owned()]);
        assert_eq!(inventory.instances.len(), 6);
        let finding = &rejection(&inventory, "loop").finding;
        assert_eq!((finding.code, finding.severity), (files::SYMLINK_LOOP, Severity::Info));
        assert_eq!(rejection(&inventory, "dangling").finding.code, files::UNREADABLE_FILE);
        let options = ScanOptions { follow_links: false };
        let inventory = scan(&[folder.path().to_owned()], &options, &|_| ControlFlow::Continue(())).unwrap();
        assert_eq!(inventory.instances.len(), 6);
        assert_eq!(rejection(&inventory, "loop").finding.code, files::LINK_NOT_FOLLOWED);
    }
}
