//! What lies in a folder, and what lies in a DICOM file.
//!
//! Units: bytes. Frame: none.

use std::path::{Path, PathBuf};

/// The entries of a folder by name; none where there is no folder.
///
/// # Panics
/// Where an entry can't be read.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The data set of a DICOM file, which begins behind the file meta information.
///
/// # Panics
/// Where the file does not begin with such information.
#[must_use]
pub fn data_set(file: &[u8]) -> &[u8] {
    assert_eq!(&file[128..140], b"DICM\x02\0\0\0UL\x04\0");
    let meta = u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
    &file[144 + meta..]
}
