//! The shared data beside the checkout: files of planning systems, cases, truth of other programs.
//!
//! Units: none. Frame: none.

use crate::skip::skip;
use std::path::{Path, PathBuf};

/// The folder of real files: `$RT_SHARED_DATA`, otherwise `shared/data` beside the checkout. `None` where it
/// is absent, which CI does not accept.
#[must_use]
pub fn data() -> Option<PathBuf> {
    existing(root())
}

/// A folder beside the one of real files, such as `cases` or `peers/data`.
#[must_use]
pub fn beside_data(name: &str) -> Option<PathBuf> {
    existing(root().join("..").join(name))
}

fn root() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("RT_SHARED_DATA").map_or_else(beside, PathBuf::from)
}

fn existing(folder: PathBuf) -> Option<PathBuf> {
    match folder.canonicalize() {
        Ok(found) if found.is_dir() => Some(found),
        _ => {
            skip(&format!("no shared data at {}", folder.display()));
            None
        }
    }
}
