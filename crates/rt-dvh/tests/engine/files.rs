//! DICOM files of the shared data, and truth beside them.

use rt_model::dose::DoseGrid;
use rt_model::read::{ReadOptions, read_dose, read_structure_set};
use rt_model::structure_set::StructureSet;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder `name` of the shared data; `None`, said aloud, where it is absent. In CI its absence is a failure.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("RT_SHARED_DATA") {
        Some(data) => PathBuf::from(data).join(".."),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "no shared data at {}", folder.display());
    println!("skipped: no shared data at {}", folder.display());
    None
}

pub(crate) fn structures(path: &Path) -> StructureSet {
    read_structure_set(path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}")).value
}

pub(crate) fn dose(path: &Path) -> DoseGrid {
    dose_with(path, &ReadOptions::default())
}

pub(crate) fn dose_with(path: &Path, options: &ReadOptions) -> DoseGrid {
    read_dose(path, options).unwrap_or_else(|error| panic!("{error}")).value.grid.expect("a dose grid")
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
