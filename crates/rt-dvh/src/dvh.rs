//! A dose-volume histogram and what is read from it.
//!
//! Units: Gy, cm³. Frame: DICOM patient coordinates (LPS) for points.

use crate::options::DvhOptions;
use rt_model::frame::PatientPoint;
use rt_model::units::{Cm3, Gy, Percent};

/// The dose-volume histogram of one ROI.
#[derive(Debug, Clone, PartialEq)]
pub struct Dvh {
    options: DvhOptions,
    volume: Cm3,
    bin: Gy,
    /// Number of the first bin; bin n spans n to n + 1 times the bin width.
    first_bin: i64,
    differential: Vec<f64>,
    /// Volume at or above each bin's lower edge; one longer than the bins.
    at_or_above: Vec<f64>,
    doses: Option<Doses>,
}

/// Doses of the part of a ROI inside the dose grid.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Doses {
    /// Volume inside the dose grid.
    pub covered: Cm3,
    /// Smallest dose, exact for the volume model.
    pub min: Gy,
    /// Mean dose, exact for the volume model.
    pub mean: Gy,
    /// Largest dose, exact for the volume model.
    pub max: Gy,
    /// A place of the smallest dose.
    pub min_at: PatientPoint,
    /// A place of the largest dose.
    pub max_at: PatientPoint,
    /// Largest dose on the dose grid's border within the ROI's slices, where part of the ROI is outside; 0
    /// otherwise.
    pub border: Gy,
}

#[cfg(test)]
impl Doses {
    /// Doses whose places do not matter.
    pub(crate) fn anywhere(covered: Cm3, [min, mean, max]: [f64; 3], border: Gy) -> Self {
        let at = PatientPoint::default();
        Self { covered, min: Gy(min), mean: Gy(mean), max: Gy(max), min_at: at, max_at: at, border }
    }
}

/// Volume (cm³) whose dose is spread evenly from `low` to `high` (Gy).
pub(crate) struct Piece {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) volume: f64,
}

impl Dvh {
    pub(crate) fn new(
        options: DvhOptions,
        volume: Cm3,
        bin: Gy,
        first_bin: i64,
        differential: Vec<f64>,
        doses: Option<Doses>,
    ) -> Self {
        // The bins add up to the covered volume but for rounding, which must not make the curve rise.
        let covered = doses.map_or(0.0, |doses| doses.covered.0);
        let mut at_or_above = vec![0.0; differential.len() + 1];
        for (at, volume) in differential.iter().enumerate().rev() {
            at_or_above[at] = covered.min(at_or_above[at + 1] + volume);
        }
        Self { options, volume, bin, first_bin, differential, at_or_above, doses }
    }

    /// What it was computed with.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// assert_eq!(dvh.options().preset, "dosebridge-2");
    /// ```
    #[must_use]
    pub const fn options(&self) -> &DvhOptions {
        &self.options
    }

    /// The whole volume of the ROI, inside the dose grid or not.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// assert_eq!(dvh.volume().0, 4.0);
    /// ```
    #[must_use]
    pub const fn volume(&self) -> Cm3 {
        self.volume
    }

    /// The part of the volume inside the dose grid, in percent.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// assert_eq!(dvh.coverage().0, 100.0);
    /// ```
    #[must_use]
    pub fn coverage(&self) -> Percent {
        match &self.doses {
            Some(doses) if doses.covered < self.volume => Percent(100.0 * (doses.covered / self.volume)),
            Some(_) => Percent(100.0),
            None => Percent(0.0),
        }
    }

    /// Extrema, mean and covered volume; `None` where the whole ROI lies outside the dose grid.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// let doses = dvh.doses().unwrap();
    /// assert_eq!((doses.min.0, doses.max.0), (10.0, 30.0));
    /// ```
    #[must_use]
    pub const fn doses(&self) -> Option<&Doses> {
        self.doses.as_ref()
    }

    /// Width of a bin.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// assert_eq!(dvh.bin().0, 0.01);
    /// ```
    #[must_use]
    pub const fn bin(&self) -> Gy {
        self.bin
    }

    /// Lower dose edge of the first bin: 0 Gy unless the dose grid holds negative doses.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// assert_eq!(dvh.first_edge().0, 0.0);
    /// ```
    #[must_use]
    pub fn first_edge(&self) -> Gy {
        self.bin * self.first_bin as f64
    }

    /// Covered volume in each bin, cm³.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// let binned: f64 = dvh.differential().iter().sum();
    /// assert!((binned - 4.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn differential(&self) -> &[f64] {
        &self.differential
    }

    /// Covered volume receiving at least `i` times the bin width, for i = 0, 1, ... up to and including the
    /// first 0, in cm³; `None` without dose.
    ///
    /// # Example
    /// ```
    /// let dvh = rt_dvh::example::wedge();
    /// let curve = dvh.cumulative().unwrap();
    /// assert_eq!((curve[0], curve[curve.len() - 1]), (4.0, 0.0));
    /// // Half of the volume at 20 Gy, bin 2000.
    /// assert!((curve[2000] - 2.0).abs() < 0.01);
    /// ```
    #[must_use]
    pub fn cumulative(&self) -> Option<Vec<f64>> {
        self.doses.as_ref()?;
        let mut curve = Vec::with_capacity(self.differential.len() + 1);
        loop {
            let volume = self.volume_at_dose(self.bin * curve.len() as f64)?.0;
            curve.push(volume);
            if volume <= 0.0 {
                return Some(curve);
            }
        }
    }

    /// The covered volume that receives at least `dose`; `None` without dose.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::example;
    /// use rt_model::units::Gy;
    ///
    /// assert!((example::wedge().volume_at_dose(Gy(25.0)).unwrap().0 - 1.0).abs() < 0.01);
    /// ```
    #[must_use]
    pub fn volume_at_dose(&self, dose: Gy) -> Option<Cm3> {
        let doses = self.doses.as_ref()?;
        if dose <= doses.min {
            return Some(doses.covered);
        }
        if dose >= doses.max {
            return Some(Cm3(0.0));
        }
        let bin = self.bin_of(dose);
        let [(low, more), (high, less)] = self.knots(bin, doses);
        let part = if high > low { ((dose.0 - low) / (high - low)).clamp(0.0, 1.0) } else { 1.0 };
        Some(Cm3(more + part * (less - more)))
    }

    /// The largest dose that at least `volume` receives: the smallest dose in the hottest `volume`. `None`
    /// without dose and where the covered part is smaller.
    ///
    /// # Example
    /// ```
    /// use rt_dvh::example;
    /// use rt_model::units::Cm3;
    ///
    /// assert!((example::wedge().dose_at_volume(Cm3(1.0)).unwrap().0 - 25.0).abs() < 0.01);
    /// assert_eq!(example::wedge().dose_at_volume(Cm3(5.0)), None);
    /// ```
    #[must_use]
    pub fn dose_at_volume(&self, volume: Cm3) -> Option<Gy> {
        let doses = self.doses.as_ref()?;
        // The whole volume, asked for as a part of itself, is met up to rounding.
        if volume.0 > doses.covered.0 * (1.0 + 1e-12) {
            return None;
        }
        if volume >= doses.covered {
            return Some(doses.min);
        }
        let (lowest, highest) = (self.bin_of(doses.min), self.bin_of(doses.max));
        // The last bin whose lower knot still holds the volume.
        let bins = &self.at_or_above[lowest + 1..=highest];
        let bin = lowest + bins.partition_point(|above| *above >= volume.0);
        let [(low, more), (high, less)] = self.knots(bin, doses);
        let part = if more > less { ((more - volume.0) / (more - less)).clamp(0.0, 1.0) } else { 1.0 };
        Some(Gy(low + part * (high - low)))
    }

    /// The covered volume in pieces of even dose, one for each bin from the smallest dose to the largest.
    /// Their volumes add up to the covered volume.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece> + '_ {
        self.doses.iter().flat_map(move |doses| {
            (self.bin_of(doses.min)..=self.bin_of(doses.max)).map(move |bin| {
                let [(low, more), (high, less)] = self.knots(bin, doses);
                Piece { low, high, volume: more - less }
            })
        })
    }

    fn bin_of(&self, dose: Gy) -> usize {
        let bin = (dose / self.bin).floor() as i64 - self.first_bin;
        (bin.max(0) as usize).min(self.differential.len() - 1)
    }

    /// The curve's ends in a bin as (dose, volume at or above): the bin's edges, or the exact minimum and
    /// maximum within it.
    fn knots(&self, bin: usize, doses: &Doses) -> [(f64, f64); 2] {
        let edge = |bin: usize| (self.first_bin + bin as i64) as f64 * self.bin.0;
        let low = if edge(bin) <= doses.min.0 {
            (doses.min.0, doses.covered.0)
        } else {
            (edge(bin), self.at_or_above[bin])
        };
        let high = if edge(bin + 1) >= doses.max.0 {
            (doses.max.0, 0.0)
        } else {
            (edge(bin + 1), self.at_or_above[bin + 1])
        };
        [low, high]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two cm³ spread evenly from 1.05 to 3.05 Gy in bins of 0.5 Gy, half of the ROI outside the grid.
    fn dvh() -> Dvh {
        let doses = Doses::anywhere(Cm3(2.0), [1.05, 2.05, 3.05], Gy(2.0));
        let options = DvhOptions::preset("dosebridge-2").unwrap();
        Dvh::new(options, Cm3(4.0), Gy(0.5), 0, vec![0.0, 0.0, 0.45, 0.5, 0.5, 0.5, 0.05], Some(doses))
    }

    #[test]
    fn the_curve_is_linear_between_exact_ends() {
        for (dose, volume) in [
            (0.0, 2.0),
            (1.05, 2.0),
            (1.25, 1.8),
            (2.05, 1.0),
            (3.0, 0.05),
            (3.04, 0.01),
            (3.05, 0.0),
            (9.0, 0.0),
        ] {
            let found = dvh().volume_at_dose(Gy(dose)).unwrap().0;
            assert!((found - volume).abs() < 1e-12, "{dose} Gy: {found}");
            if volume > 0.0 && volume < 2.0 {
                let back = dvh().dose_at_volume(Cm3(volume)).unwrap().0;
                assert!((back - dose).abs() < 1e-12, "{volume} cm3: {back}");
            }
        }
        assert_eq!(dvh().dose_at_volume(Cm3(2.0)), Some(Gy(1.05)));
        assert_eq!(dvh().dose_at_volume(Cm3(0.0)), Some(Gy(3.05)));
        assert_eq!(dvh().dose_at_volume(Cm3(2.1)), None);
        assert_eq!(dvh().coverage(), Percent(50.0));
    }

    #[test]
    fn the_cumulative_curve_ends_with_the_first_zero() {
        let curve = dvh().cumulative().unwrap();
        let expected = [2.0, 2.0, 2.0, 1.55, 1.05, 0.55, 0.05, 0.0];
        assert_eq!(curve.len(), expected.len());
        assert!(
            curve.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12),
            "{curve:?}"
        );
    }

    #[test]
    fn rounding_of_the_bins_never_makes_the_curve_rise() {
        let doses = Doses::anywhere(Cm3(1.0), [0.1, 0.7, 1.4], Gy(0.0));
        let bins = vec![1e-13, 0.5, 0.5 + 1e-12];
        let dvh =
            Dvh::new(DvhOptions::preset("dosebridge-2").unwrap(), Cm3(1.0), Gy(0.5), 0, bins, Some(doses));
        let curve = dvh.cumulative().unwrap();
        assert!(curve.windows(2).all(|pair| pair[0] >= pair[1]), "{curve:?}");
    }

    #[test]
    fn an_even_dose_is_a_step() {
        let doses = Doses::anywhere(Cm3(1.0), [0.7, 0.7, 0.7], Gy(0.0));
        let dvh = Dvh::new(
            DvhOptions::preset("dosebridge-2").unwrap(),
            Cm3(1.0),
            Gy(0.5),
            0,
            vec![0.0, 1.0],
            Some(doses),
        );
        assert_eq!(dvh.dose_at_volume(Cm3(0.95)), Some(Gy(0.7)));
        assert_eq!(dvh.dose_at_volume(Cm3(0.03)), Some(Gy(0.7)));
        assert_eq!(dvh.volume_at_dose(Gy(0.7)), Some(Cm3(1.0)));
        assert_eq!(dvh.volume_at_dose(Gy(0.71)), Some(Cm3(0.0)));
        assert_eq!(dvh.cumulative(), Some(vec![1.0, 1.0, 0.0]));
    }
}
