//! `rt-import purge`.
//!
//! Units: none. Frame: none.

use super::change::{self, Done};
use super::confirm::confirm;
use crate::cli::PurgeArgs;
use crate::config::Layer;
use rt_cli::exit::{Exit, Failure};
use rt_report::change::ChangeReport;
use rt_report::path_text;

const LEFT_TO_DO: &str = "Beyond this program's reach: backups, a server's binary logs, reports and exports that were written before.\n";

/// Removes everything of a patient.
///
/// # Errors
/// Where nothing of the patient is stored, the user does not want it, or the database refuses.
pub(crate) fn run(args: &PurgeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let mrn = &args.patient;
    change::run(&args.change, layer, |connection, act| {
        let plans = connection.ask(|database| async move { database.list(Some(mrn)).await })?.len();
        confirm(&format!("Remove everything of MRN {mrn} ({plans} plans) for ever?"), args.yes)?;
        let purged = connection.ask(|database| async move { database.purge_patient(mrn, &act).await });
        let purged = purged.map_err(|failure| match failure.exit {
            Exit::Stopped => Failure { text: format!("{}; {NEEDED}", failure.text), ..failure },
            _ => failure,
        })?;
        let mut text = format!(
            "{} plans removed; the log says {} where it named the patient",
            purged.plans, purged.stands_in
        );
        text += &match purged.mentions {
            0 => "\n".to_owned(),
            count => format!(", as do {count} texts about others\n"),
        };
        text += LEFT_TO_DO;
        if !purged.files.is_empty() {
            text += "The plans came from these files; importing them again would bring the patient back:\n";
            text.extend(purged.files.iter().map(|file| format!("  {}\n", path_text(file))));
        }
        Ok(Done { text, report: ChangeReport::purged(&purged) })
    })
}

const NEEDED: &str =
    "nothing was removed; on a server this needs the rights of the privacy role that `rt-import init` prints";
