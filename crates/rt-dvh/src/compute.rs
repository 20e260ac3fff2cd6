//! From a volume model and a dose grid to a DVH.
//!
//! Units: Gy, cm³. Frame: DICOM patient coordinates (LPS), shared by both.

use crate::accumulate::RoiDose;
use crate::accumulator::Accumulator;
use crate::dvh::{Doses, Dvh};
use crate::histogram::Histogram;
use crate::oblique::ObliqueRoi;
use crate::options::DvhOptions;
use rt_geometry::coverage::lattice::{AlignedGrid, Misaligned};
use rt_geometry::stack::RoiStack;
use rt_geometry::tolerance::WHOLE;
use rt_model::dose::DoseGrid;
use rt_model::finding::{Finding, Parsed, dvh as codes};
use rt_model::provenance::Provenance;
use rt_model::units::{Cm3, Gy};
use std::ops::Range;

/// At most this many bins; beyond it their width doubles.
const MOST_BINS: f64 = 65_536.0;

/// From this volume on pieces are as coarse as they may be; those of smaller ROIs are finer in proportion,
/// since each weighs more ...
const COARSE: Cm3 = Cm3(50.0);

/// ... down to this part.
const FINEST_GRAIN: f64 = 0.05;

/// Layers of one chunk of work. It does not depend on the number of threads: sums are the same on one and
/// many.
const CHUNK: usize = 16;

/// Why there is no DVH.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct DvhError {
    kind: DvhErrorKind,
    text: String,
}

/// What kept a DVH from being computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DvhErrorKind {
    /// A width of the options is no positive number.
    ImpossibleOptions,
}

impl DvhError {
    /// What kept the DVH from being computed.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::compute::DvhErrorKind;
    /// use rt_dvh::{DvhOptions, compute, example};
    /// use rt_model::units::Gy;
    ///
    /// let options = DvhOptions { bin: Gy(0.0), ..example::options() };
    /// let error = compute(&example::stack(), &example::dose(), &options).unwrap_err();
    /// assert_eq!(error.kind(), DvhErrorKind::ImpossibleOptions);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> DvhErrorKind {
        self.kind
    }

    /// This error as a finding about the ROI.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::{DvhOptions, compute, example};
    /// use rt_model::units::Gy;
    ///
    /// let options = DvhOptions { bin: Gy(-1.0), ..example::options() };
    /// let error = compute(&example::stack(), &example::dose(), &options).unwrap_err();
    /// assert_eq!(error.finding().text, "expected a bin wider than 0, found -1");
    /// ```
    #[must_use]
    pub fn finding(&self) -> Finding {
        Finding::error(codes::IMPOSSIBLE_OPTIONS, Provenance::unknown(), self.text.clone())
    }
}

/// The DVH of the volume `stack` in the dose `dose`.
///
/// Dose is trilinear between voxel centres and unknown beyond them: the part of the volume outside counts in
/// the volume, not in the curve ([`Dvh::coverage`]).
///
/// Where the contour planes are perpendicular to no axis of the dose grid, or run along unevenly spaced
/// frames, boxes are halved until a linear dose explains each ([`codes::OBLIQUE_PLANES`]); elsewhere volume,
/// mean and extrema are exact for the volume model.
///
/// # Errors
/// Where the bin or the sub-cell of the options is no positive number.
///
/// # Example
/// ```
/// use rt_dvh::{compute, example};
///
/// let computed = compute(&example::stack(), &example::dose(), &example::options()).unwrap();
/// assert_eq!(computed.value.volume().0, 4.0);
/// assert!((computed.value.doses().unwrap().mean.0 - 20.0).abs() < 1e-9);
/// ```
pub fn compute(stack: &RoiStack, dose: &DoseGrid, options: &DvhOptions) -> Result<Parsed<Dvh>, DvhError> {
    for (name, width) in [("bin", options.bin.0), ("sub-cell", options.sub_cell.0)] {
        if !(width.is_finite() && width > 0.0) {
            let text = format!("expected a {name} wider than 0, found {width}");
            return Err(DvhError { kind: DvhErrorKind::ImpossibleOptions, text });
        }
    }
    let mut findings = Vec::new();
    let (bin, first_bin, count) = bins(dose, options, &mut findings);
    let volume = stack.volume();
    let grain = (volume.0 / COARSE.0).clamp(FINEST_GRAIN, 1.0);
    let empty = || Accumulator::new(Histogram::new(first_bin as f64 * bin, bin, count, grain));
    let grid = AlignedGrid::new(dose.geometry(), *stack.frame());
    let mut sum = empty();
    let mut border = Gy(0.0);
    if dose.geometry().size().contains(&1) {
        let text = "the dose grid has a single plane along an axis and encloses no volume";
        findings.push(Finding::error(codes::FLAT_DOSE_GRID, Provenance::unknown(), text));
    } else {
        match &grid {
            Ok(grid) => {
                let roi = RoiDose::new(grid, dose, stack.slabs(), options.sub_cell, grain);
                in_chunks(roi.layers(), empty, |layers, sum| roi.accumulate(layers, sum))
                    .iter()
                    .for_each(|part| sum.add(part));
                if sum.covered < WHOLE * volume.0 {
                    border = Gy(border_maximum(stack, grid, dose));
                }
            }
            Err(reason) => {
                findings.push(oblique_finding(*reason));
                let roi = ObliqueRoi::new(stack, dose, options.sub_cell);
                in_chunks(roi.slabs(), empty, |slabs, sum| roi.accumulate(slabs, sum))
                    .iter()
                    .for_each(|part| sum.add(part));
                roi.see_voxels(&mut sum);
                if sum.covered < WHOLE * volume.0 {
                    border = roi.border_maximum();
                }
            }
        }
    }
    let place = |at: [f64; 3]| match &grid {
        Ok(grid) => grid.patient_from_lattice(at),
        Err(_) => stack.frame().patient_from_plane([at[0], at[1]], at[2]),
    };
    let doses = (sum.covered > 0.0).then(|| {
        let (min, max) = (sum.extrema.min, sum.extrema.max);
        let covered = if sum.covered >= WHOLE * volume.0 { volume } else { Cm3(sum.covered) };
        let mean = Gy((sum.dose_volume / sum.covered).clamp(min.dose, max.dose));
        Doses {
            covered,
            min: Gy(min.dose),
            mean,
            max: Gy(max.dose),
            min_at: place(min.at),
            max_at: place(max.at),
            border,
        }
    });
    let dvh = Dvh::new(options.clone(), volume, Gy(bin), first_bin, sum.histogram.finish(), doses);
    tell(&dvh, &mut findings);
    Ok(Parsed { value: dvh, findings })
}

/// Chunks of layers (or slabs), cut at the same places for every ROI.
fn chunks(layers: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    (layers.start / CHUNK..layers.end.div_ceil(CHUNK))
        .map(move |chunk| (chunk * CHUNK).max(layers.start)..((chunk + 1) * CHUNK).min(layers.end))
}

#[cfg(feature = "rayon")]
fn in_chunks(
    layers: Range<usize>,
    empty: impl Fn() -> Accumulator + Sync,
    work: impl Fn(Range<usize>, &mut Accumulator) + Sync,
) -> Vec<Accumulator> {
    use rayon::prelude::*;
    chunks(layers).collect::<Vec<_>>().into_par_iter().map(|chunk| summed(chunk, &empty, &work)).collect()
}

#[cfg(not(feature = "rayon"))]
fn in_chunks(
    layers: Range<usize>,
    empty: impl Fn() -> Accumulator,
    work: impl Fn(Range<usize>, &mut Accumulator),
) -> Vec<Accumulator> {
    chunks(layers).map(|chunk| summed(chunk, &empty, &work)).collect()
}

fn summed(
    chunk: Range<usize>,
    empty: impl Fn() -> Accumulator,
    work: impl Fn(Range<usize>, &mut Accumulator),
) -> Accumulator {
    let mut sum = empty();
    work(chunk, &mut sum);
    sum
}

/// Tells that a ROI was computed without the grid's help.
fn oblique_finding(reason: Misaligned) -> Finding {
    let text = match reason {
        Misaligned::Oblique => "the contour planes are oblique to the dose grid",
        Misaligned::UnevenInPlane => "the contour planes run along unevenly spaced dose frames",
    };
    let text = format!(
        "{text}: dose is read at points of boxes; minimum and maximum are of points an eighth of a voxel from any other"
    );
    Finding::info(codes::OBLIQUE_PLANES, Provenance::unknown(), text)
}

/// Width of a bin in Gy, number of the first bin counted from 0 Gy, and how many there are: from 0 Gy (or the
/// smallest dose of the grid, where that is below) to the largest.
fn bins(dose: &DoseGrid, options: &DvhOptions, findings: &mut Vec<Finding>) -> (f64, i64, usize) {
    let (low, high) = dose.range();
    let (low, high) = (low.0.min(0.0), high.0.max(0.0));
    let mut width = options.bin.0;
    while (high - low) / width + 2.0 > MOST_BINS {
        width *= 2.0;
    }
    if width > options.bin.0 {
        let text = format!("the dose reaches {high:.2} Gy: bins of {width} Gy instead of {}", options.bin);
        findings.push(Finding::info(codes::BINS_WIDENED, Provenance::unknown(), text));
    }
    let first = (low / width).floor();
    (width, first as i64, ((high / width).floor() - first) as usize + 1)
}

/// The largest dose on the grid's border within the ROI's slices: what the dose beyond it may be at most is a
/// guess from there.
fn border_maximum(stack: &RoiStack, grid: &AlignedGrid<'_>, dose: &DoseGrid) -> f64 {
    let nodes = grid.nodes();
    let strides = grid.strides();
    let last = (nodes[2] - 1) as f64;
    let heights = stack.slabs().iter().flat_map(|slab| {
        let uv = slab.region.centroid().unwrap_or_default();
        [grid.through(uv, slab.lower), grid.through(uv, slab.upper)]
    });
    let (low, high) =
        heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), c| (low.min(c), high.max(c)));
    let slices = low.floor().clamp(0.0, last) as usize..=high.ceil().clamp(0.0, last) as usize;
    let mut most = 0.0f64;
    for c in slices {
        let end_face = (c == 0 && low < 0.0) || (c == nodes[2] - 1 && high > last);
        for b in 0..nodes[1] {
            for a in 0..nodes[0] {
                if end_face || a == 0 || b == 0 || a == nodes[0] - 1 || b == nodes[1] - 1 {
                    most =
                        most.max(f64::from(dose.voxels()[a * strides[0] + b * strides[1] + c * strides[2]]));
                }
            }
        }
    }
    most
}

/// What a reader of the result should know.
fn tell(dvh: &Dvh, findings: &mut Vec<Finding>) {
    let at = Provenance::unknown();
    match dvh.doses() {
        None => findings.push(Finding::warning(
            codes::OUTSIDE_GRID,
            at,
            "the whole ROI lies outside the dose grid: its dose is unknown",
        )),
        Some(doses) => {
            if doses.covered < dvh.volume() {
                let text = format!(
                    "{:.2} % of the volume lies inside the dose grid; the dose of the rest is unknown, not 0 Gy",
                    dvh.coverage().0
                );
                findings.push(Finding::warning(codes::PARTLY_OUTSIDE_GRID, at.clone(), text));
            }
            if doses.min.0 < 0.0 {
                let text = format!(
                    "the dose falls to {:.3} Gy inside the ROI; the curve begins at 0 Gy",
                    doses.min.0
                );
                findings.push(Finding::warning(codes::NEGATIVE_DOSE, at, text));
            }
        }
    }
}
