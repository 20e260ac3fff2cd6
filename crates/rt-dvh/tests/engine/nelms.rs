//! Nelms et al., Med Phys 2015; 42: 4435: solids in linear doses, with the authors' closed forms (their ends have half a slice).

use crate::common::dvh;
use crate::files::{dose, shared, structures};
use rt_model::units::Cm3;

/// Doses that rise within the planes: percent of the solid's dose range.
const IN_PLANE_PERCENT: f64 = 0.5;

/// Doses that rise across the planes: a sphere's ends are slabs of up to 3 mm there, and the hottest 0.03 cm³ lies in the last one.
const ACROSS_PERCENT: f64 = 2.8;

/// Volumes: a sphere as slabs of 3 mm with a plane at each pole has 1.57 % less than the solid; cylinders and cones are far closer.
const VOLUME_PERCENT: f64 = 1.58;

#[test]
fn solids_in_linear_doses_match_their_closed_forms() {
    let Some(root) = shared("data/nelms_analytic") else { return };
    let table = std::fs::read_to_string(root.join("reference/analytical_data__Analytical.csv")).unwrap();
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let line = line.replace("\"X,Z=", "\"X Z=").replace('"', "");
        let fields: Vec<&str> = line.split(',').collect();
        let file = root.join("structures").join(format!("{}.dcm", fields[0]));
        if !matches!(fields[3], "2" | "3") || !file.exists() {
            continue;
        }
        let direction = if fields[4].contains("AP") { "AntPost" } else { "SupInf" };
        let dose = dose(&root.join(format!("doses/Linear_{direction}_{}mm_Aligned.dcm", fields[3])));
        let set = structures(&file);
        let roi = set.rois.iter().find(|roi| roi.contours.iter().any(|contour| contour.kind.is_closed())).unwrap();
        let found = dvh(roi, &dose);
        let expected: Vec<f64> = fields[5..].iter().map(|field| field.parse().unwrap()).collect();
        let (volume, range) = (expected[0], (expected[2] - expected[1]) / 100.0);
        let percent = |part: f64| found.dose_at_volume(Cm3(found.doses().unwrap().covered.0 * part)).unwrap().0;
        let doses = *found.doses().unwrap();
        let checks = [
            ("mean", doses.mean.0, expected[3]),
            ("D99", percent(0.99), expected[4]),
            ("D95", percent(0.95), expected[5]),
            ("D5", percent(0.05), expected[6]),
            ("D1", percent(0.01), expected[7]),
            ("D0.03cc", found.dose_at_volume(Cm3(0.03)).unwrap().0, expected[8]),
        ];
        let volume_error = 100.0 * (found.volume().0 / volume - 1.0);
        let errors: Vec<(&str, f64)> =
            checks.iter().map(|(name, found, cgy)| (*name, 100.0 * (found - cgy / 100.0) / range)).collect();
        println!("{:18} {direction} {} mm: volume {volume_error:+.3} %, {errors:.2?} % of the dose range", fields[0], fields[3]);
        assert!(volume_error.abs() <= VOLUME_PERCENT, "{line}: volume off by {volume_error} %");
        let limit = if direction == "AntPost" { IN_PLANE_PERCENT } else { ACROSS_PERCENT };
        for (name, error) in &errors {
            assert!(error.abs() <= limit, "{line}: {name} off by {error} % of the dose range");
        }
        rows += 1;
    }
    assert_eq!(rows, 24, "rows with files");
}
