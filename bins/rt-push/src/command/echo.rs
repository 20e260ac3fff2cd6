//! `rt-push echo`, `rt-push probe`: what a node does, without sending it anything.
//!
//! Units: milliseconds. Frame: none.

use super::runtime;
use crate::cli::NodeArgs;
use crate::config::{Layer, find_target};
use crate::view::table::table;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_deliver::{
    DestinationError, OTHER_CLASSES, PRODUCT_CLASSES, SERVICES, SYNTAXES, class_name, syntax_name,
};
use rt_model::uid::Uid;
use rt_net::uids::IMPLICIT_LITTLE;
use rt_net::{NetError, NetErrorKind};

/// Asks whether the node is there and lets us in.
pub(crate) fn echo(args: &NodeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, true)?;
    let time = runtime()?.block_on(rt_net::echo(&target.destination)).map_err(unreachable)?;
    println!(
        "{} answers to {} in {:.1} ms",
        target.destination,
        target.destination.calling,
        time.as_secs_f64() * 1e3
    );
    Ok(Exit::Done)
}

/// Asks which SOP classes and transfer syntaxes the node accepts.
pub(crate) fn probe(args: &NodeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, true)?;
    let classes =
        PRODUCT_CLASSES.iter().map(|(class, ..)| *class).chain(OTHER_CLASSES.iter().map(|(class, _)| *class));
    let storage = classes.flat_map(|class| SYNTAXES.iter().map(move |(syntax, _)| (class, *syntax)));
    let services = SERVICES.iter().map(|(class, _)| (*class, IMPLICIT_LITTLE));
    let pairs: Vec<(Uid, Uid)> = services
        .chain(storage)
        .filter_map(|(class, syntax)| Some((Uid::new(class)?, Uid::new(syntax)?)))
        .collect();
    let support = runtime()?.block_on(rt_net::probe(&target.destination, &pairs)).map_err(unreachable)?;
    let mut rows = table(&["SOP class", "transfer syntax", "accepted"], &[]);
    for one in support {
        rows.add_row([
            class_name(one.sop_class.as_str()),
            syntax_name(one.transfer_syntax.as_str()),
            if one.accepted { "yes" } else { "no" },
        ]);
    }
    output::print(&format!("{}\n\n{}\n", target.destination, rows.trim_fmt()), false);
    Ok(Exit::Done)
}

/// A node that can't be used at the start.
pub(super) fn unreachable(error: NetError) -> Failure {
    let is_configuration = matches!(error.kind(), NetErrorKind::Configuration { .. });
    let text = DestinationError::from(error).in_words();
    if is_configuration { Failure::usage(text) } else { Failure::stopped(text) }
}
