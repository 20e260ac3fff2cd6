//! What gantry, leaves and couch do while a beam delivers dose.
//!
//! Units: degrees, millimetres, meterset weights. Frame: IEC 61217 for angles.

use crate::control_point::{ControlPoint, Rotation, segments};
use std::fmt;

/// A turn of less than this is none, degrees: angles are written with 0.1 degrees at the coarsest.
const STILL_DEG: f64 = 1.0;
/// A couch or isocentre that moves by less stays, mm.
const STILL_MM: f64 = 1.0;

/// The motion of a beam, weighted with what it delivers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Motion {
    /// Meterset weight delivered between control points.
    pub(super) weight: f64,
    /// Of that: while leaves moved.
    pub(super) moving: f64,
    /// Of that: while jaws moved.
    pub(super) jaws: f64,
    /// Degrees that the gantry turned while dose was delivered.
    pub(super) arc: f64,
    /// Coefficient of variation of meterset per degree; 0 without a turn.
    pub(super) variation: f64,
    /// Different leaf positions with which dose was delivered; 0 without leaves.
    pub(super) apertures: usize,
    /// The couch or the isocentre moved while dose was delivered.
    pub(super) couch_moves: bool,
    /// No control point differs from the first in gantry or leaves.
    pub(super) is_one_setting: bool,
}

impl Motion {
    /// The motion along a beam's control points.
    pub(super) fn of(path: &[ControlPoint]) -> Self {
        let mut motion = Self { is_one_setting: true, ..Self::default() };
        if let Some(first) = path.first() {
            motion.is_one_setting =
                path.iter().all(|point| (point.gantry, point.leaves) == (first.gantry, first.leaves));
        }
        let mut apertures: Vec<u32> = Vec::new();
        let mut per_degree: Vec<f64> = Vec::new();
        for segment in segments(path).filter(|segment| segment.weight > 0.0) {
            let (from, to) = (segment.from, segment.to);
            motion.weight += segment.weight;
            motion.moving += if from.leaves == to.leaves { 0.0 } else { segment.weight };
            motion.jaws += if from.jaws == to.jaws { 0.0 } else { segment.weight };
            apertures.extend(from.leaves);
            let degrees = turn(from.gantry, to.gantry, from.gantry_rotation);
            motion.arc += degrees;
            if degrees > 0.0 {
                per_degree.push(segment.weight / degrees);
            }
            let table = from.table_longitudinal.zip(to.table_longitudinal).map(|(a, b)| (b - a).abs());
            let isocentre = from.isocentre.zip(to.isocentre).map(|(a, b)| b.from_point(a).length());
            motion.couch_moves |= table.into_iter().chain(isocentre).any(|mm| mm > 0.0);
        }
        apertures.sort_unstable();
        apertures.dedup();
        motion.apertures = apertures.len();
        motion.variation = variation(&per_degree);
        motion.couch_moves &= couch_travel(path) > STILL_MM;
        motion
    }

    /// The gantry turns while dose is delivered.
    pub(super) fn turns(&self) -> bool {
        self.arc > STILL_DEG
    }
}

impl fmt::Display for Motion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.weight == 0.0 {
            return f.write_str("no meterset between control points");
        }
        let percent = |weight: f64| 100.0 * weight / self.weight;
        match self.turns() {
            true => write!(
                f,
                "gantry turns {:.1} degrees, MU per degree varies by {:.3}",
                self.arc, self.variation
            )?,
            false => write!(f, "gantry at rest")?,
        }
        match self.apertures {
            0 => write!(f, ", no leaves")?,
            count => write!(
                f,
                ", leaf positions with dose: {count}, leaves move during {:.0} %",
                percent(self.moving)
            )?,
        }
        if self.jaws > 0.0 {
            write!(f, ", jaws move during {:.0} %", percent(self.jaws))?;
        }
        if self.couch_moves {
            write!(f, ", couch moves")?;
        }
        Ok(())
    }
}

/// Degrees from one angle to the next, where both are known.
pub(super) fn turn(from: Option<f64>, to: Option<f64>, rotation: Rotation) -> f64 {
    from.zip(to).map_or(0.0, |(from, to)| rotation.travel(from, to))
}

/// How far couch or isocentre go from the first control point, at most.
fn couch_travel(path: &[ControlPoint]) -> f64 {
    let Some(first) = path.first() else { return 0.0 };
    path.iter()
        .flat_map(|point| {
            let table = first.table_longitudinal.zip(point.table_longitudinal).map(|(a, b)| (b - a).abs());
            let isocentre = first.isocentre.zip(point.isocentre).map(|(a, b)| b.from_point(a).length());
            table.into_iter().chain(isocentre)
        })
        .fold(0.0, f64::max)
}

/// Standard deviation over mean.
fn variation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    if values.len() < 2 || mean <= 0.0 { 0.0 } else { variance.sqrt() / mean }
}
