//! Whether a plan or a structure set was approved (PS3.3 C.8.8.16).
//!
//! Units: none. Frame: none.

use std::fmt;

/// Approval Status (300E,0002).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ApprovalStatus {
    /// APPROVED: the reviewer recorded that it may be used.
    Approved,
    /// UNAPPROVED: nobody has reviewed it yet.
    Unapproved,
    /// REJECTED: the reviewer recorded that it may not be used.
    Rejected,
    /// A term that the standard does not define, as written.
    Other(String),
}

impl ApprovalStatus {
    /// The term as DICOM writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Approved => "APPROVED",
            Self::Unapproved => "UNAPPROVED",
            Self::Rejected => "REJECTED",
            Self::Other(text) => text,
        }
    }

    /// Reads the term; unknown ones are kept as written.
    ///
    /// ```
    /// use rt_model::approval::ApprovalStatus;
    ///
    /// assert_eq!(ApprovalStatus::parse("APPROVED"), ApprovalStatus::Approved);
    /// assert_eq!(ApprovalStatus::parse("Approved").as_str(), "Approved");
    /// assert_ne!(ApprovalStatus::parse("Approved"), ApprovalStatus::Approved);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        const TERMS: [ApprovalStatus; 3] =
            [ApprovalStatus::Approved, ApprovalStatus::Unapproved, ApprovalStatus::Rejected];
        TERMS.into_iter().find(|term| term.as_str() == text).unwrap_or_else(|| Self::Other(text.to_owned()))
    }

    /// A reviewer has decided, for or against it: Review Date, Time and Reviewer Name are required.
    #[must_use]
    pub const fn is_reviewed(&self) -> bool {
        matches!(self, Self::Approved | Self::Rejected)
    }
}

impl fmt::Display for ApprovalStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_term_is_read_back_as_it_was_written(text in "[A-Z_ ]{0,16}|APPROVED|UNAPPROVED|REJECTED") {
            let read = ApprovalStatus::parse(&text);
            prop_assert_eq!(read.as_str(), &text);
            prop_assert_eq!(ApprovalStatus::parse(read.as_str()), read);
        }
    }
}
