//! What is noticed while a file is read.
//!
//! Units: none. Frame: none.

use super::limits::MAX_FINDINGS_PER_CODE;
use crate::finding::{Code, Finding, Severity, files};
use crate::provenance::Provenance;
use crate::uid::Uid;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;

/// The findings of one file, with the file and the SOP instance that each of them names.
#[derive(Debug)]
pub(in crate::read) struct Notes {
    file: Box<Path>,
    instance: OnceCell<Uid>,
    findings: RefCell<Vec<Finding>>,
    counts: RefCell<BTreeMap<Code, usize>>,
}

impl Notes {
    pub(in crate::read) fn new(file: &Path) -> Self {
        Self {
            file: file.into(),
            instance: OnceCell::new(),
            findings: RefCell::default(),
            counts: RefCell::default(),
        }
    }

    /// The file.
    pub(in crate::read) fn file(&self) -> &Path {
        &self.file
    }

    /// From now on places name this SOP instance.
    pub(in crate::read) fn set_instance(&self, uid: &Uid) {
        self.instance.get_or_init(|| uid.clone());
    }

    /// The file and instance as a place.
    pub(in crate::read) fn place(&self) -> Provenance {
        Provenance { sop_instance: self.instance.get().cloned(), ..Provenance::of_file(&*self.file) }
    }

    /// Keeps a finding; beyond [`MAX_FINDINGS_PER_CODE`] of one code it is counted alone.
    ///
    /// A part of the object that is read twice is told once.
    pub(in crate::read) fn add(
        &self,
        severity: Severity,
        code: Code,
        at: impl FnOnce() -> Provenance,
        text: impl Into<String>,
    ) {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(code).or_default();
        if *count >= MAX_FINDINGS_PER_CODE {
            *count += 1;
            return;
        }
        let finding = Finding { code, severity, at: at(), text: text.into() };
        let mut findings = self.findings.borrow_mut();
        if !findings.contains(&finding) {
            *count += 1;
            findings.push(finding);
        }
    }

    /// The findings, those of the first places told by instance too; what was only counted is told last.
    pub(in crate::read) fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        for (code, count) in self.counts.into_inner() {
            if count > MAX_FINDINGS_PER_CODE {
                let severity = findings
                    .iter()
                    .filter(|finding| finding.code == code)
                    .map(|finding| finding.severity)
                    .max();
                let at = Provenance {
                    sop_instance: self.instance.get().cloned(),
                    ..Provenance::of_file(&*self.file)
                };
                findings.push(Finding {
                    code: files::MORE_OF_THE_SAME,
                    severity: severity.unwrap_or(Severity::Info),
                    at,
                    text: format!("{code} was found {} more times", count - MAX_FINDINGS_PER_CODE),
                });
            }
        }
        for finding in &mut findings {
            if finding.at.sop_instance.is_none() {
                finding.at.sop_instance = self.instance.get().cloned();
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_findings_is_counted() {
        let notes = Notes::new(Path::new("x.dcm"));
        for number in 0..MAX_FINDINGS_PER_CODE + 5 {
            notes.add(Severity::Warning, files::ODD_LENGTH, || notes.place(), format!("odd {number}"));
        }
        notes.set_instance(&Uid::new("2.25.1").unwrap());
        let findings = notes.into_findings();
        assert_eq!(findings.len(), MAX_FINDINGS_PER_CODE + 1);
        assert_eq!(findings[MAX_FINDINGS_PER_CODE].text, "RT0115 was found 5 more times");
        assert!(findings.iter().all(|finding| finding.at.sop_instance == Uid::new("2.25.1")));
    }
}
