//! The demonstration case looks right to a clinician, is small, quick and the same each time.

use rt_model::frame::PatientPoint;
use rt_model::structure_set::Roi;
use rt_phantom::case::{CaseBuilder, PhantomCase, Role};
use rt_phantom::{Value, demo};

/// Doses of a ROI on a lattice of 1 mm on each of its planes, highest first.
fn doses(case: &PhantomCase, name: &str) -> Vec<f64> {
    let roi = case.rois.iter().find(|roi| roi.name == name).unwrap();
    let mut doses: Vec<f64> = lattice(roi).map(|point| grid_dose(case, point)).collect();
    doses.sort_by(|a, b| b.total_cmp(a));
    doses
}

fn lattice(roi: &Roi) -> impl Iterator<Item = PatientPoint> {
    let points = || roi.contours.iter().flat_map(|contour| &contour.points);
    let range = |c: fn(&PatientPoint) -> f64| {
        points().map(c).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let ((x0, x1), (y0, y1)) = (range(|p| p.x), range(|p| p.y));
    let mut planes: Vec<f64> = roi.contours.iter().map(|contour| contour.points[0].z).collect();
    planes.dedup();
    let steps = |low: f64, high: f64| (0..(high - low).ceil() as i32).map(move |n| low + f64::from(n) + 0.37);
    planes.into_iter().flat_map(move |z| {
        steps(y0, y1)
            .flat_map(move |y| steps(x0, x1).map(move |x| PatientPoint::new(x, y, z)))
            .filter(move |p| inside(roi, *p))
    })
}

fn inside(roi: &Roi, at: PatientPoint) -> bool {
    let rings = roi.contours.iter().filter(|contour| contour.points[0].z == at.z);
    let crossings = rings.flat_map(|contour| {
        let n = contour.points.len();
        (0..n).map(move |k| (contour.points[k], contour.points[(k + 1) % n]))
    });
    let left = crossings.filter(|(p, q)| {
        (p.y > at.y) != (q.y > at.y) && at.x < p.x + (at.y - p.y) / (q.y - p.y) * (q.x - p.x)
    });
    left.count() % 2 == 1
}

/// Trilinear dose from the written voxels; the case is head first supine with a grid of 3 mm.
fn grid_dose(case: &PhantomCase, at: PatientPoint) -> f64 {
    let data = &case.files_of(Role::Dose).next().unwrap().data;
    let numbers = |keyword| match data.get(keyword) {
        Some(Value::Text(text)) => {
            text.split('\\').map(|number| number.parse::<f64>().unwrap()).collect::<Vec<_>>()
        }
        _ => panic!("{keyword} is text"),
    };
    let size = |keyword| match data.get(keyword) {
        Some(Value::Words(words)) => usize::from(words[0]),
        _ => panic!("{keyword} is a number"),
    };
    let Some(Value::Words(voxels)) = data.get("PixelData") else { panic!("pixels are words") };
    let (columns, rows) = (size("Columns"), size("Rows"));
    let origin = numbers("ImagePositionPatient");
    let index: Vec<f64> = [at.x, at.y, at.z].iter().zip(&origin).map(|(c, o)| (c - o) / 3.0).collect();
    let base: Vec<usize> = index.iter().map(|c| c.floor() as usize).collect();
    let corners = (0..8).map(|corner| {
        let step = |axis: usize| corner >> axis & 1;
        let weight = |axis: usize| {
            let part = index[axis] - base[axis] as f64;
            if step(axis) == 1 { part } else { 1.0 - part }
        };
        let voxel = ((base[2] + step(2)) * rows + base[1] + step(1)) * columns + base[0] + step(0);
        weight(0) * weight(1) * weight(2) * f64::from(voxels[voxel])
    });
    corners.sum::<f64>() * numbers("DoseGridScaling")[0]
}

#[test]
fn doses_are_those_of_a_good_plan() {
    let case = demo::case().build().unwrap();
    let at = |sorted: &[f64], part: f64| sorted[(part * (sorted.len() - 1) as f64) as usize];
    let mean = |doses: &[f64]| doses.iter().sum::<f64>() / doses.len() as f64;
    let high = doses(&case, "PTV_7000");
    assert!((66.5..=70.0).contains(&at(&high, 0.95)), "D95% of 95 to 100 % of 70 Gy");
    assert!(at(&high, 0.02) < 74.9 && at(&high, 0.98) > 65.0);
    assert!(at(&doses(&case, "PTV_5600"), 0.95) > 0.95 * 56.0);
    assert!(doses(&case, "SpinalCord")[0] < 45.0);
    assert!(doses(&case, "Brainstem")[0] < 54.0);
    assert!((20.0..=30.0).contains(&mean(&doses(&case, "Parotid_L"))));
    assert!((12.0..=26.0).contains(&mean(&doses(&case, "Parotid_R"))));
    assert!(doses(&case, "Lens_L")[0] < 10.0);
    assert!(doses(&case, "Mandible")[0] < 70.0);
    assert!((38.0..=52.0).contains(&mean(&doses(&case, "Larynx"))));
}

#[test]
fn beam_doses_add_up_at_their_point() {
    let case = demo::case().build().unwrap();
    let plan = &case.files_of(Role::Plan).next().unwrap().data;
    let number = |path: &str| match plan.get(path) {
        Some(Value::Text(text)) => {
            text.split('\\').map(|number| number.parse::<f64>().unwrap()).collect::<Vec<_>>()
        }
        _ => panic!("{path} is text"),
    };
    let point = number("DoseReferenceSequence[1] > DoseReferencePointCoordinates");
    let beams = ["0", "1"]
        .map(|n| number(&format!("FractionGroupSequence[0] > ReferencedBeamSequence[{n}] > BeamDose"))[0]);
    let total = beams.iter().sum::<f64>() * 35.0;
    let grid = grid_dose(&case, PatientPoint::new(point[0], point[1], point[2]));
    assert!((grid / total - 1.0).abs() < 1e-4, "{grid} {total}");
    assert!((68.0..=73.0).contains(&total));
}

#[test]
fn it_is_small_and_the_same_each_time() {
    let bytes =
        |case: CaseBuilder| case.build().unwrap().files.iter().map(|file| file.bytes()).collect::<Vec<_>>();
    let first = bytes(demo::case());
    assert!(first == bytes(demo::case()));
    let size: usize = first.iter().map(Vec::len).sum();
    assert!((1_000_000..4_000_000).contains(&size), "{size}");
    let case = demo::case().build().unwrap();
    let counts =
        [Role::Plan, Role::StructureSet, Role::Dose, Role::Image].map(|role| case.files_of(role).count());
    assert_eq!(counts, [1, 1, 1, 60]);
}
