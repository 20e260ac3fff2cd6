//! A case that may be exported: its dose, what is said of it, and the planes its products lie on.
//!
//! Units: gray; percent of an unknown reference for a relative dose. Frame: DICOM patient coordinates (LPS).

use crate::attributes::{date_of, wanted};
use crate::data_set::DataSet;
use crate::error::{ExportError, ExportErrorKind};
use crate::gate::{self, Permissions, refused};
use crate::slices::{self, Stack};
use crate::uid::Content;
use dicom_dictionary_std::tags;
use rt_draw::draw::missing_characters;
use rt_draw::labels::CaseLabels;
use rt_draw::style::DoseUnit;
use rt_geometry::pixel_plane::PixelPlane;
use rt_geometry::resample::grid_edge;
use rt_geometry::{compose, sample};
use rt_model::case::Case;
use rt_model::derive::{self, PlanSummary, RxRule, TotalDose};
use rt_model::dose::{DoseGrid, DoseType, DoseUnits};
use rt_model::finding::{Finding, export as codes};
use rt_model::identity;
use rt_model::instance::{Content as InstanceContent, InstanceInfo, Inventory};
use rt_model::matching::CaseMatch;
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
    /// Doses of which the user said what they cover: a total that differs by a number of fractions is no error then.
    pub stated_doses: Vec<Uid>,
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

/// A case whose dose may be exported.
#[derive(Debug)]
pub struct ExportCase {
    /// Plan, structure set and doses; the doses' voxels are in `dose`.
    pub(crate) case: Case,
    /// The plan's whole dose.
    pub(crate) dose: DoseGrid,
    pub(crate) labels: CaseLabels,
    pub(crate) summary: PlanSummary,
    pub(crate) total: TotalDose,
    pub(crate) stack: Stack,
    /// Digest of everything that was decoded.
    pub(crate) digest: [u8; 32],
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
    /// Loads a matched case, where it may be exported: plan, structure set and dose settled, one patient by two identifiers, a
    /// plan for treatment that is approved (or allowed), one frame of reference, a dose that meets the images.
    ///
    /// # Errors
    /// Where one of these does not hold, or a file cannot be read.
    pub fn load(matched: &CaseMatch, inventory: &Inventory, options: &ExportOptions) -> Result<Self, ExportError> {
        let plan_info = &inventory.instances[matched.plan].info;
        let InstanceContent::Plan(plan) = &inventory.instances[matched.plan].content else {
            return Err(refused(ExportErrorKind::NotMatched, plan_info, "the case has no plan"));
        };
        gate::plan(matched, plan_info, plan, options.permissions)?;
        let mut findings = matched.findings.clone();
        let info = |at: &usize| &inventory.instances[*at].info;
        let doses: Vec<&InstanceInfo> = matched.doses.iter().map(|dose| info(&dose.instance)).collect();
        let images: Vec<&InstanceInfo> = matched.images.iter().map(info).collect();
        let others = doses.iter().copied().chain(matched.structure_set.iter().map(info)).chain(images.iter().copied());
        gate::patient(plan_info, others, options.permissions, &mut findings)?;
        gate::frame(doses, &images)?;

        let unit = unit(matched, inventory, plan.ion);
        let mut read = options.read;
        if unit == DoseUnit::Percent {
            read.relative_dose_reference = Some(Gy(100.0));
        }
        let mut of_images = Vec::new();
        let (loaded, stack) =
            rayon::join(|| matched.load(inventory, &read), || slices::of_images(inventory, &matched.images, &mut of_images));
        let unsettled = || refused(ExportErrorKind::NotMatched, plan_info, "plan, structure set and dose are not settled");
        let loaded = loaded.ok_or_else(unsettled)??;
        findings.extend(loaded.findings);
        findings.extend(of_images);
        let mut case = loaded.value;
        let digest = digest(matched, &case);
        let factors = matched.doses.iter().map(|dose| dose.factor);
        let whole = compose::whole(&mut case.doses, factors).map_err(|error| {
            refused(ExportErrorKind::Unsuitable, &case.plan_info, "the plan's doses make no whole").caused(error)
        })?;
        findings.extend(whole.findings);
        let dose = whole.value;
        let first_dose = case.doses.first().map(|dose| dose.info.clone()).ok_or_else(unsettled)?;
        let dose_attributes = read_attributes(&first_dose.path, &wanted())?.value.1;
        let stack = match stack? {
            Some(stack) => stack,
            None => {
                let text = why_no_images(matched, inventory);
                findings.push(Finding::warning(codes::NO_IMAGES, first_dose.provenance(), text));
                slices::of_grid(dose.geometry(), dose_attributes.clone())
            }
        };
        let total = total(matched, &case, &dose, unit, options, &mut findings)?;
        let maximum = dose.range().1.0;
        if unit == DoseUnit::Percent && maximum > LARGEST_PERCENT {
            let text = format!("expected a relative dose of 1 for 100 %, found up to {}", maximum / 100.0);
            return Err(refused(ExportErrorKind::Unsuitable, &first_dose, text));
        }
        let reached = stack.slices.iter().filter(|slice| meets(&dose, &slice.plane)).count();
        if reached == 0 {
            return Err(refused(ExportErrorKind::NoOverlap, &first_dose, "the dose grid and the images have no place in common"));
        }
        let rule = RxRule { stated: options.stated_prescription, fall_back_to_maximum: false };
        let summary = derive::summarise(&case, Some(&dose), rule);
        findings.extend(summary.findings);
        let summary = summary.value;
        let labels = CaseLabels {
            plan: case.plan.label.trim().to_owned(),
            prescription: prescription(&summary, &case, unit),
            fractions: summary.fractions.as_ref().map(|fractions| fractions.value),
            maximum,
            unit,
            approval: case.plan.approval_status.clone().unwrap_or_default(),
            plans: plans_of_patient(inventory, plan_info),
            total: total.in_words(),
            test: options.test,
        };
        findings.extend(missing_characters(&labels, case.structure_set.rois.iter().map(|roi| roi.name.as_str())));
        let date = date_of(&dose_attributes).unwrap_or_default();
        Ok(Self { case, dose, labels, summary, total, stack, digest, date, reached, study: options.study.clone(), findings })
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
        &self.total
    }

    /// The plan's instance: whose case it is.
    #[must_use]
    pub const fn plan_info(&self) -> &InstanceInfo {
        &self.case.plan_info
    }

    /// Number of planes of the stack that products lie on.
    #[must_use]
    pub fn slice_count(&self) -> usize {
        self.stack.slices.len()
    }

    /// Puts the study of the user's choice over that of the images.
    pub(crate) fn apply_study(&self, data: &mut DataSet) {
        if let StudyChoice::New { accession } = &self.study {
            let study = Content::of("study").and(&self.digest).and(self.study_part().as_bytes()).uid();
            data.uid(tags::STUDY_INSTANCE_UID, &study)
                .text(tags::STUDY_DATE, &self.date.0)
                .text(tags::STUDY_TIME, &self.date.1)
                .empty(tags::STUDY_ID)
                .text(tags::ACCESSION_NUMBER, accession)
                .text(tags::STUDY_DESCRIPTION, "RT dose, planned");
        }
    }

    /// The choice of study as a part of identifiers.
    pub(crate) fn study_part(&self) -> String {
        format!("{:?}", self.study)
    }
}

/// What the case's dose is in.
fn unit(matched: &CaseMatch, inventory: &Inventory, ion: bool) -> DoseUnit {
    let headers = matched.doses.iter().filter_map(|dose| match &inventory.instances[dose.instance].content {
        InstanceContent::Dose(header) => Some(header),
        _ => None,
    });
    let mut unit = DoseUnit::Gy;
    for header in headers {
        match (&header.units, &header.dose_type) {
            (DoseUnits::Relative, _) => return DoseUnit::Percent,
            (_, DoseType::Effective) if ion => unit = DoseUnit::GyRbe,
            _ => {}
        }
    }
    unit
}

fn digest(matched: &CaseMatch, case: &Case) -> [u8; 32] {
    let doses: Vec<_> = case.doses.iter().zip(&matched.doses).map(|(dose, part)| (dose, part.factor)).collect();
    identity::case_digest(&case.plan, &case.structure_set, &doses)
}

fn total(
    matched: &CaseMatch,
    case: &Case,
    dose: &DoseGrid,
    unit: DoseUnit,
    options: &ExportOptions,
    findings: &mut Vec<Finding>,
) -> Result<TotalDose, ExportError> {
    if unit == DoseUnit::Percent {
        return Ok(TotalDose::NotConfirmed("the dose is relative".to_owned()));
    }
    let total = derive::check(&case.plan, unit == DoseUnit::GyRbe, |point| sample::trilinear(dose, point));
    let Some(first) = case.doses.first() else { return Ok(total) };
    let finding = total.finding(first.info.provenance());
    let stated = case.doses.iter().any(|dose| options.stated_doses.contains(&dose.info.sop_instance));
    if matches!(total, TotalDose::NotTotal { .. }) && !stated {
        return Err(refused(ExportErrorKind::Total, &first.info, finding.text));
    }
    if matched.needs_confirmed_total && !total.is_confirmed() {
        let text = format!("the only dose is of another manufacturer than the plan's and its total is {}", total.in_words());
        return Err(refused(ExportErrorKind::Total, &first.info, text));
    }
    findings.push(finding);
    Ok(total)
}

/// The settled prescription, where percent of it means something: a physical dose of an ion plan is not what was prescribed.
fn prescription(summary: &PlanSummary, case: &Case, unit: DoseUnit) -> Option<f64> {
    let comparable = unit == DoseUnit::GyRbe || unit == DoseUnit::Gy && !case.plan.ion;
    summary.prescription.settled.filter(|_| comparable).map(|dose| dose.0)
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
    let Some(InstanceContent::StructureSet(header)) = set else { return "no planning images are at hand".to_owned() };
    let other = inventory.instances.iter().find(|instance| {
        matches!(instance.content, InstanceContent::Other)
            && instance.info.series_instance.as_ref().is_some_and(|series| header.referenced_series.contains(series))
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
