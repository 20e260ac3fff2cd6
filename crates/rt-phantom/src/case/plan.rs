//! What the plan of a case is.
//!
//! Units: gray, millimetres, degrees; meterset in MU. Frame: DICOM patient coordinates (LPS).

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
    pub approval_status: String,
    /// Written as RT Ion Plan, with proton beams.
    pub ion: bool,
    /// Number of Fractions Planned (300A,0078), above 0.
    pub fractions: u32,
    /// Prescription and other dose references; those of type TARGET are linked from the fraction group.
    pub dose_references: Vec<DoseReference>,
    /// The beams.
    pub beams: Vec<BeamSpec>,
    /// Where the beam doses are stated.
    pub dose_point: DosePoint,
    /// Isocentre of all beams.
    pub isocentre: PatientPoint,
}

/// Where a plan states its beam doses. The point is moved to the nearest voxel centre of the dose grid, so that the grid's value
/// there is the sum of the beam doses of all fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DosePoint {
    /// Nowhere: beam doses are left out.
    Nowhere,
    /// Beam Dose Specification Point (300A,0082) of each beam.
    Specification(PatientPoint),
    /// A dose reference of structure type COORDINATES that each beam's Referenced Dose Reference UID (300A,0083) names.
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
            approval_status: "APPROVED".to_owned(),
            ion: false,
            fractions: 30,
            dose_references: vec![Self::prescription(1, Gy(60.0), "target")],
            beams: vec![BeamSpec::fixed(1, 1.0)],
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
