//! `rt-push echo`, `rt-push probe`, `rt-push find`: what a node does, without sending it anything.
//!
//! Units: milliseconds. Frame: none.

use super::runtime;
use crate::cli::{FindArgs, NodeArgs};
use crate::config::{Layer, Target};
use crate::conformance::{OTHER_CLASSES, PRODUCT_CLASSES, SYNTAXES, class_name, syntax_name};
use crate::deliver::with_remedy;
use crate::exit::{Exit, Failure};
use crate::table::table;
use rt_cli::output;
use rt_model::provenance::Tag;
use rt_model::uid::Uid;
use rt_net::{Level, NetError, NetErrorKind, Query};

/// Asks whether the node is there and lets us in.
///
/// # Errors
/// Where it is not, or does not.
pub fn echo(args: &NodeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = Target::find(&args.node, &layer.pacs, true)?;
    let time = runtime()?.block_on(rt_net::echo(&target.node)).map_err(|error| unreachable(&error))?;
    println!("{} answers to {} in {:.1} ms", target.node, target.node.calling, time.as_secs_f64() * 1e3);
    Ok(Exit::Done)
}

/// Asks which SOP classes and transfer syntaxes the node accepts.
///
/// # Errors
/// Where it can't be asked.
pub fn probe(args: &NodeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = Target::find(&args.node, &layer.pacs, true)?;
    let classes = PRODUCT_CLASSES.iter().map(|(class, ..)| *class).chain(OTHER_CLASSES.iter().map(|(class, _)| *class));
    let storage = classes.flat_map(|class| SYNTAXES.iter().map(move |(syntax, _)| (class, *syntax)));
    let services =
        crate::conformance::SERVICES.iter().map(|(class, _)| (*class, rt_model::uid::transfer_syntax::IMPLICIT_LITTLE));
    let pairs: Vec<(Uid, Uid)> =
        services.chain(storage).filter_map(|(class, syntax)| Some((Uid::new(class)?, Uid::new(syntax)?))).collect();
    let support = runtime()?.block_on(rt_net::probe(&target.node, &pairs)).map_err(|error| unreachable(&error))?;
    let mut rows = table(&["SOP class", "transfer syntax", "accepted"], &[]);
    for one in support {
        rows.add_row([
            class_name(one.sop_class.as_str()),
            syntax_name(one.transfer_syntax.as_str()),
            if one.accepted { "yes" } else { "no" },
        ]);
    }
    output::print(&format!("{}\n\n{}\n", target.node, rows.trim_fmt()), false);
    Ok(Exit::Done)
}

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
///
/// # Errors
/// Where it can't be asked.
pub fn find(args: &FindArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = Target::find(&args.node, &layer.pacs, true)?;
    let level = match (&args.study, &args.series) {
        (None, Some(_)) => return Err(Failure::usage("--series needs --study")),
        (Some(_), Some(_)) => Level::Image,
        (Some(_), None) => Level::Series,
        (None, None) if args.patient_id.is_none() && args.accession.is_none() => {
            return Err(Failure::usage("expected --patient-id, --accession or --study: all studies of a node are too many"));
        }
        (None, None) => Level::Study,
    };
    let columns = COLUMNS.iter().find(|(one, _)| *one == level).map_or(&[][..], |(_, columns)| columns);
    let given = [(PATIENT_ID, &args.patient_id), (ACCESSION, &args.accession), (STUDY, &args.study), (SERIES, &args.series)];
    let mut keys: Vec<(Tag, String)> = given.into_iter().filter_map(|(tag, value)| Some((tag, value.clone()?))).collect();
    for (_, tag) in columns {
        if !keys.iter().any(|(key, _)| key == tag) {
            keys.push((*tag, String::new()));
        }
    }
    let found = runtime()?.block_on(rt_net::find(&target.node, &Query { level, keys })).map_err(|error| unreachable(&error))?;
    let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
    let mut rows = table(&headings, &[]);
    for one in &found {
        rows.add_row(columns.iter().map(|(_, tag)| one.text(*tag).unwrap_or_default()));
    }
    output::print(&format!("{}\n{} found\n", rows.trim_fmt(), found.len()), false);
    Ok(Exit::Done)
}

/// A node that can't be used at the start.
fn unreachable(error: &NetError) -> Failure {
    let text = with_remedy(error);
    match error.kind() {
        NetErrorKind::Configuration { .. } => Failure::usage(text),
        _ => Failure::stopped(text),
    }
}
