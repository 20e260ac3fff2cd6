//! How sure a metric is: an interval around its value, by cause.
//!
//! | cause | what is tried |
//! |---|---|
//! | [`numerical`](Band::numerical) | one refinement of the boxes the volume is cut into, the difference counted three times |
//! | [`geometry`](Band::geometry) | other readings of the same contours: ends cut off at the last plane, and a smooth solid through all planes whose ends go on to where the next plane would be, as they were going, shaped between planes where rings part or meet; smooth curves through the drawn points; gaps that the stack bridged left open |
//! | [`grid`](Band::grid) | what trilinear dose can miss between voxel centres: the second differences of the dose times 1/8 (the largest error of linear interpolation), added to every voxel, and the dose's own step |
//! | [`coverage`](Band::coverage) | the part of the ROI outside the dose grid at 0 Gy, and at the largest dose on the grid's border |
//!
//! Each cause is asked by computing the DVH anew and reading the metric from it, so that the band knows how
//! this metric of this ROI in this dose answers. Causes add up: the band runs from the value less all that
//! lies below to the value and all that lies above. A band is not a confidence interval; it states what the
//! data leave open. It does not know how well the ROI was drawn or the dose calculated, and an index takes
//! the isodose volume as given.
//!
//! ```
//! # use rt_dvh::{DvhOptions, bands, compute, example};
//! # use rt_geometry::stack::{Neighbours, RoiStack};
//! # use rt_model::{frame::PatientPoint, structure_set::{Contour, ContourKind, Roi}};
//! # let square = |z: f64| Contour { index: 0, kind: ContourKind::ClosedPlanar, slab_thickness: None,
//! #     points: [(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)].map(|(x, y)| PatientPoint::new(x, y, z)).to_vec() };
//! # let roi = Roi { contours: [1.0, 3.0, 5.0, 7.0, 9.0].map(square).to_vec(), ..Roi::default() };
//! let (options, dose) = (DvhOptions::preset("dosebridge-2").unwrap(), example::dose());
//! let stack = RoiStack::build(&roi, &options.stack(None)).unwrap().value;
//! let dvh = compute(&stack, &dose, &options).unwrap().value;
//! let metrics = ["D95%".parse().unwrap(), "V15Gy[cc]".parse().unwrap()];
//! let [d95, v15] = &bands(&dvh, &roi, None, &dose, &metrics, &Default::default())[..] else { panic!() };
//! // Four corners say little: a smooth curve through them is as good a reading, and another volume.
//! assert!(d95.low.unwrap() < d95.value.value.unwrap() && d95.value.value.unwrap() <= d95.high.unwrap());
//! assert!(v15.geometry.unwrap().below > 0.5);
//! ```
//!
//! Units: as each metric says. Frame: DICOM patient coordinates (LPS), shared by ROI and dose.

mod curved;
mod models;
mod smooth;
mod solid;

use crate::compute::compute;
use crate::dvh::Dvh;
use crate::metric::{Metric, MetricContext, MetricUnit, MetricValue, Reason};
use rt_geometry::stack::{Neighbours, RoiStack};
use rt_model::dose::DoseGrid;
use rt_model::structure_set::Roi;
use rt_model::units::{Cm3, Mm};
use std::fmt;

/// How far a value may lie from what was computed; both are 0 or more, in the metric's unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spread {
    /// How much smaller it may be.
    pub below: f64,
    /// How much larger it may be.
    pub above: f64,
}

impl Spread {
    const fn even(by: f64) -> Self {
        Self { below: by, above: by }
    }

    fn reach(&mut self, difference: f64) {
        self.below = self.below.max(-difference);
        self.above = self.above.max(difference);
    }
}

/// A metric with the interval that the data leave open.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Band {
    /// The metric.
    pub metric: Metric,
    /// Its value.
    pub value: MetricValue,
    /// The least it may be; `None` with a reason, or where nothing bounds it.
    pub low: Option<f64>,
    /// The most it may be; `None` with a reason, or where nothing bounds it.
    pub high: Option<f64>,
    /// How fine the volume was cut.
    pub numerical: Option<Spread>,
    /// How contours become a volume.
    pub geometry: Option<Spread>,
    /// What the dose grid does not show.
    pub grid: Option<Spread>,
    /// What lies outside the dose grid; `above` is infinite where nothing bounds it.
    pub coverage: Option<Spread>,
    /// Why there is no band.
    pub reason: Option<BandReason>,
}

/// Why a metric has no band.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum BandReason {
    /// The metric has no value.
    NoValue(Reason),
    /// Contours of the ROI could not be read: what the others enclose is another volume than the ROI's.
    UnusableContours {
        /// How many.
        count: usize,
    },
    /// The contours leave no other reading to compare with: a single plane, or another ROI than the DVH's.
    NoOtherReading,
    /// With another reading of contours or dose the metric has no value.
    NoValueElsewhere(Reason),
    /// So much of the value is left open, in percent, that the band of a large ROI says nothing; the causes
    /// are there.
    TooWide(f64),
}

impl fmt::Display for BandReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue(reason) => write!(f, "no value: {reason}"),
            Self::UnusableContours { count } => write!(f, "{count} contours can't be used"),
            Self::NoOtherReading => f.write_str("a single plane leaves its ends open"),
            Self::NoValueElsewhere(reason) => {
                write!(f, "no value on another reading of the contours or the dose: {reason}")
            }
            Self::TooWide(percent) => write!(f, "contours and dose leave {percent:.0} % of the value open"),
        }
    }
}

/// A cause with the DVHs that ask it.
struct Readings {
    numerical: Vec<Dvh>,
    geometry: Vec<Dvh>,
    grid: Vec<Dvh>,
}

/// The bands of `metrics` of a ROI: `dvh` is what was computed of it, with the options that it carries;
/// `neighbours` are the other ROIs of the structure set, as for the DVH itself
/// ([`rt_geometry::stack::StructurePlanes`]).
///
/// A ROI that lacks contours of its file has no band ([`BandReason::UnusableContours`]), whatever `dvh` was
/// computed of.
///
/// This costs several DVHs, whatever the number of metrics: ask for all metrics of a ROI at once.
///
/// # Example
/// ```
/// use rt_dvh::{MetricContext, bands, example};
///
/// let metrics = ["Mean".parse().unwrap()];
/// let reported = bands(&example::wedge(), &example::roi(), None, &example::dose(), &metrics, &MetricContext::default());
/// let band = reported[0];
/// assert!(band.low.unwrap() <= band.value.value.unwrap() && band.value.value.unwrap() <= band.high.unwrap());
/// ```
#[must_use]
pub fn bands(
    dvh: &Dvh,
    roi: &Roi,
    neighbours: Option<Neighbours<'_>>,
    dose: &DoseGrid,
    metrics: &[Metric],
    context: &MetricContext<'_>,
) -> Vec<Band> {
    let values: Vec<MetricValue> = metrics.iter().map(|metric| dvh.evaluate(metric, context)).collect();
    let any = values.iter().any(|value| value.value.is_some());
    if roi.unusable_contours > 0 {
        let reason = BandReason::UnusableContours { count: roi.unusable_contours };
        return metrics
            .iter()
            .zip(values)
            .map(|(metric, value)| Band::without(metric, value, reason))
            .collect();
    }
    let readings = if any { readings(dvh, roi, neighbours, dose) } else { None };
    let large = dvh.volume() > LARGE;
    metrics
        .iter()
        .zip(values)
        .map(|(metric, value)| band(metric, value, large, readings.as_ref(), context))
        .collect()
}

/// The DVHs of all other readings; `None` where the contours have none.
fn readings(dvh: &Dvh, roi: &Roi, neighbours: Option<Neighbours<'_>>, dose: &DoseGrid) -> Option<Readings> {
    let options = dvh.options();
    let stack = RoiStack::build(roi, &options.stack(neighbours)).ok()?.value;
    let of = |stack: &RoiStack| compute(stack, dose, options).ok().map(|parsed| parsed.value);
    let geometry: Vec<Dvh> = models::others(roi, options.stack(neighbours)).iter().filter_map(of).collect();
    if geometry.is_empty() {
        return None;
    }
    let mut fine = options.clone();
    fine.sub_cell = Mm(options.sub_cell.0 / FINER);
    let curved = curved::curved(dose, &stack)?;
    Some(Readings {
        numerical: vec![compute(&stack, dose, &fine).ok()?.value],
        geometry,
        grid: vec![compute(&stack, &curved, options).ok()?.value],
    })
}

impl Band {
    /// No interval, for a reason.
    const fn without(metric: &Metric, value: MetricValue, reason: BandReason) -> Self {
        Self {
            metric: *metric,
            value,
            low: None,
            high: None,
            numerical: None,
            geometry: None,
            grid: None,
            coverage: None,
            reason: Some(reason),
        }
    }
}

fn band(
    metric: &Metric,
    value: MetricValue,
    large: bool,
    readings: Option<&Readings>,
    context: &MetricContext<'_>,
) -> Band {
    let blank = |reason| Band::without(metric, value, reason);
    let Some(nominal) = value.value else {
        return blank(BandReason::NoValue(value.reason.unwrap_or(Reason::OutsideGrid)));
    };
    let Some(readings) = readings else { return blank(BandReason::NoOtherReading) };
    let spread = |dvhs: &[Dvh]| {
        let mut spread = Spread::default();
        for dvh in dvhs {
            let reported = dvh.evaluate(metric, context);
            spread.reach(reported.value.ok_or(reported.reason.unwrap_or(Reason::OutsideGrid))? - nominal);
        }
        Ok(spread)
    };
    let both = |spread: Spread| Spread::even(spread.below.max(spread.above));
    let causes: Result<_, Reason> =
        (|| Ok((spread(&readings.numerical)?, spread(&readings.geometry)?, spread(&readings.grid)?)))();
    let (numerical, geometry, grid) = match causes {
        Ok(causes) => causes,
        Err(reason) => return blank(BandReason::NoValueElsewhere(reason)),
    };
    let numerical = Spread::even(REFINEMENTS * both(numerical).above);
    let margin = GEOMETRY_MARGIN * (geometry.below + geometry.above);
    let geometry = Spread { below: geometry.below + margin, above: geometry.above + margin };
    let grid = both(grid);
    let coverage = match value.reason {
        Some(Reason::Partial { .. }) => Spread {
            below: value.low.map_or(0.0, |low| (nominal - low).max(0.0)),
            above: value.high.map_or(f64::INFINITY, |high| (high - nominal).max(0.0)),
        },
        _ => Spread::default(),
    };
    let causes = [numerical, geometry, grid, coverage];
    let low = nominal - causes.iter().map(|cause| cause.below).sum::<f64>();
    let high = nominal + causes.iter().map(|cause| cause.above).sum::<f64>();
    // No volume and no dose of a plan falls below 0, and no part is more than the whole.
    let low = if nominal >= 0.0 { low.max(0.0) } else { low };
    let part = matches!(metric, Metric::VolumeAtDose { .. } | Metric::ColdVolume { .. })
        && metric.unit() == MetricUnit::Percent;
    let high = if part { high.min(100.0).max(nominal) } else { high };
    // What lies outside the grid has a reason of its own.
    let open: f64 = [numerical, geometry, grid].iter().map(|cause| cause.below + cause.above).sum();
    let reason =
        (large && open > WIDEST * nominal.abs()).then(|| BandReason::TooWide(100.0 * open / nominal.abs()));
    let reported = reason.is_none();
    Band {
        metric: *metric,
        value,
        low: reported.then_some(low),
        high: (reported && high.is_finite()).then_some(high),
        numerical: Some(numerical),
        geometry: Some(geometry),
        grid: Some(grid),
        coverage: Some(coverage),
        reason,
    }
}

/// The readings of the contours are a few of many: the solid itself may lie outside all of them by this part
/// of their spread. Drawing a curve with twice the points closes three quarters of what is missing; a third
/// of that is left, and a little more.
const GEOMETRY_MARGIN: f64 = 0.35;

/// A ROI of this volume is large enough for narrow bands.
const LARGE: Cm3 = Cm3(5.0);

/// The band of a large ROI says nothing where it is wider than this part of the value; a small one's is wide
/// by nature, and told.
const WIDEST: f64 = 0.1;

/// Boxes of one refinement are smaller by this: enough to be finer than the boxes of a small ROI too.
const FINER: f64 = 3.0;

/// The difference to one refinement counts so often: further refinements add less than the first, but not
/// always the same way.
const REFINEMENTS: f64 = 3.0;

#[cfg(test)]
mod tests;
