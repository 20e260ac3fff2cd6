//! What the plan of a case is.
//!
//! Units: gray, millimetres, degrees; meterset in MU. Frame: DICOM patient coordinates (LPS).

use rt_model::approval::ApprovalStatus;
use rt_model::frame::PatientPoint;
use rt_model::plan::DoseReference;
use rt_model::uid::sop_class;
use rt_model::units::Gy;

/// The plan of a case: one fraction group.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSpec {
    /// RT Plan Label (300A,0002).
    pub label: String,
    /// Plan Intent (300A,000A).
    pub intent: String,
    /// Approval Status (300E,0002).
    pub approval_status: ApprovalStatus,
    /// Written as RT Ion Plan, with proton beams.
    pub ion: bool,
    /// Number of Fractions Planned (300A,0078), above 0.
    pub fractions: u32,
    /// Prescription and other dose references; those of type TARGET are linked from the fraction group.
    pub dose_references: Vec<DoseReference>,
    /// The beams.
    pub beams: Vec<BeamSpec>,
    /// Brachytherapy, in place of beams or beside them.
    pub brachy: Option<BrachySpec>,
    /// Where the beam doses are stated.
    pub dose_point: DosePoint,
    /// Isocentre of all beams.
    pub isocentre: PatientPoint,
}

/// Where a plan states its beam doses. The point is moved to the nearest voxel centre of the dose grid, so
/// that the grid's value there is the sum of the beam doses of all fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DosePoint {
    /// Nowhere: beam doses are left out.
    Nowhere,
    /// Beam Dose Specification Point (300A,0082) of each beam.
    Specification(PatientPoint),
    /// A dose reference of structure type COORDINATES that each beam's Referenced Dose Reference UID
    /// (300A,0083) names.
    Reference(PatientPoint),
}

/// A beam.
#[derive(Debug, Clone, PartialEq)]
pub struct BeamSpec {
    /// Beam Number (300A,00C0).
    pub number: i32,
    /// Beam Name (300A,00C2).
    pub name: String,
    /// Treatment Delivery Type (300A,00CE).
    pub delivery_type: String,
    /// Beam Meterset (300A,0086) for one fraction; `None`: no meterset.
    pub meterset: Option<f64>,
    /// The beam's share of the plan's dose; the treatment beams' shares add up to 1.
    pub share: f64,
    /// Nominal energy, MV (protons: MeV).
    pub energy: f64,
    /// Gantry angle of a static beam.
    pub gantry: f64,
    /// The arc of a dynamic beam.
    pub arc: Option<GantryArc>,
    /// What the leaves do.
    pub leaves: Leaves,
    /// Radiation Type (300A,00C6) of a beam that is no ion beam: PHOTON, ELECTRON.
    pub radiation: String,
    /// Primary Dosimeter Unit (300A,00B3): MU, MINUTE.
    pub dosimeter_unit: String,
    /// Treatment Machine Name (300A,00B2).
    pub machine: String,
    /// How far the isocentre moves along z while the beam is on: the couch of a helical delivery.
    pub couch_travel: f64,
    /// Energy layers of an ion beam, each 5 MeV below the one before; one with several has a range shifter
    /// and a snout.
    pub layers: u8,
}

/// What the leaves of a photon beam do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// An arc's move, and its meterset per degree varies; a static beam has none.
    ByGantry,
    /// An arc's move at a constant meterset per degree.
    Constant,
    /// An arc's stay where they are.
    AtRest,
    /// A static beam's make so many openings one after the other, without dose between them.
    Steps(u16),
    /// A static beam's move across the field in so many control points, at least 2.
    Sliding(u16),
}

/// Brachytherapy with one application setup.
#[derive(Debug, Clone, PartialEq)]
pub struct BrachySpec {
    /// Brachy Treatment Type (300A,0202): HDR, PDR, LDR ...
    pub treatment_type: String,
    /// Brachy Treatment Technique (300A,0200): INTERSTITIAL, PERMANENT ...
    pub technique: String,
    /// Source Isotope Name (300A,0226).
    pub isotope: String,
    /// Half life, days.
    pub half_life_days: f64,
    /// Reference Air Kerma Rate (300A,022A), µGy/h at 1 m.
    pub air_kerma_rate: f64,
    /// Number of Pulses (300A,028A) of each channel.
    pub pulses: Option<u32>,
    /// Channels with the seconds that the source rests at each of their places, 5 mm apart along z.
    pub channels: Vec<Vec<f64>>,
}

impl BrachySpec {
    /// An interstitial iridium implant of two needles: 10, 0, 12.5 and 7.5 s, and 20 s.
    #[must_use]
    pub fn high_dose_rate() -> Self {
        Self {
            treatment_type: "HDR".to_owned(),
            technique: "INTERSTITIAL".to_owned(),
            isotope: "Ir-192".to_owned(),
            half_life_days: 73.83,
            air_kerma_rate: 40_820.0,
            pulses: None,
            channels: vec![vec![10.0, 0.0, 12.5, 7.5], vec![20.0]],
        }
    }

    /// Iodine seeds that stay: three channels of one place.
    #[must_use]
    pub fn permanent() -> Self {
        Self {
            treatment_type: "LDR".to_owned(),
            technique: "PERMANENT".to_owned(),
            isotope: "I-125".to_owned(),
            half_life_days: 59.4,
            air_kerma_rate: 1.2,
            pulses: None,
            channels: vec![vec![1.0]; 3],
        }
    }
}

/// A gantry rotation with moving leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GantryArc {
    /// Last gantry angle; the beam's own is the first.
    pub stop: f64,
    /// Rotation in the sense of rising angles (CW), else CC.
    pub clockwise: bool,
    /// Control points, at least 2.
    pub control_points: u16,
}

impl BeamSpec {
    /// A static 6 MV treatment beam of 200 MU from the front.
    #[must_use]
    pub fn fixed(number: i32, share: f64) -> Self {
        Self {
            number,
            name: format!("Beam {number}"),
            delivery_type: "TREATMENT".to_owned(),
            meterset: Some(200.0),
            share,
            energy: 6.0,
            gantry: 0.0,
            arc: None,
            leaves: Leaves::ByGantry,
            radiation: "PHOTON".to_owned(),
            dosimeter_unit: "MU".to_owned(),
            machine: "PHANTOM".to_owned(),
            couch_travel: 0.0,
            layers: 1,
        }
    }

    /// A beam that images the set-up: no meterset, no dose.
    #[must_use]
    pub fn setup(number: i32) -> Self {
        Self {
            name: format!("Setup {number}"),
            delivery_type: "SETUP".to_owned(),
            meterset: None,
            share: 0.0,
            ..Self::fixed(number, 0.0)
        }
    }

    pub(super) fn treats(&self) -> bool {
        self.meterset.is_some() && matches!(self.delivery_type.as_str(), "TREATMENT" | "CONTINUATION")
    }
}

impl Default for PlanSpec {
    fn default() -> Self {
        Self {
            label: "PHANTOM".to_owned(),
            intent: "CURATIVE".to_owned(),
            approval_status: ApprovalStatus::Approved,
            ion: false,
            fractions: 30,
            dose_references: vec![Self::prescription(1, Gy(60.0), "target")],
            beams: vec![BeamSpec::fixed(1, 1.0)],
            brachy: None,
            dose_point: DosePoint::Specification(PatientPoint::new(0.0, 0.0, 0.0)),
            isocentre: PatientPoint::new(0.0, 0.0, 0.0),
        }
    }
}

impl PlanSpec {
    /// A TARGET prescription at a site.
    #[must_use]
    pub fn prescription(number: i32, dose: Gy, description: &str) -> DoseReference {
        DoseReference {
            number,
            structure_type: "SITE".to_owned(),
            reference_type: "TARGET".to_owned(),
            description: Some(description.to_owned()),
            target_prescription_dose: Some(dose),
            ..DoseReference::default()
        }
    }

    pub(super) fn sop_class(&self) -> &'static str {
        if self.ion { sop_class::RT_ION_PLAN } else { sop_class::RT_PLAN }
    }

    pub(super) fn point(&self) -> Option<PatientPoint> {
        match self.dose_point {
            DosePoint::Nowhere => None,
            DosePoint::Specification(point) | DosePoint::Reference(point) => Some(point),
        }
    }
}
