//! `rt-push export`: a case's products in a folder.
//!
//! Units: none. Frame: none.

use super::failure::{delivery, source};
use crate::cli::{ExportArgs, SourceArgs};
use crate::config::{Layer, Settings};
use rt_cli::exit::{Exit, Failure};
use rt_deliver::{CaseFolder, CaseRequest, write_product};
use rt_export::case::ExportOptions;
use rt_export::gate::Permissions;
use rt_model::finding::Severity;
use rt_model::matching::MatchOptions;
use rt_model::uid::Uid;

/// Writes the products.
pub(crate) fn run(args: &ExportArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    let permissions =
        Permissions { unapproved: settings.allow_unapproved, identity_removed: args.allow_deidentified };
    let request = request(&args.source, permissions)?;
    let case =
        CaseFolder::read(&args.case, &request).and_then(|folder| folder.load(&request)).map_err(source)?;
    let mut findings = case.findings().to_vec();
    for product in &settings.products {
        let written = write_product(*product, &case, &settings.making, &args.out).map_err(delivery)?;
        println!("{:16} {:4} files  {}", product.as_str(), written.files, written.description);
        findings.extend(written.findings);
    }
    for finding in findings.iter().filter(|finding| finding.severity >= Severity::Warning) {
        eprintln!("{finding}");
    }
    Ok(Exit::Done)
}

/// What the arguments say of the case.
pub(super) fn request(args: &SourceArgs, permissions: Permissions) -> Result<CaseRequest, Failure> {
    let plan = args.plan.as_deref().map(|text| {
        let uid = Uid::new(text).filter(Uid::is_valid);
        uid.ok_or_else(|| Failure::usage(format!("--plan: expected a UID, found {text:?}")))
    });
    let matching = MatchOptions {
        select: args.select.clone(),
        dose_is: args.dose_is.clone(),
        relative_doses: true,
        ..MatchOptions::default()
    };
    let export = ExportOptions { permissions, ..ExportOptions::default() };
    Ok(CaseRequest { plan: plan.transpose()?, prescription: args.rx.clone(), matching, export })
}
