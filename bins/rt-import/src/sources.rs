//! The files that stored plans came from, found again.
//!
//! Units: none. Frame: none.

use crate::case::process;
use crate::config::Settings;
use crate::exit::{Failure, chain};
use crate::record::{Importer, case_record};
use rt_model::instance::{Content, Instance, Inventory};
use rt_model::matching::match_cases;
use rt_model::read::{ScanOptions, compare_duplicates, scan};
use rt_sql::record::{CaseRecord, SourceFile};
use rt_sql::{StoredImport, digest_text};
use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The headers of the files, and of the planning images beside them.
pub struct Sources {
    /// By path.
    files: HashMap<PathBuf, Instance>,
    /// The images among them by frame of reference.
    images: HashMap<Option<String>, Vec<PathBuf>>,
}

impl Sources {
    /// Reads the headers of all `files` that are still there, and of what lies in the same folders, each folder once.
    ///
    /// # Errors
    /// Never for a file that is gone or can't be read: the plans it belongs to are told later.
    pub fn scan<'a>(files: impl Iterator<Item = &'a SourceFile>) -> Result<Self, Failure> {
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
        let inventory = inventory.map_err(|error| Failure::stopped(chain(&error)))?;
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

    /// Computes the case of a stored plan from its own files alone. The error says why that can't be, in words.
    ///
    /// # Errors
    /// Where files are gone, or hold another content than the one stored.
    pub fn compute(&self, import: &StoredImport, settings: &Settings) -> Result<CaseRecord, String> {
        let inventory = self.of(import);
        let duplicates = compare_duplicates(&inventory, &settings.read);
        let matching = match_cases(&inventory, &duplicates, &settings.matching);
        let mut reason = None;
        for matched in &matching.cases {
            let Some(result) = process(matched, &inventory, settings, &|_, _| false, &|| false) else { continue };
            match result.computed {
                Some(computed) => {
                    let record = case_record(matched, &computed, settings, &Importer::current());
                    if digest_text(&record.identity.digest) == import.digest {
                        return Ok(record);
                    }
                    reason = Some("its files hold another content now: import them as a new version".to_owned());
                }
                None => reason = reason.or(result.report.reason),
            }
        }
        let gone: Vec<String> =
            import.import.files.iter().filter(|file| !file.path.is_file()).map(|file| file.path.display().to_string()).collect();
        Err(match (gone.is_empty(), reason) {
            (false, _) => format!("files are gone: {}; bring them back, or import them from where they are", gone.join(", ")),
            (true, Some(reason)) => reason,
            (true, None) => "its files can't be read as a case any more".to_owned(),
        })
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
