//! A ROI in the JSON reports.
//!
//! Units: Gy, cm3, percent, as the names say. Frame: none.

use crate::{FindingReport, finite};
use rt_case::{MetricResult, RoiResult};
use rt_dvh::band::{Band, Spread};
use serde::Serialize;
use std::collections::BTreeMap;

/// A ROI.
#[derive(Debug, Clone, Serialize)]
pub struct RoiReport {
    /// ROI Number.
    pub number: i32,
    /// ROI Name.
    pub name: String,
    /// RT ROI Interpreted Type.
    #[serde(rename = "type")]
    pub interpreted_type: Option<String>,
    /// Volume of the whole ROI.
    pub volume_cm3: Option<f64>,
    /// Part of it inside the dose grid.
    pub coverage_percent: Option<f64>,
    /// Smallest dose.
    pub min_gy: Option<f64>,
    /// Mean dose.
    pub mean_gy: Option<f64>,
    /// Largest dose.
    pub max_gy: Option<f64>,
    /// D95% in Gy, for the table.
    #[serde(skip)]
    pub d95_gy: Option<f64>,
    /// Why there is no DVH.
    pub reason: Option<String>,
    /// The metrics by the strings that were asked for.
    pub metrics: BTreeMap<String, MetricReport>,
    /// The cumulative curve, where it was asked for.
    pub curve: Option<CurveReport>,
    /// What was noticed about it.
    pub findings: Vec<FindingReport>,
}

/// A metric's value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricReport {
    /// The value, of the part inside the dose grid.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// The least it can be.
    pub low: Option<f64>,
    /// The most it can be.
    pub high: Option<f64>,
    /// Why there is no value, or what to mind.
    pub reason: Option<String>,
    /// How sure it is, by cause, where that was asked; low and high are then the whole band's.
    pub band: Option<BandReport>,
}

impl From<&MetricResult> for MetricReport {
    fn from(metric: &MetricResult) -> Self {
        Self {
            value: metric.value,
            unit: metric.unit.to_string(),
            low: metric.low,
            high: metric.high,
            reason: metric.reason.as_ref().map(ToString::to_string),
            band: metric.band.as_ref().and_then(BandReport::new),
        }
    }
}

/// The causes of a band, each with how far the value may lie below and above.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BandReport {
    /// How fine the volume was cut.
    pub numerical: SpreadReport,
    /// How contours become a volume.
    pub geometry: SpreadReport,
    /// What the dose grid does not show.
    pub grid: SpreadReport,
    /// What lies outside the dose grid.
    pub coverage: SpreadReport,
}

/// How far a value may lie from what was computed, in its own unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SpreadReport {
    /// Below.
    pub below: Option<f64>,
    /// Above; null where nothing bounds it.
    pub above: Option<f64>,
}

impl BandReport {
    /// The causes of a band; `None` where there is none.
    #[must_use]
    pub fn new(band: &Band) -> Option<Self> {
        let spread =
            |spread: Spread| SpreadReport { below: finite(spread.below), above: finite(spread.above) };
        Some(Self {
            numerical: spread(band.numerical?),
            geometry: spread(band.geometry?),
            grid: spread(band.grid?),
            coverage: spread(band.coverage?),
        })
    }
}

/// A cumulative DVH: entry i is the volume that receives at least i times the bin width.
#[derive(Debug, Clone, Serialize)]
pub struct CurveReport {
    /// Width of a bin.
    pub bin_gy: f64,
    /// Volumes.
    pub cumulative_cm3: Vec<f64>,
}

impl RoiReport {
    /// The report of a computed ROI, with its curve where `curves` says so.
    #[must_use]
    pub fn new(roi: &RoiResult, curves: bool) -> Self {
        let dvh = roi.dvh.as_ref().ok();
        let doses = dvh.and_then(|dvh| dvh.doses());
        let curve = dvh
            .filter(|_| curves)
            .and_then(|dvh| Some(CurveReport { bin_gy: dvh.bin().0, cumulative_cm3: dvh.cumulative()? }));
        Self {
            number: roi.number,
            name: roi.name.clone(),
            interpreted_type: roi.interpreted_type.clone(),
            volume_cm3: roi.volume.and_then(|volume| finite(volume.0)),
            coverage_percent: dvh.and_then(|dvh| finite(dvh.coverage().0)),
            min_gy: doses.and_then(|doses| finite(doses.min.0)),
            mean_gy: doses.and_then(|doses| finite(doses.mean.0)),
            max_gy: doses.and_then(|doses| finite(doses.max.0)),
            d95_gy: roi.d95().map(|dose| dose.0),
            reason: roi.reason(),
            metrics: roi
                .metrics
                .iter()
                .map(|metric| (metric.asked.text.clone(), MetricReport::from(metric)))
                .collect(),
            curve,
            findings: FindingReport::all(&roi.findings),
        }
    }
}
