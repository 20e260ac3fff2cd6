//! Where a difference comes from: every other way to compute the DVH is tried, and every other way to read
//! the table.
//!
//! Units: Gy, percent. Frame: DICOM patient coordinates (LPS); voxels of the dose grid for its moves.

use super::Ours;
use crate::tables::TpsDvh;
use rt_dvh::{Dvh, DvhOptions, DvhTable};
use rt_geometry::stack::{Between, Caps};
use rt_model::dose::DoseGrid;
use rt_model::frame::GridPoint;
use rt_model::grid::GridGeometry;
use rt_model::structure_set::Roi;
use rt_model::units::Mm;

/// The explanation of a difference.
#[derive(Debug, Clone)]
pub struct Cause {
    /// In words: what explains it, or that nothing tried does.
    pub text: String,
    /// The one that explains it best, where one does.
    pub best: Option<Trial>,
    /// All that were tried, the best first.
    pub trials: Vec<Trial>,
}

/// One thing, or two, taken another way.
#[derive(Debug, Clone)]
pub struct Trial {
    /// `caps`, `between`, `grid`, `coverage`, `dose bin`, or two of them.
    pub kind: String,
    /// What was taken in place of ours.
    pub change: String,
    /// Points that agree then, percent.
    pub percent: f64,
    /// The mean gamma then.
    pub mean_gamma: f64,
    /// Our volume less theirs then, percent of theirs.
    pub volume_percent: Option<f64>,
}

impl Trial {
    fn left(&self) -> f64 {
        left(self.mean_gamma, self.volume_percent)
    }
}

/// What is left of a difference: mean gamma, and percent of volume.
pub(super) fn left(mean_gamma: f64, volume_percent: Option<f64>) -> f64 {
    mean_gamma + volume_percent.map_or(0.0, f64::abs)
}

/// Differences up to here are not looked into where the ROI passes.
pub(super) const NOTABLE: f64 = 0.15;

/// A change explains a difference where it leaves no more than this part of it.
const EXPLAINS: f64 = 0.6;

/// Two changes at once have to leave less than this part of what one of them does.
const SECOND: f64 = 0.7;

/// The largest cap of ProKnow, second-hand.
const CAPPED: Mm = Mm(1.5);

/// The ways to fill the space between planes.
const BETWEEN: [(Between, &str); 2] = [
    (Between::Prism, "planes half-way to their neighbours"),
    (Between::Interpolated, "shape-based between planes"),
];

/// The ways to end a ROI.
const CAPS: [(Caps, &str); 4] = [
    (Caps::None, "no end caps"),
    (Caps::HalfSlice, "caps of half a slice"),
    (Caps::HalfSliceCapped(CAPPED), "caps of half a slice, at most 1.5 mm"),
    (Caps::Rounded, "rounded caps of half a slice"),
];

/// Tries everything.
pub(super) fn find(comparison: &Ours<'_>, roi: &Roi, ours: &Dvh, theirs: &TpsDvh) -> Cause {
    let tables = tables(&theirs.table, ours);
    let trial = |dvh: &Dvh, dvh_change: &Change, table: &DvhTable, table_change: &Change| {
        let agreement = rt_dvh::agreement(dvh, table, &comparison.options.criteria)?;
        let both = |one: &str, other: &str| match (one, other) {
            (one, "") => one.to_owned(),
            ("", other) => other.to_owned(),
            (one, other) => format!("{one} and {other}"),
        };
        Some(Trial {
            kind: both(dvh_change.kind, table_change.kind),
            change: both(&dvh_change.text, &table_change.text),
            percent: agreement.percent(),
            mean_gamma: agreement.mean,
            volume_percent: table.volume().map(|volume| 100.0 * (dvh.volume() / volume - 1.0)),
        })
    };
    let mut trials = Vec::new();
    let mut as_is = (f64::INFINITY, None);
    for (dvh, dvh_change) in dvhs(comparison, roi, ours) {
        for (table, table_change) in &tables {
            let Some(trial) = trial(&dvh, &dvh_change, table, table_change) else { continue };
            match (dvh_change.kind, table_change.kind) {
                ("", "") => as_is = (trial.left(), trial.volume_percent),
                _ => trials.push(trial),
            }
        }
    }
    // Of two that leave the same, the simpler is first.
    let rank = |trial: &Trial| trial.left() * if trial.kind.contains(" and ") { 1.0 / SECOND } else { 1.0 };
    trials.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    let (as_is, ours_percent) = as_is;
    let best = trials.first().filter(|best| rank(best) <= EXPLAINS * as_is);
    let bracket =
        || trials.iter().find(|trial| brackets(trial, ours_percent, comparison.options.pass_percent));
    let (text, best) = match (best, bracket()) {
        (Some(best), _) => (format!("{}: {}", best.kind, best.change), Some(best.clone())),
        (None, Some(trial)) => {
            (format!("{}: theirs lies between ours and {}", trial.kind, trial.change), Some(trial.clone()))
        }
        (None, None) => ("not explained by caps, between, grid, coverage or dose bin".to_owned(), None),
    };
    Cause { text, best, trials }
}

/// Their volume lies between ours and that of another volume model whose curve passes.
fn brackets(trial: &Trial, ours: Option<f64>, pass_percent: f64) -> bool {
    let opposite = ours.zip(trial.volume_percent).is_some_and(|(ours, other)| ours * other < 0.0);
    matches!(trial.kind.as_str(), "caps" | "between") && opposite && trial.percent >= pass_percent
}

/// What was changed.
#[derive(Default)]
struct Change {
    kind: &'static str,
    text: String,
}

impl Change {
    fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// The DVH as it is and with one thing changed.
fn dvhs(comparison: &Ours<'_>, roi: &Roi, ours: &Dvh) -> Vec<(Dvh, Change)> {
    let options = &comparison.options.dvh;
    let mut dvhs = vec![(ours.clone(), Change::default())];
    let mut add = |options: &DvhOptions, dose: &DoseGrid, change: Change| {
        dvhs.extend(comparison.dvh(roi, options, dose).ok().map(|dvh| (dvh, change)));
    };
    for (between, between_text) in BETWEEN {
        for (caps, caps_text) in CAPS {
            let change = match (between == options.between, caps == options.caps) {
                (true, true) => continue,
                (true, false) => Change::new("caps", caps_text),
                (false, true) => Change::new("between", between_text),
                (false, false) => Change::new("between and caps", format!("{between_text} and {caps_text}")),
            };
            add(&DvhOptions { between, caps, ..options.clone() }, comparison.dose, change);
        }
    }
    for (axis, name) in ["rows", "columns", "frames"].into_iter().enumerate() {
        for half in [-0.5, 0.5] {
            if let Some(moved) = moved(comparison.dose, axis, half) {
                let text = format!("the dose moved by {half:+} voxel along {name}");
                add(options, &moved, Change::new("grid", text));
            }
        }
    }
    dvhs
}

/// The dose, moved by a part of a voxel.
fn moved(dose: &DoseGrid, axis: usize, part: f64) -> Option<DoseGrid> {
    let geometry = dose.geometry();
    let mut at = [0.0; 3];
    at[axis] = part;
    let origin = geometry.patient_from_grid(GridPoint { i: at[0], j: at[1], k: at[2] });
    let [columns, rows, _] = geometry.size();
    let moved = GridGeometry::new(
        origin,
        geometry.row(),
        geometry.column(),
        geometry.spacing(),
        [columns, rows],
        geometry.offsets().to_vec(),
    );
    DoseGrid::new(moved.ok()?, dose.voxels().to_vec(), dose.step()).ok()
}

/// The table as it is and read another way.
fn tables(table: &DvhTable, ours: &Dvh) -> Vec<(DvhTable, Change)> {
    let half = table.bin() * 0.5;
    let mut tables = vec![
        (table.clone(), Change::default()),
        (table.moved(half), Change::new("dose bin", "theirs is written half a bin low")),
        (table.moved(-half), Change::new("dose bin", "theirs is written half a bin high")),
    ];
    let coverage = ours.coverage().0;
    if coverage < 100.0 {
        let of_covered = table.without_cold_rest(coverage / 100.0);
        tables.extend(of_covered.map(|table| {
            (table, Change::new("coverage", "theirs counts what is outside the dose grid as 0 Gy"))
        }));
    }
    tables
}
