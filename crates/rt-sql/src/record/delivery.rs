//! The rows about how a plan is delivered: `Beams`, `EnergyLayers`, `BrachySources`, `BrachyChannels`,
//! `BrachyDwells`.
//!
//! Units: Gy, mm, degrees, seconds as each field says; a meterset in the unit beside it. Frame: DICOM patient
//! coordinates (LPS) for points, IEC 61217 for the machine's angles.

use rt_model::date::DateTime;
use rt_model::frame::PatientPoint;
use rt_model::units::Gy;

/// Everything about a plan's delivery.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delivery {
    /// Beams in file order, once for each fraction group they are in.
    pub beams: Vec<BeamRow>,
    /// Energy layers of scanned ion beams.
    pub layers: Vec<LayerRow>,
    /// Brachytherapy sources.
    pub sources: Vec<SourceRow>,
    /// Brachytherapy channels.
    pub channels: Vec<ChannelRow>,
    /// Where the brachytherapy source rests.
    pub dwells: Vec<DwellRow>,
}

/// A beam in a fraction group, or one that no group refers to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BeamRow {
    /// Fraction group that refers to it.
    pub fraction_group: Option<i32>,
    /// Fractions planned of that group.
    pub fractions: Option<u32>,
    /// Beam Number (300A,00C0).
    pub number: i32,
    /// Beam Name (300A,00C2).
    pub name: Option<String>,
    /// Beam Description (300A,00C3).
    pub description: Option<String>,
    /// What it is for: `treatment`, `setup`, `image`, `port_film`, `no_meterset`, `unknown`.
    pub role: String,
    /// Treatment Delivery Type (300A,00CE) as written.
    pub delivery_type: Option<String>,
    /// Radiation Type (300A,00C6) as written.
    pub radiation_type: Option<String>,
    /// Technique of delivery: `VMAT`.
    pub technique: Option<String>,
    /// What the technique is concluded from.
    pub evidence: Option<String>,
    /// Treatment Machine Name (300A,00B2).
    pub machine: Option<String>,
    /// Beam Meterset (300A,0086) for one fraction.
    pub meterset: Option<f64>,
    /// Its unit: Primary Dosimeter Unit (300A,00B3) as written.
    pub meterset_unit: Option<String>,
    /// Monitor units of one fraction, where these are monitor units of a treatment beam.
    pub monitor_units: Option<f64>,
    /// Monitor units per degree of gantry travel.
    pub monitor_units_per_degree: Option<f64>,
    /// Treatment time of one fraction, seconds, where the meterset is a time.
    pub time_s: Option<f64>,
    /// Beam Dose (300A,0084), for one fraction.
    pub dose: Option<Gy>,
    /// Beam Dose Specification Point (300A,0082).
    pub dose_point: Option<PatientPoint>,
    /// Control points.
    pub control_points: u32,
    /// Different leaf positions with which dose is delivered.
    pub apertures: Option<u32>,
    /// Nominal energies with their unit: `6FFF MV`.
    pub energy: Option<String>,
    /// The smallest nominal energy.
    pub energy_low: Option<f64>,
    /// The largest nominal energy.
    pub energy_high: Option<f64>,
    /// Unit of both: `MV`, `MeV`, `MeV/u`.
    pub energy_unit: Option<String>,
    /// Fluence Mode ID (3002,0052) where the fluence is not the standard one, NON_STANDARD where it has none.
    pub fluence_mode: Option<String>,
    /// Gantry.
    pub gantry: Turn,
    /// In which sense the gantry turns: `CW`, `CC`, `CW/CC`.
    pub gantry_direction: Option<String>,
    /// Collimator.
    pub collimator: Turn,
    /// Patient support.
    pub couch: Turn,
    /// Isocentre of the first control point.
    pub isocentre: Option<PatientPoint>,
    /// Mean source to surface distance of the control points that state one, mm.
    pub source_to_surface_mm: Option<f64>,
    /// Source to axis distance, mm.
    pub source_to_axis_mm: Option<f64>,
    /// Wedges.
    pub wedges: Option<u32>,
    /// Blocks.
    pub blocks: Option<u32>,
    /// Boli.
    pub boli: Option<u32>,
    /// Compensators.
    pub compensators: Option<u32>,
    /// Applicator ID (300A,0108).
    pub applicator: Option<String>,
    /// Scan Mode (300A,0308) of an ion beam.
    pub scan_mode: Option<String>,
    /// Energy layers of a scanned ion beam.
    pub layers: Option<u32>,
    /// Spots of all its layers.
    pub spots: Option<u32>,
    /// Range shifters, parted by commas.
    pub range_shifters: Option<String>,
    /// Snout ID (300A,030F).
    pub snout: Option<String>,
    /// Snout Position (300A,030D) of the first control point, mm.
    pub snout_position_mm: Option<f64>,
}

/// An angle over a beam's control points, degrees.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Turn {
    /// At the first control point.
    pub start: Option<f64>,
    /// At the last control point.
    pub stop: Option<f64>,
    /// Sum of all turns, whatever their sense.
    pub travel: Option<f64>,
}

/// An energy layer of a scanned ion beam.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LayerRow {
    /// Beam Number.
    pub beam: i32,
    /// Number of the layer in its beam, from 1.
    pub layer: u32,
    /// Nominal energy, MeV (of other ions than protons: per nucleon).
    pub energy: Option<f64>,
    /// Spots with a weight above 0.
    pub spots: u32,
    /// Meterset weight of the layer.
    pub weight: f64,
    /// Meterset of the layer for one fraction.
    pub meterset: Option<f64>,
    /// Its unit.
    pub meterset_unit: Option<String>,
    /// Number of Paintings (300A,039A).
    pub paintings: Option<u32>,
    /// Scanning Spot Size (300A,0398): full width at half maximum along x and y of the beam, mm.
    pub spot_size_mm: Option<[f64; 2]>,
}

/// A brachytherapy source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceRow {
    /// Source Number (300A,0212).
    pub number: i32,
    /// Source Type (300A,0214).
    pub kind: Option<String>,
    /// Source Isotope Name (300A,0226).
    pub isotope: Option<String>,
    /// Source Isotope Half Life (300A,0228), days.
    pub half_life_days: Option<f64>,
    /// Source Strength Units (300A,0229).
    pub strength_units: Option<String>,
    /// Reference Air Kerma Rate (300A,022A), µGy/h at 1 m.
    pub air_kerma_rate: Option<f64>,
    /// When the strength holds.
    pub reference_time: Option<DateTime>,
}

/// A brachytherapy channel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChannelRow {
    /// Application Setup Number (300A,0234).
    pub setup: i32,
    /// Application Setup Type (300A,0232).
    pub setup_type: Option<String>,
    /// Total Reference Air Kerma (300A,0250) of the setup, µGy at 1 m.
    pub setup_air_kerma: Option<f64>,
    /// Channel Number (300A,0282).
    pub number: i32,
    /// Referenced Source Number (300C,000E).
    pub source: Option<i32>,
    /// Source Applicator ID (300A,0291).
    pub applicator: Option<String>,
    /// Channel Length (300A,0284), mm.
    pub length_mm: Option<f64>,
    /// Source Applicator Step Size (300A,02A0), mm.
    pub step_size_mm: Option<f64>,
    /// Source Movement Type (300A,0288).
    pub movement: Option<String>,
    /// Channel Total Time (300A,0286), seconds; of one pulse where there are pulses.
    pub total_time_s: Option<f64>,
    /// Number of Pulses (300A,028A).
    pub pulses: Option<u32>,
    /// Pulse Repetition Interval (300A,028C), seconds.
    pub pulse_interval_s: Option<f64>,
}

/// A rest of a brachytherapy source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DwellRow {
    /// Application Setup Number.
    pub setup: i32,
    /// Channel Number.
    pub channel: i32,
    /// Number of the dwell in its channel, from 1.
    pub dwell: u32,
    /// Position from the channel's distal end, mm.
    pub position_mm: Option<f64>,
    /// The place.
    pub point: Option<PatientPoint>,
    /// How long, seconds; of one pulse where there are pulses.
    pub time_s: Option<f64>,
}
