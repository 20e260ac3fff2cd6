//! What lies in a folder that others write to, and which of it is whole.
//!
//! Units: none. Frame: none.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use walkdir::WalkDir;

/// A folder as it was last seen.
#[derive(Debug)]
pub struct Folder {
    quiet: Duration,
    files: HashMap<PathBuf, Seen>,
}

/// A file as it was last seen. How long it has been so is measured by this computer's steady clock: the times
/// on a share are another computer's.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    length: u64,
    modified: Option<SystemTime>,
    since: Instant,
    done: bool,
}

/// The files that have been quiet for long enough.
#[derive(Debug, PartialEq)]
pub struct Quiet {
    /// All of them, sorted.
    pub files: Vec<PathBuf>,
    /// Those that were not [`Folder::done`] yet, sorted.
    pub fresh: Vec<PathBuf>,
}

impl Folder {
    /// A folder that nobody has looked at yet; a file is whole after so long without a change.
    #[must_use]
    pub fn new(quiet: Duration) -> Self {
        Self { quiet, files: HashMap::new() }
    }

    /// Looks at the folder. Files that can't be seen now (the share is away for a moment) are forgotten, and
    /// new when they return.
    pub fn look(&mut self, folder: &Path) -> Quiet {
        self.look_at(folder, Instant::now())
    }

    fn look_at(&mut self, folder: &Path, now: Instant) -> Quiet {
        let mut found = HashMap::new();
        for entry in WalkDir::new(folder).follow_links(true).into_iter().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            if !about.is_file() {
                continue;
            }
            let (length, modified) = (about.len(), about.modified().ok());
            let path = entry.into_path();
            let seen = match self.files.remove(&path) {
                Some(seen) if (seen.length, seen.modified) == (length, modified) => seen,
                _ => Seen { length, modified, since: now, done: false },
            };
            found.insert(path, seen);
        }
        self.files = found;
        let quiet = |seen: &Seen| now.saturating_duration_since(seen.since) >= self.quiet;
        let sorted = |wanted: &dyn Fn(&Seen) -> bool| {
            let mut paths: Vec<PathBuf> =
                self.files.iter().filter(|(_, seen)| wanted(seen)).map(|(path, _)| path.clone()).collect();
            paths.sort();
            paths
        };
        Quiet { files: sorted(&quiet), fresh: sorted(&|seen| quiet(seen) && !seen.done) }
    }

    /// These files need not be handed over again until they change.
    pub fn done(&mut self, files: &[PathBuf]) {
        for path in files {
            if let Some(seen) = self.files.get_mut(path) {
                seen.done = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Duration = Duration::from_secs(30);

    #[test]
    fn a_file_that_grows_is_not_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("RD.dcm");
        let start = Instant::now();
        let mut watched = Folder::new(QUIET);
        std::fs::write(&path, "half").unwrap();
        assert_eq!(watched.look_at(folder.path(), start).files, [] as [PathBuf; 0]);
        std::fs::write(&path, "half and half").unwrap();
        assert!(watched.look_at(folder.path(), start + QUIET).fresh.is_empty());
        let later = watched.look_at(folder.path(), start + QUIET * 2);
        assert_eq!((&later.files, &later.fresh), (&vec![path.clone()], &vec![path.clone()]));
        watched.done(&later.fresh);
        let after = watched.look_at(folder.path(), start + QUIET * 3);
        assert_eq!((after.files.len(), after.fresh.len()), (1, 0));
        std::fs::write(&path, "another export").unwrap();
        assert!(watched.look_at(folder.path(), start + QUIET * 4).files.is_empty());
        assert_eq!(watched.look_at(folder.path(), start + QUIET * 5).fresh, [path]);
    }

    #[test]
    fn what_goes_and_comes_back_is_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "a").unwrap();
        let start = Instant::now();
        let mut watched = Folder::new(Duration::ZERO);
        let seen = watched.look_at(folder.path(), start);
        watched.done(&seen.fresh);
        std::fs::remove_file(&path).unwrap();
        assert!(watched.look_at(folder.path(), start).files.is_empty());
        std::fs::write(&path, "a").unwrap();
        assert_eq!(watched.look_at(folder.path(), start).fresh.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_back_end() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "a").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        assert_eq!(Folder::new(Duration::ZERO).look(folder.path()).files.len(), 1);
    }
}
