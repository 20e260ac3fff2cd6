//! DICOM files of the shared data, and truth beside them.

use rt_model::dose::DoseGrid;
use rt_model::read::{ReadOptions, read_dose, read_structure_set};
use rt_model::structure_set::StructureSet;
pub(crate) use rt_testkit::shared::beside_data as shared;
use serde_json::Value;
use std::path::Path;

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
