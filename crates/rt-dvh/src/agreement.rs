//! How well a DVH agrees with another system's table.
//!
//! Each point of the table looks for the nearest point of our curve, dose measured in dose criteria and
//! volume in volume criteria: the gamma index of Ebert et al., Phys Med Biol 2010; 55: N337, which SlicerRT's
//! tests use too. A point passes where that distance is 1 or less. Both curves are of parts of their own
//! covered volume, so that a different volume alone fails no point: it is compared beside. The table's
//! plateau before its first loss of volume counts as one point, and so does its tail of zeros: they would
//! pass for nothing.
//!
//! ```
//! use rt_dvh::{Criteria, DvhTable, agreement, example};
//! use rt_model::units::{Cm3, Gy};
//!
//! // Ours falls evenly from 10 to 30 Gy; theirs does so 0.1 Gy later.
//! let points = vec![(Gy(0.0), 1.0), (Gy(10.1), 1.0), (Gy(20.1), 0.5), (Gy(30.1), 0.0)];
//! let table = DvhTable::new(Some(Cm3(4.0)), None, points).unwrap();
//! let criteria = Criteria { dose: Gy(0.3), volume: 0.01 };
//! let found = agreement(&example::wedge(), &table, &criteria).unwrap();
//! assert_eq!((found.points, found.passed), (3, 3));
//! assert!((found.worst - 1.0 / 3.0).abs() < 0.15);
//! ```
//!
//! Units: Gy, parts of the volume. Frame: none.

use crate::dvh::Dvh;
use crate::table::DvhTable;
use rt_model::units::Gy;

/// What counts as agreement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// The distance in dose that is just one.
    pub dose: Gy,
    /// The distance in volume that is just one, as a part of the whole (0.01 is 1 %).
    pub volume: f64,
}

/// How the points of a table agree.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Agreement {
    /// Points compared.
    pub points: usize,
    /// Points with a gamma of 1 or less.
    pub passed: usize,
    /// The largest gamma; at most [`FARTHEST`], beyond which nothing is sought.
    pub worst: f64,
    /// Where it is.
    pub worst_at: Gy,
    /// The mean gamma.
    pub mean: f64,
}

impl Agreement {
    /// The part of the points that passed, in percent.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::{Criteria, DvhTable, agreement, example};
    /// use rt_model::units::Gy;
    ///
    /// let table = DvhTable::new(None, None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// let found = agreement(&example::wedge(), &table, &Criteria { dose: Gy(0.3), volume: 0.01 }).unwrap();
    /// assert_eq!(found.percent(), 100.0);
    /// ```
    #[must_use]
    pub fn percent(&self) -> f64 {
        100.0 * self.passed as f64 / self.points as f64
    }
}

/// Gamma is sought up to here.
pub const FARTHEST: f64 = 5.0;

/// Steps of our curve for each dose criterion.
const STEPS: i32 = 16;

/// Compares `table` with `dvh`; `None` where the DVH has no dose or a criterion is not above 0.
///
/// # Example
/// ```
/// use rt_dvh::{Criteria, DvhTable, agreement, example};
/// use rt_model::units::Gy;
///
/// // 2 Gy colder than ours: no point between the ends is near.
/// let table = DvhTable::new(None, None, vec![(Gy(8.0), 1.0), (Gy(18.0), 0.5), (Gy(28.0), 0.0)]).unwrap();
/// let found = agreement(&example::wedge(), &table, &Criteria { dose: Gy(0.3), volume: 0.01 }).unwrap();
/// assert!(found.passed < found.points && found.worst > 1.0);
/// assert_eq!(agreement(&example::wedge(), &table, &Criteria { dose: Gy(0.0), volume: 0.01 }), None);
/// ```
#[must_use]
pub fn agreement(dvh: &Dvh, table: &DvhTable, criteria: &Criteria) -> Option<Agreement> {
    let covered = dvh.doses()?.covered;
    let possible = |criterion: f64| criterion.is_finite() && criterion > 0.0;
    if !(possible(criteria.dose.0) && possible(criteria.volume)) {
        return None;
    }
    let ours = |dose: Gy| dvh.volume_at_dose(dose).map_or(0.0, |volume| volume / covered);
    let points = informative(table);
    let mut found =
        Agreement { points: points.len(), passed: 0, worst: 0.0, worst_at: points.first()?.0, mean: 0.0 };
    for (dose, part) in points {
        let gamma = gamma(*dose, *part, criteria, &ours);
        found.passed += usize::from(gamma <= 1.0);
        found.mean += gamma / found.points as f64;
        if gamma > found.worst {
            (found.worst, found.worst_at) = (gamma, *dose);
        }
    }
    Some(found)
}

/// The points from the last of the whole volume to the first of none.
fn informative(table: &DvhTable) -> &[(Gy, f64)] {
    let points = table.points();
    let whole = points.partition_point(|point| point.1 >= points[0].1);
    let some = points.partition_point(|point| point.1 > 0.0);
    &points[whole.saturating_sub(1)..(some + 1).min(points.len())]
}

/// The distance of a point to our curve, in criteria.
fn gamma(dose: Gy, part: f64, criteria: &Criteria, ours: &impl Fn(Gy) -> f64) -> f64 {
    let reach = FARTHEST as i32 * STEPS;
    let at = |step: i32| {
        let x = f64::from(step) / f64::from(STEPS);
        [x, (ours(dose + criteria.dose * x) - part) / criteria.volume]
    };
    // The point's own dose first: a small distance there leaves little to seek.
    let straight = at(0)[1].abs();
    let reach = reach.min((straight * f64::from(STEPS)).ceil() as i32);
    let mut nearest = straight;
    let mut last = at(-reach);
    for step in 1 - reach..=reach {
        let next = at(step);
        nearest = nearest.min(distance(last, next));
        last = next;
    }
    nearest.min(FARTHEST)
}

/// The distance of the origin to the straight line between two points.
fn distance(from: [f64; 2], to: [f64; 2]) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let part = if length > 0.0 {
        (-(from[0] * along[0] + from[1] * along[1]) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (from[0] + part * along[0]).hypot(from[1] + part * along[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use rt_model::units::Cm3;

    /// The wedge's curve, moved and stretched.
    fn table(moved: f64, more: f64) -> DvhTable {
        let points = (0..=400)
            .map(|n| f64::from(n) * 0.1)
            .map(|gy| (Gy(gy + moved), ((30.0 - gy) / 20.0 + more).clamp(0.0, 1.0)));
        DvhTable::new(Some(Cm3(4.0)), None, points.collect()).unwrap()
    }

    #[test]
    fn gamma_is_the_shorter_of_dose_and_volume() {
        let criteria = Criteria { dose: Gy(0.5), volume: 0.01 };
        let of = |moved, more| agreement(&example::wedge(), &table(moved, more), &criteria).unwrap();
        assert!(of(0.0, 0.0).worst < 0.01, "{:?}", of(0.0, 0.0));
        // 1 Gy is 5 % of the volume: a move of 0.4 Gy is 0.8 dose criteria and 2 volume criteria, together
        // less than either.
        let moved = of(0.4, 0.0);
        let expected = 0.8 * 2.0 / f64::hypot(0.8, 2.0);
        assert!((moved.worst - expected).abs() < 0.02, "{moved:?}");
        assert_eq!((moved.percent(), moved.points), (100.0, 201));
        let apart = of(2.0, 0.0);
        assert!(apart.percent() < 5.0 && apart.worst > 3.0, "{apart:?}");
    }

    #[test]
    fn criteria_are_above_zero() {
        for criteria in
            [Criteria { dose: Gy(0.0), volume: 0.01 }, Criteria { dose: Gy(0.1), volume: f64::NAN }]
        {
            assert_eq!(agreement(&example::wedge(), &table(0.0, 0.0), &criteria), None);
        }
    }
}
