//! What does a node accept? Presentation contexts are proposed, nothing is sent.
//!
//! Units: none. Frame: none.

use crate::association::Association;
use crate::context::MAX_CONTEXTS;
use crate::error::NetError;
use crate::node::Node;
use crate::pdu::ProposedContext;
use rt_model::uid::Uid;

/// Whether a node accepts a SOP class in a transfer syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// The SOP class.
    pub sop_class: Uid,
    /// The transfer syntax.
    pub transfer_syntax: Uid,
    /// Accepted.
    pub accepted: bool,
}

/// Proposes every pair, each in a context of its own, over as many associations as that takes.
///
/// # Errors
/// Where an association does not come about.
pub async fn probe(node: &Node, pairs: &[(Uid, Uid)]) -> Result<Vec<Support>, NetError> {
    let mut all = Vec::with_capacity(pairs.len());
    for pairs in pairs.chunks(MAX_CONTEXTS) {
        let contexts = pairs.iter().zip((1_u8..=255).step_by(2)).map(|((sop_class, transfer_syntax), id)| {
            ProposedContext {
                id,
                abstract_syntax: sop_class.to_string(),
                transfer_syntaxes: vec![transfer_syntax.to_string()],
            }
        });
        let association = Association::request(node, contexts.collect()).await?;
        all.extend(pairs.iter().zip((1_u8..=255).step_by(2)).map(|((sop_class, transfer_syntax), id)| {
            Support {
                sop_class: sop_class.clone(),
                transfer_syntax: transfer_syntax.clone(),
                accepted: association.contexts.iter().any(|context| context.id == id),
            }
        }));
        association.release().await;
    }
    Ok(all)
}
