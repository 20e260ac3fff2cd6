//! Our DVHs against another system's, and the cause of each difference.
//!
//! Units: Gy, cm3, percent. Frame: DICOM patient coordinates (LPS).

mod cause;
mod pairing;

pub use cause::{Cause, Trial};
pub use pairing::NoRoi;

use crate::prepared::PreparedCase;
use crate::tables::{TpsDvh, TpsTables};
use rayon::prelude::*;
use rt_dvh::{Agreement, Criteria, Dvh, DvhOptions, NoDvh};
use rt_geometry::stack::{RoiStack, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::structure_set::Roi;
use rt_model::units::{Cm3, Gy};

/// How DVHs are compared with another system's.
#[derive(Debug, Clone)]
pub struct CompareOptions {
    /// How our DVHs are computed.
    pub dvh: DvhOptions,
    /// What counts as agreement.
    pub criteria: Criteria,
    /// So many percent of the points must agree.
    pub pass_percent: f64,
    /// Volumes must agree within so many percent.
    pub volume_percent: f64,
}

/// The comparison of a case with another system's tables.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Comparison {
    /// The ROIs that both have, in the order of the tables.
    pub rois: Vec<ComparedRoi>,
    /// The tables that belong to no one ROI.
    pub left_out: Vec<NoRoi>,
}

/// A ROI that both have.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ComparedRoi {
    /// ROI Number.
    pub number: i32,
    /// ROI Name.
    pub name: String,
    /// The name in the table.
    pub table_name: String,
    /// The volume that the table states.
    pub table_volume: Option<Cm3>,
    /// The comparison, or why there is nothing to compare.
    pub outcome: Result<Compared, NoComparison>,
}

impl ComparedRoi {
    /// Curve and volume agree; `None` if there is nothing to compare.
    #[must_use]
    pub fn pass(&self) -> Option<bool> {
        self.outcome.as_ref().ok().map(|compared| compared.pass)
    }
}

/// Why there is nothing to compare.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoComparison {
    /// The ROI has no DVH.
    #[error(transparent)]
    NoDvh(#[from] NoDvh),
    /// The ROI lies outside the dose grid.
    #[error("the ROI has no dose here")]
    NoDose,
}

/// Compares a case with another system's tables, ROI by ROI in parallel on rayon's current pool.
#[must_use]
pub fn compare<F: Sync>(case: &PreparedCase<F>, tables: &TpsTables, options: &CompareOptions) -> Comparison {
    let planes = StructurePlanes::of(&case.rois);
    let ours = Ours { dose: &case.dose, planes: &planes, options };
    let (mut pairs, mut left_out) = (Vec::new(), Vec::new());
    for theirs in &tables.dvhs {
        match pairing::roi_of(&case.rois, theirs) {
            Ok(roi) => pairs.push((roi, theirs)),
            Err(why) => left_out.push(why),
        }
    }
    let one = |(roi, theirs): (&Roi, &TpsDvh)| ComparedRoi {
        number: roi.number,
        name: roi.name.clone(),
        table_name: theirs.name.clone(),
        table_volume: theirs.table.volume(),
        outcome: ours.compare(roi, theirs),
    };
    Comparison { rois: pairs.into_par_iter().map(one).collect(), left_out }
}

/// Our side of a comparison.
#[derive(Clone, Copy)]
struct Ours<'a> {
    dose: &'a DoseGrid,
    planes: &'a StructurePlanes<'a>,
    options: &'a CompareOptions,
}

/// A ROI's comparison.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Our volume.
    pub volume: Cm3,
    /// Part of it inside the dose grid, percent.
    pub coverage_percent: f64,
    /// Ours less theirs.
    pub differences: Differences,
    /// How the curves agree.
    pub agreement: Agreement,
    /// Curve and volume agree.
    pub pass: bool,
    /// Where the difference comes from; `None` where there is hardly any.
    pub cause: Option<Cause>,
}

/// Ours less theirs; `None` where a side has no value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Differences {
    /// Of the volume, percent of theirs.
    pub volume_percent: Option<f64>,
    /// Of the mean dose.
    pub mean: Option<Gy>,
    /// Of D95%.
    pub d95: Option<Gy>,
    /// Of D0.03cc.
    pub d003cc: Option<Gy>,
}

/// The smallest volume of a hot spot, cm³.
const HOT_SPOT: Cm3 = Cm3(0.03);

impl Ours<'_> {
    fn compare(&self, roi: &Roi, theirs: &TpsDvh) -> Result<Compared, NoComparison> {
        let options = self.options;
        let dvh = self.dvh(roi, &options.dvh, self.dose)?;
        let agreement =
            rt_dvh::agreement(&dvh, &theirs.table, &options.criteria).ok_or(NoComparison::NoDose)?;
        let differences = differences(&dvh, theirs);
        let volumes_agree =
            differences.volume_percent.is_none_or(|percent| percent.abs() <= options.volume_percent);
        let pass = agreement.percent() >= options.pass_percent && volumes_agree;
        let difference = cause::left(agreement.mean, differences.volume_percent);
        let cause = (!pass || difference > cause::NOTABLE).then(|| cause::find(self, roi, &dvh, theirs));
        Ok(Compared {
            volume: dvh.volume(),
            coverage_percent: dvh.coverage().0,
            differences,
            agreement,
            pass,
            cause,
        })
    }

    fn dvh(&self, roi: &Roi, options: &DvhOptions, dose: &DoseGrid) -> Result<Dvh, NoDvh> {
        let stack = RoiStack::build(roi, &options.stack(self.planes.neighbours_of(roi)))?.value;
        Ok(rt_dvh::compute(&stack, dose, options)?.value)
    }
}

fn differences(dvh: &Dvh, theirs: &TpsDvh) -> Differences {
    let table = &theirs.table;
    let less = |ours: Option<Gy>, theirs: Option<Gy>| Some(ours? - theirs?);
    let covered = dvh.doses().map(|doses| doses.covered);
    Differences {
        volume_percent: table.volume().map(|volume| 100.0 * (dvh.volume() / volume - 1.0)),
        mean: less(dvh.doses().map(|doses| doses.mean), Some(table.mean())),
        d95: less(covered.and_then(|covered| dvh.dose_at_volume(covered * 0.95)), table.dose_at_part(0.95)),
        d003cc: less(dvh.dose_at_volume(HOT_SPOT), table.dose_at_volume(HOT_SPOT)),
    }
}
