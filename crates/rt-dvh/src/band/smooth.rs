//! Smooth curves through drawn points: between two points the curve lies outside of a convex polygon.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use rt_model::frame::PatientPoint;
use rt_model::structure_set::{Contour, Roi};

/// Turns sharper than this are corners that somebody meant, or steps of pixels: cosine of 20 degrees.
const CORNER: f64 = 0.94;

/// Neighbouring edges that differ by more than this factor are not points of one curve.
const UNEVEN: f64 = 3.0;

/// The same ROI with a point more on every edge of its smooth parts (Dyn, Levin and Gregory, CAGD 1987; 4:
/// 257, the four-point scheme with weight 1/16); `None` where no part is smooth.
pub(super) fn smoothed(roi: &Roi) -> Option<Roi> {
    let mut smooth = false;
    let contours = roi.contours.iter().map(|contour| {
        let points = through(&contour.points);
        smooth |= points.len() > contour.points.len();
        Contour { points, ..contour.clone() }
    });
    let contours = contours.collect();
    smooth.then(|| Roi { contours, ..roi.clone() })
}

fn through(points: &[PatientPoint]) -> Vec<PatientPoint> {
    let count = points.len();
    let at = |n: usize| points[n % count];
    let mut all = Vec::with_capacity(2 * count);
    for n in 0..count {
        let [before, from, to, after] = [at(n + count - 1), at(n), at(n + 1), at(n + 2)];
        all.push(from);
        let [a, b, c] = [from.from_point(before), to.from_point(from), after.from_point(to)];
        let [la, lb, lc] = [a, b, c].map(|edge| edge.length());
        let even = |one: f64, other: f64| one > 0.0 && one <= UNEVEN * other && other <= UNEVEN * one;
        if even(la, lb) && even(lb, lc) && a.dot(b) >= CORNER * la * lb && b.dot(c) >= CORNER * lb * lc {
            // The middle, moved by a sixteenth of how far the neighbours fall back behind it.
            let outward = a.plus(c.scaled(-1.0)).scaled(1.0 / 16.0);
            all.push(from.moved(b.scaled(0.5)).moved(outward));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::structure_set::ContourKind;

    fn polygon(count: u32) -> Vec<PatientPoint> {
        let turn = std::f64::consts::TAU / f64::from(count);
        (0..count)
            .map(|n| (f64::from(n) * turn).sin_cos())
            .map(|(y, x)| PatientPoint::new(10.0 * x, 10.0 * y, 0.0))
            .collect()
    }

    #[test]
    fn new_points_lie_on_the_circle() {
        let points = through(&polygon(36));
        assert_eq!(points.len(), 72);
        for point in points {
            assert!((point.x.hypot(point.y) - 10.0).abs() < 2e-3, "{point:?}");
        }
    }

    #[test]
    fn corners_stay() {
        assert_eq!(through(&polygon(4)), polygon(4));
        let contour =
            Contour { index: 0, kind: ContourKind::ClosedPlanar, points: polygon(5), slab_thickness: None };
        assert_eq!(smoothed(&Roi { contours: vec![contour], ..Roi::default() }), None);
    }
}
