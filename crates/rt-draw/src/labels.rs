//! What every picture and page states about the dose. Pictures show no patient name and no identifier: those
//! stay in the header.
//!
//! Units: as [`DoseUnit`] says. Frame: none.

use crate::style::DoseUnit;
use rt_model::approval::ApprovalStatus;

/// The facts that are burned into pictures and lead the pages.
///
/// ```
/// use rt_draw::example;
/// use rt_draw::labels::CaseLabels;
/// use rt_model::approval::ApprovalStatus;
///
/// let labels = example::labels();
/// assert_eq!(labels.prescription_text(), "20 Gy in 10 fractions");
/// assert_eq!(labels.threshold_text(4.0), "below 4 Gy not shown");
/// assert_eq!(labels.header()[1], "Plan WEDGE: 20 Gy in 10 fractions");
///
/// let rejected = CaseLabels { approval: Some(ApprovalStatus::Rejected), ..labels };
/// assert_eq!(rejected.burned(), ["UNAPPROVED PLAN"]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CaseLabels {
    /// RT Plan Label.
    pub plan: String,
    /// The prescription in the case's unit, where it is settled.
    pub prescription: Option<f64>,
    /// Planned fractions.
    pub fractions: Option<u32>,
    /// The largest dose of the grid: a maximum, never called anything else.
    pub maximum: f64,
    /// The unit of all doses of the case.
    pub unit: DoseUnit,
    /// Approval Status as the plan states it.
    pub approval: Option<ApprovalStatus>,
    /// Plans of this patient that were found, this one included.
    pub plans: usize,
    /// The result of the total-dose check, in words.
    pub total: String,
    /// A case made for testing a connection: TEST is burned across every picture.
    pub test: bool,
}

/// Stands on every picture.
pub const NOT_DELIVERED: &str = "PLANNED DOSE, not a record of delivery";
/// Stands on every picture.
pub const REFERENCE_ONLY: &str = "FOR REFERENCE ONLY, NOT FOR TREATMENT";
/// Burned across every picture of a plan that is not approved.
pub const UNAPPROVED: &str = "UNAPPROVED PLAN";
/// Burned across every picture of a test case.
pub const TEST: &str = "TEST";
/// Stands on every picture of a relative dose.
pub const RELATIVE: &str = "RELATIVE DOSE, percent of a reference that is not stated";

impl CaseLabels {
    /// The plan is approved.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.approval == Some(ApprovalStatus::Approved)
    }

    /// The plan's approval status in its own words, or that it is not stated.
    #[must_use]
    pub fn approval_text(&self) -> &str {
        self.approval.as_ref().map_or("not stated", ApprovalStatus::as_str)
    }

    /// Prescription and fractions: `66 Gy in 33 fractions`, or that none is settled.
    #[must_use]
    pub fn prescription_text(&self) -> String {
        let fractions = self
            .fractions
            .map(|count| if count == 1 { "1 fraction".to_owned() } else { format!("{count} fractions") });
        match (self.prescription, fractions) {
            (Some(dose), Some(fractions)) => format!("{} {} in {fractions}", round(dose), self.unit),
            (Some(dose), None) => format!("{} {}, fractions not stated", round(dose), self.unit),
            (None, Some(fractions)) => format!("prescription not settled, {fractions}"),
            (None, None) => "prescription and fractions not settled".to_owned(),
        }
    }

    /// What is burned across every picture, most important first.
    #[must_use]
    pub fn burned(&self) -> Vec<&'static str> {
        let test = self.test.then_some(TEST);
        let unapproved = (!self.is_approved()).then_some(UNAPPROVED);
        test.into_iter().chain(unapproved).collect()
    }

    /// What leads every picture, most important first.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        let mut lines =
            vec![NOT_DELIVERED.to_owned(), format!("Plan {}: {}", self.plan, self.prescription_text())];
        if self.unit == DoseUnit::Percent {
            lines.push(RELATIVE.to_owned());
        }
        if self.plans > 1 {
            lines.push(format!("this plan only (1 of {})", self.plans));
        }
        lines.push(format!("Approval: {}", self.approval_text()));
        lines.push(format!("Total dose {}", self.total));
        lines
    }

    /// Where the wash begins: `below 14 Gy not shown`.
    #[must_use]
    pub fn threshold_text(&self, lowest: f64) -> String {
        format!("below {} {} not shown", round(lowest), self.unit)
    }

    /// Every line that all pictures show. `lowest` is the lowest level that is shown.
    #[must_use]
    pub fn lines(&self, lowest: f64) -> Vec<String> {
        let mut lines = self.header();
        lines.push(self.threshold_text(lowest));
        lines.push(REFERENCE_ONLY.to_owned());
        lines
    }
}

/// A dose with as many decimals as it needs, at most two.
///
/// ```
/// use rt_draw::labels::round;
///
/// assert_eq!([round(70.0), round(66.5), round(1.0 / 3.0)], ["70", "66.5", "0.33"]);
/// ```
#[must_use]
pub fn round(dose: f64) -> String {
    let text = format!("{dose:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
