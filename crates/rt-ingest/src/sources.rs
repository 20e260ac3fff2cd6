//! The files that stored plans came from, found again.
//!
//! Units: none. Frame: none.

use crate::error::{Cause, IngestError};
use crate::importer::Importer;
use crate::record::case_record;
use rt_case::{CaseOptions, evaluate, prepare};
use rt_model::instance::{Content, Instance, Inventory};
use rt_model::matching::match_cases;
use rt_model::read::{ScanOptions, compare_duplicates, scan};
use rt_sql::record::{CaseRecord, SourceFile};
use rt_sql::{StoredImport, digest_text};
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The headers of the files, and of the planning images beside them.
#[derive(Debug)]
pub struct Sources {
    /// By path.
    files: HashMap<PathBuf, Instance>,
    /// The images among them by frame of reference.
    images: HashMap<Option<String>, Vec<PathBuf>>,
}

impl Sources {
    /// Reads the headers of all `files` that are still there, and of what lies in the same folders, each
    /// folder once.
    ///
    /// # Errors
    /// Never for a file that is gone or cannot be read: computing its plans reports it.
    pub fn scan<'a>(files: impl Iterator<Item = &'a SourceFile>) -> Result<Self, IngestError> {
        let mut paths = BTreeSet::new();
        let mut folders = BTreeSet::new();
        for file in files.filter(|file| file.path.is_file()) {
            paths.insert(file.path.clone());
            folders.extend(file.path.parent().map(Path::to_owned));
        }
        for folder in folders {
            // A folder that may not be listed has its recorded files all the same.
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            paths.extend(entries.map(|entry| entry.path()).filter(|path| path.is_file()));
        }
        let paths: Vec<PathBuf> = paths.into_iter().collect();
        let inventory = scan(&paths, &ScanOptions::default(), &|_| ControlFlow::Continue(()));
        let inventory = inventory.map_err(Cause::Scan)?;
        let mut sources = Self { files: HashMap::new(), images: HashMap::new() };
        for instance in inventory.instances {
            let path = instance.info.path.clone();
            if matches!(instance.content, Content::Image(_)) {
                let frame = instance.info.frame_of_reference.as_ref().map(ToString::to_string);
                sources.images.entry(frame).or_default().push(path.clone());
            }
            sources.files.insert(path, instance);
        }
        Ok(sources)
    }

    /// Computes the case of a stored plan from its own files alone.
    ///
    /// # Errors
    /// If files are gone, hold another content than the one stored, or are no sound case any more.
    pub fn compute(&self, import: &StoredImport, options: &CaseOptions) -> Result<CaseRecord, NotRecomputed> {
        let inventory = self.of(import);
        let duplicates = compare_duplicates(&inventory, &options.prepare.read);
        let matching = match_cases(&inventory, &duplicates, &options.matching);
        let mut reason = None;
        for matched in &matching.cases {
            let computed = prepare(matched, &inventory, &options.prepare).and_then(|case| {
                let result = evaluate(&case, &options.evaluate, &mut |_| ControlFlow::Continue(()))?;
                Ok(case_record(case.facts(), &result.rois, options, &Importer::current()))
            });
            match computed {
                Ok(record) if digest_text(&record.identity.digest) == import.digest => return Ok(record),
                Ok(_) => reason = Some(NotRecomputed::OtherContent),
                Err(error) => reason = reason.or(Some(NotRecomputed::Case(error.reason()))),
            }
        }
        let files = import.import.files.iter();
        let gone: Vec<PathBuf> =
            files.filter(|file| !file.path.is_file()).map(|file| file.path.clone()).collect();
        match gone.is_empty() {
            false => Err(NotRecomputed::FilesGone(gone)),
            true => Err(reason.unwrap_or(NotRecomputed::NoCase)),
        }
    }

    /// What a plan's own files and their images are.
    fn of(&self, import: &StoredImport) -> Inventory {
        let mut paths: BTreeSet<&PathBuf> = import.import.files.iter().map(|file| &file.path).collect();
        let mut frames = BTreeSet::new();
        for instance in paths.iter().filter_map(|path| self.files.get(*path)) {
            if let Content::StructureSet(header) = &instance.content {
                frames.extend(header.frames_of_reference.iter().map(ToString::to_string));
            }
        }
        paths.extend(frames.into_iter().filter_map(|frame| self.images.get(&Some(frame))).flatten());
        let instances = paths.into_iter().filter_map(|path| self.files.get(path)).cloned().collect();
        Inventory { instances, rejected: Vec::new() }
    }
}

/// Why a stored plan cannot be computed anew.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotRecomputed {
    /// Its files are gone.
    FilesGone(Vec<PathBuf>),
    /// Its files hold another content.
    OtherContent,
    /// Its files are no sound case; why.
    Case(String),
    /// Its files are no case.
    NoCase,
}

impl fmt::Display for NotRecomputed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FilesGone(files) => {
                let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
                write!(
                    f,
                    "files are gone: {}; bring them back, or import them from where they are",
                    files.join(", ")
                )
            }
            Self::OtherContent => {
                f.write_str("its files hold another content now: import them as a new version")
            }
            Self::Case(reason) => f.write_str(reason),
            Self::NoCase => f.write_str("its files can't be read as a case any more"),
        }
    }
}

impl std::error::Error for NotRecomputed {}
