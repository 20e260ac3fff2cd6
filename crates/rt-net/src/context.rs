//! Which presentation contexts are proposed for which instances (PS3.8 section 7.1.1.13).
//!
//! Every pair of SOP class and transfer syntax has a context of its own: an acceptor picks one syntax per
//! context, and which one it would have left out is never told.
//!
//! Units: none. Frame: none.

use crate::pdu::ProposedContext;
use crate::uids::{IMPLICIT_LITTLE, VERIFICATION};
use rt_model::uid::Uid;
use std::ops::Range;

/// Presentation contexts of one association: the odd numbers from 1 to 255.
pub const MAX_CONTEXTS: usize = 128;

/// What planning has to know of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its SOP class.
    pub sop_class: Uid,
    /// The transfer syntaxes it can be had in; the first is the one it has.
    pub transfer_syntaxes: Vec<Uid>,
}

/// One association: a run of instances and the contexts that carry them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The instances, by their place in the list.
    pub instances: Range<usize>,
    /// What is proposed; Verification is always among it.
    pub contexts: Vec<ProposedContext>,
}

/// Cuts a list of instances into runs that one association can carry, in order. An instance with more
/// transfer syntaxes than an association has contexts keeps the first ones.
#[must_use]
pub fn plan(offers: &[Offer]) -> Vec<Plan> {
    let mut plans = Vec::new();
    let mut start = 0;
    let mut pairs: Vec<(&Uid, &Uid)> = Vec::new();
    for (at, offer) in offers.iter().enumerate() {
        let wanted =
            || offer.transfer_syntaxes.iter().take(MAX_CONTEXTS - 1).map(|syntax| (&offer.sop_class, syntax));
        let new: Vec<_> = wanted().filter(|pair| !pairs.contains(pair)).collect();
        if pairs.len() + new.len() >= MAX_CONTEXTS {
            plans.push(Plan { instances: start..at, contexts: contexts(&pairs) });
            start = at;
            pairs = wanted().collect();
        } else {
            pairs.extend(new);
        }
    }
    if start < offers.len() {
        plans.push(Plan { instances: start..offers.len(), contexts: contexts(&pairs) });
    }
    plans
}

fn contexts(pairs: &[(&Uid, &Uid)]) -> Vec<ProposedContext> {
    let verification = (VERIFICATION, IMPLICIT_LITTLE);
    std::iter::once(verification)
        .chain(pairs.iter().map(|(class, syntax)| (class.as_str(), syntax.as_str())))
        .zip((1_u8..=255).step_by(2))
        .map(|((class, syntax), id)| ProposedContext {
            id,
            abstract_syntax: class.to_owned(),
            transfer_syntaxes: vec![syntax.to_owned()],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(text: &str) -> Uid {
        Uid::new(text).unwrap()
    }

    fn offer(class: &str, syntaxes: &[&str]) -> Offer {
        Offer {
            sop_class: uid(class),
            transfer_syntaxes: syntaxes.iter().map(|syntax| uid(syntax)).collect(),
        }
    }

    /// Instances and number of contexts of each association.
    fn shape(offers: &[Offer]) -> Vec<(Range<usize>, usize)> {
        plan(offers).into_iter().map(|plan| (plan.instances, plan.contexts.len())).collect()
    }

    #[test]
    fn a_pair_is_proposed_once_and_alone() {
        let offers = [offer("1.1", &["2.1", "2.2"]), offer("1.1", &["2.2"]), offer("1.2", &["2.1"])];
        let plan = plan(&offers);
        assert_eq!(plan.len(), 1);
        let proposed: Vec<_> = plan[0]
            .contexts
            .iter()
            .map(|c| (c.id, c.abstract_syntax.as_str(), c.transfer_syntaxes.join(" ")))
            .collect();
        let expected = [
            (1, VERIFICATION, IMPLICIT_LITTLE.to_owned()),
            (3, "1.1", "2.1".to_owned()),
            (5, "1.1", "2.2".to_owned()),
            (7, "1.2", "2.1".to_owned()),
        ];
        assert_eq!(proposed, expected);
    }

    #[test]
    fn too_many_contexts_take_several_associations() {
        let offers: Vec<Offer> = (0..300).map(|n| offer(&format!("1.{n}"), &["2.1"])).collect();
        assert_eq!(shape(&offers), [(0..127, 128), (127..254, 128), (254..300, 47)]);
        let pairs: Vec<Offer> = (0..100).map(|n| offer(&format!("1.{n}"), &["2.1", "2.2"])).collect();
        assert_eq!(shape(&pairs), [(0..63, 127), (63..100, 75)]);
        assert_eq!(shape(&[]), []);
    }

    #[test]
    fn an_instance_of_countless_syntaxes_keeps_the_first() {
        let syntaxes: Vec<String> = (0..200).map(|n| format!("2.{n}")).collect();
        let syntaxes: Vec<&str> = syntaxes.iter().map(String::as_str).collect();
        assert_eq!(shape(&[offer("1.1", &syntaxes), offer("1.2", &["2.1"])]), [(0..1, 128), (1..2, 2)]);
    }
}
