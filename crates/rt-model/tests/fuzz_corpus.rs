//! The fuzz corpus on stable: what the fuzzers start from, and everything they ever found, reads to an answer or an error.
//!
//! `UPDATE_CORPUS=1 cargo test -p rt-model --test fuzz_corpus` writes the seeds in `fuzz/corpus/<target>/`. A crash that a fuzzer finds
//! goes into `fuzz/regressions/<target>/` and stays.

use rt_model::read::{
    ReadOptions, read_dose_from_bytes, read_instance_header_from_bytes, read_plan_from_bytes, read_structure_set_from_bytes,
};
use rt_phantom::case::Role;
use rt_phantom::seeds::{Seed, seeds};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No input of this size may keep a reader busy for longer; the slowest build of all is given time too.
const LONGEST: Duration = Duration::from_secs(5);

type Target = (&'static str, fn(&[u8]) -> bool);

/// Each target of `fuzz/fuzz_targets`, and whether it read the bytes.
const TARGETS: [Target; 4] = [
    ("header", |bytes| read_instance_header_from_bytes(bytes, Path::new("fuzz.dcm")).is_ok()),
    ("plan", |bytes| read_plan_from_bytes(bytes, Path::new("fuzz.dcm"), &ReadOptions::default()).is_ok()),
    ("structure_set", |bytes| read_structure_set_from_bytes(bytes, Path::new("fuzz.dcm"), &ReadOptions::default()).is_ok()),
    ("dose", |bytes| read_dose_from_bytes(bytes, Path::new("fuzz.dcm"), &ReadOptions::default()).is_ok()),
];

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The target that reads a seed in full.
fn target(seed: &Seed) -> &'static str {
    match seed.role {
        Role::Plan => "plan",
        Role::StructureSet => "structure_set",
        Role::Dose => "dose",
        Role::Image | Role::Other => "header",
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

#[test]
fn the_corpus_holds_the_seeds() {
    for seed in seeds().unwrap() {
        let path = fuzz().join("corpus").join(target(&seed)).join(&seed.name);
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &seed.bytes).unwrap();
        }
        let kept = fs::read(&path).unwrap_or_default();
        assert!(kept == seed.bytes, "{} is out of date: run with UPDATE_CORPUS=1", path.display());
    }
}

#[test]
fn every_seed_is_read_by_its_target() {
    for seed in seeds().unwrap() {
        let (_, reads) = TARGETS.iter().find(|(name, _)| *name == target(&seed)).unwrap();
        assert!(reads(&seed.bytes), "{:?} {}", seed.role, seed.name);
    }
}

#[test]
fn everything_in_the_corpus_ends_in_time() {
    let mut replayed = 0;
    for (name, reads) in TARGETS {
        let folders = [fuzz().join("corpus").join(name), fuzz().join("regressions").join(name)];
        for path in folders.iter().flat_map(|folder| files(folder)) {
            let bytes = fs::read(&path).unwrap();
            let start = Instant::now();
            reads(&bytes);
            assert!(start.elapsed() < LONGEST, "{} took {:?}", path.display(), start.elapsed());
            replayed += 1;
        }
    }
    assert!(replayed >= 45, "{replayed} files");
}

/// What a fuzzer does first, on stable: every prefix, and every byte changed.
#[test]
fn seeds_cut_and_changed_anywhere_never_panic() {
    for seed in seeds().unwrap().iter().filter(|seed| ["implicit", "explicit-undefined", "rle"].contains(&seed.name.as_str())) {
        let (_, reads) = TARGETS.iter().find(|(name, _)| *name == target(seed)).unwrap();
        for cut in (0..seed.bytes.len()).step_by(7) {
            reads(&seed.bytes[..cut]);
        }
        let mut bytes = seed.bytes.clone();
        for at in 128..bytes.len() {
            for change in [0x01, 0x80, 0xFF] {
                bytes[at] ^= change;
                reads(&bytes);
                bytes[at] ^= change;
            }
        }
    }
}
