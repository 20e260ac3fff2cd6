//! What a beam does from one control point to the next.
//!
//! Leaf and jaw positions themselves are not kept: of an arc they are the bulk of the plan, and only whether
//! they change is asked.
//!
//! Units: degrees in the IEC 61217 machine frame; millimetres; meterset weights have none. Frame: DICOM
//! patient coordinates (LPS) for the isocentre.

use crate::frame::PatientPoint;

/// An item of Control Point Sequence (300A,0111) or Ion Control Point Sequence (300A,03A8). A value that the
/// item leaves out is that of the control point before (PS3.3 C.8.8.14.5).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ControlPoint {
    /// Cumulative Meterset Weight (300A,0134).
    pub cumulative_weight: Option<f64>,
    /// Nominal Beam Energy (300A,0114), MV or MeV as the radiation says.
    pub energy: Option<f64>,
    /// Gantry Angle (300A,011E), degrees.
    pub gantry: Option<f64>,
    /// Gantry Rotation Direction (300A,011F) towards the next control point.
    pub gantry_rotation: Rotation,
    /// Beam Limiting Device Angle (300A,0120), degrees.
    pub collimator: Option<f64>,
    /// Beam Limiting Device Rotation Direction (300A,0121).
    pub collimator_rotation: Rotation,
    /// Patient Support Angle (300A,0122), degrees.
    pub couch: Option<f64>,
    /// Patient Support Rotation Direction (300A,0123).
    pub couch_rotation: Rotation,
    /// Table Top Longitudinal Position (300A,0129), mm.
    pub table_longitudinal: Option<f64>,
    /// Isocenter Position (300A,012C).
    pub isocentre: Option<PatientPoint>,
    /// Source to Surface Distance (300A,0130), mm.
    pub source_to_surface: Option<f64>,
    /// Number of the leaf positions among the different ones of the beam, from 0 in order of appearance;
    /// `None` without leaves.
    pub leaves: Option<u32>,
    /// The same of the jaws.
    pub jaws: Option<u32>,
    /// What a scanned ion beam delivers from here.
    pub spots: Option<ScanSpots>,
    /// Snout Position (300A,030D), mm.
    pub snout_position: Option<f64>,
}

/// The spots of a control point of a scanned ion beam, in sum.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScanSpots {
    /// Spots with a weight above 0.
    pub count: u32,
    /// Sum of Scan Spot Meterset Weights (300A,0396).
    pub weight: f64,
    /// Scanning Spot Size (300A,0398): full width at half maximum along x and y of the beam's plane, mm.
    pub size: Option<[f64; 2]>,
    /// Number of Paintings (300A,039A).
    pub paintings: Option<u32>,
}

/// In which sense something turns (PS3.3 C.8.8.14.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rotation {
    /// NONE, or not stated.
    #[default]
    None,
    /// CW: rising angles.
    Clockwise,
    /// CC: falling angles.
    CounterClockwise,
}

impl Rotation {
    /// Reads CW, CC or NONE; anything else is no rotation.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "CW" => Self::Clockwise,
            "CC" => Self::CounterClockwise,
            _ => Self::None,
        }
    }

    /// Degrees from one angle to another in this sense, 0 or more; the shorter way where no sense is stated.
    ///
    /// ```
    /// use rt_model::control_point::Rotation;
    ///
    /// assert_eq!(Rotation::Clockwise.travel(350.0, 10.0), 20.0);
    /// assert_eq!(Rotation::CounterClockwise.travel(350.0, 10.0), 340.0);
    /// ```
    #[must_use]
    pub fn travel(self, from: f64, to: f64) -> f64 {
        let rising = (to - from).rem_euclid(360.0);
        match self {
            Self::Clockwise => rising,
            Self::CounterClockwise => (360.0 - rising).rem_euclid(360.0),
            Self::None => rising.min(360.0 - rising),
        }
    }
}

/// A stretch between two neighbouring control points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment<'a> {
    /// The control point it begins at.
    pub from: &'a ControlPoint,
    /// The control point it ends at.
    pub to: &'a ControlPoint,
    /// Meterset weight delivered in it, 0 or more.
    pub weight: f64,
}

/// The stretches between control points, in order.
pub fn segments(points: &[ControlPoint]) -> impl Iterator<Item = Segment<'_>> {
    points.windows(2).map(|pair| {
        let weight = pair[1]
            .cumulative_weight
            .zip(pair[0].cumulative_weight)
            .map_or(0.0, |(to, from)| (to - from).max(0.0));
        Segment { from: &pair[0], to: &pair[1], weight }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_goes_the_way_it_says() {
        assert_eq!(Rotation::Clockwise.travel(350.0, 10.0), 20.0);
        assert_eq!(Rotation::CounterClockwise.travel(350.0, 10.0), 340.0);
        assert_eq!(Rotation::CounterClockwise.travel(10.0, 350.0), 20.0);
        assert_eq!(Rotation::None.travel(350.0, 10.0), 20.0);
        assert_eq!(Rotation::Clockwise.travel(90.0, 90.0), 0.0);
        assert_eq!(Rotation::CounterClockwise.travel(90.0, 90.0), 0.0);
    }

    #[test]
    fn a_segment_holds_the_weight_between_its_ends() {
        let at = |weight| ControlPoint { cumulative_weight: weight, ..ControlPoint::default() };
        let points = [at(Some(0.0)), at(Some(0.25)), at(None), at(Some(1.0))];
        assert_eq!(segments(&points).map(|segment| segment.weight).collect::<Vec<_>>(), [0.25, 0.0, 0.0]);
    }
}
