//! The brute-force oracle: points of the volume model, evenly or stratified, each with its trilinear dose.
//! Shapes that this file makes are met by a million points with every run of the tests. The clinical case is
//! slow: run it before a release,
//! `cargo nextest run -p rt-dvh --run-ignored only oracle --no-capture`; the result is recorded in
//! docs/accuracy.md.

use crate::common::{axial_grid, preset, sampled};
use crate::files::{dose, shared, structures};
use rt_dvh::{Dvh, compute};
use rt_geometry::stack::{RoiStack, Slab, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::frame::{GridIndex, PatientPoint};
use rt_model::structure_set::{Contour, ContourKind, Roi};
use rt_model::units::{Cm3, Gy, Mm};
use rt_phantom::{Contouring, GaussianDose, Sphere};

/// Up to this volume, cm³, points lie evenly, [`STEP`] mm apart or closer.
const SMALL: f64 = 50.0;
const STEP: f64 = 0.05;
/// Points of a ROI at least: in the smallest, points [`STEP`] apart miss its very volume by a part in a
/// thousand.
const POINTS: f64 = 1e8;
/// Bins of the oracle, Gy.
const BIN: f64 = 0.005;

/// Volumes in bins of dose, cm³, and what they add up to.
struct Sum {
    bins: Vec<f64>,
    points: f64,
}

/// One row of points for a y and z: where the polygon's inside begins and ends along x.
fn crossings(slab: &Slab, y: f64) -> Vec<f64> {
    let edges = slab.region.rings().iter().flat_map(|ring| ring.edges());
    let mut at: Vec<f64> = edges
        .filter(|(a, b)| (a[1] <= y) != (b[1] <= y))
        .map(|(a, b)| a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]))
        .collect();
    at.sort_by(f64::total_cmp);
    at
}

/// Trilinear dose on an axial grid, by the definition.
fn dose_at(dose: &DoseGrid, [x, y, z]: [f64; 3]) -> Option<f64> {
    let geometry = dose.geometry();
    let (origin, [dx, dy], offsets, size) =
        (geometry.origin(), geometry.spacing(), geometry.offsets(), geometry.size());
    let dz = offsets[1] - offsets[0];
    let at = [(x - origin.x) / dx.0, (y - origin.y) / dy.0, (z - origin.z) / dz];
    if (0..3).any(|axis| at[axis] < 0.0 || at[axis] > (size[axis] - 1) as f64) {
        return None;
    }
    let low: [usize; 3] = std::array::from_fn(|axis| (at[axis] as usize).min(size[axis] - 2));
    let mut sum = 0.0;
    for corner in 0..8usize {
        let step = [corner & 1, corner >> 1 & 1, corner >> 2];
        let weight: f64 = (0..3)
            .map(|axis| {
                let part = at[axis] - low[axis] as f64;
                if step[axis] == 1 { part } else { 1.0 - part }
            })
            .product();
        sum +=
            weight * dose.at(GridIndex { i: low[0] + step[0], j: low[1] + step[1], k: low[2] + step[2] }).0;
    }
    Some(sum)
}

/// Points `step` apart in each slab, each moved within its cell by `jitter` (0: the middle).
fn brute(stack: &RoiStack, dose: &DoseGrid, step: f64, mut jitter: impl FnMut() -> f64) -> Sum {
    let mut sum = Sum { bins: vec![0.0; (dose.range().1.0 / BIN) as usize + 2], points: 0.0 };
    let last = sum.bins.len() - 1;
    for slab in stack.slabs() {
        let Some((low, high)) = slab.region.bounds() else { continue };
        let layers = ((slab.upper - slab.lower) / step).ceil().max(1.0) as usize;
        let thick = (slab.upper - slab.lower) / layers as f64;
        let rows = ((high[1] - low[1]) / step).ceil() as usize;
        for layer in 0..layers {
            for row in 0..rows {
                let y = low[1] + (row as f64 + 0.5 + jitter()) * step;
                let at = crossings(slab, y);
                for pair in at.chunks_exact(2) {
                    let count = ((pair[1] - pair[0]) / step).ceil().max(1.0) as usize;
                    let width = (pair[1] - pair[0]) / count as f64;
                    for n in 0..count {
                        let x = pair[0] + (n as f64 + 0.5 + jitter()) * width;
                        let z = slab.lower + (layer as f64 + 0.5 + jitter()) * thick;
                        if let Some(gy) = dose_at(dose, [x, y, z]) {
                            sum.bins[((gy / BIN).max(0.0) as usize).min(last)] +=
                                width * step * thick / 1000.0;
                            sum.points += 1.0;
                        }
                    }
                }
            }
        }
    }
    sum
}

impl Sum {
    fn total(&self) -> f64 {
        self.bins.iter().sum()
    }

    /// The part of the volume at or above `gy`, a multiple of the bin.
    fn part_at(&self, gy: f64) -> f64 {
        self.bins[((gy / BIN).round() as usize).min(self.bins.len())..].iter().sum::<f64>() / self.total()
    }

    fn dose_of(&self, part: f64) -> f64 {
        let (wanted, mut above) = (part * self.total(), 0.0);
        for (at, volume) in self.bins.iter().enumerate().rev() {
            if above + volume >= wanted {
                return (at as f64 + (above + volume - wanted) / volume) * BIN;
            }
            above += volume;
        }
        0.0
    }
}

/// The largest differences of a DVH: of cumulative points in percent of the volume, of D98% ... D2% in Gy.
fn differences(dvh: &Dvh, brute: &Sum) -> (f64, f64) {
    let covered = dvh.doses().unwrap().covered;
    let doses = (0..).map(|n| f64::from(n) * 0.1).take_while(|gy| *gy < dvh.doses().unwrap().max.0);
    let points =
        doses.map(|gy| 100.0 * (dvh.volume_at_dose(Gy(gy)).unwrap() / covered - brute.part_at(gy)).abs());
    let parts = [0.98, 0.95, 0.5, 0.05, 0.02, (0.03 / covered.0).min(1.0)];
    let metrics =
        parts.map(|part| (dvh.dose_at_volume(Cm3(covered.0 * part)).unwrap().0 - brute.dose_of(part)).abs());
    (points.fold(0.0, f64::max), metrics.into_iter().fold(0.0, f64::max))
}

/// Numbers from -1/2 to 1/2: the steps of a linear congruential generator (Knuth).
fn random() -> impl FnMut() -> f64 {
    let mut state = 1u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    }
}

/// What two discs share on every plane, with two sharp edges: aslant to the grid's axes, thicker in the
/// middle.
fn lens() -> Roi {
    let plane = |k: i32| {
        let z = 2.0 * f64::from(k);
        // Arcs of 20 mm, their middles so far from the lens's that it is `half` wide on either side.
        let half = 6.0 - z * z / 12.0;
        let reach = (20.0f64.powi(2) - (20.0 - half).powi(2)).sqrt();
        let widest = (reach / 20.0).asin();
        let arc = |side: f64| {
            (0..60).map(move |n| {
                let (sin, cos) = (side * widest * (f64::from(n) / 30.0 - 1.0)).sin_cos();
                [side * (20.0 * cos - 20.0 + half), 20.0 * sin]
            })
        };
        let turned = |[x, y]: [f64; 2]| PatientPoint::new(0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y, z);
        let points = arc(1.0).chain(arc(-1.0)).map(turned).collect();
        Contour { index: 0, kind: ContourKind::ClosedPlanar, points, slab_thickness: None }
    };
    Roi { contours: (-3..=3).map(plane).collect(), ..Roi::default() }
}

#[test]
fn a_lens_and_spheres_in_a_curved_dose_against_a_million_points() {
    let sphere = |radius: f64| {
        let shape = Sphere { centre: PatientPoint::new(0.7, -0.4, 0.3), radius: Mm(radius) };
        Contouring::every(2.0).draw(&shape, 1, "sphere")
    };
    let dose = |sigma: f64| {
        let field =
            GaussianDose { centre: PatientPoint::new(3.0, -5.0, 2.0), peak: Gy(60.0), sigma: Mm(sigma) };
        sampled(&field, axial_grid(PatientPoint::new(-31.0, -32.0, -30.0), [2.5, 2.5, 3.0], [25, 25, 20]))
    };
    let options = preset();
    // The last in a dose so gentle that a ROI of this size must not be cut as coarsely as a large one.
    for (name, roi, sigma, most_percent) in [
        ("lens", lens(), 11.0, 0.1),
        ("sphere of 12 mm", sphere(12.0), 11.0, 0.1),
        ("sphere of 4 mm", sphere(4.0), 11.0, 0.1),
        ("sphere of 3 mm", sphere(3.0), 40.0, 0.05),
    ] {
        let (stack, dose) = (RoiStack::build(&roi, &options.stack(None)).unwrap().value, dose(sigma));
        let found = compute(&stack, &dose, &options).unwrap().value;
        let sum = brute(&stack, &dose, (stack.volume().0 * 1000.0 / 1e6).cbrt(), random());
        let (curve, metrics) = differences(&found, &sum);
        println!(
            "{name}: {:.2} cm³, {:.1e} points, {curve:.4} %, {metrics:.4} Gy",
            stack.volume().0,
            sum.points
        );
        assert!((sum.total() / stack.volume().0 - 1.0).abs() < 1e-3, "{name}: {}", sum.total());
        assert!(
            curve < most_percent && metrics < 0.01,
            "{name}: {curve:.4} % of the volume, {metrics:.4} Gy"
        );
    }
}

#[test]
#[ignore = "minutes of brute force, recorded in docs/accuracy.md: ./test.sh --long"]
fn clinical_doses_against_brute_force() {
    let Some(root) = shared("peers/data/clinical") else { return };
    let (rois, dose) = (structures(&root.join("RS.dcm")).rois, dose(&root.join("RD.dcm")));
    let (options, planes) = (preset(), StructurePlanes::of(&rois));
    let mut random = random();
    println!(
        "| ROI | cm³ | points | curve, % of the volume | D98% ... D2%, D0.03cc, Gy |\n|---|---|---|---|---|"
    );
    let mut failed = Vec::new();
    for (at, roi) in rois.iter().enumerate().filter(|(_, roi)| !roi.contours.is_empty()) {
        let stack = RoiStack::build(roi, &options.stack(Some(planes.neighbours(at)))).unwrap().value;
        let dvh = compute(&stack, &dose, &options).unwrap().value;
        let volume = stack.volume().0;
        let step = (volume * 1000.0 / POINTS).cbrt();
        let sum = if volume <= SMALL {
            brute(&stack, &dose, step.min(STEP), || 0.0)
        } else {
            brute(&stack, &dose, step, &mut random)
        };
        let (curve, metrics) = differences(&dvh, &sum);
        println!("| {} | {volume:.2} | {:.1e} | {curve:.4} | {metrics:.4} |", roi.name, sum.points);
        // The standard error of a part p of n independent points is at most 1 / (2 √n); strata make it
        // smaller.
        let standard = 100.0 * 0.5 / sum.points.sqrt();
        if curve > 0.05 + 3.0 * standard
            || metrics > 0.01_f64.max(0.0005 * (dose.range().1.0 - dose.range().0.0))
        {
            failed.push(format!("{}: {curve:.4} %, {metrics:.4} Gy", roi.name));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
