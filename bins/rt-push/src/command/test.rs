//! `rt-push test`: a phantom into the queue, under the PACS team's own test patient, TEST burned across each
//! picture.
//!
//! Units: none. Frame: none.

use super::case;
use crate::cli::{CaseArgs, SourceArgs, TestArgs};
use crate::config::{Layer, find_target};
use rt_cli::exit::{Exit, Failure, chain};
use rt_model::patient::Patient;

/// Prepares the phantom and leaves it held.
pub(crate) fn run(args: &TestArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, false)?;
    let folder = std::env::temp_dir().join(format!("dosebridge-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::stopped(format!("{}: {error}", folder.display())))?;
    let patient = Patient {
        id: args.patient_id.clone(),
        name: args.patient_name.clone().unwrap_or_else(|| "TEST^DOSEBRIDGE".to_owned()),
        ..Patient::default()
    };
    let written = rt_phantom::demo::case().patient(patient).write(&folder);
    let held = written.map_err(|error| Failure::stopped(chain(&error))).and_then(|_| {
        let case = CaseArgs {
            node: args.node.clone(),
            case: folder.clone(),
            test: true,
            source: SourceArgs { allow_unapproved: true, ..SourceArgs::default() },
            queue: args.queue.clone(),
            ..CaseArgs::default()
        };
        let mut layer = layer.clone();
        layer.export.allow_unapproved = Some(true);
        case::hold(&case, &layer, target)
    });
    // The phantom is in the queue by now, or nowhere.
    let _ = std::fs::remove_dir_all(&folder);
    held
}
