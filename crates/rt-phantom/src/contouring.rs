//! Drawing shapes as contours on parallel planes.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::shape::{Fit, Outline, Shape};
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::Mm;

/// How holes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoleStyle {
    /// CLOSED_PLANAR contours, the hole behind its outline.
    Rings,
    /// CLOSED_PLANAR contours, the holes of a plane first.
    HolesFirst,
    /// One CLOSED_PLANAR contour that runs along a slit from outline to hole and back.
    Keyhole,
    /// CLOSEDPLANAR_XOR contours.
    Xor,
}

/// How a shape is drawn on axial planes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contouring {
    /// Distance of planes.
    pub spacing: Mm,
    /// Where the planes lie, in spacings: z = (k + phase) · spacing for whole k.
    pub phase: f64,
    /// Vertices of a curve.
    pub points: usize,
    /// How polygons follow curves.
    pub fit: Fit,
    /// How holes are written.
    pub holes: HoleStyle,
}

impl Contouring {
    /// Planes half a spacing away from multiples of the spacing, 360 points on each curve, true areas, holes
    /// as rings. A solid with flat ends at multiples of the spacing has exactly its volume when each plane
    /// stands for one spacing.
    #[must_use]
    pub const fn every(spacing: f64) -> Self {
        Self { spacing: Mm(spacing), phase: 0.5, points: 360, fit: Fit::AreaTrue, holes: HoleStyle::Rings }
    }

    /// The ROI that a shape makes on the planes strictly inside it.
    #[must_use]
    pub fn draw(&self, shape: &dyn Shape, number: i32, name: &str) -> Roi {
        let (low, high) = shape.extent(PatientVector::new(0.0, 0.0, 1.0));
        let first = ((low / self.spacing.0) - self.phase).floor() as i64;
        let planes = (first..).map(|k| (k as f64 + self.phase) * self.spacing.0);
        let inside = planes.skip_while(|z| *z <= low).take_while(|z| *z < high);
        let mut contours = Vec::new();
        for z in inside {
            for points in self.arranged(shape.section(z, self.points, self.fit)) {
                contours.push(Contour {
                    index: contours.len(),
                    kind: self.kind(),
                    points: points.into_iter().map(|[x, y]| PatientPoint::new(x, y, z)).collect(),
                    slab_thickness: None,
                });
            }
        }
        Roi {
            number,
            name: name.to_owned(),
            interpreted_type: Some("ORGAN".to_owned()),
            contours,
            ..Roi::default()
        }
    }

    const fn kind(&self) -> ContourKind {
        match self.holes {
            HoleStyle::Xor => ContourKind::ClosedPlanarXor,
            HoleStyle::Rings | HoleStyle::HolesFirst | HoleStyle::Keyhole => ContourKind::ClosedPlanar,
        }
    }

    fn arranged(&self, mut outlines: Vec<Outline>) -> Vec<Vec<[f64; 2]>> {
        match self.holes {
            HoleStyle::Rings | HoleStyle::Xor => {}
            HoleStyle::HolesFirst => outlines.sort_by_key(|outline| !outline.hole),
            HoleStyle::Keyhole => return keyholes(outlines),
        }
        outlines.into_iter().map(|outline| outline.points).collect()
    }
}

/// Joins every hole to the outline before it: out along the slit, round the hole the other way, and back.
fn keyholes(outlines: Vec<Outline>) -> Vec<Vec<[f64; 2]>> {
    let mut joined: Vec<Vec<[f64; 2]>> = Vec::new();
    for outline in outlines {
        match (outline.hole, joined.last_mut()) {
            (true, Some(around)) => {
                around.push(around[0]);
                around.push(outline.points[0]);
                around.extend(outline.points.into_iter().rev());
            }
            _ => joined.push(outline.points),
        }
    }
    joined
}

/// The ROI in a frame whose axes are `axes`: an axial contour then lies in the plane of the first two. Draws
/// sagittal, coronal and oblique contours.
#[must_use]
pub fn turned(mut roi: Roi, axes: [PatientVector; 3]) -> Roi {
    for point in roi.contours.iter_mut().flat_map(|contour| &mut contour.points) {
        let [x, y, z] = axes;
        let moved = x.scaled(point.x).plus(y.scaled(point.y)).plus(z.scaled(point.z));
        *point = PatientPoint::default().moved(moved);
    }
    roi
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Sphere, Tube};

    const ORIGIN: PatientPoint = PatientPoint::new(0.0, 0.0, 0.0);

    #[test]
    fn planes_lie_strictly_inside() {
        let sphere = Sphere { centre: ORIGIN, radius: Mm(6.0) };
        let heights = |phase| {
            let roi = Contouring { phase, ..Contouring::every(2.0) }.draw(&sphere, 1, "sphere");
            roi.contours.iter().map(|contour| contour.points[0].z).collect::<Vec<_>>()
        };
        assert_eq!(heights(0.5), [-5.0, -3.0, -1.0, 1.0, 3.0, 5.0]);
        assert_eq!(heights(0.0), [-4.0, -2.0, 0.0, 2.0, 4.0]);
    }

    #[test]
    fn holes_are_written_in_their_style() {
        let tube = Tube { centre: ORIGIN, radius: Mm(6.0), hole: Mm(2.0), height: Mm(2.0) };
        let drawn = |holes| {
            Contouring { holes, points: 12, fit: Fit::Inscribed, ..Contouring::every(2.0) }
                .draw(&tube, 1, "tube")
        };
        let plane = |holes| {
            Contouring { phase: 0.0, holes, points: 12, fit: Fit::Inscribed, ..Contouring::every(2.0) }
                .draw(&tube, 1, "tube")
        };
        assert_eq!(drawn(HoleStyle::Rings).contours.len(), 0, "planes at the flat ends are outside");
        let reach = |roi: &Roi, n: usize| roi.contours[n].points[0].x;
        assert_eq!((reach(&plane(HoleStyle::Rings), 0), reach(&plane(HoleStyle::HolesFirst), 0)), (6.0, 2.0));
        assert_eq!(plane(HoleStyle::Xor).contours[1].kind, ContourKind::ClosedPlanarXor);
        let keyhole = plane(HoleStyle::Keyhole);
        assert_eq!((keyhole.contours.len(), keyhole.contours[0].points.len()), (1, 26));
    }

    #[test]
    fn turning_moves_the_planes() {
        let sphere = Sphere { centre: ORIGIN, radius: Mm(6.0) };
        let [x, y, z] =
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|[x, y, z]| PatientVector::new(x, y, z));
        let sagittal = turned(Contouring::every(2.0).draw(&sphere, 1, "sphere"), [y, z, x]);
        assert!(sagittal.contours[0].points.iter().all(|point| point.x == -5.0));
    }
}
