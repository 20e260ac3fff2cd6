//! `rt-import purge`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use crate::cli::PurgeArgs;
use crate::config::Layer;
use crate::confirm::confirm;
use crate::exit::{Exit, Failure};
use crate::report::path_text;
use serde_json::json;

const LEFT_TO_DO: &str =
    "Beyond this program's reach: backups, a server's binary logs, reports and exports that were written before.\n";

/// Removes everything of a patient.
///
/// # Errors
/// Where nothing of the patient is stored, the user does not want it, or the database refuses.
pub fn run(args: &PurgeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mrn = &args.patient;
    change::run("purge", &args.change, layer, |connection, act| {
        let plans = connection.ask(|database| async move { database.list(Some(mrn)).await })?.len();
        confirm(&format!("Remove everything of MRN {mrn} ({plans} plans) for ever?"), args.yes)?;
        let purged = connection.ask(|database| async move { database.purge_patient(mrn, &act).await });
        let purged = purged.map_err(|failure| match failure.exit {
            Exit::Stopped => Failure { text: format!("{}; {NEEDED}", failure.text), ..failure },
            _ => failure,
        })?;
        let mut text = format!("{} plans removed; the log says {} where it named the patient", purged.plans, purged.stands_in);
        text += &match purged.mentions {
            0 => "\n".to_owned(),
            count => format!(", as do {count} texts about others\n"),
        };
        text += LEFT_TO_DO;
        if !purged.files.is_empty() {
            text += "The plans came from these files; importing them again would bring the patient back:\n";
            text.extend(purged.files.iter().map(|file| format!("  {}\n", path_text(file))));
        }
        let files: Vec<String> = purged.files.iter().map(|file| path_text(file)).collect();
        let report = json!({ "plans": purged.plans, "stands_in": purged.stands_in, "mentions": purged.mentions, "files": files });
        Ok(Done { text, report })
    })
}

const NEEDED: &str = "nothing was removed; on a server this needs the rights of the privacy role that `rt-import init` prints";
