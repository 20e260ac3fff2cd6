//! Removing everything of a patient: consent was withdrawn.
//!
//! What happened stays in `Audit`, but no longer to whom: the patient's identifier gives way to a random word
//! that leads nowhere.
//!
//! Units: none. Frame: none.

use super::audit;
use crate::database::Database;
use crate::error::{SqlError, SqlErrorKind};
use crate::record::Act;
use crate::session::Session;
use crate::tables::below_imports;
use crate::value::Value;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::PathBuf;

/// What removing a patient did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    /// Plans that went.
    pub plans: usize,
    /// Files that the patient's plans came from. Importing them again would bring the patient back.
    pub files: Vec<PathBuf>,
    /// What stands for the patient in `Audit` from now on.
    pub stands_in: String,
    /// Texts about others that named the patient (an accepted mismatch, a folder's name) and name the
    /// stand-in now.
    pub mentions: usize,
}

/// Texts that may name a patient other than their own.
const TEXTS: [(&str, &str); 6] = [
    ("Findings", "Text"),
    ("Findings", "File"),
    ("FieldSources", "Source"),
    ("ImportFiles", "Path"),
    ("OldValues", "Value"),
    ("Audit", "Reason"),
];

const REMOVED: &str = "(removed with the patient)";

impl Database {
    /// Removes every row of a patient, also those of the original importer, and every mention in texts about
    /// others. The rows of `Audit` stay, with a random word for the patient and without their reasons. On
    /// SQLite the file is then rewritten, so that nothing is left in its free pages; a server's logs and
    /// backups are beyond this program's reach.
    ///
    /// On a server this needs the right to change `Audit`, which importers do not have.
    ///
    /// # Errors
    /// [`SqlErrorKind::NotStored`]; where the database refuses.
    pub async fn purge_patient(&self, mrn: &str, act: &Act) -> Result<Purged, SqlError> {
        let mut session = self.session().await?;
        session.overwrite_deleted().await?;
        session.begin(&[mrn]).await?;
        let outcome = self.purge_in(&mut session, mrn, act).await;
        let purged = session.finish(outcome).await?;
        session.rewrite().await?;
        Ok(purged)
    }

    async fn purge_in(&self, session: &mut Session, mrn: &str, act: &Act) -> Result<Purged, SqlError> {
        let mrn_is = self.schema().mrn_is();
        let key = || vec![Value::from(mrn)];
        let plans = session.number(&format!("SELECT COUNT(*) FROM Plans WHERE {mrn_is}"), key()).await?;
        let mut traces = plans;
        for table in ["Imports", "Exclusions", "Moves", "Audit"] {
            traces += session.number(&format!("SELECT COUNT(*) FROM {table} WHERE MRN = ?"), key()).await?;
        }
        if traces == 0 {
            return Err(SqlError::new(SqlErrorKind::NotStored { mrn: mrn.to_owned(), plan_id: None }));
        }
        let mut files = Vec::new();
        for mut row in
            session.query("SELECT DISTINCT Path FROM ImportFiles WHERE MRN = ? ORDER BY Path", key()).await?
        {
            files.extend(row.next::<Option<String>>()?.filter(|path| !path.is_empty()).map(PathBuf::from));
        }
        for table in ["DVHs", "Plans"] {
            session.execute(&format!("DELETE FROM {table} WHERE {mrn_is}"), key()).await?;
        }
        for table in below_imports().chain(["Imports", "Exclusions", "Moves"]) {
            session.execute(&format!("DELETE FROM {table} WHERE MRN = ?"), key()).await?;
        }
        session.execute("DELETE FROM Moves WHERE ToMRN = ?", key()).await?;
        let stands_in = stand_in();
        session.unlock_audit().await?;
        let values = vec![(&stands_in).into(), REMOVED.into(), mrn.into()];
        session.execute("UPDATE Audit SET MRN = ?, Reason = ? WHERE MRN = ?", values).await?;
        let mut mentions = 0;
        for (table, column) in TEXTS {
            mentions += replace_mentions(session, table, column, mrn, &stands_in).await?;
        }
        session.lock_audit().await?;
        let reason = replaced(&act.reason, mrn, &stands_in).unwrap_or_else(|| act.reason.clone());
        let what = format!("{plans} plans removed");
        let entry = audit::Entry { action: "purge", mrn: &stands_in, plan_id: 0, what };
        audit::write(self, session, &Act { reason, ..act.clone() }, entry).await?;
        Ok(Purged { plans: usize::try_from(plans).unwrap_or_default(), files, stands_in, mentions })
    }
}

/// A word that is not derived from anything: the keys of each `RandomState` come from the system's random
/// numbers.
fn stand_in() -> String {
    let word = |_| RandomState::new().hash_one(0_u8);
    format!("purged-{:016x}{:08x}", word(0), word(1) >> 32)
}

/// Replaces a patient's identifier in one column of a table; how many texts named it.
async fn replace_mentions(
    session: &mut Session,
    table: &str,
    column: &str,
    mrn: &str,
    stands_in: &str,
) -> Result<usize, SqlError> {
    let found = format!("SELECT DISTINCT {column} FROM {table} WHERE INSTR({column}, ?) > 0");
    let update = format!("UPDATE {table} SET {column} = ? WHERE {column} = ?");
    let mut mentions = 0;
    for mut row in session.query(&found, vec![mrn.into()]).await? {
        let text: String = row.next()?;
        if let Some(new) = replaced(&text, mrn, stands_in) {
            session.execute(&update, vec![new.into(), text.into()]).await?;
            mentions += 1;
        }
    }
    Ok(mentions)
}

/// The text with a stand-in for an identifier; `None` where it does not name it. A part of a longer word or
/// number is no mention.
fn replaced(text: &str, mrn: &str, stands_in: &str) -> Option<String> {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '.');
    let mut new = String::new();
    let mut rest = text;
    let mut named = false;
    while let Some(at) = rest.find(mrn) {
        let end = at + mrn.len();
        let before = rest[..at].chars().next_back().or_else(|| new.chars().next_back());
        let after = &rest[end..];
        // A full stop ends a sentence or parts a file's name from its extension; before a digit it is a
        // number's or a UID's.
        let inside = part_of_word(before)
            || after.starts_with(char::is_alphanumeric)
            || starts_with_digit_after_dot(after);
        new += &rest[..at];
        new += if inside { mrn } else { stands_in };
        named |= !inside;
        rest = after;
    }
    named.then(|| new + rest)
}

fn starts_with_digit_after_dot(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_words_of_their_own() {
        for (text, new) in [
            ("patient mismatch A=4711", Some("patient mismatch A=X")),
            ("/in/4711/RP.dcm", Some("/in/X/RP.dcm")),
            ("/in/4711.dcm", Some("/in/X.dcm")),
            ("\"4711\" was accepted as 4711.", Some("\"X\" was accepted as X.")),
            ("dose 1.2.4711 is total", None),
            ("4711.5 cGy and 24711", None),
            ("4711A, 4711", Some("4711A, X")),
            ("nobody", None),
        ] {
            assert_eq!(replaced(text, "4711", "X").as_deref(), new, "{text}");
        }
    }

    #[test]
    fn stand_ins_differ() {
        assert_ne!(stand_in(), stand_in());
        assert!(stand_in().len() <= 64);
    }
}
