//! The demonstration patient: what a head and neck is made of, roughly.
//!
//! Units: millimetres, Hounsfield units. Frame: DICOM patient coordinates (LPS); x to the left, y to the
//! back, z to the head.

use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, ContourKind, Roi};

/// An ellipsoid with its axes along the patient's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ellipsoid {
    pub(super) centre: PatientPoint,
    pub(super) semi_axes: [f64; 3],
}

impl Ellipsoid {
    /// Distance from the centre in semi-axes: 1 on the surface.
    pub(super) fn depth(&self, point: PatientPoint) -> f64 {
        let [a, b, c] = self.semi_axes;
        let from_centre = point.from_point(self.centre);
        ((from_centre.x / a).powi(2) + (from_centre.y / b).powi(2) + (from_centre.z / c).powi(2)).sqrt()
    }

    /// The ellipsoid with `margin` more in every direction.
    pub(super) fn grown(&self, margin: f64) -> Self {
        Self { semi_axes: self.semi_axes.map(|semi_axis| semi_axis + margin), ..*self }
    }
}

/// The high-risk target.
pub(super) const PTV_HIGH: Ellipsoid =
    Ellipsoid { centre: PatientPoint::new(16.0, -8.0, 0.0), semi_axes: [22.0, 22.0, 25.0] };
/// The elective volume.
pub(super) const PTV_LOW: Ellipsoid =
    Ellipsoid { centre: PatientPoint::new(4.0, -3.0, -8.0), semi_axes: [52.0, 28.0, 55.0] };
/// Centre of the spinal cord on every plane.
pub(super) const CORD: [f64; 2] = [0.0, 42.0];

/// How an organ lies in space.
enum Form {
    /// The outline of the patient.
    Skin,
    Ellipsoid(Ellipsoid),
    /// An upright elliptic column; a wall where it has a lumen, given as a part of the outer size.
    Column {
        centre: [f64; 2],
        semi_axes: [f64; 2],
        from: f64,
        to: f64,
        lumen: Option<f64>,
    },
    /// The lower jaw: half a ring open to the back.
    Horseshoe {
        centre: [f64; 2],
        inner: f64,
        outer: f64,
        from: f64,
        to: f64,
    },
}

/// A region of interest of the demonstration case.
pub(super) struct Organ {
    name: &'static str,
    interpreted_type: &'static str,
    colour: [u8; 3],
    form: Form,
}

/// All of them in the order of their ROI numbers, from 1.
pub(super) fn organs() -> Vec<Organ> {
    let ellipsoid =
        |x, y, z, semi_axes| Form::Ellipsoid(Ellipsoid { centre: PatientPoint::new(x, y, z), semi_axes });
    let column = |centre, semi_axes, from, to, lumen| Form::Column { centre, semi_axes, from, to, lumen };
    let organ = |name, interpreted_type, colour, form| Organ { name, interpreted_type, colour, form };
    vec![
        organ("BODY", "EXTERNAL", [0, 200, 0], Form::Skin),
        organ("CTV_7000", "CTV", [255, 140, 0], Form::Ellipsoid(PTV_HIGH.grown(-5.0))),
        organ("PTV_7000", "PTV", [255, 0, 0], Form::Ellipsoid(PTV_HIGH)),
        organ("PTV_5600", "PTV", [0, 0, 255], Form::Ellipsoid(PTV_LOW)),
        organ("Brainstem", "ORGAN", [0, 255, 255], ellipsoid(0.0, 34.0, 62.0, [13.0, 12.0, 22.0])),
        organ("SpinalCord", "ORGAN", [255, 255, 0], column(CORD, [5.5, 5.0], -90.0, 40.0, None)),
        organ("Parotid_L", "ORGAN", [200, 120, 255], ellipsoid(54.0, 10.0, 42.0, [12.0, 17.0, 22.0])),
        organ("Parotid_R", "ORGAN", [120, 60, 200], ellipsoid(-54.0, 10.0, 42.0, [12.0, 17.0, 22.0])),
        organ(
            "Mandible",
            "ORGAN",
            [240, 220, 180],
            Form::Horseshoe { centre: [0.0, -5.0], inner: 42.0, outer: 52.0, from: 11.0, to: 35.0 },
        ),
        organ("Cavity_Oral", "ORGAN", [255, 120, 160], ellipsoid(0.0, -32.0, 28.0, [26.0, 22.0, 15.0])),
        organ("Larynx", "ORGAN", [160, 255, 120], ellipsoid(0.0, -33.0, -40.0, [13.0, 12.0, 16.0])),
        organ(
            "Trachea_Wall",
            "ORGAN",
            [100, 180, 255],
            column([0.0, -5.0], [10.0, 10.0], -90.0, -56.0, Some(0.75)),
        ),
        organ("Cochlea_L", "ORGAN", [255, 200, 0], ellipsoid(34.0, 24.0, 58.0, [3.0, 3.0, 3.2])),
        organ("Lens_L", "ORGAN", [180, 255, 255], ellipsoid(31.0, -72.0, 74.0, [4.5, 2.5, 4.5])),
    ]
}

/// The ROI number of an organ.
pub(super) fn number_of(name: &str) -> i32 {
    organs()
        .iter()
        .zip(1..)
        .find(|(organ, _)| organ.name == name)
        .map(|(_, number)| number)
        .expect("the organ is listed")
}

impl Organ {
    /// Its contours on the planes it reaches.
    pub(super) fn draw(&self, number: i32, planes: &[f64]) -> Roi {
        let mut contours = Vec::new();
        for z in planes {
            for outline in self.form.section(*z) {
                contours.push(Contour {
                    index: contours.len(),
                    kind: ContourKind::ClosedPlanar,
                    points: outline.into_iter().map(|[x, y]| PatientPoint::new(x, y, *z)).collect(),
                    slab_thickness: None,
                });
            }
        }
        Roi {
            number,
            name: self.name.to_owned(),
            interpreted_type: Some(self.interpreted_type.to_owned()),
            colour: Some(self.colour),
            contours,
            ..Roi::default()
        }
    }
}

impl Form {
    fn section(&self, z: f64) -> Vec<Vec<[f64; 2]>> {
        match self {
            Self::Skin => {
                let (centre, semi_axes) = skin(z);
                vec![ellipse(centre, semi_axes, 160)]
            }
            Self::Ellipsoid(Ellipsoid { centre, semi_axes: [a, b, c] }) => {
                let part = 1.0 - ((z - centre.z) / c).powi(2);
                if part <= 0.0 {
                    return Vec::new();
                }
                vec![ellipse([centre.x, centre.y], [a * part.sqrt(), b * part.sqrt()], 72)]
            }
            Self::Column { centre, semi_axes, from, to, lumen } if (*from..*to).contains(&z) => {
                let sizes = [Some(1.0), *lumen].into_iter().flatten();
                sizes.map(|size| ellipse(*centre, semi_axes.map(|semi_axis| semi_axis * size), 48)).collect()
            }
            Self::Horseshoe { centre, inner, outer, from, to } if (*from..*to).contains(&z) => {
                vec![horseshoe(*centre, *inner, *outer)]
            }
            Self::Column { .. } | Self::Horseshoe { .. } => Vec::new(),
        }
    }
}

/// Centre and semi-axes of the patient's outline: shoulders, neck, head.
fn skin(z: f64) -> ([f64; 2], [f64; 2]) {
    let blend = |from: f64, to: f64| {
        let t = ((z - from) / (to - from)).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    };
    let (shoulders, head) = (blend(-55.0, -90.0), blend(-20.0, 12.0));
    let mix = |neck: f64, at_shoulders: f64, at_head: f64| {
        neck + shoulders * (at_shoulders - neck) + head * (at_head - neck)
    };
    ([0.0, mix(12.0, 15.0, 5.0)], [mix(62.0, 108.0, 74.0), mix(60.0, 70.0, 92.0)])
}

fn ellipse([x, y]: [f64; 2], [a, b]: [f64; 2], points: usize) -> Vec<[f64; 2]> {
    let angles = (0..points).map(|n| n as f64 / points as f64 * std::f64::consts::TAU);
    angles.map(|angle| [x + a * angle.cos(), y + b * angle.sin()]).collect()
}

/// How much longer than wide the jaw is.
const JAW_LENGTH: f64 = 1.2;

fn horseshoe([x, y]: [f64; 2], inner: f64, outer: f64) -> Vec<[f64; 2]> {
    let half = 48;
    // The front is at negative y: from the right branch round the chin to the left one, and back inside.
    let angles = (0..=half).map(|n| std::f64::consts::PI * (1.0 + f64::from(n) / f64::from(half)));
    let along = |radius: f64| {
        angles.clone().map(move |angle| [x + radius * angle.cos(), y + JAW_LENGTH * radius * angle.sin()])
    };
    along(outer).chain(along(inner).collect::<Vec<_>>().into_iter().rev()).collect()
}

/// What the CT shows.
pub(super) fn hounsfield(point: PatientPoint) -> i16 {
    let (centre, semi_axes) = skin(point.z);
    let inside = |centre: [f64; 2], [a, b]: [f64; 2]| {
        ((point.x - centre[0]) / a).powi(2) + ((point.y - centre[1]) / b).powi(2) <= 1.0
    };
    let jaw = |radius: f64| inside([0.0, -5.0], [radius, JAW_LENGTH * radius]);
    if !inside(centre, semi_axes) {
        -1000
    } else if point.z < -56.0 && inside([0.0, -5.0], [7.5, 7.5]) {
        -990
    } else if (11.0..35.0).contains(&point.z) && point.y <= -5.0 && jaw(52.0) && !jaw(42.0) {
        900
    } else if inside(CORD, [15.0, 14.0]) && point.z < 40.0 && !inside(CORD, [8.0, 7.5]) {
        450
    } else if point.z > 40.0 && !inside(centre, semi_axes.map(|semi_axis| semi_axis - 5.0)) {
        700
    } else {
        30
    }
}
