//! Where ROIs lie from the targets, from contours to the columns of `RoiDetails`, against closed forms of
//! spheres.

use crate::stores::on_both;
use rt_model::frame::PatientPoint;
use rt_model::structure_set::Roi;
use rt_model::units::{Gy, Mm};
use rt_phantom::case::{CaseBuilder, DoseSpec};
use rt_phantom::{Contouring, GaussianDose, GridSpec, Sphere};
use rt_sql::record::PlanId;
use std::f64::consts::PI;
use std::sync::Arc;

/// Radius of the target, whose centre is the origin.
const TARGET: f64 = 10.0;

fn ball(number: i32, kind: &str, x: f64, radius: f64) -> Roi {
    let drawn = Contouring { points: 180, ..Contouring::every(1.0) };
    let sphere = Sphere { centre: PatientPoint::new(x, 0.0, 0.0), radius: Mm(radius) };
    Roi { interpreted_type: Some(kind.to_owned()), ..drawn.draw(&sphere, number, &format!("ball {number}")) }
}

/// Volume in cm³ that the target shares with a ball whose centre is `d` away: two caps.
fn lens(d: f64, r: f64) -> f64 {
    let big = TARGET;
    PI * (big + r - d).powi(2) * (d * d + 2.0 * d * (r + big) - 3.0 * (r - big).powi(2)) / (12.0 * d) / 1000.0
}

#[test]
fn distances_and_overlaps_are_those_of_spheres() {
    on_both(|place, store| {
        let corner = |sign: f64| PatientPoint::new(50.0 * sign, 30.0 * sign, 30.0 * sign);
        let dose = DoseSpec {
            field: Arc::new(GaussianDose { centre: corner(0.0), peak: Gy(60.0), sigma: Mm(40.0) }),
            grid: GridSpec::covering(corner(-1.0), corner(1.0), 5.0),
            ..DoseSpec::default()
        };
        let rois = [
            ball(1, "PTV", 0.0, TARGET),
            ball(2, "ORGAN", 30.0, 8.0),
            ball(3, "ORGAN", 10.0, 8.0),
            ball(4, "ORGAN", 0.0, 4.0),
        ];
        place.write("in", &CaseBuilder::new("relation").rois(rois).dose(dose).image(None).build().unwrap());
        let ran = store.run(place, &["run", "in"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let read = |database: rt_sql::Database| async move {
            database.case("PHANTOM-relation", PlanId(1)).await.unwrap().unwrap()
        };
        let stored = store.read(place, read);
        // The mean distance of a sphere's surface from a point d away is d + r²/3d, from its own centre r.
        for (number, least, mean, most, overlap) in [
            (1, 0.0, 0.0, 0.0, 4.0 / 3.0 * PI * TARGET.powi(3) / 1000.0),
            (2, 30.0 - 8.0 - TARGET, 30.0 + 64.0 / 90.0 - TARGET, 30.0 + 8.0 - TARGET, 0.0),
            (3, -8.0, f64::NAN, 10.0 + 8.0 - TARGET, lens(10.0, 8.0)),
            (4, 4.0 - TARGET, 4.0 - TARGET, 4.0 - TARGET, 4.0 / 3.0 * PI * 64.0 / 1000.0),
        ] {
            let roi = stored.rois.iter().find(|roi| roi.number == number).unwrap();
            let targets = roi.targets.as_ref().unwrap();
            assert_eq!((targets.targets.as_str(), &targets.reason), ("1", &None));
            let near = |found: Option<Mm>, expected: f64, within: f64| {
                let found = found.unwrap().0;
                assert!(
                    expected.is_nan() || (found - expected).abs() <= within,
                    "ROI {number}: {found} {expected}"
                );
            };
            // Samples lie 1 mm apart on slabs of 1 mm.
            near(targets.least, least, 1.0);
            near(targets.mean, mean, 0.3);
            near(targets.most, most, 1.0);
            let found = targets.overlap.unwrap().0;
            assert!((found - overlap).abs() <= 0.01 * overlap.max(0.1), "ROI {number}: {found} {overlap}");
        }
    });
}
