//! `rt-import doctor`: looks and changes nothing.
//!
//! Units: bytes. Frame: none.

use super::connection::{open_options, runtime};
use crate::cli::DoctorArgs;
use crate::config::{DatabaseSettings, Layer, Settings};
use crate::view::columns::columns;
use rt_cli::exit::{Exit, Failure, chain};
use rt_cli::output;
use rt_report::stored::{DOCTOR_SCHEMA, Doctor, Examined};
use rt_sql::{Inspection, Tls, inspect};
use std::path::Path;

/// Less free space than this is told.
const LITTLE_SPACE: u64 = 1 << 30;

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    Mind,
    Bad,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Mind => "mind",
            Self::Bad => "bad",
        }
    }
}

/// A thing that was looked at.
struct Look {
    what: &'static str,
    state: State,
    found: String,
    remedy: Option<String>,
}

fn look(what: &'static str, state: State, found: impl Into<String>, remedy: Option<&str>) -> Look {
    Look { what, state, found: found.into(), remedy: remedy.map(str::to_owned) }
}

/// Looks for what is wrong.
///
/// # Errors
/// Where the findings can't be written; what is wrong is no error but the exit code 1.
pub(crate) fn run(args: &DoctorArgs, layer: &Layer) -> Result<Exit, Failure> {
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let looks = looks(layer)?;
    let word = |state: State| if state == State::Bad { "BAD" } else { state.as_str() };
    let mut text = columns(
        &["", "what", "found"],
        looks.iter().map(|look| vec![word(look.state).to_owned(), look.what.to_owned(), look.found.clone()]),
    );
    for look in looks.iter().filter(|look| look.remedy.is_some()) {
        text += &format!("  {}: {}\n", look.what, look.remedy.as_deref().unwrap_or_default());
    }
    output::print(&text, args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        let examined = looks.iter().map(|look| Examined {
            found: &look.found,
            remedy: look.remedy.as_deref(),
            state: look.state.as_str(),
            what: look.what,
        });
        output::write_json(path, &Doctor { looks: examined.collect(), schema: DOCTOR_SCHEMA })?;
    }
    Ok(if looks.iter().any(|look| look.state == State::Bad) { Exit::SomeRefused } else { Exit::Done })
}

fn looks(layer: &Layer) -> Result<Vec<Look>, Failure> {
    let settings = match Settings::new(layer) {
        Ok(settings) => settings,
        Err(failure) => {
            let remedy = "correct the key; `rt-import --print-config` prints what is in effect";
            return Ok(vec![look("configuration", State::Bad, failure.text, Some(remedy))]);
        }
    };
    let database = &settings.database;
    let mut looks =
        vec![look("configuration", State::Good, format!("{} · {}", database.in_words(), settings.case.evaluate.dvh), None)];
    looks.extend(layer.secret_in.as_deref().and_then(configuration_file));
    looks.extend(password_file(database));
    let options = open_options(database)?;
    match runtime()?.block_on(inspect(&database.url, &options)) {
        Ok(seen) => looks.extend(of_the_database(&seen, database)),
        Err(error) => {
            let remedy = match database.url.sqlite_path() {
                Some(path) if !path.exists() => "there is no such file yet: `rt-import init` makes it",
                Some(_) => "is it an SQLite database that this account may read?",
                None => {
                    "is the server running, are address, account, password and tls right? `rt-import init` makes a missing database"
                }
            };
            looks.push(look("connection", State::Bad, chain(&error), Some(remedy)));
        }
    }
    if let Some(path) = database.url.sqlite_path() {
        looks.extend(std::path::absolute(path).ok().and_then(|path| disk(path.parent()?)));
        looks.extend(permissions(path));
    }
    Ok(looks)
}

fn of_the_database(seen: &Inspection, settings: &DatabaseSettings) -> Vec<Look> {
    let mut looks = vec![look("connection", State::Good, seen.server.clone(), None)];
    if settings.url.sqlite_path().is_none() {
        looks.push(match (&seen.cipher, &settings.tls) {
            (Some(cipher), _) => look("encryption", State::Good, cipher.clone(), None),
            (None, Tls::Required { .. }) => look("encryption", State::Bad, "required and absent", None),
            (None, Tls::Off) => {
                let remedy = "unless the server is this computer, set database.tls = \"required\"";
                look("encryption", State::Mind, "the connection is not encrypted", Some(remedy))
            }
        });
    }
    let versions = format!("version {}, this program knows {}", seen.schema_found, seen.schema_known);
    looks.push(match seen.schema_found.cmp(&seen.schema_known) {
        std::cmp::Ordering::Equal => look("schema", State::Good, versions, None),
        std::cmp::Ordering::Less => {
            look("schema", State::Mind, versions, Some("`rt-import init` or the next import brings it up to date"))
        }
        std::cmp::Ordering::Greater => {
            look("schema", State::Bad, versions, Some("use the newer program that migrated this database"))
        }
    });
    if let Some(problem) = &seen.unusable {
        looks.push(look("tables", State::Bad, problem.clone(), Some("nothing can be imported until this is cured")));
    }
    for (right, has) in &seen.rights {
        let state = if *has || *right == "purge" || *right == "init and migrate" { State::Good } else { State::Mind };
        let found = format!("{right}: {}", if *has { "allowed" } else { "not allowed" });
        looks.push(look("rights", state, found, None));
    }
    if seen.rights.iter().any(|(right, has)| !has && matches!(*right, "read" | "import" | "write")) {
        looks.push(look(
            "rights",
            State::Mind,
            "this account can't import",
            Some("`rt-import init` prints the rights each role needs"),
        ));
    }
    if let Some((plans, original)) = seen.plans {
        let size = seen.bytes.map_or_else(String::new, |bytes| format!(", {:.1} MB", bytes as f64 / 1e6));
        let plural = if plans == 1 { "" } else { "s" };
        looks.push(look(
            "contents",
            State::Good,
            format!("{plans} plan{plural}, {original} of the original importer{size}"),
            None,
        ));
    }
    if settings.url.sqlite_path().is_none() {
        let unseen = || look("disk", State::Good, "the server's own: its free space can't be seen from here", None);
        looks.push(seen.data_folder.as_deref().and_then(disk).unwrap_or_else(unseen));
    }
    for damage in &seen.damage {
        looks.push(look("contents", State::Bad, damage.clone(), Some("restore a backup, or import into a new database")));
    }
    looks
}

/// The free space where a database grows.
fn disk(folder: &Path) -> Option<Look> {
    let free = free_bytes(folder)?;
    let found = format!("{:.1} GB free at {}", free as f64 / 1e9, folder.display());
    let remedy = (free < LITTLE_SPACE).then_some("make room: an import that finds the disk full stops");
    Some(look("disk", if remedy.is_some() { State::Mind } else { State::Good }, found, remedy))
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

/// Who else may read an SQLite file.
fn permissions(path: &Path) -> Option<Look> {
    let others = others_may_read(path)?;
    let remedy = "it holds patient data: chmod 600, unless the others are meant";
    Some(match others {
        true => look("permissions", State::Mind, "others than its owner may read the file", Some(remedy)),
        false => look("permissions", State::Good, "its owner alone may read the file", None),
    })
}

/// A configuration that holds the password.
fn configuration_file(path: &Path) -> Option<Look> {
    let found = format!("others may read {}, which holds the password", path.display());
    others_may_read(path)?.then(|| look("password", State::Mind, found, Some("chmod 600")))
}

/// A password's file that others can read is no secret.
fn password_file(settings: &DatabaseSettings) -> Option<Look> {
    let path = settings.password_file.as_deref()?;
    Some(match others_may_read(path) {
        None => look("password", State::Bad, format!("{}: can't be read", path.display()), None),
        Some(true) => look("password", State::Mind, "others may read the password's file", Some("chmod 600")),
        Some(false) => look("password", State::Good, "from its file", None),
    })
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
fn others_may_read(path: &Path) -> Option<bool> {
    std::fs::metadata(path).ok().map(|_| false)
}
