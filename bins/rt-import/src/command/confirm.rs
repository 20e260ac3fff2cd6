//! Asking before something is lost.
//!
//! Units: none. Frame: none.

use rt_cli::exit::Failure;
use std::io::{BufRead, IsTerminal, Write};

/// Asks a question that only `yes` answers in the affirmative. Without a terminal nobody can answer: `--yes`
/// says it in advance.
///
/// # Errors
/// Where the answer is no, or nobody can give one.
pub(crate) fn confirm(question: &str, said_yes: bool) -> Result<(), Failure> {
    if said_yes {
        return Ok(());
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::usage(format!("{question} Nobody is there to ask: say it with --yes")));
    }
    let mut answer = String::new();
    let asked = write!(std::io::stderr(), "{question} Type yes to go on: ")
        .and_then(|()| stdin.lock().read_line(&mut answer));
    match asked {
        Ok(_) if answer.trim().eq_ignore_ascii_case("yes") => Ok(()),
        _ => Err(Failure::usage("nothing was changed")),
    }
}
