//! `HI`: the homogeneity index.
//!
//! HI = (D2% - D98%) / D50%, without a unit; 0 is even dose. ICRU Report 83 (2010), 3.7.1.
//!
//! ```
//! // 4 cm³ whose dose rises evenly from 10 to 30 Gy: D2% is 29.6, D98% 10.4, D50% 20 Gy.
//! let dvh = rt_dvh::example::wedge();
//! let found = dvh.evaluate(&"HI".parse().unwrap(), &Default::default()).value.unwrap();
//! assert!((found - 0.96).abs() < 0.001);
//! ```
//!
//! Units: none. Frame: none.

use super::known::Known;
use super::value::Reported;
use super::{Reason, VolumeLevel};

impl Known<'_> {
    pub(super) fn homogeneity(&self) -> Result<Reported, Reason> {
        let [hot, cold, median] =
            [2.0, 98.0, 50.0].map(|percent| self.dose_at(VolumeLevel::Percent(percent)));
        let (hot, cold, median) = (hot?, cold?, median?);
        if median.value <= 0.0 {
            return Err(Reason::NoMedianDose);
        }
        let high = if median.low > 0.0 { (hot.high - cold.low) / median.low } else { f64::INFINITY };
        Ok(Reported {
            value: (hot.value - cold.value) / median.value,
            low: ((hot.low - cold.high) / median.high).max(0.0),
            high,
        })
    }
}
