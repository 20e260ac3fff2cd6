//! Storing: codes RT08xx.

use super::{Remedy, remedy};

codes! {
    otherwise remedy::SEE_PAGE;

    /// A value does not fit its column in the database, which holds NULL instead; the text gives column,
    /// length and limit.
    VALUE_DOES_NOT_FIT = 801 => Remedy::ExportingSystem("shorten the value in the planning system, or widen the column");
    /// The same case is stored already, computed with other DVH options; its rows were left as they are.
    STORED_WITH_OTHER_OPTIONS = 802 => Remedy::Command {
        command: "rt-import recompute",
        text: "`rt-import recompute` computes the stored plan with today's options",
    };
    /// The plan was stored before with other content; this version takes the older one's place in the cohort.
    SUPERSEDES_STORED_PLAN = 803;
    /// The same case is stored already, and a newer version of its plan has taken its place in the cohort.
    STORED_AND_SUPERSEDED = 804;
    /// The same case is stored under another MRN, where a user has moved it; its rows were left as they are.
    STORED_UNDER_ANOTHER_MRN = 820;
}
