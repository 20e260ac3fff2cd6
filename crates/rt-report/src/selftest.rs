//! The record of a self-test.
//!
//! Units: Gy, cm3, mm, as the names and `unit` say. Frame: none.

use crate::engine::Engine;
use rt_case::selftest::{Row, Selftest};
use serde::Serialize;

/// Schema of [`SelftestReport`].
pub const SELFTEST_SCHEMA: &str = "dosebridge.selftest-report/1";

/// A dated record that this installation reproduces closed forms.
#[derive(Debug, Clone, Serialize)]
pub struct SelftestReport {
    /// [`SELFTEST_SCHEMA`].
    pub schema: &'static str,
    /// What made the numbers.
    pub engine: Engine,
    /// When, UTC.
    pub at: String,
    /// The computer.
    pub host: String,
    /// Its system and processor.
    pub system: String,
    /// How DVHs were computed.
    pub dvh_options: String,
    /// All rows passed.
    pub passed: bool,
    /// A row for each structure, spacing, gradient and metric.
    pub rows: Vec<SelftestRow>,
}

/// A metric of a structure. What has no value is null, and then the row has not passed.
#[derive(Debug, Clone, Serialize)]
pub struct SelftestRow {
    /// The structure.
    pub structure: &'static str,
    /// Distance of its contours and of the dose grid's voxels.
    pub spacing_mm: f64,
    /// The axis along which the dose rises by 1 Gy/mm.
    pub gradient: &'static str,
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
    /// Computed less that of the contours: the engine's error.
    pub error_to_contours: Option<f64>,
    /// What it may be.
    pub tolerance_to_contours: f64,
    /// Computed less that of the solid: what contours of this spacing cannot show is included.
    pub error_to_solid: Option<f64>,
    /// What it may be.
    pub tolerance_to_solid: f64,
    /// Both are within their tolerances.
    pub passed: bool,
}

impl SelftestReport {
    /// The record of a self-test that ran at this time (UTC, as text) on this computer.
    #[must_use]
    pub fn new(selftest: &Selftest, at: String, host: String) -> Self {
        Self {
            schema: SELFTEST_SCHEMA,
            engine: Engine::current(),
            at,
            host,
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            dvh_options: selftest.options.to_string(),
            passed: selftest.passed(),
            rows: selftest.rows.iter().map(SelftestRow::from).collect(),
        }
    }
}

impl From<&Row> for SelftestRow {
    fn from(row: &Row) -> Self {
        Self {
            structure: row.structure,
            spacing_mm: row.spacing,
            gradient: row.gradient.as_str(),
            metric: row.metric.clone(),
            unit: row.unit,
            solid: row.solid,
            contours: row.contours,
            computed: row.computed,
            error_to_contours: row.error_to_contours,
            tolerance_to_contours: row.tolerance_to_contours,
            error_to_solid: row.error_to_solid,
            tolerance_to_solid: row.tolerance_to_solid,
            passed: row.passed,
        }
    }
}
