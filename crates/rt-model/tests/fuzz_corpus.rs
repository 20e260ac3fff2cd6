//! Replays the fuzz corpus and every regression on stable Rust.

use rt_model::frame::PatientPoint;
use rt_model::read::{
    AssumeOffsets, ReadOptions, read_dose_from_bytes, read_image_from_bytes, read_instance_header_from_bytes,
    read_plan_from_bytes, read_structure_set_from_bytes,
};
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::Gy;
use rt_phantom::case::{CaseBuilder, DoseSpec, ImageSpec, Role};
use rt_phantom::{Encoding, GridSpec, TransferSyntax};
use rt_testkit::corpus;
use std::path::Path;

const TARGETS: [(&str, Role); 4] = [
    ("read_structure_set", Role::StructureSet),
    ("read_dose", Role::Dose),
    ("read_plan", Role::Plan),
    ("read_image_header", Role::Image),
];

/// What the fuzz target of this name does with the bytes.
fn run(target: &str, bytes: &[u8]) {
    let path = Path::new("fuzz.dcm");
    let options = ReadOptions::default();
    let lenient = ReadOptions {
        assume_offsets: Some(AssumeOffsets::Relative),
        assume_spacing: true,
        relative_dose_reference: Some(Gy(2.0)),
    };
    match target {
        "read_structure_set" => drop(read_structure_set_from_bytes(bytes, path, &options)),
        "read_plan" => drop(read_plan_from_bytes(bytes, path, &options)),
        "read_dose" => {
            drop(read_dose_from_bytes(bytes, path, &options));
            drop(read_dose_from_bytes(bytes, path, &lenient));
        }
        _ => {
            drop(read_instance_header_from_bytes(bytes, path));
            drop(read_image_from_bytes(bytes, path));
        }
    }
}

/// Small objects in each encoding: name and bytes for each target.
fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let points = [(0.0, 0.0), (4.5, 0.0), (4.5, -4.25)].map(|(x, y)| PatientPoint::new(x, y, 0.0)).to_vec();
    let contour = Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: None };
    let grid = GridSpec::covering(PatientPoint::new(0.0, 0.0, 0.0), PatientPoint::new(4.0, 4.0, 4.0), 2.0);
    let mut seeds = Vec::new();
    for syntax in TransferSyntax::ALL {
        for undefined_lengths in [false, true] {
            let case = CaseBuilder::new("seed")
                .encoding(Encoding { undefined_lengths, ..Encoding::of(syntax) })
                .image(Some(ImageSpec { planes: vec![0.0], pixels: 4, ..ImageSpec::default() }))
                .dose(DoseSpec {
                    grid: grid.clone(),
                    bits: if undefined_lengths { 16 } else { 32 },
                    ..DoseSpec::default()
                })
                .roi(Roi {
                    number: 1,
                    name: "wedge".into(),
                    contours: vec![contour.clone()],
                    ..Roi::default()
                })
                .build()
                .unwrap();
            let lengths = if undefined_lengths { "undefined" } else { "defined" };
            let name = format!("{syntax:?}-{lengths}.dcm").to_lowercase();
            for (target, role) in TARGETS {
                seeds.push((target, name.clone(), case.files_of(role).next().unwrap().bytes()));
            }
        }
    }
    seeds
}

#[test]
fn the_corpus_and_regressions_are_survived() {
    let replayed = corpus::replay(&TARGETS.map(|(target, _)| target), run);
    assert!(replayed >= seeds().len(), "the corpus is missing: run with UPDATE_SEEDS=1");
}

/// A seed that the reader refuses would teach the fuzzer nothing.
#[test]
fn seeds_are_sound() {
    for (target, name, bytes) in seeds() {
        let path = Path::new(&name);
        let options = ReadOptions::default();
        let read = match target {
            "read_structure_set" => read_structure_set_from_bytes(&bytes, path, &options).map(drop),
            "read_dose" => read_dose_from_bytes(&bytes, path, &options).map(drop),
            "read_plan" => read_plan_from_bytes(&bytes, path, &options).map(drop),
            _ => read_instance_header_from_bytes(&bytes, path).map(drop),
        };
        assert!(read.is_ok(), "{target} {name}: {read:?}");
        corpus::update_seed(target, &name, &bytes);
    }
}
