//! A DVH that another system wrote, as far as a table can tell.
//!
//! Units: Gy, cm³; volumes of the curve as parts of the whole (0 to 1). Frame: none.

use rt_model::units::{Cm3, Gy};

/// A cumulative curve: at each dose the part of the volume that receives at least that dose; linear between
/// its points, whole below the first, none above the last.
#[derive(Debug, Clone, PartialEq)]
pub struct DvhTable {
    volume: Option<Cm3>,
    mean: Option<Gy>,
    points: Vec<(Gy, f64)>,
}

/// Why points make no curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DvhTableError {
    /// Fewer than two points.
    #[error("expected two points or more, found {0}")]
    TooFew(usize),
    /// A dose or volume is not finite, or a volume is below 0 or above the whole.
    #[error("point {0} is no dose and part of a volume")]
    NotFinite(usize),
    /// The dose does not rise.
    #[error("the dose of point {0} does not rise")]
    DoseFalls(usize),
    /// The volume rises.
    #[error("the volume of point {0} rises")]
    VolumeRises(usize),
}

/// Tables round: a volume may rise by this, and be more than the whole by this.
const ROUNDING: f64 = 1e-4;

impl DvhTable {
    /// The curve through `points`, each a dose and the part (0 to 1) of the volume that receives at least
    /// that, by rising dose. `volume` and `mean` are what the system states beside the curve.
    ///
    /// # Errors
    /// Where the points are no falling curve.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::{DvhTable, table::DvhTableError};
    /// use rt_model::units::Gy;
    ///
    /// let rising = vec![(Gy(0.0), 0.5), (Gy(1.0), 1.0)];
    /// assert_eq!(DvhTable::new(None, None, rising), Err(DvhTableError::VolumeRises(1)));
    /// ```
    pub fn new(volume: Option<Cm3>, mean: Option<Gy>, points: Vec<(Gy, f64)>) -> Result<Self, DvhTableError> {
        if points.len() < 2 {
            return Err(DvhTableError::TooFew(points.len()));
        }
        let sound =
            |(dose, part): &(Gy, f64)| dose.is_finite() && (-ROUNDING..=1.0 + ROUNDING).contains(part);
        if let Some(at) = points.iter().position(|point| !sound(point)) {
            return Err(DvhTableError::NotFinite(at));
        }
        for (at, pair) in points.windows(2).enumerate() {
            if pair[1].0 <= pair[0].0 {
                return Err(DvhTableError::DoseFalls(at + 1));
            }
            if pair[1].1 > pair[0].1 + ROUNDING {
                return Err(DvhTableError::VolumeRises(at + 1));
            }
        }
        let mut least = 1.0f64;
        let points = points.into_iter().map(|(dose, part)| {
            least = least.min(part.max(0.0));
            (dose, least)
        });
        Ok(Self {
            volume: volume.filter(|cm3| cm3.is_finite() && cm3.0 > 0.0),
            mean,
            points: points.collect(),
        })
    }

    /// The volume that the system states.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.volume(), Some(Cm3(4.0)));
    /// ```
    #[must_use]
    pub const fn volume(&self) -> Option<Cm3> {
        self.volume
    }

    /// The points, by rising dose.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.points()[1], (Gy(30.0), 0.0));
    /// ```
    #[must_use]
    pub fn points(&self) -> &[(Gy, f64)] {
        &self.points
    }

    /// The mean dose that the system states, else the curve's.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.mean(), Gy(20.0));
    /// ```
    #[must_use]
    pub fn mean(&self) -> Gy {
        self.mean.unwrap_or_else(|| {
            let first = self.points[0].0;
            // The mean is the area under the curve; what is below the first point has the first point's dose.
            let area =
                self.points.windows(2).map(|pair| 0.5 * (pair[0].1 + pair[1].1) * (pair[1].0 - pair[0].0).0);
            first + Gy(area.sum::<f64>())
        })
    }

    /// The part of the volume that receives at least `dose`.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.part_at_dose(Gy(15.0)), 0.75);
    /// ```
    #[must_use]
    pub fn part_at_dose(&self, dose: Gy) -> f64 {
        let above = self.points.partition_point(|point| point.0 < dose);
        match (above.checked_sub(1).map(|at| self.points[at]), self.points.get(above)) {
            (_, None) => 0.0,
            (_, Some((at, part))) if *at == dose => *part,
            (None, Some(_)) => 1.0,
            (Some((low, more)), Some((high, less))) => more + (less - more) * ((dose - low) / (*high - low)),
        }
    }

    /// The largest dose that at least this part of the volume receives; `None` where no point of the curve
    /// has so much.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.dose_at_part(0.25), Some(Gy(25.0)));
    /// ```
    #[must_use]
    pub fn dose_at_part(&self, part: f64) -> Option<Gy> {
        let below = self.points.partition_point(|point| point.1 >= part);
        let (low, more) = self.points[below.checked_sub(1)?];
        Some(match self.points.get(below) {
            None => low,
            Some((high, less)) => low + (*high - low) * ((more - part) / (more - less)),
        })
    }

    /// The largest dose that at least `volume` receives; `None` where the system states no volume, or a
    /// smaller one.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.dose_at_volume(Cm3(1.0)), Some(Gy(25.0)));
    /// assert_eq!(table.dose_at_volume(Cm3(4.5)), None);
    /// ```
    #[must_use]
    pub fn dose_at_volume(&self, volume: Cm3) -> Option<Gy> {
        let part = volume / self.volume?;
        if part > 1.0 { None } else { self.dose_at_part(part) }
    }

    /// The median distance of its doses.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.bin(), Gy(20.0));
    /// ```
    #[must_use]
    pub fn bin(&self) -> Gy {
        let mut widths: Vec<f64> = self.points.windows(2).map(|pair| (pair[1].0 - pair[0].0).0).collect();
        widths.sort_by(f64::total_cmp);
        Gy(widths[widths.len() / 2])
    }

    /// The curve of a `part` of the volume, where the rest was counted as 0 Gy. `None` where `part` is not
    /// above 0 and below 1.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::Gy;
    ///
    /// // Half of the volume was outside the dose grid and counted as 0 Gy.
    /// let table = DvhTable::new(None, None, vec![(Gy(0.0), 1.0), (Gy(10.0), 0.5), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.without_cold_rest(0.5).unwrap().part_at_dose(Gy(20.0)), 0.5);
    /// ```
    #[must_use]
    pub fn without_cold_rest(&self, part: f64) -> Option<Self> {
        let points = self.points.iter().map(|(dose, of_whole)| (*dose, (of_whole / part).min(1.0))).collect();
        (part > 0.0 && part < 1.0).then(|| Self {
            volume: self.volume,
            mean: self.mean.map(|mean| mean / part),
            points,
        })
    }

    /// The same curve with all doses moved.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::DvhTable;
    /// use rt_model::units::{Cm3, Gy};
    ///
    /// let table = DvhTable::new(Some(Cm3(4.0)), None, vec![(Gy(10.0), 1.0), (Gy(30.0), 0.0)]).unwrap();
    /// assert_eq!(table.moved(Gy(1.0)).part_at_dose(Gy(21.0)), 0.5);
    /// ```
    #[must_use]
    pub fn moved(&self, by: Gy) -> Self {
        let points = self.points.iter().map(|(dose, part)| (*dose + by, *part)).collect();
        Self { volume: self.volume, mean: self.mean.map(|mean| mean + by), points }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> DvhTable {
        let points = vec![(Gy(0.0), 1.0), (Gy(10.0), 1.0), (Gy(20.0), 0.5), (Gy(30.0), 0.0)];
        DvhTable::new(Some(Cm3(4.0)), None, points).unwrap()
    }

    #[test]
    fn it_is_read_like_a_dvh() {
        let table = table();
        for (dose, part) in
            [(0.0, 1.0), (10.0, 1.0), (15.0, 0.75), (20.0, 0.5), (29.0, 0.05), (30.0, 0.0), (31.0, 0.0)]
        {
            assert!((table.part_at_dose(Gy(dose)) - part).abs() < 1e-12, "{dose}");
            if (10.0..=30.0).contains(&dose) {
                assert!((table.dose_at_part(part).unwrap().0 - dose).abs() < 1e-12, "{part}");
            }
        }
        assert_eq!(table.mean(), Gy(20.0));
        assert_eq!(table.dose_at_volume(Cm3(1.0)), Some(Gy(25.0)));
        assert_eq!(table.dose_at_volume(Cm3(4.1)), None);
        assert_eq!((table.bin(), table.moved(Gy(0.1)).mean()), (Gy(10.0), Gy(20.1)));
        assert_eq!(table.without_cold_rest(0.5).unwrap().part_at_dose(Gy(25.0)), 0.5);
        assert_eq!(table.without_cold_rest(1.0), None);
    }

    #[test]
    fn what_is_no_falling_curve_is_refused() {
        let of = |points: &[(f64, f64)]| {
            DvhTable::new(None, None, points.iter().map(|(dose, part)| (Gy(*dose), *part)).collect())
        };
        assert_eq!(of(&[(0.0, 1.0)]), Err(DvhTableError::TooFew(1)));
        assert_eq!(of(&[(0.0, 1.0), (f64::NAN, 0.0)]), Err(DvhTableError::NotFinite(1)));
        assert_eq!(of(&[(0.0, 1.0), (1.0, 100.0)]), Err(DvhTableError::NotFinite(1)));
        assert_eq!(of(&[(0.0, 1.0), (2.0, 0.5), (1.0, 0.4)]), Err(DvhTableError::DoseFalls(2)));
        assert_eq!(of(&[(0.0, 0.5), (2.0, 0.8)]), Err(DvhTableError::VolumeRises(1)));
    }
}
