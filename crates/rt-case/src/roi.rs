//! From contours and a dose to the DVH of a ROI, or the reason why it has none.
//!
//! Units: Gy, cm3. Frame: DICOM patient coordinates (LPS), shared by ROI and dose.

use crate::metric::MetricResult;
use crate::targets::{TargetRelation, Targets};
use rt_dvh::{Dvh, DvhOptions, NoDvh};
use rt_geometry::stack::{RoiStack, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::finding::Finding;
use rt_model::frame::PatientPoint;
use rt_model::provenance::Provenance;
use rt_model::structure_set::Roi;
use rt_model::units::{Cm3, Gy};

/// A ROI with its DVH, or the reason why it has none.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RoiResult {
    /// ROI Number.
    pub number: i32,
    /// ROI Name.
    pub name: String,
    /// RT ROI Interpreted Type.
    pub interpreted_type: Option<String>,
    /// ROI Display Color.
    pub colour: Option<[u8; 3]>,
    /// Volume of the whole ROI, also of the part outside the dose grid.
    pub volume: Option<Cm3>,
    /// Centre of the volume.
    pub centroid: Option<PatientPoint>,
    /// The histogram, or why there is none.
    pub dvh: Result<Dvh, NoDvh>,
    /// The metrics that were asked for, in their order.
    pub metrics: Vec<MetricResult>,
    /// Where it lies from the targets, if that was asked and the structure set has targets.
    pub targets: Option<TargetRelation>,
    /// What was noticed about it, the reason for a missing DVH included.
    pub findings: Vec<Finding>,
}

impl RoiResult {
    /// Why there is no DVH.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.dvh.as_ref().err().map(ToString::to_string)
    }

    /// D95%: the dose that 95 % of the covered volume receives at least.
    #[must_use]
    pub fn d95(&self) -> Option<Gy> {
        let dvh = self.dvh.as_ref().ok()?;
        dvh.dose_at_volume(dvh.doses().map_or(Cm3(0.0), |doses| doses.covered) * 0.95)
    }
}

/// What all ROIs of a case share.
pub(crate) struct Shared<'a> {
    pub(crate) structure_set: &'a Provenance,
    pub(crate) dose: &'a DoseGrid,
    pub(crate) options: &'a DvhOptions,
    /// The planes of the structure set.
    pub(crate) planes: &'a StructurePlanes<'a>,
    pub(crate) targets: Option<&'a Targets>,
}

pub(crate) fn compute(roi: &Roi, shared: &Shared<'_>) -> RoiResult {
    let mut model = Model::default();
    let dvh = model.dvh(roi, shared);
    let place = Provenance { path: Some(format!("ROI {}", roi.number)), ..shared.structure_set.clone() };
    let placed = |finding: Finding| match finding.at == Provenance::unknown() {
        true => Finding { at: place.clone(), ..finding },
        false => finding,
    };
    let reason = dvh.as_ref().err().map(NoDvh::finding);
    let findings = model.findings.into_iter().chain(reason).map(placed).collect();
    RoiResult {
        number: roi.number,
        name: roi.name.clone(),
        interpreted_type: roi.interpreted_type.clone(),
        colour: roi.colour,
        volume: model.volume,
        centroid: model.centroid,
        dvh,
        metrics: Vec::new(),
        targets: model.targets,
        findings,
    }
}

/// What is known of the volume before the dose is asked.
#[derive(Default)]
struct Model {
    volume: Option<Cm3>,
    centroid: Option<PatientPoint>,
    targets: Option<TargetRelation>,
    findings: Vec<Finding>,
}

impl Model {
    /// Builds the volume and its DVH; the error is why there is none.
    fn dvh(&mut self, roi: &Roi, shared: &Shared<'_>) -> Result<Dvh, NoDvh> {
        let stack = RoiStack::build(roi, &shared.options.stack(shared.planes.neighbours_of(roi)))?;
        self.findings.extend(stack.findings);
        let stack = stack.value;
        self.volume = Some(stack.volume());
        self.centroid = stack.centroid();
        self.targets = shared.targets.map(|targets| targets.relation(&stack));
        let dvh = rt_dvh::compute(&stack, shared.dose, shared.options)?;
        self.findings.extend(dvh.findings);
        Ok(dvh.value)
    }
}
