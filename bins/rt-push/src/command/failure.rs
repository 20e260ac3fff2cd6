//! How the program ends after an error of the delivery: exit code, text, and the option or command that
//! settles it.
//!
//! Units: MB. Frame: none.

use rt_cli::exit::{Exit, Failure, chain};
use rt_deliver::{DeliverError, DeliverErrorKind as Kind, SourceError, SourceErrorKind};
use std::error::Error;

/// The failure of a delivery.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(super) fn delivery(error: DeliverError) -> Failure {
    let (place, detail) = (error.place(), error.detail());
    match error.kind() {
        Kind::QueueOpen | Kind::OutputFolder | Kind::Listen => Failure::usage(cause(place, &error)),
        Kind::Queue | Kind::Write | Kind::File => Failure::stopped(cause(place, &error)),
        Kind::Destination => {
            let remedy = error.remedy().map(|remedy| format!("\n  {remedy}")).unwrap_or_default();
            Failure::stopped(cause(place, &error) + &remedy)
        }
        Kind::NoJob { .. } => Failure::usage(format!("{error}; see rt-push queue list")),
        Kind::PlanningSystem | Kind::NotEmpty | Kind::IdentityRemoved { .. } => {
            Failure::usage(error.to_string())
        }
        Kind::NoStudyRule => Failure::usage(format!("pacs.{place}.study: {detail}")),
        Kind::NotAllowed(_) => Failure::usage(format!("pacs.{error}")),
        Kind::NotForNode(_) => Failure::usage(format!("{error}; use rt-push export")),
        Kind::StaysInPhysics => Failure::usage(format!("export.pdf: {detail}; use rt-push export")),
        Kind::Levels => Failure::usage(format!("export.{}", cause("levels", &error))),
        Kind::SeveralPatients => Failure::usage(format!("{error}; agree with --yes")),
        Kind::Product => refused(cause(place, &error)),
        Kind::NotTaken(_) => refused(error.to_string()),
        Kind::TooLarge { megabytes, .. } => {
            let enough = megabytes.ceil();
            refused(format!("{error}: allow it with --max-mb {enough:.0}, or choose fewer products"))
        }
        _ => Failure::stopped(chain(&error)),
    }
}

/// The failure of choosing a case or reading files.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(super) fn source(error: SourceError) -> Failure {
    match error.kind() {
        SourceErrorKind::Path => Failure::usage(cause(error.place(), &error)),
        SourceErrorKind::Read => Failure::stopped(cause(error.place(), &error)),
        SourceErrorKind::SeveralPlans => {
            Failure::usage(format!("{} with --plan{}", error.detail(), error.listed()))
        }
        SourceErrorKind::OtherPrescription => Failure::usage(format!("--rx: {error}")),
        SourceErrorKind::Refused => refused(cause(error.place(), &error)),
        _ => Failure::usage(error.to_string()),
    }
}

/// A place, and what happened there in the words of the cause.
fn cause(place: &str, error: &dyn Error) -> String {
    let cause = error.source().map_or_else(|| error.to_string(), chain);
    if place.is_empty() { cause } else { format!("{place}: {cause}") }
}

/// A case that may not be exported, or a product that can't be made.
fn refused(text: String) -> Failure {
    Failure { exit: Exit::SomeRefused, text }
}
