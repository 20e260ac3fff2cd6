//! What the self-test compares.
//!
//! Units: Gy, cm3. Frame: none.

use rt_dvh::Dvh;
use rt_model::units::Cm3;
use rt_phantom::ExactDvh;

/// A number of a DVH that has a closed form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Metric {
    Volume,
    Min,
    Mean,
    Max,
    /// The dose of so many percent of the volume.
    Percent(f64),
    /// The dose of 0.03 cm³.
    HotSpot,
}

/// All of them, in the record's order.
pub(super) const METRICS: [Metric; 8] = [
    Metric::Volume,
    Metric::Min,
    Metric::Mean,
    Metric::Max,
    Metric::Percent(95.0),
    Metric::Percent(50.0),
    Metric::Percent(5.0),
    Metric::HotSpot,
];

const HOT_SPOT: Cm3 = Cm3(0.03);

impl Metric {
    pub(super) fn name(self) -> String {
        match self {
            Self::Volume => "Volume".to_owned(),
            Self::Min => "Min".to_owned(),
            Self::Mean => "Mean".to_owned(),
            Self::Max => "Max".to_owned(),
            Self::Percent(percent) => format!("D{percent}%"),
            Self::HotSpot => "D0.03cc".to_owned(),
        }
    }

    pub(super) fn of(self, dvh: &Dvh) -> Option<f64> {
        let doses = dvh.doses()?;
        let at = |volume: Cm3| dvh.dose_at_volume(volume).map(|gy| gy.0);
        match self {
            Self::Volume => Some(dvh.volume().0),
            Self::Min => Some(doses.min.0),
            Self::Mean => Some(doses.mean.0),
            Self::Max => Some(doses.max.0),
            Self::Percent(percent) => at(doses.covered * (percent / 100.0)),
            Self::HotSpot => at(HOT_SPOT),
        }
    }

    pub(super) fn of_exact(self, dvh: &ExactDvh<'_>) -> Option<f64> {
        let at = |volume: Cm3| dvh.dose_at_volume(volume).map(|gy| gy.0);
        match self {
            Self::Volume => Some(dvh.volume.0),
            Self::Min => Some(dvh.min.0),
            Self::Mean => Some(dvh.mean.0),
            Self::Max => Some(dvh.max.0),
            Self::Percent(percent) => at(dvh.volume * (percent / 100.0)),
            Self::HotSpot => at(HOT_SPOT),
        }
    }
}
