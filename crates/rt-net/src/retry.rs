//! What is tried again, and after how long.
//!
//! Units: [`Duration`]. Frame: none.

use crate::error::{NetErrorKind, Rejection};
use std::time::Duration;

/// How long to wait between tries. A try that got one instance through starts the count anew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Wait before the first repetition; each further one waits twice as long.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// Repetitions without any progress.
    pub attempts: u32,
    /// Part of the wait that chance may take away, from 0 to 1, so that many senders do not come back at
    /// once.
    pub jitter: f64,
    /// Associations that may break while one and the same instance is being sent.
    pub breaks_per_instance: u32,
    /// Tries of an instance that the peer failed on without a reason (0110).
    pub failures_per_instance: u32,
}

impl RetryPolicy {
    /// For a PACS: 2, 4, 8 ... 60 s, six times.
    pub const PACS: Self = Self {
        first: Duration::from_secs(2),
        longest: Duration::from_secs(60),
        attempts: 6,
        jitter: 0.3,
        breaks_per_instance: 3,
        failures_per_instance: 3,
    };

    /// The wait before repetition `number`, counted from 0; `None` where enough has been tried. `chance` is
    /// from 0 to 1.
    #[must_use]
    pub fn wait(&self, number: u32, chance: f64) -> Option<Duration> {
        if number >= self.attempts {
            return None;
        }
        let full = self.first.saturating_mul(2_u32.saturating_pow(number)).min(self.longest);
        Some(full.mul_f64(1.0 - self.jitter.clamp(0.0, 1.0) * chance.clamp(0.0, 1.0)))
    }
}

/// Whether a failure may pass by itself. What the other side refused for good is not tried again: an
/// administrator has to act.
#[must_use]
pub const fn may_pass(kind: &NetErrorKind) -> bool {
    match kind {
        NetErrorKind::Connect
        | NetErrorKind::Timeout { .. }
        | NetErrorKind::Aborted(_)
        | NetErrorKind::Closed
        | NetErrorKind::Broken
        | NetErrorKind::Protocol { .. } => true,
        NetErrorKind::Rejected(rejection) => rejection.transient,
        NetErrorKind::Configuration { .. }
        | NetErrorKind::Tls
        | NetErrorKind::NoContext { .. }
        | NetErrorKind::Status { .. }
        | NetErrorKind::Supply { .. }
        | NetErrorKind::Store
        | NetErrorKind::TooMany { .. }
        | NetErrorKind::Cancelled => false,
    }
}

/// What to do about a failure, or to ask the other side's administrator for.
#[must_use]
pub const fn remedy(kind: &NetErrorKind) -> Option<&'static str> {
    Some(match kind {
        NetErrorKind::Rejected(Rejection { origin: 1, reason: 3, .. }) => {
            "ask the PACS administrator to add our calling AE title with our IP address"
        }
        NetErrorKind::Rejected(Rejection { origin: 1, reason: 7, .. }) => {
            "check the called AE title with the PACS administrator: capitals count"
        }
        NetErrorKind::Rejected(Rejection { transient: true, .. }) => "the PACS is busy: try later",
        NetErrorKind::Rejected(_) => {
            "ask the PACS administrator whether our AE title, IP address and the port are set up"
        }
        NetErrorKind::Connect | NetErrorKind::Timeout { waited: crate::error::Waited::Connect } => {
            "check host and port, and ask the PACS administrator whether a firewall lets our IP address through"
        }
        NetErrorKind::Tls => {
            "check the certificate authority and names with the PACS administrator; there is no fall-back to plain text"
        }
        NetErrorKind::Aborted(_) | NetErrorKind::Closed => {
            "if it stays, ask the PACS administrator for the log: some close at once where AE title or IP address are unknown"
        }
        NetErrorKind::NoContext { .. } => {
            "ask the PACS administrator to accept this SOP class and transfer syntax"
        }
        NetErrorKind::Status { status, .. } => return status.remedy(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Aborted, Waited};
    use crate::status::Status;

    #[test]
    fn waits_double_up_to_the_longest_and_end() {
        let seconds: Vec<f64> =
            (0..7).filter_map(|n| RetryPolicy::PACS.wait(n, 0.0)).map(|wait| wait.as_secs_f64()).collect();
        assert_eq!(seconds, [2.0, 4.0, 8.0, 16.0, 32.0, 60.0]);
        assert_eq!(RetryPolicy::PACS.wait(0, 1.0), Some(Duration::from_millis(1400)));
        assert_eq!(
            RetryPolicy { attempts: 99, ..RetryPolicy::PACS }.wait(98, 0.0),
            Some(Duration::from_secs(60))
        );
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let status = NetErrorKind::Status { status: Status::NOT_AUTHORISED, comment: None };
        for (kind, again) in [
            (NetErrorKind::Connect, true),
            (NetErrorKind::Timeout { waited: Waited::Response }, true),
            (NetErrorKind::Aborted(Aborted::USER), true),
            (NetErrorKind::Closed, true),
            (NetErrorKind::Broken, true),
            (NetErrorKind::Protocol { problem: String::new() }, true),
            (NetErrorKind::Rejected(Rejection::LOCAL_LIMIT), true),
            (NetErrorKind::Rejected(Rejection::CALLING_AE), false),
            (NetErrorKind::Rejected(Rejection::CALLED_AE), false),
            (NetErrorKind::Rejected(Rejection::APPLICATION_CONTEXT), false),
            (NetErrorKind::Tls, false),
            (status, false),
            (NetErrorKind::Cancelled, false),
        ] {
            assert_eq!(may_pass(&kind), again, "{kind}");
        }
    }

    #[test]
    fn a_refusal_for_good_says_what_to_ask_for() {
        for rejection in [Rejection::CALLING_AE, Rejection::CALLED_AE, Rejection::APPLICATION_CONTEXT] {
            assert!(remedy(&NetErrorKind::Rejected(rejection)).unwrap().contains("administrator"));
        }
    }
}
