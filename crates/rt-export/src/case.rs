//! A case that may be exported: its dose, what is said of it, and the planes its products lie on.
//!
//! Units: gray; percent of an unknown reference for a relative dose. Frame: DICOM patient coordinates (LPS).

use crate::attributes::{date_of, wanted};
use crate::content::Canonical;
use crate::error::{ExportError, ExportErrorKind};
use crate::gate::{self, Permissions, refused};
use crate::slices::{self, Stack};
use crate::uid::{Content, SCHEMA_REV};
use rt_case::{CaseError, CaseErrorKind, CaseFacts, PrepareOptions, PreparedCase, prepare};
use rt_dicom::{DataSet, tags};
use rt_draw::draw::missing_characters;
use rt_draw::labels::CaseLabels;
use rt_draw::style::DoseUnit;
use rt_geometry::pixel_plane::PixelPlane;
use rt_geometry::resample::grid_edge;
use rt_model::derive::TotalDose;
use rt_model::dose::{DoseGrid, DoseType};
use rt_model::finding::{Finding, export as codes};
use rt_model::instance::{Content as InstanceContent, InstanceInfo, Inventory};
use rt_model::matching::CaseMatch;
use rt_model::provenance::Provenance;
use rt_model::read::{ReadOptions, read_attributes};
use rt_model::uid::Uid;
use rt_model::units::Gy;

/// The user's word on an export.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// How to read data that leaves a question open.
    pub read: ReadOptions,
    /// What is allowed beyond the rules.
    pub permissions: Permissions,
    /// The prescription of the plan, total, whatever its files say.
    pub stated_prescription: Option<Gy>,
    /// The study that products are filed in.
    pub study: StudyChoice,
    /// TEST is burned across every picture.
    pub test: bool,
}

/// The study that products are filed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StudyChoice {
    /// That of the planning images.
    #[default]
    Same,
    /// One of its own, with this accession number; empty for none.
    New {
        /// Accession Number (0008,0050).
        accession: String,
    },
}

impl Canonical for StudyChoice {
    fn add_to(&self, content: &mut Content) {
        match self {
            Self::Same => content.text("study", "same"),
            Self::New { accession } => content.text("study", "new").text("accession", accession),
        };
    }
}

/// A case whose dose may be exported.
#[derive(Debug)]
pub struct ExportCase {
    /// Contours, summed dose, and what else is known of the case.
    pub(crate) prepared: PreparedCase,
    pub(crate) labels: CaseLabels,
    pub(crate) stack: Stack,
    /// Date and time of the dose, as DICOM writes them.
    pub(crate) date: (String, String),
    /// Slices that the dose grid reaches.
    pub(crate) reached: usize,
    study: StudyChoice,
    findings: Vec<Finding>,
}

/// A relative dose above this many percent was not written as parts of 1.
const LARGEST_PERCENT: f64 = 1000.0;

impl ExportCase {
    /// Loads a matched case, where it may be exported: plan, structure set and dose settled, one patient by
    /// two identifiers, a plan for treatment that is approved (or allowed), one frame of reference, a dose
    /// that meets the images.
    ///
    /// # Errors
    /// Where one of these does not hold, or a file cannot be read.
    pub fn load(
        matched: &CaseMatch,
        inventory: &Inventory,
        options: &ExportOptions,
    ) -> Result<Self, ExportError> {
        let plan_info = &inventory.instances[matched.plan].info;
        let InstanceContent::Plan(plan) = &inventory.instances[matched.plan].content else {
            return Err(refused(ExportErrorKind::NotMatched, plan_info, "the case has no plan"));
        };
        gate::plan(matched, plan_info, plan, options.permissions)?;
        let mut findings = matched.findings.clone();
        let info = |at: &usize| &inventory.instances[*at].info;
        let doses: Vec<&InstanceInfo> = matched.doses.iter().map(|dose| info(&dose.instance)).collect();
        let images: Vec<&InstanceInfo> = matched.images.iter().map(info).collect();
        let others =
            doses.iter().copied().chain(matched.structure_set.iter().map(info)).chain(images.iter().copied());
        gate::patient(plan_info, others, options.permissions, &mut findings)?;
        gate::frame(doses, &images)?;

        let of_patient = findings.split_off(matched.findings.len());
        let prepare_options = PrepareOptions {
            read: options.read,
            prescriptions: options
                .stated_prescription
                .map(|dose| (plan_info.sop_instance.clone(), dose))
                .into_iter()
                .collect(),
            fall_back_to_maximum: false,
            relative_as_percent: true,
        };
        let mut of_images = Vec::new();
        let (prepared, stack) = rayon::join(
            || prepare(matched, inventory, &prepare_options),
            || slices::of_images(inventory, &matched.images, &mut of_images),
        );
        let prepared = prepared.map_err(not_prepared)?.without_overlap_rule();
        findings = prepared.facts().findings.clone();
        findings.extend(of_patient);
        findings.extend(of_images);
        let (facts, dose) = (prepared.facts(), prepared.dose());
        let unsettled = || {
            refused(ExportErrorKind::NotMatched, plan_info, "plan, structure set and dose are not settled")
        };
        let first_dose = facts.doses.first().map(|dose| dose.info.clone()).ok_or_else(unsettled)?;
        let dose_attributes = read_attributes(&first_dose.path, &wanted())?.value.1;
        let stack = match stack? {
            Some(stack) => stack,
            None => {
                let text = why_no_images(matched, inventory);
                findings.push(Finding::warning(codes::NO_IMAGES, first_dose.provenance(), text));
                slices::of_grid(dose.geometry(), dose_attributes.clone())
            }
        };
        let unit = unit(facts);
        let maximum = dose.range().1.0;
        if unit == DoseUnit::Percent && maximum > LARGEST_PERCENT {
            let text = format!("expected a relative dose of 1 for 100 %, found up to {}", maximum / 100.0);
            return Err(refused(ExportErrorKind::Unsuitable, &first_dose, text));
        }
        let reached = stack.slices.iter().filter(|slice| meets(dose, &slice.plane)).count();
        if reached == 0 {
            return Err(refused(
                ExportErrorKind::NoOverlap,
                &first_dose,
                "the dose grid and the images have no place in common",
            ));
        }
        let labels = CaseLabels {
            plan: facts.plan.label.trim().to_owned(),
            prescription: prescription(facts),
            fractions: facts.summary.fractions.as_ref().map(|fractions| fractions.value),
            maximum,
            unit,
            approval: facts.plan.approval_status.clone(),
            plans: plans_of_patient(inventory, plan_info),
            total: facts.total.in_words(),
            test: options.test,
        };
        findings.extend(missing_characters(&labels, prepared.rois().iter().map(|roi| roi.name.as_str())));
        let date = date_of(&dose_attributes).unwrap_or_default();
        Ok(Self { prepared, labels, stack, date, reached, study: options.study.clone(), findings })
    }

    /// What is known of the case besides its contours and its dose.
    pub(crate) const fn facts(&self) -> &CaseFacts {
        self.prepared.facts()
    }

    /// The plan's summed dose.
    pub(crate) const fn dose(&self) -> &DoseGrid {
        self.prepared.dose()
    }

    /// What is said of the dose on every picture.
    #[must_use]
    pub const fn labels(&self) -> &CaseLabels {
        &self.labels
    }

    /// What was noticed while the case was matched and loaded.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The outcome of the total-dose check.
    #[must_use]
    pub const fn total(&self) -> &TotalDose {
        &self.facts().total
    }

    /// The plan's instance: whose case it is.
    #[must_use]
    pub const fn plan_info(&self) -> &InstanceInfo {
        &self.facts().plan_info
    }

    /// Number of planes of the stack that products lie on.
    #[must_use]
    pub fn slice_count(&self) -> usize {
        self.stack.slices.len()
    }

    /// Puts the study of the user's choice over that of the images.
    pub(crate) fn apply_study(&self, data: &mut DataSet) {
        if let StudyChoice::New { accession } = &self.study {
            let mut content = Content::of("study", SCHEMA_REV);
            self.study.add_to(content.bytes("case", &self.facts().digest));
            data.uid(tags::STUDY_INSTANCE_UID, &content.uid())
                .text(tags::STUDY_DATE, &self.date.0)
                .text(tags::STUDY_TIME, &self.date.1)
                .empty(tags::STUDY_ID)
                .text(tags::ACCESSION_NUMBER, accession)
                .text(tags::STUDY_DESCRIPTION, "RT dose, planned");
        }
    }

    /// The study that products are filed in.
    pub(crate) const fn study(&self) -> &StudyChoice {
        &self.study
    }
}

/// What the case's dose is in.
fn unit(facts: &CaseFacts) -> DoseUnit {
    match facts.dose_type {
        _ if facts.in_percent => DoseUnit::Percent,
        DoseType::Effective if facts.plan.ion => DoseUnit::GyRbe,
        _ => DoseUnit::Gy,
    }
}

/// Why a case that was matched cannot be prepared.
fn not_prepared(error: CaseError) -> ExportError {
    let kind = match error.kind() {
        CaseErrorKind::TotalContradicted | CaseErrorKind::TotalNotConfirmed => ExportErrorKind::Total,
        CaseErrorKind::NotSummable => ExportErrorKind::Unsuitable,
        CaseErrorKind::Unreadable => {
            let text = "a file of the case cannot be read";
            return ExportError::new(ExportErrorKind::Read, Provenance::unknown(), text).caused(error);
        }
        _ => ExportErrorKind::NotMatched,
    };
    ExportError::new(kind, error.at().clone(), error.reason())
}

/// The settled prescription, where percent of it means something: a physical dose of an ion plan is not what
/// was prescribed.
fn prescription(facts: &CaseFacts) -> Option<f64> {
    let comparable = !facts.in_percent && facts.is_weighted();
    facts.summary.prescription.settled.filter(|_| comparable).map(|dose| dose.0)
}

/// Plans for treatment of the same patient in the inventory.
fn plans_of_patient(inventory: &Inventory, info: &InstanceInfo) -> usize {
    let same = inventory.instances.iter().filter(|instance| instance.info.patient.id == info.patient.id);
    let mut plans: Vec<&Uid> = same
        .filter(|instance| matches!(&instance.content, InstanceContent::Plan(plan) if plan.not_for_cohort().is_none()))
        .map(|instance| &instance.info.sop_instance)
        .collect();
    plans.sort_unstable();
    plans.dedup();
    plans.len()
}

/// Says what was found in place of planning images.
fn why_no_images(matched: &CaseMatch, inventory: &Inventory) -> String {
    let set = matched.structure_set.map(|at| &inventory.instances[at].content);
    let Some(InstanceContent::StructureSet(header)) = set else {
        return "no planning images are at hand".to_owned();
    };
    let other = inventory.instances.iter().find(|instance| {
        matches!(instance.content, InstanceContent::Other)
            && instance
                .info
                .series_instance
                .as_ref()
                .is_some_and(|series| header.referenced_series.contains(series))
    });
    match other {
        Some(other) => format!(
            "the planning images are of SOP class {} (enhanced multi-frame or another kind that is not read): the pictures show the dose grid's own planes",
            other.info.sop_class
        ),
        None => "no planning images are at hand: the pictures show the dose grid's own planes".to_owned(),
    }
}

/// The dose grid reaches a pixel of the plane.
fn meets(dose: &DoseGrid, plane: &PixelPlane) -> bool {
    let edge = grid_edge(dose.geometry(), plane);
    let overlaps = |axis: usize| {
        let low = edge.iter().map(|at| at[axis]).fold(f64::INFINITY, f64::min);
        let high = edge.iter().map(|at| at[axis]).fold(f64::NEG_INFINITY, f64::max);
        low <= (plane.size[axis] - 1) as f64 && high >= 0.0
    };
    !edge.is_empty() && overlaps(0) && overlaps(1)
}
