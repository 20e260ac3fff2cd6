//! `rt-import doctor`: looks and changes nothing.
//!
//! Units: bytes. Frame: none.

use super::connection::{open_options, runtime};
use crate::cli::DoctorArgs;
use crate::config::{DatabaseSettings, Layer, Settings};
use crate::view::columns::columns;
use rt_cli::exit::{Exit, Failure, chain};
use rt_cli::output;
use rt_ingest::examine::{self, Examined, Health, others_may_read};
use rt_report::stored::{self, DOCTOR_SCHEMA, Doctor};
use rt_sql::inspect;
use std::path::Path;

/// Looks for what is wrong.
///
/// # Errors
/// Where the findings can't be written; what is wrong is not an error but the exit code 1.
pub(crate) fn run(args: &DoctorArgs, layer: &Layer) -> Result<Exit, Failure> {
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let looks = looks(layer)?;
    let word = |health: Health| if health == Health::Bad { "BAD" } else { health.as_str() };
    let mut text = columns(
        &["", "what", "found"],
        looks.iter().map(|look| vec![word(look.health).to_owned(), look.what.to_owned(), look.found.clone()]),
    );
    for look in looks.iter().filter(|look| look.remedy.is_some()) {
        text += &format!("  {}: {}\n", look.what, look.remedy.as_deref().unwrap_or_default());
    }
    output::print(&text, args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        let examined = looks.iter().map(|look| stored::Examined {
            found: &look.found,
            remedy: look.remedy.as_deref(),
            state: look.health.as_str(),
            what: look.what,
        });
        output::write_json(path, &Doctor { looks: examined.collect(), schema: DOCTOR_SCHEMA })?;
    }
    Ok(if looks.iter().any(|look| look.health == Health::Bad) { Exit::SomeRefused } else { Exit::Done })
}

fn looks(layer: &Layer) -> Result<Vec<Examined>, Failure> {
    let settings = match Settings::new(layer) {
        Ok(settings) => settings,
        Err(failure) => {
            let remedy = "correct the key; `rt-import --print-config` prints what is in effect";
            return Ok(vec![Examined::new("configuration", Health::Bad, failure.text, Some(remedy))]);
        }
    };
    let database = &settings.database;
    let mut looks = vec![Examined::new(
        "configuration",
        Health::Good,
        format!("{} · {}", database.in_words(), settings.case.evaluate.dvh),
        None,
    )];
    looks.extend(layer.secret_in.as_deref().and_then(configuration_file));
    looks.extend(password_file(database));
    let options = open_options(database)?;
    match runtime()?.block_on(inspect(&database.url, &options)) {
        Ok(seen) => looks.extend(examine::database(&seen, &database.url, &database.tls)),
        Err(error) => {
            let remedy = match database.url.sqlite_path() {
                Some(path) if !path.exists() => "there is no such file yet: `rt-import init` makes it",
                Some(_) => "is it an SQLite database that this account may read?",
                None => {
                    "is the server running, are address, account, password and tls right? `rt-import init` makes a missing database"
                }
            };
            looks.push(Examined::new("connection", Health::Bad, chain(&error), Some(remedy)));
        }
    }
    if let Some(path) = database.url.sqlite_path() {
        looks.extend(std::path::absolute(path).ok().and_then(|path| examine::disk(path.parent()?)));
        looks.extend(examine::permissions(path));
    }
    Ok(looks)
}

/// A configuration that holds the password.
fn configuration_file(path: &Path) -> Option<Examined> {
    let found = format!("others may read {}, which holds the password", path.display());
    others_may_read(path)?.then(|| Examined::new("password", Health::Mind, found, Some("chmod 600")))
}

/// A password's file that others can read is no secret.
fn password_file(settings: &DatabaseSettings) -> Option<Examined> {
    let path = settings.password_file.as_deref()?;
    Some(match others_may_read(path) {
        None => Examined::new("password", Health::Bad, format!("{}: can't be read", path.display()), None),
        Some(true) => {
            Examined::new("password", Health::Mind, "others may read the password's file", Some("chmod 600"))
        }
        Some(false) => Examined::new("password", Health::Good, "from its file", None),
    })
}
