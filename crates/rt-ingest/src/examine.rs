//! What of an installation is as it should be: connection, schema, rights, disk, who may read what.
//!
//! Looks and changes nothing.
//!
//! Units: bytes. Frame: none.

use rt_sql::{DatabaseUrl, Inspection, Tls};
use std::cmp::Ordering;
use std::path::Path;

/// Less free space than this is reported.
const LITTLE_SPACE: u64 = 1 << 30;

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Health {
    /// As it should be.
    Good,
    /// Worth a look.
    Mind,
    /// Nothing works with it.
    Bad,
}

impl Health {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Mind => "mind",
            Self::Bad => "bad",
        }
    }
}

/// A thing that was examined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What was examined.
    pub what: &'static str,
    /// How it is.
    pub health: Health,
    /// What was found.
    pub found: String,
    /// What to do.
    pub remedy: Option<String>,
}

impl Examined {
    /// A thing with what was found and what to do.
    #[must_use]
    pub fn new(what: &'static str, health: Health, found: impl Into<String>, remedy: Option<&str>) -> Self {
        Self { what, health, found: found.into(), remedy: remedy.map(str::to_owned) }
    }
}

/// What an inspected database shows: connection, encryption, schema, rights, contents and disk.
#[must_use]
pub fn database(seen: &Inspection, url: &DatabaseUrl, tls: &Tls) -> Vec<Examined> {
    let is_file = url.sqlite_path().is_some();
    let mut looks = vec![Examined::new("connection", Health::Good, seen.server.clone(), None)];
    if !is_file {
        looks.push(match (&seen.cipher, tls) {
            (Some(cipher), _) => Examined::new("encryption", Health::Good, cipher.clone(), None),
            (None, Tls::Required { .. }) => {
                Examined::new("encryption", Health::Bad, "required and absent", None)
            }
            (None, Tls::Off) => {
                let remedy = "unless the server is this computer, set database.tls = \"required\"";
                Examined::new("encryption", Health::Mind, "the connection is not encrypted", Some(remedy))
            }
        });
    }
    let versions = format!("version {}, this program knows {}", seen.schema_found, seen.schema_known);
    looks.push(match seen.schema_found.cmp(&seen.schema_known) {
        Ordering::Equal => Examined::new("schema", Health::Good, versions, None),
        Ordering::Less => Examined::new(
            "schema",
            Health::Mind,
            versions,
            Some("`rt-import init` or the next import brings it up to date"),
        ),
        Ordering::Greater => Examined::new(
            "schema",
            Health::Bad,
            versions,
            Some("use the newer program that migrated this database"),
        ),
    });
    if let Some(problem) = &seen.unusable {
        looks.push(Examined::new(
            "tables",
            Health::Bad,
            problem.clone(),
            Some("nothing can be imported until this is cured"),
        ));
    }
    for (right, has) in &seen.rights {
        let state = if *has || right.is_exceptional() { Health::Good } else { Health::Mind };
        let found = format!("{}: {}", right.in_words(), if *has { "allowed" } else { "not allowed" });
        looks.push(Examined::new("rights", state, found, None));
    }
    if seen.rights.iter().any(|(right, has)| !has && right.is_needed_to_import()) {
        looks.push(Examined::new(
            "rights",
            Health::Mind,
            "this account can't import",
            Some("`rt-import init` prints the rights each role needs"),
        ));
    }
    if let Some((plans, original)) = seen.plans {
        let size = seen.bytes.map_or_else(String::new, |bytes| format!(", {:.1} MB", bytes as f64 / 1e6));
        let plural = if plans == 1 { "" } else { "s" };
        looks.push(Examined::new(
            "contents",
            Health::Good,
            format!("{plans} plan{plural}, {original} of the original importer{size}"),
            None,
        ));
    }
    if !is_file {
        let unseen = || {
            Examined::new(
                "disk",
                Health::Good,
                "the server's own: its free space can't be seen from here",
                None,
            )
        };
        looks.push(seen.data_folder.as_deref().and_then(disk).unwrap_or_else(unseen));
    }
    for damage in &seen.damage {
        looks.push(Examined::new(
            "contents",
            Health::Bad,
            damage.clone(),
            Some("restore a backup, or import into a new database"),
        ));
    }
    looks
}

/// The free space where a database grows; `None` where the system does not say.
#[must_use]
pub fn disk(folder: &Path) -> Option<Examined> {
    let free = free_bytes(folder)?;
    let found = format!("{:.1} GB free at {}", free as f64 / 1e9, folder.display());
    let remedy = (free < LITTLE_SPACE).then_some("make room: an import that finds the disk full stops");
    Some(Examined::new("disk", if remedy.is_some() { Health::Mind } else { Health::Good }, found, remedy))
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(folder).ok()?;
    about.f_bavail.checked_mul(about.f_frsize)
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Who else may read an SQLite file; `None` where it does not exist.
#[must_use]
pub fn permissions(path: &Path) -> Option<Examined> {
    let others = others_may_read(path)?;
    let remedy = "it holds patient data: chmod 600, unless the others are meant";
    Some(match others {
        true => Examined::new(
            "permissions",
            Health::Mind,
            "others than its owner may read the file",
            Some(remedy),
        ),
        false => Examined::new("permissions", Health::Good, "its owner alone may read the file", None),
    })
}

/// Others than its owner may read a file; `None` where it cannot be asked.
#[cfg(unix)]
#[must_use]
pub fn others_may_read(path: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o044 != 0)
}

/// Others than its owner may read a file; `None` where it cannot be asked.
#[cfg(not(unix))]
#[must_use]
pub fn others_may_read(path: &Path) -> Option<bool> {
    std::fs::metadata(path).ok().map(|_| false)
}
