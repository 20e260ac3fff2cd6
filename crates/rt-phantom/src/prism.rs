//! The exact DVH of drawn contours in a linear dose, when every contour stands for a slab (a prism) of its
//! plane.
//!
//! The method is clipping polygons by half-planes and nothing else: no grid, no voxels, no strips. A slanted
//! gradient is integrated along the slab between the heights at which the clipping line passes a vertex; the
//! clipped area is quadratic there, so that Gauss's rule of two points is exact.
//!
//! Units: millimetres, gray. Frame: DICOM patient coordinates (LPS); contours on axial planes.

use crate::dose::{DoseField, LinearDose};
use crate::exact_dvh::ExactDvh;
use crate::shape::MM3_PER_CM3;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::Roi;
use rt_model::units::{Cm3, Gy, Mm};

/// What lies beyond the first and the last plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Caps {
    /// Nothing: the end planes keep the half towards their neighbour.
    None,
    /// Half a slab of this thickness.
    HalfSlice(Mm),
}

/// The exact DVH of the closed axial contours of `roi`, each plane reaching half-way to its neighbours
/// whatever their distance; `None` where there is no volume. Rings of a plane count by the even-odd rule and
/// may nest or lie apart, and a ring may be a keyhole; rings that cross each other are not supported.
#[must_use]
pub fn prism_dvh(roi: &Roi, caps: Caps, dose: LinearDose) -> Option<ExactDvh<'static>> {
    let slabs = slabs(roi, caps);
    let volume: f64 = slabs.iter().map(|slab| slab.thickness() * slab.area()).sum();
    if volume <= 0.0 {
        return None;
    }
    let moment: f64 = slabs.iter().map(|slab| slab.dose_integral(dose)).sum();
    let corners = || slabs.iter().flat_map(|slab| slab.corner_doses(dose));
    let min = corners().fold(f64::INFINITY, f64::min);
    let max = corners().fold(f64::NEG_INFINITY, f64::max);
    Some(ExactDvh::new(Cm3(volume / MM3_PER_CM3), [min, moment / volume, max].map(Gy), move |at| {
        Cm3(slabs.iter().map(|slab| slab.volume_at_or_above(dose, at.0)).sum::<f64>() / MM3_PER_CM3)
    }))
}

struct Slab {
    low: f64,
    high: f64,
    /// Vertices, and +1 or -1 such that the rings' signed areas add up to the even-odd area.
    rings: Vec<(Vec<[f64; 2]>, f64)>,
}

fn slabs(roi: &Roi, caps: Caps) -> Vec<Slab> {
    let mut planes: Vec<(f64, Vec<Vec<[f64; 2]>>)> = Vec::new();
    for contour in roi.contours.iter().filter(|contour| contour.kind.is_closed()) {
        let Some(first) = contour.points.first() else { continue };
        let ring = contour.points.iter().map(|point| [point.x, point.y]).collect();
        match planes.iter_mut().find(|(z, _)| *z == first.z) {
            Some((_, rings)) => rings.push(ring),
            None => planes.push((first.z, vec![ring])),
        }
    }
    planes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let beyond = match caps {
        Caps::None => 0.0,
        Caps::HalfSlice(thickness) => thickness.0 / 2.0,
    };
    let heights: Vec<f64> = planes.iter().map(|(z, _)| *z).collect();
    let middle = |a: usize, b: usize| (heights[a] + heights[b]) / 2.0;
    let last = heights.len().saturating_sub(1);
    planes
        .into_iter()
        .enumerate()
        .map(|(n, (z, rings))| Slab {
            low: if n == 0 { z - beyond } else { middle(n - 1, n) },
            high: if n == last { z + beyond } else { middle(n, n + 1) },
            rings: signed(rings),
        })
        .collect()
}

/// Gives each ring the sign that its depth of nesting asks for.
fn signed(rings: Vec<Vec<[f64; 2]>>) -> Vec<(Vec<[f64; 2]>, f64)> {
    let signs: Vec<f64> = rings
        .iter()
        .enumerate()
        .map(|(n, ring)| {
            let around =
                rings.iter().enumerate().filter(|(m, other)| *m != n && contains(other, ring[0])).count();
            let depth = if around % 2 == 0 { 1.0 } else { -1.0 };
            depth * area(ring).signum()
        })
        .collect();
    rings.into_iter().zip(signs).collect()
}

impl Slab {
    fn thickness(&self) -> f64 {
        self.high - self.low
    }

    fn area(&self) -> f64 {
        self.rings.iter().map(|(ring, sign)| sign * area(ring)).sum()
    }

    /// Dose times volume.
    fn dose_integral(&self, dose: LinearDose) -> f64 {
        let height = (self.low + self.high) / 2.0;
        let in_plane = self.rings.iter().map(|(ring, sign)| {
            let [mx, my] = first_moments(ring);
            sign * (dose.gradient.x * mx + dose.gradient.y * my)
        });
        let at_axis = dose.at(PatientPoint::new(0.0, 0.0, height)).0;
        self.thickness() * (at_axis * self.area() + in_plane.sum::<f64>())
    }

    fn corner_doses(&self, dose: LinearDose) -> impl Iterator<Item = f64> + '_ {
        let vertices = self.rings.iter().flat_map(|(ring, _)| ring);
        vertices
            .flat_map(move |[x, y]| [self.low, self.high].map(|z| dose.at(PatientPoint::new(*x, *y, z)).0))
    }

    fn volume_at_or_above(&self, dose: LinearDose, at: f64) -> f64 {
        let [gx, gy, gz] = [dose.gradient.x, dose.gradient.y, dose.gradient.z];
        let in_plane = gx.hypot(gy);
        let from = |z: f64| at - dose.at_origin.0 - gz * z;
        if in_plane == 0.0 {
            return self.area() * self.height_above(gz, at - dose.at_origin.0);
        }
        let direction = [gx / in_plane, gy / in_plane];
        let clipped = |z: f64| self.area_above(direction, from(z) / in_plane);
        if gz == 0.0 {
            return self.thickness() * clipped(self.low);
        }
        // Heights at which the clipping line passes a vertex.
        let vertices = self.rings.iter().flat_map(|(ring, _)| ring);
        let passes = vertices.map(|[x, y]| (at - dose.at_origin.0 - gx * x - gy * y) / gz);
        let mut heights: Vec<f64> = passes.filter(|z| (self.low..self.high).contains(z)).collect();
        heights.extend([self.low, self.high]);
        heights.sort_by(f64::total_cmp);
        let offset = 0.5 / 3.0_f64.sqrt();
        let pieces = heights.windows(2).map(|ends| {
            let (length, middle) = (ends[1] - ends[0], (ends[0] + ends[1]) / 2.0);
            length / 2.0 * (clipped(middle - offset * length) + clipped(middle + offset * length))
        });
        pieces.sum()
    }

    /// How much of the slab's thickness has `gz · z` at or above `from`.
    fn height_above(&self, gz: f64, from: f64) -> f64 {
        if gz == 0.0 {
            return if from <= 0.0 { self.thickness() } else { 0.0 };
        }
        let edge = (from / gz).clamp(self.low, self.high);
        if gz > 0.0 { self.high - edge } else { edge - self.low }
    }

    fn area_above(&self, direction: [f64; 2], from: f64) -> f64 {
        self.rings.iter().map(|(ring, sign)| sign * area(&clip(ring, direction, from))).sum()
    }
}

/// The part of a polygon whose coordinate along `direction` is at or above `from` (Sutherland and Hodgman
/// 1974). Where it falls apart, the pieces stay joined by edges along the line, which enclose no area.
fn clip(ring: &[[f64; 2]], direction: [f64; 2], from: f64) -> Vec<[f64; 2]> {
    let above = |p: [f64; 2]| p[0] * direction[0] + p[1] * direction[1] - from;
    let mut kept = Vec::with_capacity(ring.len() + 2);
    for (n, p) in ring.iter().enumerate() {
        let q = ring[(n + 1) % ring.len()];
        let (at_p, at_q) = (above(*p), above(q));
        if at_p >= 0.0 {
            kept.push(*p);
        }
        if (at_p >= 0.0) != (at_q >= 0.0) {
            let part = at_p / (at_p - at_q);
            kept.push([p[0] + part * (q[0] - p[0]), p[1] + part * (q[1] - p[1])]);
        }
    }
    kept
}

/// Edges of a ring from its first vertex, so that coordinates far from the origin do not cost digits.
fn edges(ring: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    let origin = ring.first().copied().unwrap_or_default();
    let shifted = move |p: [f64; 2]| [p[0] - origin[0], p[1] - origin[1]];
    (0..ring.len()).map(move |n| (shifted(ring[n]), shifted(ring[(n + 1) % ring.len()])))
}

/// Signed area, positive counter-clockwise.
fn area(ring: &[[f64; 2]]) -> f64 {
    edges(ring).map(|(p, q)| p[0] * q[1] - q[0] * p[1]).sum::<f64>() / 2.0
}

/// The integrals of x and y over a ring, with the sign of its area.
fn first_moments(ring: &[[f64; 2]]) -> [f64; 2] {
    let origin = ring.first().copied().unwrap_or_default();
    let whole = area(ring);
    [0, 1].map(|a| {
        let about_first =
            edges(ring).map(|(p, q)| (p[a] + q[a]) * (p[0] * q[1] - q[0] * p[1])).sum::<f64>() / 6.0;
        about_first + whole * origin[a]
    })
}

/// Even-odd rule.
fn contains(ring: &[[f64; 2]], point: [f64; 2]) -> bool {
    let crossings = (0..ring.len()).filter(|n| {
        let (p, q) = (ring[*n], ring[(n + 1) % ring.len()]);
        (p[1] > point[1]) != (q[1] > point[1])
            && point[0] < p[0] + (point[1] - p[1]) / (q[1] - p[1]) * (q[0] - p[0])
    });
    crossings.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contouring::{Contouring, HoleStyle};
    use crate::shape::{Cuboid, Shape, Tube};
    use rt_model::frame::PatientVector;

    fn assert_same(found: &ExactDvh, expected: &ExactDvh) {
        let pairs = [(found.volume.0, expected.volume.0), (found.mean.0, expected.mean.0)];
        let pairs = pairs.into_iter().chain([(found.min.0, expected.min.0), (found.max.0, expected.max.0)]);
        for (a, b) in pairs {
            assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{found:?} {expected:?}");
        }
        for n in 0..=40 {
            let dose = expected.min + (expected.max - expected.min) * (f64::from(n) / 40.0 * 1.2 - 0.1);
            let (a, b) = (found.volume_at_or_above(dose).0, expected.volume_at_or_above(dose).0);
            assert!((a - b).abs() < 1e-9 * expected.volume.0, "{dose}: {a} {b}");
        }
    }

    #[test]
    fn a_box_is_its_prism_under_any_gradient() {
        let cuboid =
            Cuboid { low: PatientPoint::new(-31.0, 12.0, -6.0), high: PatientPoint::new(-20.0, 19.0, 9.0) };
        let roi = Contouring::every(3.0).draw(&cuboid, 1, "box");
        let gradients = [
            [1.0, 0.0, 0.0],
            [0.0, -2.0, 0.0],
            [0.0, 0.0, 0.7],
            [0.0, 0.0, -0.7],
            [0.3, -0.4, 0.0],
            [0.5, 0.6, -0.8],
        ];
        for [x, y, z] in gradients {
            let dose = LinearDose::through(cuboid.centroid(), Gy(40.0), PatientVector::new(x, y, z));
            let expected = ExactDvh::of_linear(&cuboid, dose).unwrap();
            assert_same(&prism_dvh(&roi, Caps::HalfSlice(Mm(3.0)), dose).unwrap(), &expected);
        }
        let flat = LinearDose { at_origin: Gy(3.0), gradient: PatientVector::default() };
        assert_same(
            &prism_dvh(&roi, Caps::HalfSlice(Mm(3.0)), flat).unwrap(),
            &ExactDvh::of_linear(&cuboid, flat).unwrap(),
        );
    }

    #[test]
    fn without_caps_the_end_planes_keep_their_inward_half() {
        let cuboid =
            Cuboid { low: PatientPoint::new(0.0, 0.0, 0.0), high: PatientPoint::new(10.0, 10.0, 9.0) };
        let roi = Contouring::every(3.0).draw(&cuboid, 1, "box");
        let dose = LinearDose::through(cuboid.centroid(), Gy(40.0), PatientVector::new(0.0, 0.0, 1.0));
        let dvh = prism_dvh(&roi, Caps::None, dose).unwrap();
        assert!((dvh.volume.0 - 0.6).abs() < 1e-12);
        assert_eq!([dvh.min, dvh.max], [Gy(37.0), Gy(43.0)]);
        assert!(prism_dvh(&Roi::default(), Caps::None, dose).is_none());
    }

    #[test]
    fn holes_count_the_same_in_every_style() {
        let tube = Tube {
            centre: PatientPoint::new(3.0, 4.0, 0.0),
            radius: Mm(12.0),
            hole: Mm(6.0),
            height: Mm(24.0),
        };
        for gradient in [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] {
            let [x, y, z] = gradient;
            let dose = LinearDose::through(tube.centre, Gy(30.0), PatientVector::new(x, y, z));
            let exact = ExactDvh::of_linear(&tube, dose).unwrap();
            for holes in [HoleStyle::Rings, HoleStyle::HolesFirst, HoleStyle::Keyhole, HoleStyle::Xor] {
                let roi = Contouring { holes, points: 720, ..Contouring::every(2.0) }.draw(&tube, 1, "tube");
                let dvh = prism_dvh(&roi, Caps::HalfSlice(Mm(2.0)), dose).unwrap();
                assert!((dvh.volume / exact.volume - 1.0).abs() < 1e-12, "{holes:?}");
                let at = Gy(34.0);
                assert!(
                    (dvh.volume_at_or_above(at) - exact.volume_at_or_above(at)).0.abs()
                        < 1e-4 * exact.volume.0,
                    "{holes:?}"
                );
            }
        }
    }
}
