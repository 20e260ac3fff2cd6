//! `rt-push find`: what a node has.
//!
//! Units: none. Frame: none.

use super::echo::unreachable;
use super::runtime;
use crate::cli::FindArgs;
use crate::config::{Layer, find_target};
use crate::view::table::table;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_model::provenance::Tag;
use rt_net::{Level, Query};

const PATIENT_ID: Tag = Tag::new(0x0010, 0x0020);
const ACCESSION: Tag = Tag::new(0x0008, 0x0050);
const STUDY: Tag = Tag::new(0x0020, 0x000D);
const SERIES: Tag = Tag::new(0x0020, 0x000E);

/// What is shown of each level: heading and attribute.
const COLUMNS: [(Level, &[(&str, Tag)]); 3] = [
    (
        Level::Study,
        &[
            ("patient", PATIENT_ID),
            ("date", Tag::new(0x0008, 0x0020)),
            ("accession", ACCESSION),
            ("description", Tag::new(0x0008, 0x1030)),
            ("study", STUDY),
        ],
    ),
    (
        Level::Series,
        &[
            ("modality", Tag::new(0x0008, 0x0060)),
            ("number", Tag::new(0x0020, 0x0011)),
            ("description", Tag::new(0x0008, 0x103E)),
            ("instances", Tag::new(0x0020, 0x1209)),
            ("series", SERIES),
        ],
    ),
    (Level::Image, &[("number", Tag::new(0x0020, 0x0013)), ("instance", Tag::new(0x0008, 0x0018))]),
];

/// Lists what the node has: studies of a patient, series of a study, instances of a series.
pub(crate) fn run(args: &FindArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, true)?;
    let level = match (&args.study, &args.series) {
        (None, Some(_)) => return Err(Failure::usage("--series needs --study")),
        (Some(_), Some(_)) => Level::Image,
        (Some(_), None) => Level::Series,
        (None, None) if args.patient_id.is_none() && args.accession.is_none() => {
            return Err(Failure::usage(
                "expected --patient-id, --accession or --study: all studies of a node are too many",
            ));
        }
        (None, None) => Level::Study,
    };
    let columns = COLUMNS.iter().find(|(one, _)| *one == level).map_or(&[][..], |(_, columns)| columns);
    let given = [
        (PATIENT_ID, &args.patient_id),
        (ACCESSION, &args.accession),
        (STUDY, &args.study),
        (SERIES, &args.series),
    ];
    let mut keys: Vec<(Tag, String)> =
        given.into_iter().filter_map(|(tag, value)| Some((tag, value.clone()?))).collect();
    for (_, tag) in columns {
        if !keys.iter().any(|(key, _)| key == tag) {
            keys.push((*tag, String::new()));
        }
    }
    let found = runtime()?
        .block_on(rt_net::find(&target.destination, &Query { level, keys }))
        .map_err(unreachable)?;
    let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
    let mut rows = table(&headings, &[]);
    for one in &found {
        rows.add_row(columns.iter().map(|(_, tag)| one.text(*tag).unwrap_or_default()));
    }
    output::print(&format!("{}\n{} found\n", rows.trim_fmt(), found.len()), false);
    Ok(Exit::Done)
}
