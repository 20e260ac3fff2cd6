//! What the status of a response means (PS3.7 annex C, PS3.4 B.2.3 and J.3).
//!
//! Units: none. Frame: none.

use std::fmt;

/// Status (0000,0900) of a response, printed as four hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status(pub u16);

/// What a sender does after a C-STORE response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreVerdict {
    /// The peer took the instance.
    Taken,
    /// The peer took the instance and changed or doubts something.
    TakenWithWarning,
    /// The peer says it has an instance of this UID already: whether it is this one, a query has to tell.
    Duplicate,
    /// The peer has no room now: wait, then try again.
    Later,
    /// The peer failed for no stated reason: try a few times.
    Again,
    /// The peer does not take this instance; others may be taken.
    Refused,
    /// The peer takes nothing from us: stop.
    Stop,
}

impl Status {
    /// Success.
    pub const SUCCESS: Self = Self(0x0000);
    /// The instance's SOP class is not supported.
    pub const CLASS_NOT_SUPPORTED: Self = Self(0x0122);
    /// Processing failure.
    pub const PROCESSING_FAILURE: Self = Self(0x0110);
    /// The SOP instance named does not exist.
    pub const NO_SUCH_INSTANCE: Self = Self(0x0112);
    /// The SOP Instance UID breaks the rules of identifiers.
    pub const INVALID_INSTANCE: Self = Self(0x0117);
    /// Not authorised.
    pub const NOT_AUTHORISED: Self = Self(0x0124);
    /// The command is none that this side knows.
    pub const UNRECOGNISED_OPERATION: Self = Self(0x0211);
    /// Out of resources.
    pub const OUT_OF_RESOURCES: Self = Self(0xA700);
    /// The data set can't be understood.
    pub const CANNOT_UNDERSTAND: Self = Self(0xC000);

    /// Further responses follow.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        matches!(self.0, 0xFF00 | 0xFF01)
    }

    /// What a sender does after a C-STORE response of this status.
    #[must_use]
    pub const fn store_verdict(self) -> StoreVerdict {
        match self.0 {
            0x0000 => StoreVerdict::Taken,
            0x0001 | 0x0107 | 0x0116 | 0xB000..=0xBFFF => StoreVerdict::TakenWithWarning,
            0x0111 => StoreVerdict::Duplicate,
            0xA700..=0xA7FF => StoreVerdict::Later,
            0x0110 => StoreVerdict::Again,
            0x0117 | 0x0124 | 0x0210 | 0x0211 | 0x0212 | 0x0214 => StoreVerdict::Stop,
            _ => StoreVerdict::Refused,
        }
    }

    /// The status in the standard's words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self.0 {
            0x0000 => "success",
            0x0107 => "attribute list error",
            0x0110 => "processing failure",
            0x0111 => "duplicate SOP instance",
            0x0112 => "no such SOP instance",
            0x0116 => "attribute value out of range",
            0x0117 => "invalid SOP instance",
            0x0118 => "no such SOP class",
            0x0119 => "class-instance conflict",
            0x0122 => "SOP class not supported",
            0x0124 => "not authorised",
            0x0131 => "duplicate transaction UID",
            0x0210 => "duplicate invocation",
            0x0211 => "unrecognised operation",
            0x0212 => "mistyped argument",
            0x0213 => "resource limitation",
            0x0214 => "not authorised",
            0xA700..=0xA7FF => "out of resources",
            0xA900..=0xA9FF => "data set does not match SOP class",
            0xB000 => "coercion of data elements",
            0xB006 => "elements discarded",
            0xB007 => "data set does not match SOP class (warning)",
            0x0001 | 0xB001..=0xBFFF => "warning",
            0xC000..=0xCFFF => "cannot understand",
            0xFE00 => "cancelled",
            0xFF00 | 0xFF01 => "pending",
            _ => "not in the standard",
        }
    }

    /// What to do, or to ask the other side's administrator for; `None` where nothing is wrong.
    #[must_use]
    pub const fn remedy(self) -> Option<&'static str> {
        Some(match self.0 {
            0x0110 => "send again; if it stays, ask the PACS administrator for the log of this instance",
            0x0112 | 0x0118 | 0x0122 => {
                "ask the PACS administrator to accept this SOP class, or choose other products"
            }
            0x0117 => "the instance's UID breaks the rules: it can't be sent",
            0x0124 | 0x0214 => "ask the PACS administrator to let our AE title and IP address store",
            0x0210..=0x0212 => "report this: the command was not as it should be",
            0x0213 | 0xA700..=0xA7FF => "ask the PACS administrator for room; it is sent again later",
            0xA900..=0xA9FF => {
                "the PACS doubts the object: ask its administrator for the log of this instance"
            }
            0xC000..=0xCFFF => {
                "the PACS can't read the object: ask its administrator for the log of this instance"
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_a_store_has_its_verdict() {
        use StoreVerdict as V;
        for (status, verdict) in [
            (0x0000, V::Taken),
            (0xB000, V::TakenWithWarning),
            (0xB006, V::TakenWithWarning),
            (0xB007, V::TakenWithWarning),
            (0x0001, V::TakenWithWarning),
            (0x0107, V::TakenWithWarning),
            (0x0116, V::TakenWithWarning),
            (0x0111, V::Duplicate),
            (0xA700, V::Later),
            (0xA7FF, V::Later),
            (0x0110, V::Again),
            (0xA900, V::Refused),
            (0xA9FF, V::Refused),
            (0xC000, V::Refused),
            (0xCFFF, V::Refused),
            (0x0112, V::Refused),
            (0x0122, V::Refused),
            (0x0117, V::Stop),
            (0x0124, V::Stop),
            (0x0210, V::Stop),
            (0x0211, V::Stop),
            (0x0212, V::Stop),
            (0x0214, V::Stop),
            (0x0113, V::Refused),
            (0xA800, V::Refused),
            (0xD000, V::Refused),
            (0xFF00, V::Refused),
        ] {
            assert_eq!(Status(status).store_verdict(), verdict, "{status:04X}");
        }
    }

    #[test]
    fn what_is_not_taken_has_a_remedy() {
        for status in [0x0110, 0x0112, 0x0117, 0x0122, 0x0124, 0x0211, 0x0213, 0xA700, 0xA900, 0xC001] {
            assert!(Status(status).remedy().is_some(), "{status:04X}");
        }
        assert_eq!(Status::SUCCESS.remedy(), None);
    }
}
