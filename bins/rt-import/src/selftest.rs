//! The self-test: phantoms with closed-form DVHs, written as DICOM, scanned, matched, read and computed as any case.
//!
//! Each metric is held against two closed forms: that of the **contours** as slabs, which the engine has to meet within its own accuracy,
//! and that of the **solid** they were drawn from, which contours of this spacing can only meet so far.
//!
//! Units: Gy, cm3, millimetres. Frame: DICOM patient coordinates (LPS).

mod metric;
mod phantom;

use crate::case::process;
use crate::config::{Layer, Settings};
use crate::exit::{Failure, chain};
use crate::record::Importer;
use crate::report::{Engine, SELFTEST_SCHEMA, SelftestReport, SelftestRow};
use metric::{METRICS, Metric};
use phantom::{Phantom, SPACINGS, phantom};
use rt_dvh::{Dvh, DvhOptions};
use rt_geometry::stack::{Between, Caps};
use rt_model::matching::match_cases;
use rt_model::read::{ScanOptions, compare_duplicates, scan};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The engine's own accuracy: doses within this, Gy, beyond a step of the stored dose (at 1 Gy/mm this is 0.002 mm).
const DOSE_TOLERANCE: f64 = 0.002;
/// The engine's own accuracy: volumes within this part, since contours are written with four decimals.
const VOLUME_TOLERANCE: f64 = 1e-5;
/// Contours against the solid: doses within half a spacing's change of dose.
const SOLID_DOSE: f64 = 0.5;
/// Contours against the solid: volumes within this part for each millimetre of spacing.
const SOLID_VOLUME: f64 = 0.005;

/// Runs it in a folder of its own, which is removed afterwards.
///
/// # Errors
/// Where the phantoms can't be written, read or matched.
pub fn run() -> Result<SelftestReport, Failure> {
    let folder = Folder::new()?;
    let options = options()?;
    let mut rows = Vec::new();
    for spacing in SPACINGS {
        for direction in ["y", "z"] {
            let phantom = phantom(spacing, direction);
            let place = folder.0.join(format!("{spacing}-{direction}"));
            phantom.case.write(&place).map_err(|error| Failure::stopped(chain(&error)))?;
            let dvhs = computed(&place, &options)?;
            rows.extend(compared(&phantom, &dvhs));
        }
    }
    let importer = Importer::current();
    Ok(SelftestReport {
        schema: SELFTEST_SCHEMA,
        engine: Engine::current(),
        at: importer.at.to_string(),
        host: importer.host,
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        dvh_options: options.to_string(),
        passed: !rows.is_empty() && rows.iter().all(|row| row.passed),
        rows,
    })
}

/// The closed forms are of slabs with half a slice at the ends.
fn options() -> Result<DvhOptions, Failure> {
    let preset = DvhOptions::preset("dosebridge-1").ok_or_else(|| Failure::stopped("the preset dosebridge-1 is missing"))?;
    Ok(DvhOptions { between: Between::Prism, caps: Caps::HalfSlice, ..preset })
}

/// A folder that goes with its value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("rt-import-selftest-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(|error| Failure::stopped(format!("{}: {error}", path.display())))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed is in the system's folder for such files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The DVHs of the one case in a folder, by the names of its ROIs.
fn computed(folder: &Path, options: &DvhOptions) -> Result<Vec<(String, Dvh)>, Failure> {
    let mut settings = Settings::new(&Layer::defaults())?;
    settings.dvh = options.clone();
    let stopped = |what: &str| Failure::stopped(format!("{}: {what}", folder.display()));
    let inventory = scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))
        .map_err(|error| stopped(&chain(&error)))?;
    let matching = match_cases(&inventory, &compare_duplicates(&inventory, &settings.read), &settings.matching);
    let [case] = &matching.cases[..] else { return Err(stopped("expected one case")) };
    let result = process(case, &inventory, &settings, &|_, _| false, &|| false).ok_or_else(|| stopped("interrupted"))?;
    let reason = || stopped(result.report.reason.as_deref().unwrap_or("the case is not sound"));
    let rois = result.computed.as_ref().ok_or_else(reason)?.rois.iter();
    Ok(rois.filter_map(|roi| Some((roi.name.clone(), roi.dvh.clone()?))).collect())
}

/// A row for each structure and metric. What is missing fails.
fn compared(phantom: &Phantom, dvhs: &[(String, Dvh)]) -> Vec<SelftestRow> {
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
            let within = |error: Option<f64>, tolerance: f64| error.is_some_and(|error| error.abs() <= tolerance);
            rows.push(SelftestRow {
                structure: structure.name,
                spacing_mm: phantom.spacing,
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
