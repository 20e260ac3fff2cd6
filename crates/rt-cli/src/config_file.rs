//! The configuration file.
//!
//! Units: none. Frame: none.

use crate::exit::Failure;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// Its name.
const NAME: &str = "dosebridge.toml";

/// The file that is read where none is named: in the working folder, else in the platform's configuration
/// folder.
#[must_use]
pub fn find() -> Option<PathBuf> {
    let folder =
        |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let platform = if cfg!(windows) {
        folder("APPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library").join("Application Support"))
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))
    };
    std::iter::once(PathBuf::from(NAME))
        .chain(platform.map(|folder| folder.join("dosebridge").join(NAME)))
        .find(|path| path.is_file())
}

/// Reads a configuration file.
///
/// # Errors
/// Where it can't be read, is no TOML, or has an unknown key.
pub fn from_file<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| Failure::usage(format!("{}: {}", path.display(), error.message())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Layer {
        bin_gy: f64,
    }

    #[test]
    fn unknown_keys_are_rejected_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        for (text, part) in [("bins = 1\n", "bins"), ("bin_gy = 'x'\n", "expected")] {
            std::fs::write(&path, text).unwrap();
            let failure = from_file::<Layer>(&path).unwrap_err();
            assert!(failure.text.contains(part), "{failure}");
        }
        std::fs::write(&path, "bin_gy = 0.5\n").unwrap();
        assert_eq!(from_file::<Layer>(&path).unwrap().bin_gy, 0.5);
    }
}
