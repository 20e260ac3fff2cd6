//! DICOM files that exist already, to be sent as they are.
//!
//! Units: none. Frame: none.

use crate::error::{DeliverError, DeliverErrorKind};
use crate::facts::Facts;
use crate::queued::new_instance;
use crate::source::{SourceError, SourceErrorKind};
use crate::spool::Spool;
use rayon::prelude::*;
use rt_model::finding::{Finding, Severity};
use rt_model::read::{ScanOptions, scan, stored_instance};
use rt_sql::queue::{Job, NewInstance, NewJob};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Files that are to be sent.
#[derive(Debug, Default)]
pub struct FileSet {
    instances: Vec<NewInstance>,
    facts: Facts,
    notices: Vec<FileNotice>,
    identity_removed: usize,
}

/// A file that is left out.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FileNotice {
    /// It claims to be DICOM and can't be read.
    Unreadable(Finding),
    /// It has the same SOP instance as an earlier one; a node would take the first as well.
    Copy {
        /// The file.
        path: PathBuf,
        /// The one that is sent.
        first: PathBuf,
    },
}

impl FileSet {
    /// Reads the headers of files, and of all files in folders.
    ///
    /// # Errors
    /// [`SourceErrorKind::Path`] where a path can't be read. What is left out is in [`Self::notices`].
    pub fn read(paths: &[PathBuf]) -> Result<Self, SourceError> {
        let absolute = |path: &PathBuf| {
            let absolute = std::path::absolute(path);
            absolute.map_err(|error| {
                SourceError::new(SourceErrorKind::Path, path.display(), "no path").caused(error)
            })
        };
        let paths: Vec<PathBuf> = paths.iter().map(absolute).collect::<Result<_, _>>()?;
        let inventory =
            scan(&paths, &ScanOptions::default(), &|_| ControlFlow::Continue(())).map_err(|error| {
                SourceError::new(SourceErrorKind::Path, "", "a path can't be read").caused(error)
            })?;
        let mut files = Self::default();
        let damaged =
            inventory.rejected.iter().filter(|rejected| rejected.finding.severity == Severity::Error);
        files.notices.extend(damaged.map(|rejected| FileNotice::Unreadable(rejected.finding.clone())));
        let read: Vec<_> =
            inventory.instances.par_iter().map(|instance| stored_instance(&instance.info.path)).collect();
        let mut places: HashMap<_, PathBuf> = HashMap::new();
        for one in read {
            let (info, encoded) = match one {
                Ok(one) => one,
                Err(error) => {
                    files.notices.push(FileNotice::Unreadable(error.finding()));
                    continue;
                }
            };
            if let Some(first) = places.get(&info.sop_instance) {
                files.notices.push(FileNotice::Copy { path: info.path.clone(), first: first.clone() });
                continue;
            }
            places.insert(info.sop_instance.clone(), info.path.clone());
            files.identity_removed += usize::from(info.patient.identity_removed);
            files.facts.add(&info);
            let instance = new_instance(&info, &encoded, None);
            files.instances.push(
                instance
                    .map_err(|error| SourceError::new(SourceErrorKind::Read, "", "no file").caused(error))?,
            );
        }
        Ok(files)
    }

    /// Number of files that are sent.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.instances.len()
    }

    /// There is no DICOM file.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.instances.is_empty()
    }

    /// Files that are left out, in order.
    #[must_use]
    pub fn notices(&self) -> &[FileNotice] {
        &self.notices
    }

    /// Number of files that claim to be DICOM and can't be read.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        self.notices.iter().filter(|notice| matches!(notice, FileNotice::Unreadable(_))).count()
    }

    /// What the files say of patients and studies.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Refuses files that must not reach a PACS, and files of several patients unless the user agreed.
    ///
    /// # Errors
    /// [`DeliverErrorKind::IdentityRemoved`], [`DeliverErrorKind::SeveralPatients`].
    pub fn check(&self, several_patients: bool) -> Result<(), DeliverError> {
        if self.identity_removed > 0 {
            let files = self.identity_removed;
            let text =
                format!("{files} files say that the patient's identity was removed: they belong on no PACS");
            return Err(DeliverError::new(DeliverErrorKind::IdentityRemoved { files }, "", text));
        }
        let patients = self.facts.patient_ids();
        if patients.len() > 1 && !several_patients {
            let text = format!("these files are of {} patients: {}", patients.len(), patients.join(", "));
            return Err(DeliverError::new(DeliverErrorKind::SeveralPatients, "", text));
        }
        Ok(())
    }

    /// The latest job of this node that is of the same files.
    ///
    /// # Errors
    /// Where the queue can't be read.
    pub async fn known_job(&self, spool: &Spool, node: &str) -> Result<Option<Job>, DeliverError> {
        let jobs = spool.queue.jobs().await.map_err(DeliverError::queue)?;
        for job in jobs.into_iter().rev().filter(|job| job.node == node && job.total() == self.len() as u64) {
            let queued = spool.queue.instances(job.id).await.map_err(DeliverError::queue)?;
            if queued.iter().map(|queued| &queued.instance).eq(&self.instances) {
                return Ok(Some(job));
            }
        }
        Ok(None)
    }

    /// Queues the files for a node and returns the number of their job.
    ///
    /// # Errors
    /// As [`Self::check`], and where the queue can't be written.
    pub async fn queue(
        &self,
        spool: &Spool,
        node: &str,
        several_patients: bool,
    ) -> Result<i64, DeliverError> {
        self.check(several_patients)?;
        let title = format!("{} files of {}", self.len(), self.facts.patient_ids().join(", "));
        let (facts, instances) = (self.facts.to_text(), self.instances.clone());
        let job = NewJob { node: node.to_owned(), title, facts, hold: None, instances };
        spool.queue.add(job).await.map_err(DeliverError::queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_and_a_damaged_file_are_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let written = rt_phantom::case::CaseBuilder::new("files").write(&folder.path().join("case")).unwrap();
        let plan = written.path(rt_phantom::case::Role::Plan).unwrap();
        std::fs::copy(plan, folder.path().join("case").join("zz-copy.dcm")).unwrap();
        let files = FileSet::read(&[folder.path().to_owned()]).unwrap();
        assert_eq!(files.notices().len(), 1);
        assert!(matches!(&files.notices()[0], FileNotice::Copy { .. }), "{:?}", files.notices());
        assert!(!files.is_empty() && files.unreadable() == 0);
        assert!(files.check(false).is_ok(), "one patient");
        let absent = FileSet::read(&[folder.path().join("absent")]).unwrap_err();
        assert_eq!(absent.kind(), SourceErrorKind::Path);
    }

    #[test]
    fn several_patients_need_an_agreement() {
        let folder = tempfile::tempdir().unwrap();
        let patient =
            |id: &str| rt_model::patient::Patient { id: id.into(), name: id.into(), ..Default::default() };
        for id in ["ONE", "TWO"] {
            rt_phantom::case::CaseBuilder::new(id)
                .patient(patient(id))
                .write(&folder.path().join(id))
                .unwrap();
        }
        let files = FileSet::read(&[folder.path().to_owned()]).unwrap();
        let refused = files.check(false).unwrap_err();
        assert_eq!(refused.kind(), DeliverErrorKind::SeveralPatients);
        assert_eq!(refused.to_string(), "these files are of 2 patients: ONE, TWO");
        assert!(files.check(true).is_ok());
    }
}
