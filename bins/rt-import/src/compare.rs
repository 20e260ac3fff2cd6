//! Our DVHs against another system's, and the cause of each difference.
//!
//! Units: Gy, cm3, percent. Frame: DICOM patient coordinates (LPS).

mod cause;

pub use cause::{Cause, Trial};

use crate::tps::TpsDvh;
use rt_dvh::{Agreement, Criteria, Dvh, DvhOptions};
use rt_geometry::stack::RoiStack;
use rt_model::dose::DoseGrid;
use rt_model::structure_set::Roi;
use rt_model::units::{Cm3, Gy, Mm};

/// What ROIs are compared with.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// The dose.
    pub dose: &'a DoseGrid,
    /// Our options.
    pub options: &'a DvhOptions,
    /// The structure set's nominal spacing.
    pub spacing: Option<Mm>,
    /// What counts as agreement.
    pub criteria: Criteria,
    /// So many percent of the points must agree.
    pub pass_percent: f64,
    /// Volumes must agree within so many percent.
    pub volume_percent: f64,
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

impl Comparison<'_> {
    /// Compares a ROI.
    ///
    /// # Errors
    /// Why there is nothing to compare.
    pub fn compare(&self, roi: &Roi, theirs: &TpsDvh) -> Result<Compared, String> {
        let dvh = self.dvh(roi, self.options, self.dose)?;
        let agreement = rt_dvh::agreement(&dvh, &theirs.table, &self.criteria).ok_or("the ROI has no dose here")?;
        let differences = differences(&dvh, theirs);
        let volumes_agree = differences.volume_percent.is_none_or(|percent| percent.abs() <= self.volume_percent);
        let pass = agreement.percent() >= self.pass_percent && volumes_agree;
        let difference = cause::left(agreement.mean, differences.volume_percent);
        let cause = (!pass || difference > cause::NOTABLE).then(|| cause::find(self, roi, &dvh, theirs));
        Ok(Compared { volume: dvh.volume(), coverage_percent: dvh.coverage().0, differences, agreement, pass, cause })
    }

    fn dvh(&self, roi: &Roi, options: &DvhOptions, dose: &DoseGrid) -> Result<Dvh, String> {
        let stack = RoiStack::build(roi, &options.stack(self.spacing)).map_err(|error| error.to_string())?.value;
        Ok(rt_dvh::compute(&stack, dose, options).map_err(|error| error.to_string())?.value)
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
