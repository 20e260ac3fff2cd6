//! Who runs the program, for `Imports` and `Audit`.
//!
//! Units: none. Frame: none.

use rt_dvh::Engine;
use rt_model::date::{Date, DateTime, Time};
use rt_sql::record::Act;

/// Who imports, where and when: the same for all cases of an import.
#[derive(Debug, Clone)]
pub struct Importer {
    /// Account.
    pub who: String,
    /// Computer.
    pub host: String,
    /// Start of the run, UTC.
    pub at: DateTime,
}

impl Importer {
    /// The account and computer this runs on, now.
    #[must_use]
    pub fn current() -> Self {
        let variable = |names: &[&str]| {
            names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        };
        let who = variable(&["USER", "LOGNAME", "USERNAME"])
            .or_else(account)
            .unwrap_or_else(|| "unknown".to_owned());
        let host = variable(&["HOSTNAME", "COMPUTERNAME"])
            .or_else(|| Some(std::fs::read_to_string("/etc/hostname").ok()?.trim().to_owned()))
            .filter(|host| !host.is_empty())
            .unwrap_or_else(|| "unknown".to_owned());
        Self { who, host, at: now() }
    }

    /// A decision of this account, now.
    #[must_use]
    pub fn act(&self, reason: &str) -> Act {
        Act {
            at: self.at,
            who: self.who.clone(),
            host: self.host.clone(),
            version: Engine::current().version.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// UTC to the second; the first day of 1970 where the clock is beyond what a date can say.
fn now() -> DateTime {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let part = |value: i8| u8::try_from(value).unwrap_or(0);
    let date =
        u16::try_from(now.year()).ok().and_then(|year| Date::new(year, part(now.month()), part(now.day())));
    match date.or_else(|| Date::new(1970, 1, 1)) {
        Some(date) => {
            DateTime { date, time: Time::new(part(now.hour()), part(now.minute()), part(now.second())) }
        }
        None => unreachable!("1970-01-01 is a date"),
    }
}

/// The account that this process runs as: a service or a container has no session that names it.
#[cfg(unix)]
fn account() -> Option<String> {
    // A process owns its own entry.
    let uid = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").ok()?);
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    Some(name_of(&accounts, uid).map_or_else(|| format!("uid {uid}"), str::to_owned))
}

#[cfg(not(unix))]
fn account() -> Option<String> {
    None
}

/// The name of a numbered account in the form of `/etc/passwd`.
#[cfg(unix)]
fn name_of(accounts: &str, uid: u32) -> Option<&str> {
    let uid = uid.to_string();
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1) == Some(&uid)).then_some(name)
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn an_account_without_a_session_has_a_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\nimporter:x:10:100::/:/bin/false\n";
        assert_eq!((name_of(accounts, 10), name_of(accounts, 100)), (Some("importer"), None));
        assert!(account().is_some_and(|name| !name.is_empty()));
    }
}
