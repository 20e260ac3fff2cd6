//! Brachytherapy: sources, application setups, channels and where the source rests for how long.
//!
//! Units: seconds, millimetres, days, µGy/h at 1 m. Frame: DICOM patient coordinates (LPS) for dwell
//! positions.

use crate::date::DateTime;
use crate::frame::PatientPoint;

/// An item of Source Sequence (300A,0210).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BrachySource {
    /// Source Number (300A,0212).
    pub number: i32,
    /// Source Type (300A,0214) as written: POINT, LINE, CYLINDER, SPHERE.
    pub kind: Option<String>,
    /// Source Isotope Name (300A,0226).
    pub isotope: Option<String>,
    /// Source Isotope Half Life (300A,0228), days.
    pub half_life_days: Option<f64>,
    /// Source Strength Units (300A,0229) as written: AIR_KERMA_RATE, DOSE_RATE_WATER.
    pub strength_units: Option<String>,
    /// Reference Air Kerma Rate (300A,022A) at the reference time, µGy/h at 1 m.
    pub air_kerma_rate: Option<f64>,
    /// Source Strength Reference Date (300A,022C) and Time (300A,022E).
    pub reference_time: Option<DateTime>,
}

/// An item of Application Setup Sequence (300A,0230).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ApplicationSetup {
    /// Application Setup Number (300A,0234).
    pub number: i32,
    /// Application Setup Type (300A,0232) as written: FLETCHER_SUIT, INTERSTITIAL ...
    pub kind: Option<String>,
    /// Total Reference Air Kerma (300A,0250), µGy at 1 m.
    pub total_reference_air_kerma: Option<f64>,
    /// Channel Sequence (300A,0280).
    pub channels: Vec<BrachyChannel>,
}

/// An item of Channel Sequence: a catheter, needle or seed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BrachyChannel {
    /// Channel Number (300A,0282).
    pub number: i32,
    /// Channel Length (300A,0284), mm.
    pub length: Option<f64>,
    /// Channel Total Time (300A,0286), seconds; of one pulse where there are pulses.
    pub total_time: Option<f64>,
    /// Source Movement Type (300A,0288) as written: STEPWISE, FIXED, OSCILLATING, UNIDIRECTIONAL.
    pub movement: Option<String>,
    /// Number of Pulses (300A,028A).
    pub pulses: Option<u32>,
    /// Pulse Repetition Interval (300A,028C), seconds.
    pub pulse_interval: Option<f64>,
    /// Source Applicator ID (300A,0291).
    pub applicator: Option<String>,
    /// Source Applicator Step Size (300A,02A0), mm.
    pub step_size: Option<f64>,
    /// Referenced Source Number (300C,000E).
    pub source: Option<i32>,
    /// Where the source rests, in order.
    pub dwells: Vec<Dwell>,
}

/// A rest of the source.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dwell {
    /// Control Point Relative Position (300A,02D2) from the channel's distal end, mm.
    pub position: Option<f64>,
    /// Control Point 3D Position (300A,02D4).
    pub point: Option<PatientPoint>,
    /// How long, seconds; of one pulse where there are pulses. `None` where the weights don't tell.
    pub time: Option<f64>,
}
