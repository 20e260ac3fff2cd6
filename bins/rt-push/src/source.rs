//! A folder becomes the one case that is meant.
//!
//! Units: none. Frame: none.

use crate::exit::{Failure, chain};
use rt_export::case::{ExportCase, ExportOptions};
use rt_model::instance::Inventory;
use rt_model::matching::{CaseMatch, CaseStatus, MatchOptions, Matching, match_cases};
use rt_model::read::{ScanOptions, compare_duplicates, scan};
use rt_model::uid::Uid;
use rt_model::units::Gy;
use std::ops::ControlFlow;
use std::path::Path;

/// Which case of a folder, and the user's word on it.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// SOP Instance UID of the plan; the only one where `None`.
    pub plan: Option<Uid>,
    /// The user's word on the prescription of a plan.
    pub prescription: Option<(Uid, Gy)>,
    /// How files become cases.
    pub matching: MatchOptions,
    /// What may be exported.
    pub export: ExportOptions,
}

/// A folder's files, matched.
#[derive(Debug)]
pub struct Folder {
    inventory: Inventory,
    matching: Matching,
}

impl Folder {
    /// Scans and matches a folder.
    ///
    /// # Errors
    /// Where it can't be read.
    pub fn read(folder: &Path, wanted: &Wanted) -> Result<Self, Failure> {
        if !folder.exists() {
            return Err(Failure::usage(format!("{}: expected a folder, found nothing", folder.display())));
        }
        let inventory = scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))
            .map_err(|error| Failure::stopped(chain(&error)))?;
        let duplicates = compare_duplicates(&inventory, &wanted.export.read);
        let matching = match_cases(&inventory, &duplicates, &wanted.matching);
        Ok(Self { inventory, matching })
    }

    /// The case that is meant: of the plan asked for, else the only one that is complete.
    ///
    /// # Errors
    /// Where there is none or the choice is open.
    pub fn choose(&self, wanted: &Wanted) -> Result<&CaseMatch, Failure> {
        let plan = |case: &CaseMatch| &self.inventory.instances[case.plan].info.sop_instance;
        if let Some(uid) = &wanted.plan {
            let found = self.matching.cases.iter().find(|case| plan(case) == uid);
            return found.ok_or_else(|| Failure::usage(format!("no plan {uid} in this folder{}", self.list())));
        }
        match &self.matching.cases[..] {
            [] => Err(Failure::usage(format!("no plan to export in this folder{}", self.left_out()))),
            [only] => Ok(only),
            several => {
                let mut complete = several.iter().filter(|case| case.status == CaseStatus::Complete);
                match (complete.next(), complete.next()) {
                    (Some(only), None) => Ok(only),
                    _ => Err(Failure::usage(format!("several plans: choose one with --plan{}", self.list()))),
                }
            }
        }
    }

    /// Loads the case that is meant.
    ///
    /// # Errors
    /// Where none is, or it may not be exported.
    pub fn load(&self, wanted: &Wanted) -> Result<ExportCase, Failure> {
        let matched = self.choose(wanted)?;
        let plan = &self.inventory.instances[matched.plan].info.sop_instance;
        let mut options = wanted.export.clone();
        if let Some((uid, dose)) = &wanted.prescription {
            if uid != plan {
                return Err(Failure::usage(format!("--rx: expected the prescription of plan {plan}, found one of {uid}")));
            }
            options.stated_prescription = Some(*dose);
        }
        ExportCase::load(matched, &self.inventory, &options).map_err(|error| refused(&chain(&error)))
    }

    /// The plans that were left out, each with the reason, one a line.
    fn left_out(&self) -> String {
        let is_plan = |at: usize| matches!(self.inventory.instances[at].content, rt_model::instance::Content::Plan(_));
        let plans = self.matching.unmatched.iter().filter(|unmatched| is_plan(unmatched.instance));
        plans.map(|unmatched| format!("\n  {}", unmatched.reason)).collect()
    }

    /// The plans there are, one a line.
    fn list(&self) -> String {
        let line = |case: &CaseMatch| {
            let instance = &self.inventory.instances[case.plan];
            let label = match &instance.content {
                rt_model::instance::Content::Plan(plan) => plan.label.as_str(),
                _ => "",
            };
            let status = match &case.status {
                CaseStatus::Complete => "complete".to_owned(),
                CaseStatus::Incomplete(reason) => format!("incomplete: {reason}"),
                CaseStatus::Refused(reason) => format!("refused: {reason}"),
            };
            format!("\n  {}  {label:?}  {status}", instance.info.sop_instance)
        };
        self.matching.cases.iter().map(line).collect()
    }
}

/// A case that may not be exported, or can't be.
#[must_use]
pub fn refused(text: &str) -> Failure {
    Failure { exit: crate::exit::Exit::SomeRefused, text: text.to_owned() }
}
