use super::*;
use rt_model::frame::PatientVector;
use rt_model::units::Mm;

/// A plane of `size` nodes with the dose that `dose` gives for (i, j).
fn plane(size: [usize; 2], dose: impl Fn(f64, f64) -> f64) -> DosePlane {
    let nodes: Vec<f32> = (0..size[1])
        .flat_map(|j| (0..size[0]).map(move |i| (i, j)))
        .map(|(i, j)| dose(i as f64, j as f64) as f32)
        .collect();
    DosePlane::new(size, &nodes)
}

fn distance(i: f64, j: f64, centre: [f64; 2]) -> f64 {
    (i - centre[0]).hypot(j - centre[1])
}

#[test]
fn a_circle_is_met_within_a_hundredth_of_a_node_distance() {
    let centre = [30.3, 28.8];
    let gaussian = |i, j| 60.0 * (-distance(i, j, centre).powi(2) / (2.0 * 15.0f64.powi(2))).exp();
    let plane = plane([64, 60], gaussian);
    for level in [50.0, 30.0, 15.0] {
        let radius = 15.0 * (2.0 * (60.0f64 / level).ln()).sqrt();
        let lines = plane.lines(Gy(level), Border::Closed);
        let [line] = lines.as_slice() else { panic!("{} lines", lines.len()) };
        assert!(line.closed);
        for [i, j] in &line.points {
            let off = distance(*i, *j, centre) - radius;
            assert!(off.abs() < 0.02, "{off}");
        }
        let area = std::f64::consts::PI * radius.powi(2);
        assert!((line.area() / area - 1.0).abs() < 0.005, "{} {area}", line.area());
    }
}

#[test]
fn areas_of_analytic_doses_are_within_half_a_percent() {
    // An ellipse of a quadratic dose, a ring of a dose that has its maximum on a circle, a band of a linear
    // dose.
    let ellipse = plane([80, 80], |i, j| 100.0 - ((i - 40.2) / 2.0).powi(2) - (j - 39.7).powi(2));
    let area: f64 = ellipse.lines(Gy(20.0), Border::Closed).iter().map(IsodoseLine::area).sum();
    assert!((area / (std::f64::consts::PI * 2.0 * 80.0) - 1.0).abs() < 0.005, "{area}");
    let ring = plane([80, 80], |i, j| 50.0 - (distance(i, j, [39.4, 40.1]) - 20.0).abs());
    let area: f64 = ring.lines(Gy(42.0), Border::Closed).iter().map(IsodoseLine::area).sum();
    let expected = std::f64::consts::PI * (28.0f64.powi(2) - 12.0f64.powi(2));
    assert!((area / expected - 1.0).abs() < 0.005, "{area} {expected}");
    let band = plane([40, 30], |i, _| i);
    let area: f64 = band.lines(Gy(9.25), Border::Closed).iter().map(IsodoseLine::area).sum();
    assert!((area - (39.0 - 9.25) * 29.0).abs() < 1e-4, "{area}");
}

#[test]
fn a_cold_island_is_a_loop_of_its_own_that_turns_the_other_way() {
    let ring = plane([80, 80], |i, j| 50.0 - (distance(i, j, [39.4, 40.1]) - 20.0).abs());
    let mut areas: Vec<f64> = ring.lines(Gy(42.0), Border::Closed).iter().map(IsodoseLine::area).collect();
    areas.sort_by(f64::total_cmp);
    assert!(areas.len() == 2 && areas[0] < 0.0 && areas[1] > -areas[0], "{areas:?}");
}

#[test]
fn the_border_closes_a_line_or_leaves_it_open() {
    let slope = plane([20, 10], |i, _| i);
    let closed = slope.lines(Gy(12.5), Border::Closed);
    assert!(closed.len() == 1 && closed[0].closed);
    let open = slope.lines(Gy(12.5), Border::Open);
    let [line] = open.as_slice() else { panic!("{open:?}") };
    assert!(!line.closed && line.points.iter().all(|[i, _]| *i == 12.5));
    let (from, to) = (line.points[0][1], line.points[line.points.len() - 1][1]);
    assert_eq!((from, to), (9.0, 0.0), "the higher dose is on the side of the turn from +i to +j");
    assert_eq!(line.area(), 0.0);
}

#[test]
fn unknown_dose_is_neither_high_nor_low() {
    let notch = |i: f64, j: f64| if i < 4.0 && j < 4.0 { f64::NAN } else { 10.0 };
    let plane = plane([9, 9], notch);
    let closed = plane.lines(Gy(5.0), Border::Closed);
    assert_eq!(closed.len(), 1);
    // All known nodes, cells with an unknown corner cut along the known ones' diagonal at the inner corner.
    assert!((closed[0].area() - (64.0 - 16.0)).abs() < 0.51, "{}", closed[0].area());
    assert_eq!(plane.lines(Gy(5.0), Border::Open), vec![]);
}

#[test]
fn a_saddle_joins_what_the_bilinear_dose_joins() {
    // Corners 10, 0, 10, 0 have their saddle at 5.
    let corners = |i: f64, j: f64| if (i + j) % 2.0 == 0.0 { 10.0 } else { 0.0 };
    let plane = plane([2, 2], corners);
    let count = |level| plane.lines(Gy(level), Border::Closed).len();
    assert_eq!((count(4.0), count(6.0)), (1, 2));
    let joined: f64 = plane.lines(Gy(4.0), Border::Closed).iter().map(IsodoseLine::area).sum();
    assert!((joined - (1.0 - 2.0 * 0.4 * 0.4 / 2.0)).abs() < 1e-6, "{joined}");
}

#[test]
fn nodes_exactly_at_the_level_leave_no_repeated_points() {
    let pyramid = plane([11, 11], |i, j| 10.0 - (i - 5.0).abs().max((j - 5.0).abs()));
    for level in [6.0, 7.0, 10.0] {
        for line in pyramid.lines(Gy(level), Border::Closed) {
            assert!(line.points.windows(2).all(|pair| pair[0] != pair[1]), "{line:?}");
            assert!((line.area() - 4.0 * (10.0 - level).powi(2)).abs() < 1e-6, "{}", line.area());
        }
    }
}

#[test]
fn lines_lie_in_the_patient_where_the_plane_does() {
    let (row, column) = (PatientVector::new(0.0, 1.0, 0.0), PatientVector::new(0.0, 0.0, -1.0));
    let origin = PatientPoint::new(5.0, -20.0, 40.0);
    let geometry =
        GridGeometry::new(origin, row, column, [Mm(2.0), Mm(3.0)], [20, 10], vec![0.0, 4.0]).unwrap();
    let plane = plane([20, 10], |i, _| i);
    let line = &plane.lines(Gy(12.5), Border::Open)[0];
    let points = line.in_patient(&geometry, 1);
    assert_eq!(points.len(), line.points.len());
    assert_eq!(points[0], PatientPoint::new(5.0 - 4.0, -20.0 + 25.0, 40.0 - 27.0));
}

proptest::proptest! {
    /// Whatever the dose: closed lines are loops whose areas add up to what a count of a fine raster of the
    /// bilinear dose gives.
    #[test]
    fn areas_add_up(nodes in proptest::collection::vec(0.0f32..10.0, 36), level in 1.0f64..9.0) {
        let plane = DosePlane::new([6, 6], &nodes);
        let lines = plane.lines(Gy(level), Border::Closed);
        proptest::prop_assert!(lines.iter().all(|line| line.closed));
        let steps = 40;
        let mut inside = 0;
        for (v, u) in (0..5 * steps).flat_map(|v| (0..5 * steps).map(move |u| (v, u))) {
            let (x, y) = ((f64::from(u) + 0.5) / f64::from(steps), (f64::from(v) + 0.5) / f64::from(steps));
            let (i, j) = (x as usize, y as usize);
            let (s, t) = (x - i as f64, y - j as f64);
            let at = |i: usize, j: usize| f64::from(nodes[j * 6 + i]);
            let dose = (1.0 - t) * ((1.0 - s) * at(i, j) + s * at(i + 1, j)) + t * ((1.0 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
            inside += i32::from(dose >= level);
        }
        let raster = f64::from(inside) / f64::from(steps * steps);
        let area: f64 = lines.iter().map(IsodoseLine::area).sum();
        // A chord differs from the hyperbola of a bilinear cell by at most a part of the cell.
        proptest::prop_assert!((area - raster).abs() < 0.12 * 25.0, "{area} {raster}");
    }
}

proptest::proptest! {
    #[test]
    fn a_border_reads_back_as_written_and_nothing_else_reads(text in "closed|open|[a-z]{0,7}|\\PC{0,6}") {
        for border in [Border::Closed, Border::Open] {
            proptest::prop_assert_eq!(border.to_string().parse(), Ok(border));
        }
        match text.parse::<Border>() {
            Ok(border) => proptest::prop_assert_eq!(border.to_string(), text),
            Err(error) => proptest::prop_assert!(error.to_string().starts_with("expected closed or open")),
        }
    }
}
