//! Scans folders for DICOM objects, reading headers alone, in parallel.
//!
//! Units: none. Frame: none.

use super::bytes::file::{read_whole, skim};
use super::bytes::sniff;
use super::error::{ReadError, ReadErrorKind};
use super::objects::object::{Object, Source, read_object};
use super::objects::{dose, image, plan, structure_set};
use crate::finding::{Finding, Parsed, Severity, files};
use crate::instance::{Content, Instance, InstanceInfo, Inventory, Rejected};
use crate::provenance::Provenance;
use crate::uid::sop_class;
use rayon::prelude::*;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use walkdir::WalkDir;

/// How folders are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanOptions {
    /// Follow symbolic links; a link that leads back is told and not followed. Links that are asked for by
    /// name are always followed.
    pub follow_links: bool,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { follow_links: true }
    }
}

/// How far a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanProgress {
    /// Files that were read.
    pub done: usize,
    /// Files there are.
    pub files: usize,
}

/// A scan that gives no inventory.
#[derive(Debug, thiserror::Error)]
#[error("{at}: {detail}")]
pub struct ScanError {
    kind: ScanErrorKind,
    at: Provenance,
    detail: &'static str,
    source: Option<std::io::Error>,
}

/// Why a scan gives no inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScanErrorKind {
    /// A path that was asked for cannot be found.
    NotFound,
    /// The progress callback asked to stop.
    Cancelled,
}

impl ScanError {
    /// Why.
    #[must_use]
    pub const fn kind(&self) -> ScanErrorKind {
        self.kind
    }

    /// The path, where it is about one.
    #[must_use]
    pub const fn at(&self) -> &Provenance {
        &self.at
    }
}

/// Reads the headers of all files in `paths`, folders with everything below them. `progress` hears of each
/// file, from several threads, and may stop the scan. Runs on rayon's current pool; the result does not
/// depend on the number of threads.
///
/// ```
/// use rt_model::read::{ScanOptions, scan};
/// use std::ops::ControlFlow;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// std::fs::write(folder.path().join("notes.txt"), "no DICOM")?;
/// let inventory = scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
/// assert_eq!((inventory.instances.len(), inventory.rejected.len()), (15, 1));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where a path does not exist, or the callback stops the scan. A file that cannot be read is in
/// [`Inventory::rejected`].
pub fn scan(
    paths: &[PathBuf],
    options: &ScanOptions,
    progress: &(dyn Fn(ScanProgress) -> ControlFlow<()> + Sync),
) -> Result<Inventory, ScanError> {
    let mut inventory = Inventory::default();
    let mut files = Vec::new();
    for path in paths {
        std::fs::metadata(path).map_err(|source| ScanError {
            kind: ScanErrorKind::NotFound,
            at: Provenance::of_file(path),
            detail: "expected a file or folder, found none that can be read",
            source: Some(source),
        })?;
        list(path, options, &mut files, &mut inventory.rejected);
    }
    files.sort();
    files.dedup();
    let done = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let outcomes: Vec<Option<Outcome>> = files
        .par_iter()
        .map(|path| {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let outcome = read_header(path);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if progress(ScanProgress { done, files: files.len() }).is_break() {
                stop.store(true, Ordering::Relaxed);
            }
            Some(outcome)
        })
        .collect();
    if stop.into_inner() {
        let at = Provenance::unknown();
        return Err(ScanError {
            kind: ScanErrorKind::Cancelled,
            at,
            detail: "the scan was stopped",
            source: None,
        });
    }
    for outcome in outcomes.into_iter().flatten() {
        match outcome {
            Ok(instance) => inventory.instances.push(*instance),
            Err(rejected) => inventory.rejected.push(*rejected),
        }
    }
    inventory.rejected.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(inventory)
}

type Outcome = Result<Box<Instance>, Box<Rejected>>;

/// Lists the files below `path`; what cannot be listed is rejected.
fn list(path: &Path, options: &ScanOptions, files: &mut Vec<PathBuf>, rejected: &mut Vec<Rejected>) {
    for entry in WalkDir::new(path).follow_links(options.follow_links).follow_root_links(true) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.file_type().is_symlink() => {
                let path = entry.into_path();
                let at = Provenance::of_file(&path);
                let text = "expected a file or folder, found a link: not followed, as the user asked";
                let finding = Finding::info(files::LINK_NOT_FOLLOWED, at, text);
                rejected.push(Rejected { path, modality: None, sop_instance: None, finding });
            }
            Ok(entry) => files.push(entry.into_path()),
            Err(error) => {
                let path = error.path().unwrap_or(path).to_owned();
                let at = Provenance::of_file(&path);
                let finding = match error.loop_ancestor() {
                    Some(_) => Finding::info(
                        files::SYMLINK_LOOP,
                        at,
                        "expected a folder, found a link to a folder above it: not followed",
                    ),
                    None => {
                        let reason =
                            error.io_error().map_or_else(|| "unknown reason".to_owned(), ToString::to_string);
                        Finding::error(files::UNREADABLE_FILE, at, format!("cannot be listed: {reason}"))
                    }
                };
                rejected.push(Rejected { path, modality: None, sop_instance: None, finding });
            }
        }
    }
}

fn read_header(path: &Path) -> Outcome {
    read_instance_header(path).map(Box::new).map_err(|error| Box::new(rejected(path, error)))
}

/// Reads the header of the instance in a file, as [`scan`] does with each: no pixels, no contours.
///
/// ```
/// use rt_model::instance::Content;
/// use rt_model::read::read_instance_header;
/// use rt_phantom::case::Role;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let written = rt_phantom::fixtures::sound("documentation").write(folder.path())?;
/// let header = read_instance_header(written.path(Role::Dose).unwrap())?;
/// assert!(matches!(header.content, Content::Dose(_)));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Where the file is no readable SOP instance.
pub fn read_instance_header(path: &Path) -> Result<Instance, ReadError> {
    match skim(path) {
        Ok(skimmed) => read(Source::from(&skimmed), path),
        Err(error) if error.kind().is_damage() => {
            read(read_whole(path).map_err(|error| error.in_file(path))?.as_slice().into(), path)
        }
        Err(error) => Err(error.in_file(path)),
    }
}

/// Reads the header of the instance in a file's bytes; `path` names it in messages.
///
/// ```
/// use rt_model::instance::Content;
/// use rt_model::read::read_instance_header_from_bytes;
/// use rt_phantom::case::Role;
/// use std::path::Path;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let case = rt_phantom::fixtures::sound("documentation").build()?;
/// let bytes = case.files_of(Role::Plan).next().unwrap().bytes();
/// let header = read_instance_header_from_bytes(&bytes, Path::new("in memory"))?;
/// assert!(matches!(header.content, Content::Plan(_)));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`read_instance_header`].
pub fn read_instance_header_from_bytes(bytes: &[u8], path: &Path) -> Result<Instance, ReadError> {
    read(bytes.into(), path)
}

fn read(source: Source<'_>, path: &Path) -> Result<Instance, ReadError> {
    let Parsed { value: (info, content), findings } = read_object(source, path, instance)?;
    Ok(Instance { info, content, findings })
}

fn instance(object: &Object<'_, '_>) -> Result<(InstanceInfo, Content), ReadError> {
    let content = match object.info.sop_class.as_str() {
        sop_class::RT_PLAN | sop_class::RT_ION_PLAN => Content::Plan(Box::new(plan::plan(object)?)),
        sop_class::RT_STRUCTURE_SET => Content::StructureSet(Box::new(structure_set::header(object)?)),
        sop_class::RT_DOSE => Content::Dose(Box::new(dose::header(object)?)),
        sop_class::CT_IMAGE | sop_class::MR_IMAGE | sop_class::PET_IMAGE => {
            Content::Image(Box::new(image::header(object)))
        }
        _ => Content::Other,
    };
    Ok((object.info.clone(), content))
}

fn rejected(path: &Path, error: ReadError) -> Rejected {
    let mut finding = error.finding();
    let harmless = match error.kind() {
        ReadErrorKind::Directory | ReadErrorKind::NotRegularFile => true,
        ReadErrorKind::NotDicom => !claims_dicom(path, error.detail()),
        _ => false,
    };
    if harmless {
        finding.severity = Severity::Info;
    }
    let sop_instance = finding.at.sop_instance.clone();
    Rejected { path: path.to_owned(), modality: error.into_modality(), sop_instance, finding }
}

/// The file's name says DICOM, or nothing at all while the bytes are of no known format.
fn claims_dicom(path: &Path, detail: &str) -> bool {
    match path.extension().map(|extension| extension.to_ascii_lowercase()) {
        Some(extension) => ["dcm", "dicom", "ima"].iter().any(|dicom| extension == *dicom),
        None => detail.ends_with(sniff::UNRECOGNISED),
    }
}
