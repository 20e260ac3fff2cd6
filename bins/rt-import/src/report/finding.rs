//! A finding in the JSON reports.
//!
//! Units: none. Frame: none.

use super::{path_text, severity};
use rt_model::finding::Finding;
use serde::Serialize;

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingReport {
    /// Stable code.
    pub code: String,
    /// info, warning or error.
    pub severity: &'static str,
    /// Where it was seen.
    pub at: PlaceReport,
    /// What was expected and found.
    pub text: String,
}

/// Where something was seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceReport {
    /// The file.
    pub file: Option<String>,
    /// The SOP instance.
    pub sop_instance_uid: Option<String>,
    /// The attribute by keywords.
    pub path: Option<String>,
    /// The attribute's tag.
    pub tag: Option<String>,
}

impl From<&Finding> for FindingReport {
    fn from(finding: &Finding) -> Self {
        let at = &finding.at;
        Self {
            code: finding.code.to_string(),
            severity: severity(finding.severity),
            at: PlaceReport {
                file: at.file.as_deref().map(path_text),
                sop_instance_uid: at.sop_instance.as_ref().map(ToString::to_string),
                path: at.path.clone(),
                tag: at.tag.map(|tag| tag.to_string()),
            },
            text: finding.text.clone(),
        }
    }
}

impl FindingReport {
    /// The reports of `findings`.
    #[must_use]
    pub fn all(findings: &[Finding]) -> Vec<Self> {
        findings.iter().map(Self::from).collect()
    }
}
