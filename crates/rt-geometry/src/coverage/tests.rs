use super::*;
use crate::region::{DrawnRing, Region};

fn edges_of(region: &Region) -> impl Iterator<Item = Edge> {
    region.rings().iter().flat_map(|ring| {
        let left = ring.sign() > 0.0;
        ring.edges().map(move |(from, to)| if left { Edge { from, to } } else { Edge { from: to, to: from } })
    })
}

fn region(rings: &[Vec<[f64; 2]>]) -> Region {
    let drawn: Vec<_> =
        rings.iter().map(|points| DrawnRing { points: points.clone(), exclusive_or: false }).collect();
    Region::from_drawn(&drawn).unwrap().0
}

fn circle(centre: [f64; 2], radius: f64, points: usize) -> Vec<[f64; 2]> {
    (0..points)
        .map(|at| {
            let (sin, cos) = (at as f64 / points as f64 * std::f64::consts::TAU).sin_cos();
            [centre[0] + radius * cos, centre[1] + radius * sin]
        })
        .collect()
}

/// The covered part of each cell by cutting the region's rings at the cell's four sides, an independent way.
fn clipped_area(rings: &[Vec<[f64; 2]>], a: usize, b: usize) -> f64 {
    let keep = |points: Vec<[f64; 2]>, axis: usize, limit: f64, above: bool| {
        let inside = |p: [f64; 2]| if above { p[axis] >= limit } else { p[axis] <= limit };
        let mut out = Vec::new();
        for at in 0..points.len() {
            let (p, q) = (points[at], points[(at + 1) % points.len()]);
            if inside(p) {
                out.push(p);
            }
            if inside(p) != inside(q) {
                let t = (limit - p[axis]) / (q[axis] - p[axis]);
                out.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
            }
        }
        out
    };
    rings
        .iter()
        .map(|ring| {
            let mut points = ring.clone();
            for (axis, low) in [(0, a as f64), (1, b as f64)] {
                points = keep(keep(points, axis, low, true), axis, low + 1.0, false);
            }
            let twice: f64 = (0..points.len())
                .map(|at| {
                    let (p, q) = (points[at], points[(at + 1) % points.len()]);
                    p[0] * q[1] - p[1] * q[0]
                })
                .sum();
            twice / 2.0
        })
        .sum()
}

/// The pieces add up to the cell's area, first and second moments.
fn assert_same(whole: &Piece, pieces: &[Piece]) {
    let moments = |p: &Piece| {
        let ([x, y], [xx, xy, yy]) = (p.centre, p.spread);
        [1.0, x, y, xx + x * x, xy + x * y, yy + y * y].map(|moment| p.area * moment)
    };
    for (at, expected) in moments(whole).into_iter().enumerate() {
        let found: f64 = pieces.iter().map(|piece| moments(piece)[at]).sum();
        assert!((found - expected).abs() < 1e-11, "moment {at}: {found}, expected {expected}");
    }
}

fn check(rings: &[Vec<[f64; 2]>], nodes: [usize; 2], refine: [usize; 2]) {
    let mut coverage = Coverage::of_edges(edges_of(&region(rings)), nodes);
    coverage.cut(|cell| if cell.a % 3 == 0 { [1, 1] } else { refine });
    let mut found = vec![0.0; (nodes[0] - 1) * (nodes[1] - 1)];
    for run in &coverage.whole {
        for a in run.start..run.end {
            assert_eq!(found[run.b * (nodes[0] - 1) + a], 0.0, "a cell twice");
            found[run.b * (nodes[0] - 1) + a] = 1.0;
        }
    }
    for cell in &coverage.partial {
        let at = cell.b * (nodes[0] - 1) + cell.a;
        assert_eq!(found[at], 0.0, "a cell twice");
        found[at] = cell.piece.area;
        let pieces = &coverage.pieces[cell.pieces.clone()];
        for piece in pieces {
            assert!(piece.area > 0.0 && piece.centre.iter().all(|c| (0.0..=1.0).contains(c)), "{piece:?}");
        }
        if cell.a % 3 != 0 && refine != [1, 1] {
            assert_same(&cell.piece, pieces);
        }
    }
    for b in 0..nodes[1] - 1 {
        for a in 0..nodes[0] - 1 {
            let (expected, found) = (clipped_area(rings, a, b), found[b * (nodes[0] - 1) + a]);
            assert!((expected - found).abs() < 1e-11, "cell {a} {b}: expected {expected}, found {found}");
        }
    }
}

#[test]
fn every_cell_has_its_exact_area() {
    let mut hole = circle([6.0, 5.0], 1.7, 31);
    hole.reverse();
    for refine in [[1, 1], [4, 5]] {
        check(&[circle([6.2, 5.1], 3.3, 97), hole.clone()], [13, 11], refine);
        check(&[circle([6.2, 5.1], 0.3, 24)], [13, 11], refine);
        check(&[vec![[2.0, 3.0], [7.0, 3.0], [7.0, 8.0], [2.0, 8.0]]], [13, 11], refine);
        check(&[vec![[2.0, 3.0], [7.0, 3.5], [7.0, 8.0]]], [13, 11], refine);
    }
}

#[test]
fn level_and_upright_edges_inside_cells_count() {
    let rectangle = |low: [f64; 2], high: [f64; 2]| vec![low, [high[0], low[1]], high, [low[0], high[1]]];
    for refine in [[1, 1], [4, 5], [3, 2]] {
        check(&[rectangle([2.3, 3.4], [7.6, 7.7])], [13, 11], refine);
        check(&[rectangle([2.3, 3.4], [7.6, 3.5])], [13, 11], refine);
        check(&[rectangle([-2.3, -3.4], [7.6, 7.7])], [13, 11], refine);
        check(&[rectangle([2.3, 3.4], [70.6, 70.7])], [13, 11], refine);
    }
}

#[test]
fn what_leaves_the_lattice_is_cut() {
    for centre in
        [[0.0, 5.0], [12.0, 5.0], [6.0, 0.0], [6.0, 10.0], [0.0, 0.0], [12.0, 10.0], [6.0, 5.0], [-3.0, 5.0]]
    {
        for radius in [2.7, 9.0, 40.0] {
            check(&[circle(centre, radius, 60)], [13, 11], [3, 2]);
        }
    }
    // Sides along the border itself, inside and outside of it.
    check(&[vec![[0.0, 0.0], [12.0, 0.0], [12.0, 10.0], [0.0, 10.0]]], [13, 11], [2, 2]);
    check(&[vec![[-4.0, 2.0], [0.0, 2.0], [0.0, 7.0], [-4.0, 7.0]]], [13, 11], [2, 2]);
}

#[test]
fn nodes_inside_are_found() {
    let coverage = Coverage::of_edges(edges_of(&region(&[circle([5.0, 5.0], 2.2, 90)])), [11, 11]);
    let mut count = 0;
    for run in &coverage.nodes {
        for a in run.start..run.end {
            assert!((a as f64 - 5.0).hypot(run.b as f64 - 5.0) < 2.2);
            count += 1;
        }
    }
    assert_eq!(count, 13);
}

#[test]
fn segments_cover_the_boundary() {
    let ring = circle([5.0, 5.0], 3.0, 50);
    let coverage = Coverage::of_edges(edges_of(&region(std::slice::from_ref(&ring))), [11, 11]);
    let segments = coverage.partial.iter().flat_map(|cell| coverage.segments_in(cell));
    let length: f64 = segments.map(|s| (s.to[0] - s.from[0]).hypot(s.to[1] - s.from[1])).sum();
    let expected = 50.0 * 2.0 * 3.0 * (std::f64::consts::PI / 50.0).sin();
    assert!((length - expected).abs() < 1e-12);
}

proptest::proptest! {
    #[test]
    fn area_is_kept_for_any_polygon_around_a_point(
        radii in proptest::collection::vec(0.5f64..4.9, 3..40), x in 4.9f64..8.1, y in 4.9f64..7.1, refine in 2usize..5,
    ) {
        let ring: Vec<[f64; 2]> = radii.iter().enumerate().map(|(at, radius)| {
            let (sin, cos) = (at as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
            [x + radius * cos, y + radius * sin]
        }).collect();
        let region = region(&[ring]);
        let mut coverage = Coverage::of_edges(edges_of(&region), [14, 13]);
        proptest::prop_assert!((coverage.area() - region.area().0).abs() < 1e-10);
        coverage.cut(|_| [refine, refine + 1]);
        for cell in coverage.partial.iter().filter(|cell| cell.piece.area > 0.0) {
            assert_same(&cell.piece, &coverage.pieces[cell.pieces.clone()]);
        }
    }
}
