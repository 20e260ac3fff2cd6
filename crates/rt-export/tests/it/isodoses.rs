//! Isodose volumes as other programs read them: the written structure set, read back.

use crate::support::{case, write};
use rt_draw::style::Level;
use rt_export::isodose_set::{Holes, IsodoseOptions};
use rt_export::series::Syntax;
use rt_model::frame::PatientPoint;
use rt_model::read::{ReadOptions, read_structure_set};
use rt_model::structure_set::Contour;
use rt_model::units::{Gy, Mm};
use rt_phantom::case::{CaseBuilder, DoseSpec, ImageSpec};
use rt_phantom::{GaussianDose, GridSpec};
use std::f64::consts::PI;
use std::sync::Arc;

const CENTRE: PatientPoint = PatientPoint::new(3.0, -5.0, 2.0);
const PEAK: f64 = 60.0;
const SIGMA: f64 = 30.0;

/// Area in the plane z, mm2; all contours are axial here.
fn area(contour: &Contour) -> f64 {
    let points = &contour.points;
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| (a.x * b.y - b.x * a.y) / 2.0).sum::<f64>().abs()
}

#[test]
fn isodose_areas_of_a_gaussian_are_within_half_a_percent() {
    let image = ImageSpec {
        planes: (-10..=10).map(|k| f64::from(k) * 5.0).collect(),
        pixels: 200,
        spacing: 1.0,
        thickness: 5.0,
        ..ImageSpec::default()
    };
    let field = Arc::new(GaussianDose { centre: CENTRE, peak: Gy(PEAK), sigma: Mm(SIGMA) });
    let corner = |sign: f64| PatientPoint::new(sign * 90.0, sign * 90.0, sign * 60.0);
    let grid = GridSpec::covering(corner(-1.0), corner(1.0), 2.0);
    let builder = CaseBuilder::new("isodose areas").image(Some(image)).dose(DoseSpec {
        field,
        grid,
        ..DoseSpec::default()
    });
    let (_folder, case) = case(&builder);
    let doses = [12.0, 30.0, 54.0];
    let levels = doses.map(|dose| Level { dose, colour: [200, 100, 0] }).to_vec();
    for holes in [Holes::Separate, Holes::Keyhole, Holes::Xor] {
        let out = tempfile::tempdir().unwrap();
        let series =
            case.isodose(&IsodoseOptions { levels: levels.clone(), holes, short_names: false }).unwrap();
        let file = write(&series, Syntax::ImplicitLittle, out.path()).remove(0);
        let set = read_structure_set(&file, &ReadOptions::default()).unwrap().value;
        let mut compared = 0;
        for (roi, dose) in set.rois.iter().zip(doses) {
            assert!(roi.name.starts_with(&format!("ISO {dose:.2} Gy")), "{}", roi.name);
            assert_eq!(roi.interpreted_type.as_deref(), Some("DOSE_REGION"));
            for contour in &roi.contours {
                // The level is reached on a ball: r2 = 2 sigma2 ln(peak / level).
                let away = contour.points[0].z - CENTRE.z;
                let exact = PI * (2.0 * SIGMA * SIGMA * (PEAK / dose).ln() - away * away);
                // Where the ball is barely touched the slope across the plane is all that counts.
                if exact > PI * 400.0 {
                    compared += 1;
                    let found = area(contour);
                    assert!((found / exact - 1.0).abs() < 0.005, "{dose} Gy, {away} mm: {found} {exact}");
                }
            }
        }
        assert!(compared > 30, "{compared}");
    }
}

#[test]
fn a_cold_island_is_left_out_of_the_area() {
    // A shell: hot between two radii.
    struct Shell;
    impl rt_phantom::DoseField for Shell {
        fn at(&self, point: PatientPoint) -> Gy {
            Gy((40.0 - 1.5 * (point.x.hypot(point.y) - 30.0).abs()).max(0.0))
        }
    }
    let image = ImageSpec { planes: vec![-2.0, 0.0, 2.0], pixels: 160, spacing: 1.0, ..ImageSpec::default() };
    let grid =
        GridSpec::covering(PatientPoint::new(-70.0, -70.0, -6.0), PatientPoint::new(70.0, 70.0, 6.0), 1.0);
    let dose = DoseSpec { field: Arc::new(Shell), grid, ..DoseSpec::default() };
    let (_folder, case) = case(&CaseBuilder::new("isodose shell").image(Some(image)).dose(dose));
    let levels = vec![Level { dose: 25.0, colour: [200, 100, 0] }];
    // 25 Gy at 20 and at 40 mm.
    let exact = PI * (1600.0 - 400.0);
    for (holes, contours) in [(Holes::Separate, 2), (Holes::Keyhole, 1), (Holes::Xor, 2)] {
        let out = tempfile::tempdir().unwrap();
        let series =
            case.isodose(&IsodoseOptions { levels: levels.clone(), holes, short_names: true }).unwrap();
        let file = write(&series, Syntax::ImplicitLittle, out.path()).remove(0);
        let set = read_structure_set(&file, &ReadOptions::default()).unwrap().value;
        let roi = &set.rois[0];
        assert_eq!((roi.name.as_str(), roi.contours.len()), ("ISO 25 Gy", 3 * contours), "{holes:?}");
        let of_slice: Vec<f64> = roi.contours[..contours].iter().map(area).collect();
        let found = of_slice.iter().copied().reduce(|a, b| (a - b).abs()).unwrap();
        assert!((found / exact - 1.0).abs() < 0.005, "{holes:?}: {found} {exact}");
    }
}
