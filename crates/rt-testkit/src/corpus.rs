//! The fuzz corpus and its regressions, replayed on stable Rust.
//!
//! Units: none. Frame: none.

use std::fs;
use std::path::{Path, PathBuf};

/// Runs every file of the corpus and of the regressions of these targets, and returns how many there were.
///
/// # Panics
/// Where a file can't be read, and where `run` does.
#[must_use]
pub fn replay(targets: &[&str], run: impl Fn(&str, &[u8])) -> usize {
    let mut replayed = 0;
    for target in targets {
        for kind in ["corpus", "regressions"] {
            let Ok(entries) = fs::read_dir(folder(kind, target)) else { continue };
            for entry in entries {
                let path = entry.unwrap().path();
                println!("{}", path.display());
                run(target, &fs::read(path).unwrap());
                replayed += 1;
            }
        }
    }
    replayed
}

/// Writes a seed into the corpus where `UPDATE_SEEDS` is set.
///
/// # Panics
/// Where it can't be written.
pub fn update_seed(target: &str, name: &str, bytes: &[u8]) {
    if std::env::var_os("UPDATE_SEEDS").is_some() {
        fs::create_dir_all(folder("corpus", target)).unwrap();
        fs::write(folder("corpus", target).join(name), bytes).unwrap();
    }
}

fn folder(kind: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(kind).join(target)
}
