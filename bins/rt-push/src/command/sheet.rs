//! `rt-push sheet`: one page for the hospital's IT department.
//!
//! Units: none. Frame: none.

use crate::cli::NodeArgs;
use crate::config::{Layer, find_target};
use crate::view::it_sheet;
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_deliver::{Product, Target};
use std::net::{IpAddr, UdpSocket};

/// Prints the page.
pub(crate) fn run(args: &NodeArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = find_target(&args.node, &layer.pacs, false)?;
    let usual = || layer.export.products.iter().flatten().filter_map(|name| Product::parse(name)).collect();
    let products: Vec<Product> = target.products.clone().unwrap_or_else(usual);
    output::print(&it_sheet::page(&target, &products, own_address(&target)), false);
    Ok(Exit::Done)
}

/// The address that we have towards the node. Connecting a datagram socket sends nothing.
fn own_address(target: &Target) -> Option<IpAddr> {
    let node = &target.destination;
    let here = |any: &str| {
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket.connect((node.host.as_str(), node.port)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    here("0.0.0.0").or_else(|| here("::"))
}
