//! A finding in the JSON reports.
//!
//! Units: none. Frame: none.

use crate::{as_text, path_text};
use rt_model::finding::{Code, Finding, Severity};
use serde::Serialize;

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingReport {
    /// Stable code.
    #[serde(serialize_with = "as_text")]
    pub code: Code,
    /// info, warning or error.
    #[serde(serialize_with = "as_text")]
    pub severity: Severity,
    /// Where it was seen.
    pub at: PlaceReport,
    /// What was expected and found.
    pub text: String,
}

/// Where something was seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
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
            code: finding.code,
            severity: finding.severity,
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
