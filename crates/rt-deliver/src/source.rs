//! A folder becomes the one case that is meant.
//!
//! Units: Gy for prescriptions. Frame: none.

use crate::error::Place;
use rt_export::case::{ExportCase, ExportOptions};
use rt_model::instance::{Content, Inventory};
use rt_model::matching::{CaseMatch, CaseStatus, MatchOptions, Matching, match_cases};
use rt_model::read::{ScanOptions, compare_duplicates, scan};
use rt_model::uid::Uid;
use rt_model::units::Gy;
use std::error::Error;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

/// Which case of a folder is meant, and what is decided about it.
#[derive(Debug, Clone, Default)]
pub struct CaseRequest {
    /// SOP Instance UID of the plan; the only one where `None`.
    pub plan: Option<Uid>,
    /// The stated prescription of a plan, which has to be the one that is meant.
    pub prescription: Option<(Uid, Gy)>,
    /// How files become cases.
    pub matching: MatchOptions,
    /// What may be exported.
    pub export: ExportOptions,
}

/// No case, or no file, can be taken from a path. `Display` lists the plans there are, one a line; the cause
/// is the `source`.
#[derive(Debug, thiserror::Error)]
#[error("{}{detail}{}", Place(.place), listed(.lines))]
pub struct SourceError {
    kind: SourceErrorKind,
    place: Box<str>,
    detail: Box<str>,
    lines: Vec<String>,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why no case, or no file, can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceErrorKind {
    /// There is no such folder.
    NoFolder,
    /// A path that was named can't be read.
    Path,
    /// The folder can't be read.
    Read,
    /// The plan that was asked for is not there.
    NoSuchPlan,
    /// There is no plan that can be exported.
    NoPlan,
    /// There are several plans, and none was chosen.
    SeveralPlans,
    /// The stated prescription is of another plan.
    OtherPrescription,
    /// The case may not be exported.
    Refused,
}

impl SourceError {
    /// Why no case can be taken.
    #[must_use]
    pub const fn kind(&self) -> SourceErrorKind {
        self.kind
    }

    /// The path; empty where the whole folder is meant.
    #[must_use]
    pub const fn place(&self) -> &str {
        &self.place
    }

    /// What was expected and found, without the place, the plans and the cause.
    #[must_use]
    pub const fn detail(&self) -> &str {
        &self.detail
    }

    /// The plans there are, each with its status, or those left out, each with the reason; every one on a
    /// line of its own.
    #[must_use]
    pub fn listed(&self) -> String {
        listed(&self.lines)
    }

    pub(crate) fn new(kind: SourceErrorKind, place: impl fmt::Display, detail: impl Into<Box<str>>) -> Self {
        Self { kind, place: place.to_string().into(), detail: detail.into(), lines: Vec::new(), source: None }
    }

    pub(crate) fn caused(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    fn listing(mut self, lines: Vec<String>) -> Self {
        self.lines = lines;
        self
    }
}

/// Every line on a line of its own, indented.
fn listed(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  {line}")).collect()
}

/// A folder's files, matched.
#[derive(Debug)]
pub struct CaseFolder {
    inventory: Inventory,
    matching: Matching,
}

impl CaseFolder {
    /// Scans and matches a folder.
    ///
    /// # Errors
    /// [`SourceErrorKind::NoFolder`], [`SourceErrorKind::Read`].
    pub fn read(folder: &Path, request: &CaseRequest) -> Result<Self, SourceError> {
        if !folder.exists() {
            return Err(SourceError::new(
                SourceErrorKind::NoFolder,
                folder.display(),
                "expected a folder, found nothing",
            ));
        }
        let inventory = scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))
            .map_err(|error| {
            SourceError::new(SourceErrorKind::Read, "", "the folder can't be read").caused(error)
        })?;
        let duplicates = compare_duplicates(&inventory, &request.export.read);
        let matching = match_cases(&inventory, &duplicates, &request.matching);
        Ok(Self { inventory, matching })
    }

    /// The case that is meant: of the plan asked for, else the only one that is complete.
    fn choose(&self, request: &CaseRequest) -> Result<&CaseMatch, SourceError> {
        let plan = |case: &CaseMatch| &self.inventory.instances[case.plan].info.sop_instance;
        if let Some(uid) = &request.plan {
            let found = self.matching.cases.iter().find(|case| plan(case) == uid);
            return found.ok_or_else(|| {
                SourceError::new(SourceErrorKind::NoSuchPlan, "", format!("no plan {uid} in this folder"))
                    .listing(self.plans())
            });
        }
        match &self.matching.cases[..] {
            [] => {
                let error = SourceError::new(SourceErrorKind::NoPlan, "", "no plan to export in this folder");
                Err(error.listing(self.plans_left_out()))
            }
            [only] => Ok(only),
            several => {
                let mut complete = several.iter().filter(|case| case.status == CaseStatus::Complete);
                match (complete.next(), complete.next()) {
                    (Some(only), None) => Ok(only),
                    _ => {
                        let error =
                            SourceError::new(SourceErrorKind::SeveralPlans, "", "several plans: choose one");
                        Err(error.listing(self.plans()))
                    }
                }
            }
        }
    }

    /// Loads the case that is meant.
    ///
    /// ```
    /// use rt_deliver::{CaseFolder, CaseRequest};
    ///
    /// let folder = tempfile::tempdir()?;
    /// rt_phantom::demo::write(folder.path())?;
    /// let request = CaseRequest::default();
    /// let case = CaseFolder::read(folder.path(), &request)?.load(&request)?;
    /// assert_eq!(case.slice_count(), 60);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where none is meant, or it may not be exported.
    pub fn load(&self, request: &CaseRequest) -> Result<ExportCase, SourceError> {
        let matched = self.choose(request)?;
        let plan = &self.inventory.instances[matched.plan].info.sop_instance;
        let mut options = request.export.clone();
        if let Some((uid, dose)) = &request.prescription {
            if uid != plan {
                let text = format!("expected the prescription of plan {plan}, found one of {uid}");
                return Err(SourceError::new(SourceErrorKind::OtherPrescription, "", text));
            }
            options.stated_prescription = Some(*dose);
        }
        ExportCase::load(matched, &self.inventory, &options).map_err(|error| {
            SourceError::new(SourceErrorKind::Refused, "", "the case may not be exported").caused(error)
        })
    }

    /// The plans that were left out, each with the reason.
    fn plans_left_out(&self) -> Vec<String> {
        let is_plan = |at: usize| matches!(self.inventory.instances[at].content, Content::Plan(_));
        let plans = self.matching.unmatched.iter().filter(|unmatched| is_plan(unmatched.instance));
        plans.map(|unmatched| unmatched.reason.to_string()).collect()
    }

    /// The plans there are.
    fn plans(&self) -> Vec<String> {
        let line = |case: &CaseMatch| {
            let instance = &self.inventory.instances[case.plan];
            let label = match &instance.content {
                Content::Plan(plan) => plan.label.as_str(),
                _ => "",
            };
            let status = match &case.status {
                CaseStatus::Complete => "complete".to_owned(),
                CaseStatus::Incomplete(reason) => format!("incomplete: {reason}"),
                CaseStatus::Refused(reason) => format!("refused: {reason}"),
            };
            format!("{}  {label:?}  {status}", instance.info.sop_instance)
        };
        self.matching.cases.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_plans_are_listed_and_one_is_chosen_by_its_uid() {
        let folder = tempfile::tempdir().unwrap();
        for seed in ["one", "two"] {
            rt_phantom::case::CaseBuilder::new(seed).write(&folder.path().join(seed)).unwrap();
        }
        let mut request = CaseRequest::default();
        let read = CaseFolder::read(folder.path(), &request).unwrap();
        let error = read.load(&request).unwrap_err();
        assert_eq!(error.kind(), SourceErrorKind::SeveralPlans);
        assert_eq!(error.to_string().lines().count(), 3, "{error}");
        let listed = error.listed();
        let plan = Uid::new(listed.split_whitespace().next().unwrap()).unwrap();
        request.plan = Some(plan.clone());
        assert_eq!(read.load(&request).unwrap().plan_info().sop_instance, plan);
        request.prescription = Uid::new("1.2.3").map(|other| (other, Gy(60.0)));
        assert_eq!(read.load(&request).unwrap_err().kind(), SourceErrorKind::OtherPrescription);
    }
}
