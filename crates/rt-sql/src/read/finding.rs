//! Rows of `Findings`.
//!
//! Units: none. Frame: none.

use crate::error::SqlError;
use crate::value::Row;
use rt_model::finding::{Code, Finding, Severity};
use rt_model::provenance::{Provenance, Tag};
use std::path::PathBuf;

pub(super) const FINDINGS: &str = "SELECT ROINumber, Code, Severity, Text, File, SOPInstanceUID, Path, Tag FROM Findings \
     WHERE MRN = ? AND PlanID = ? ORDER BY Number";

/// A finding with the number of its ROI, where it belongs to one.
pub(super) fn finding(mut row: Row) -> Result<(Option<i32>, Finding), SqlError> {
    let roi = row.next()?;
    let (code, severity): (String, String) = (row.next()?, row.next()?);
    let text = row.next()?;
    let at = Provenance {
        file: row.next::<Option<String>>()?.map(PathBuf::from),
        sop_instance: row.next()?,
        path: row.next()?,
        tag: row.next::<Option<String>>()?.as_deref().and_then(tag),
    };
    let code = Code::parse(&code)
        .ok_or_else(|| SqlError::stored(format!("expected a known finding code, found {code}")))?;
    let severity = Severity::parse(&severity)
        .ok_or_else(|| SqlError::stored(format!("expected a severity, found {severity}")))?;
    Ok((roi, Finding { code, severity, at, text }))
}

/// Reads `(3006,0050)`.
fn tag(text: &str) -> Option<Tag> {
    let (group, element) = text.strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
    Some(Tag::new(u16::from_str_radix(group, 16).ok()?, u16::from_str_radix(element, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_reads_back() {
        let written = Tag::new(0x300A, 0x00B3);
        assert_eq!(tag(&written.to_string()), Some(written));
        assert_eq!(tag("300A"), None);
    }
}
