//! `D95%`, `D2cc`: the dose that a volume receives at least; `DC700cc`: the dose that a volume receives at
//! most.
//!
//! # `D`
//! D(v) = the largest dose d with V(d) ≥ v, where V(d) is the volume that receives d or more; that is the
//! smallest dose in the hottest v. v is in percent of the covered volume (`D95%`) or in cm³ (`D2cc`). Gy, or
//! percent of the prescription, or EQD2 or BED. ICRU Report 83 (2010), 3.4; AAPM TG-263 (2018).
//!
//! ```
//! // 4 cm³ whose dose rises evenly from 10 to 30 Gy.
//! let dvh = rt_dvh::example::wedge();
//! let reported = |metric: &str| dvh.evaluate(&metric.parse().unwrap(), &Default::default()).value.unwrap();
//! assert!((reported("D95%") - 11.0).abs() < 0.01); // all but the coldest 5 %: 10 + 0.05 · 20
//! assert!((reported("D1cc") - 25.0).abs() < 0.01); // the hottest quarter begins at 30 - 0.25 · 20
//! ```
//!
//! # `DC`
//! DC(v) = D(total - v): the largest dose in the coldest v. Mayo et al., Pract Radiat Oncol 2016; 6: 117.
//!
//! ```
//! let dvh = rt_dvh::example::wedge();
//! let cold = dvh.evaluate(&"DC1cc".parse().unwrap(), &Default::default()).value.unwrap();
//! assert!((cold - 15.0).abs() < 0.01); // the coldest quarter ends at 10 + 0.25 · 20
//! ```
//!
//! A volume larger than the ROI's has no dose ([`Reason::TooSmall`]).
//!
//! Units: Gy inside, cm³. Frame: none.

use super::known::Known;
use super::value::Reported;
use super::{Reason, VolumeLevel};
use rt_model::units::Cm3;

impl Known<'_> {
    pub(super) fn dose_at(&self, volume: VolumeLevel) -> Result<Reported, Reason> {
        self.dose_of_hottest(self.asked(volume))
    }

    pub(super) fn cold_dose(&self, volume: VolumeLevel) -> Result<Reported, Reason> {
        let [of_covered, of_whole] = self.asked(volume);
        let rest =
            |total: Cm3, asked: Cm3| if asked <= total { Ok(total - asked) } else { Err(self.too_small()) };
        self.dose_of_hottest([rest(self.doses.covered, of_covered)?, rest(self.dvh.volume(), of_whole)?])
    }

    const fn too_small(&self) -> Reason {
        Reason::TooSmall { covered: self.doses.covered }
    }

    /// What a level is of the covered volume and of the whole.
    fn asked(&self, volume: VolumeLevel) -> [Cm3; 2] {
        match volume {
            VolumeLevel::Percent(percent) => {
                [self.doses.covered, self.dvh.volume()].map(|all| all * (percent / 100.0))
            }
            VolumeLevel::Cm3(cm3) => [Cm3(cm3); 2],
        }
    }

    fn dose_of_hottest(&self, [of_covered, of_whole]: [Cm3; 2]) -> Result<Reported, Reason> {
        let value = self.dvh.dose_at_volume(of_covered).ok_or(self.too_small())?.0;
        // The rest at 0 Gy comes after all covered volume; at the border's dose it comes in between.
        let low = self.dvh.dose_at_volume(of_whole).map_or(0.0, |gy| gy.0);
        let hotter = self.dvh.volume_at_dose(self.doses.border).map_or(0.0, |volume| volume.0);
        let high = if of_whole.0 <= hotter {
            low
        } else if of_whole.0 <= hotter + self.uncovered() {
            self.doses.border.0
        } else {
            self.dvh.dose_at_volume(of_whole - Cm3(self.uncovered())).unwrap_or(self.doses.min).0
        };
        Ok(Reported { value, low: low.min(high), high })
    }
}
