//! What is computed of a case, and how.
//!
//! Units: as the parts state. Frame: none.

use crate::alpha_beta::AlphaBeta;
use crate::metric::AskedMetric;
use rt_dvh::DvhOptions;

/// What is computed of a case, and how.
#[derive(Debug, Clone)]
pub struct EvaluateOptions {
    /// How DVHs are computed.
    pub dvh: DvhOptions,
    /// The metrics of every ROI.
    pub metrics: Vec<AskedMetric>,
    /// Metrics carry uncertainty intervals: about nine times the time.
    pub bands: bool,
    /// The user's α/β for EQD2 and BED.
    pub alpha_beta: AlphaBeta,
    /// Compute where each ROI lies from the targets: most of the time of a large case.
    pub relate_to_targets: bool,
    /// Only the ROIs of these numbers; `None` for all.
    pub rois: Option<Vec<i32>>,
}

impl EvaluateOptions {
    /// DVHs alone.
    #[must_use]
    pub const fn new(dvh: DvhOptions) -> Self {
        Self {
            dvh,
            metrics: Vec::new(),
            bands: false,
            alpha_beta: AlphaBeta::NONE,
            relate_to_targets: false,
            rois: None,
        }
    }
}
