//! A destination with its rules.
//!
//! Units: MB and [`Duration`]. Frame: none.

use crate::error::{DeliverError, DeliverErrorKind};
use crate::product::Product;
use rt_export::case::StudyChoice;
use rt_model::uid::Uid;
use rt_net::Node;
use std::net::SocketAddr;
use std::time::Duration;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// Keeps and shows images.
    Pacs,
    /// A planning system: nothing is sent to it.
    PlanningSystem,
    /// Passes on to nodes that we do not know.
    Router,
}

/// The study that products are filed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StudyRule {
    /// That of the planning images, which has to be there.
    Same,
    /// One of its own with this accession number; empty for none.
    New {
        /// Accession Number (0008,0050).
        accession: String,
    },
}

/// How it is proved that instances arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerifyRule {
    /// Storage commitment where there is a rule for it, else a query.
    Auto,
    /// Storage commitment.
    Commitment,
    /// A query.
    Find,
    /// Not at all.
    None,
}

/// How answers to storage commitment are heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitmentRule {
    /// Where we listen.
    pub listen: SocketAddr,
    /// How long a run waits for the answer.
    pub wait: Duration,
}

/// A destination with everything that is decided about it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Target<D = Node> {
    /// As the user names it; jobs of the queue carry this name.
    pub name: String,
    /// The other side.
    pub destination: D,
    /// What it is.
    pub kind: NodeKind,
    /// The study for products; nothing is prepared where it is not decided.
    pub study: Option<StudyRule>,
    /// Products, where they are not the usual ones.
    pub products: Option<Vec<Product>>,
    /// The dose as CT may be sent.
    pub quant: bool,
    /// Transfer syntaxes to offer; all where `None`.
    pub transfer_syntaxes: Option<Vec<Uid>>,
    /// Storage commitment.
    pub commitment: Option<CommitmentRule>,
    /// The largest case, MB.
    pub max_mb_per_case: f64,
    /// Approved, confirmed cases without a warning are released without anybody looking.
    pub auto_release: bool,
    /// How arrival is proved.
    pub verify: VerifyRule,
    /// How long a query is repeated until everything is listed.
    pub verify_wait: Duration,
    /// Associations side by side, 1 to 4.
    pub associations: usize,
}

impl<D> Target<D> {
    /// A PACS with the usual rules: 200 MB a case, one association, proof as the node can give it within 60
    /// s, nothing released by itself, no dose as CT. In which study products are filed is left to decide.
    ///
    /// ```
    /// use rt_deliver::{NodeKind, StudyRule, Target};
    /// use rt_net::{AeTitle, Node};
    ///
    /// let title = |text| AeTitle::new(text).expect("a title");
    /// let node = Node::new(title("PACS"), "pacs.hospital", 104, title("DOSEBRIDGE"));
    /// let mut target = Target::new("main", node);
    /// target.study = Some(StudyRule::Same);
    /// assert!(target.not_for_planning().is_ok());
    /// target.kind = NodeKind::PlanningSystem;
    /// assert!(target.not_for_planning().is_err());
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, destination: D) -> Self {
        Self {
            name: name.into(),
            destination,
            kind: NodeKind::Pacs,
            study: None,
            products: None,
            quant: false,
            transfer_syntaxes: None,
            commitment: None,
            max_mb_per_case: 200.0,
            auto_release: false,
            verify: VerifyRule::Auto,
            verify_wait: Duration::from_secs(60),
            associations: 1,
        }
    }

    /// Refuses a planning system: what is sent there may be planned on.
    ///
    /// # Errors
    /// [`DeliverErrorKind::PlanningSystem`].
    pub fn not_for_planning(&self) -> Result<(), DeliverError> {
        match self.kind {
            NodeKind::PlanningSystem => {
                let text = "kind = \"tps\": nothing is sent to a planning system";
                Err(DeliverError::new(DeliverErrorKind::PlanningSystem, &self.name, text))
            }
            NodeKind::Pacs | NodeKind::Router => Ok(()),
        }
    }

    /// The study that products are filed in; a phantom's is never the one of a patient.
    ///
    /// # Errors
    /// [`DeliverErrorKind::NoStudyRule`].
    pub fn study_choice(&self, is_test: bool) -> Result<StudyChoice, DeliverError> {
        match &self.study {
            Some(StudyRule::Same) if !is_test => Ok(StudyChoice::Same),
            Some(StudyRule::New { accession }) => Ok(StudyChoice::New { accession: accession.clone() }),
            Some(StudyRule::Same) => Ok(StudyChoice::New { accession: String::new() }),
            None => {
                let text = "expected study = \"same\", or \"new\" with an accession, found none: where the pictures are filed has \
                            to be chosen";
                Err(DeliverError::new(DeliverErrorKind::NoStudyRule, &self.name, text))
            }
        }
    }

    /// Refuses a product that may not go to a node at all, or not to this one.
    ///
    /// # Errors
    /// [`DeliverErrorKind::NotForNode`], [`DeliverErrorKind::NotAllowed`].
    pub fn allows(&self, product: Product) -> Result<(), DeliverError> {
        if !product.is_dicom() {
            let text = "expected a product for a PACS, found files";
            return Err(DeliverError::new(DeliverErrorKind::NotForNode(product), product.as_str(), text));
        }
        if product == Product::Quant && !(self.quant && self.kind == NodeKind::Pacs) {
            let text = "quant: viewers show its dose as HU, and CT series are routed on: it needs quant = true and kind = \"pacs\"";
            return Err(DeliverError::new(DeliverErrorKind::NotAllowed(product), &self.name, text));
        }
        Ok(())
    }

    /// Whether it may be offered this transfer syntax.
    #[must_use]
    pub fn offers(&self, syntax: &str) -> bool {
        self.transfer_syntaxes.as_ref().is_none_or(|allowed| allowed.iter().any(|one| one.as_str() == syntax))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planning_system_gets_nothing() {
        let mut target = Target::new("main", ());
        target.kind = NodeKind::PlanningSystem;
        assert_eq!(target.not_for_planning().unwrap_err().kind(), DeliverErrorKind::PlanningSystem);
        target.kind = NodeKind::Router;
        assert!(target.not_for_planning().is_ok());
    }

    #[test]
    fn the_dose_as_ct_needs_a_pacs_that_allows_it() {
        let mut target = Target::new("main", ());
        assert!(target.allows(Product::Quant).is_err());
        target.quant = true;
        assert!(target.allows(Product::Quant).is_ok());
        target.kind = NodeKind::Router;
        assert!(target.allows(Product::Quant).is_err());
        assert_eq!(
            target.allows(Product::Png).unwrap_err().kind(),
            DeliverErrorKind::NotForNode(Product::Png)
        );
    }

    #[test]
    fn a_phantom_is_never_filed_in_the_study_of_a_patient() {
        let mut target = Target::new("main", ());
        assert_eq!(target.study_choice(false).unwrap_err().kind(), DeliverErrorKind::NoStudyRule);
        target.study = Some(StudyRule::Same);
        assert_eq!(target.study_choice(false).unwrap(), StudyChoice::Same);
        assert_eq!(target.study_choice(true).unwrap(), StudyChoice::New { accession: String::new() });
    }
}
