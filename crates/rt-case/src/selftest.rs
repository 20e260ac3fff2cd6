//! The self-test: phantoms with closed-form DVHs, written as DICOM, scanned, matched, read and computed as
//! any case.
//!
//! Each metric is held against two closed forms: that of the **contours** as slabs, which the engine has to
//! meet within its own accuracy, and that of the **solid** they were drawn from, which contours of this
//! spacing can only meet so far.
//!
//! Units: Gy, cm3, millimetres. Frame: DICOM patient coordinates (LPS).

mod metric;
mod phantom;

use crate::{CaseError, EvaluateOptions, PrepareOptions, evaluate, prepare};
use metric::{METRICS, Metric};
use phantom::{Phantom, SPACINGS, phantom};
use rt_dvh::{Dvh, DvhOptions};
use rt_geometry::stack::{Between, Caps};
use rt_model::chain::chain;
use rt_model::frame::PatientVector;
use rt_model::matching::{MatchOptions, match_cases};
use rt_model::read::{ReadOptions, ScanError, ScanOptions, compare_duplicates, scan};
use rt_phantom::PhantomError;
use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What a self-test found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Selftest {
    /// How DVHs were computed.
    pub options: DvhOptions,
    /// A row for each structure, spacing, gradient and metric.
    pub rows: Vec<Row>,
}

impl Selftest {
    /// All rows passed, and there are rows.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.passed)
    }
}

/// A metric of a structure. A row without a value has not passed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// The structure.
    pub structure: &'static str,
    /// Distance of its contours and of the dose grid's voxels, mm.
    pub spacing: f64,
    /// The axis along which the dose rises by 1 Gy/mm.
    pub gradient: Axis,
    /// The metric.
    pub metric: String,
    /// Unit of all values: Gy or cm3.
    pub unit: &'static str,
    /// The closed form of the solid.
    pub solid: Option<f64>,
    /// The closed form of the slabs that the contours make.
    pub contours: Option<f64>,
    /// What was computed from the files.
    pub computed: Option<f64>,
    /// Computed less the slabs': the engine's error.
    pub error_to_contours: Option<f64>,
    /// Its tolerance.
    pub tolerance_to_contours: f64,
    /// Computed less the solid's: it includes what contours of this spacing cannot show.
    pub error_to_solid: Option<f64>,
    /// Its tolerance.
    pub tolerance_to_solid: f64,
    /// Both are within their tolerances.
    pub passed: bool,
}

/// An axis along which the dose of a phantom rises by 1 Gy/mm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Within the contours' planes.
    Y,
    /// Across them.
    Z,
}

impl Axis {
    /// Its letter in DICOM patient coordinates.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Y => "y",
            Self::Z => "z",
        }
    }

    /// The vector of length 1 along it.
    fn unit(self) -> PatientVector {
        match self {
            Self::Y => PatientVector::new(0.0, 1.0, 0.0),
            Self::Z => PatientVector::new(0.0, 0.0, 1.0),
        }
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why the self-test could not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SelftestError {
    /// The folder of the phantoms.
    #[error("{path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: std::io::Error,
    },
    /// A phantom cannot be written.
    #[error(transparent)]
    Phantom(#[from] PhantomError),
    /// A phantom cannot be scanned.
    #[error("{0}: {text}", text = chain(.1.as_ref()))]
    Scan(PathBuf, Box<ScanError>),
    /// The files of a phantom are not one case.
    #[error("{0}: expected one case")]
    NotOneCase(PathBuf),
    /// A phantom cannot be computed.
    #[error("{0}: {1}")]
    Case(PathBuf, Box<CaseError>),
}

/// The engine's own accuracy: doses within this, Gy, beyond a step of the stored dose (at 1 Gy/mm this is
/// 0.002 mm).
const DOSE_TOLERANCE: f64 = 0.002;
/// The engine's own accuracy: volumes within this part, since contours are written with four decimals.
const VOLUME_TOLERANCE: f64 = 1e-5;
/// Contours against the solid: doses within half a spacing's change of dose.
const SOLID_DOSE: f64 = 0.5;
/// Contours against the solid: volumes within this part for each millimetre of spacing.
const SOLID_VOLUME: f64 = 0.005;

/// Runs the self-test in a folder below `temporary`, which is removed afterwards.
///
/// # Errors
/// If the phantoms cannot be written, read or matched.
pub fn selftest(temporary: &Path) -> Result<Selftest, SelftestError> {
    let folder = Folder::new(temporary)?;
    let options = options();
    let mut rows = Vec::new();
    for spacing in SPACINGS {
        for direction in [Axis::Y, Axis::Z] {
            let phantom = phantom(spacing, direction);
            let place = folder.0.join(format!("{spacing}-{direction}"));
            phantom.case.write(&place)?;
            let dvhs = computed(&place, &options)?;
            rows.extend(compared(&phantom, &dvhs));
        }
    }
    Ok(Selftest { options, rows })
}

/// The closed forms are of slabs with half a slice at the ends.
fn options() -> DvhOptions {
    let Some(preset) = DvhOptions::preset("dosebridge-2") else { unreachable!("dosebridge-2 is a preset") };
    DvhOptions { between: Between::Prism, caps: Caps::HalfSlice, ..preset }
}

/// A folder that is removed with its value.
struct Folder(PathBuf);

impl Folder {
    fn new(parent: &Path) -> Result<Self, SelftestError> {
        let path = parent.join(format!("rt-import-selftest-{}", std::process::id()));
        match std::fs::create_dir(&path) {
            Ok(()) => Ok(Self(path)),
            Err(source) => Err(SelftestError::Folder { path, source }),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the system's folder for such files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The DVHs of the one case in a folder, by the names of its ROIs.
fn computed(folder: &Path, options: &DvhOptions) -> Result<Vec<(String, Dvh)>, SelftestError> {
    let inventory = scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))
        .map_err(|error| SelftestError::Scan(folder.to_owned(), Box::new(error)))?;
    let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
    let matching = match_cases(&inventory, &duplicates, &MatchOptions::default());
    let [matched] = &matching.cases[..] else { return Err(SelftestError::NotOneCase(folder.to_owned())) };
    let evaluated = prepare(matched, &inventory, &PrepareOptions::default()).and_then(|case| {
        let options = EvaluateOptions::new(options.clone());
        evaluate(&case, &options, &mut |_| ControlFlow::Continue(()))
    });
    let result = evaluated.map_err(|error| SelftestError::Case(folder.to_owned(), Box::new(error)))?;
    Ok(result.rois.into_iter().filter_map(|roi| Some((roi.name, roi.dvh.ok()?))).collect())
}

/// A row for each structure and metric. What is missing fails.
fn compared(phantom: &Phantom, dvhs: &[(String, Dvh)]) -> Vec<Row> {
    let mut rows = Vec::new();
    for structure in &phantom.structures {
        let dvh = dvhs.iter().find(|(name, _)| name == structure.name).map(|(_, dvh)| dvh);
        for ((metric, contours), solid) in METRICS.iter().zip(&structure.contours).zip(&structure.solid) {
            let computed = dvh.and_then(|dvh| metric.of(dvh));
            let [to_contours, to_solid] = [contours, solid].map(|exact| Some(computed? - (*exact)?));
            let (engine, drawing) = match metric {
                Metric::Volume => [(VOLUME_TOLERANCE, contours), (SOLID_VOLUME * phantom.spacing, solid)]
                    .map(|(part, exact)| part * exact.unwrap_or_default())
                    .into(),
                _ => (DOSE_TOLERANCE + phantom.dose_step, SOLID_DOSE * phantom.spacing),
            };
            let within =
                |error: Option<f64>, tolerance: f64| error.is_some_and(|error| error.abs() <= tolerance);
            rows.push(Row {
                structure: structure.name,
                spacing: phantom.spacing,
                gradient: phantom.direction,
                metric: metric.name(),
                unit: if *metric == Metric::Volume { "cm3" } else { "Gy" },
                solid: *solid,
                contours: *contours,
                computed,
                error_to_contours: to_contours,
                tolerance_to_contours: engine,
                error_to_solid: to_solid,
                tolerance_to_solid: drawing,
                passed: within(to_contours, engine) && within(to_solid, drawing),
            });
        }
    }
    rows
}
