//! Reading takes at most the file, what it decodes to, and 64 MiB. One test alone in its process, so that the
//! peak is its own.
#![cfg(target_os = "linux")]

use rt_model::frame::PatientPoint;
use rt_model::read::{
    ReadOptions, read_dose, read_dose_from_bytes, read_plan_from_bytes, read_structure_set_from_bytes,
};
use rt_phantom::case::{CaseBuilder, DoseSpec, Role};
use rt_phantom::{ConstantDose, Encoding, GridSpec, TransferSyntax};
use rt_testkit::memory;
use std::path::Path;
use std::sync::Arc;

const MIB: u64 = 1 << 20;

/// By how much `read` raises the peak above what is held before it.
fn growth(read: impl FnOnce()) -> u64 {
    // Sets the peak to what is held now.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory::kib("VmRSS:");
    read();
    (memory::kib("VmHWM:").saturating_sub(before)) * 1024
}

/// An implicit data set of one sequence of `count` items with an integer each.
fn many_items(sop_class: &str, sequence: [u8; 4], tag: [u8; 4], count: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut element = |tag: [u8; 4], value: &[u8]| {
        bytes.extend(tag);
        bytes.extend((value.len() as u32).to_le_bytes());
        bytes.extend(value);
    };
    element([0x08, 0x00, 0x16, 0x00], format!("{sop_class}\0").as_bytes());
    element([0x08, 0x00, 0x18, 0x00], b"2.25.42\0");
    let mut items = Vec::new();
    for number in 0..count {
        let text = format!("{number:<8}");
        items.extend([0xFE, 0xFF, 0x00, 0xE0, 16, 0, 0, 0]);
        items.extend(tag);
        items.extend(8_u32.to_le_bytes());
        items.extend(text.as_bytes());
    }
    element(sequence, &items);
    bytes
}

#[test]
fn the_peak_is_bounded() {
    if std::fs::write("/proc/self/clear_refs", "5").is_err() {
        println!("skipped: the peak cannot be set back here");
        return;
    }
    let options = ReadOptions::default();
    let folder = tempfile::tempdir().unwrap();
    let grid =
        GridSpec::covering(PatientPoint::new(0.0, 0.0, 0.0), PatientPoint::new(199.0, 199.0, 124.0), 1.0);
    let dose =
        DoseSpec { grid, field: Arc::new(ConstantDose(rt_model::units::Gy(2.0))), ..DoseSpec::default() };
    let decoded = 200 * 200 * 125 * 4;
    for syntax in TransferSyntax::ALL {
        let case = CaseBuilder::new("memory")
            .image(None)
            .dose(dose.clone())
            .encoding(Encoding::of(syntax))
            .build()
            .unwrap();
        let path = folder.path().join("RD.dcm");
        std::fs::write(&path, case.files_of(Role::Dose).next().unwrap().bytes()).unwrap();
        drop(case);
        let file = std::fs::metadata(&path).unwrap().len();
        let grown = growth(|| drop(read_dose(&path, &options).unwrap()));
        // An inflated data set is a part of what the file decodes to.
        let inflated = if syntax == TransferSyntax::Deflated { decoded } else { 0 };
        assert!(grown <= file + decoded + inflated + 64 * MIB, "{syntax:?}: {} MiB", grown / MIB);
    }

    // Nearly as many beams and ROIs as the limits allow: none of the checks costs their square.
    let plan = many_items(
        "1.2.840.10008.5.1.4.1.1.481.5",
        [0x0A, 0x30, 0xB0, 0x00],
        [0x0A, 0x30, 0xC0, 0x00],
        200_000,
    );
    let grown = growth(|| drop(read_plan_from_bytes(&plan, Path::new("RP.dcm"), &options).unwrap()));
    let beams = 200_000 * size_of::<rt_model::plan::Beam>() as u64;
    assert!(grown <= 2 * beams + 64 * MIB, "{} MiB", grown / MIB);
    let set = many_items(
        "1.2.840.10008.5.1.4.1.1.481.3",
        [0x06, 0x30, 0x20, 0x00],
        [0x06, 0x30, 0x22, 0x00],
        200_000,
    );
    let grown = growth(|| drop(read_structure_set_from_bytes(&set, Path::new("RS.dcm"), &options).unwrap()));
    let rois = 200_000 * size_of::<rt_model::structure_set::Roi>() as u64;
    assert!(grown <= 2 * rois + 64 * MIB, "{} MiB", grown / MIB);

    // A dose of gigabytes by its header, of kilobytes by its voxels.
    let case = CaseBuilder::new("memory").image(None).build().unwrap();
    let mut file = case.files_of(Role::Dose).next().unwrap().clone();
    for (attribute, value) in [("Rows", 20_000), ("Columns", 20_000)] {
        file.data.set(attribute, rt_phantom::Value::Words(vec![value])).unwrap();
    }
    let grown =
        growth(|| assert!(read_dose_from_bytes(&file.bytes(), Path::new("RD.dcm"), &options).is_err()));
    assert!(grown <= 16 * MIB, "{} MiB", grown / MIB);
}
