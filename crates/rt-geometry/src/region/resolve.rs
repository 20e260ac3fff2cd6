//! From rings as drawn to rings that do not cross themselves or each other.
//!
//! `geo` decides where boundaries truly cross; it works on a fine integer lattice, so that an area may move
//! by about 1e-7 of itself. Rings without crossings never pass through it and stay exact.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::copies::{Unit, copies};
use super::nest::Nesting;
use super::{Defect, DrawnRing, TooComplex, crossing, signed_area};
use geo::algorithm::bool_ops::{BooleanOps, FillRule};
use geo::{LineString, MultiPolygon, Polygon};
use std::collections::HashMap;

type Points = Vec<[f64; 2]>;

/// The drawn rings as simple rings that do not cross; what had to be decided is told.
///
/// # Errors
/// Where there are more rings or crossings than can be resolved.
pub(super) fn simple_rings(
    drawn: &[DrawnRing],
    unit: Option<&dyn Fn(usize) -> Unit>,
) -> Result<(Vec<Points>, Vec<Defect>), TooComplex> {
    let mut defects = Vec::new();
    let mut kept: Vec<(usize, Points)> = Vec::new();
    let mut by_lowest: HashMap<[u64; 2], Vec<usize>> = HashMap::new();
    for (ring, one) in drawn.iter().enumerate() {
        let points = without_repeats(&one.points);
        if points.len() < 3 || is_flat(&points) {
            defects.push(Defect::Degenerate { ring });
            continue;
        }
        let alike = by_lowest.entry(lowest(&points)).or_default();
        if let Some(same) = alike.iter().find(|other| is_same_ring(&points, &kept[**other].1)) {
            defects.push(Defect::Duplicate { ring, of: kept[*same].0 });
        } else {
            alike.push(kept.len());
            kept.push((ring, points));
        }
    }
    let (mut numbers, mut rings): (Vec<usize>, Vec<Points>) = kept.into_iter().unzip();
    if let Some(unit) = unit {
        let copies = copies(&rings, &|ring| unit(numbers[ring]));
        for (ring, of) in &copies {
            defects.push(Defect::Duplicate { ring: numbers[*ring], of: numbers[*of] });
        }
        let gone: Vec<usize> = copies.into_iter().map(|(ring, _)| ring).collect();
        leave_out(&gone, &mut numbers, &mut rings);
    }
    let mut crossings = crossing::pairs(&rings)?;
    let mut again: Vec<usize> = Vec::new();
    for (ring, of) in Nesting::of(rings.iter().map(Vec::as_slice))?.same {
        if !crossings.contains(&(of, ring)) && !again.contains(&ring) {
            defects.push(Defect::Duplicate { ring: numbers[ring], of: numbers[of] });
            again.push(ring);
        }
    }
    if !again.is_empty() {
        leave_out(&again, &mut numbers, &mut rings);
        crossings = crossing::pairs(&rings)?;
    }
    if crossings.is_empty() {
        return Ok((rings, defects));
    }
    for (a, b) in &crossings {
        if a == b {
            defects.push(Defect::SelfCrossing { ring: numbers[*a] });
        }
    }
    let mut simple = Vec::new();
    for group in groups(rings.len(), &crossings) {
        if let [only] = group[..]
            && !crossings.contains(&(only, only))
        {
            simple.push(rings[only].clone());
            continue;
        }
        let exclusive_or = group.iter().all(|at| drawn[numbers[*at]].exclusive_or);
        if group.len() > 1 {
            let rings = group.iter().map(|at| numbers[*at]).collect();
            defects.push(Defect::Overlap { rings, united: !exclusive_or });
        }
        simple.extend(combined(group.iter().map(|at| &rings[*at]), exclusive_or));
    }
    Ok((simple, defects))
}

/// Takes out rings that count no more, and their numbers.
fn leave_out(gone: &[usize], numbers: &mut Vec<usize>, rings: &mut Vec<Points>) {
    if gone.is_empty() {
        return;
    }
    let stays: Vec<usize> = (0..rings.len()).filter(|at| !gone.contains(at)).collect();
    *numbers = stays.iter().map(|at| numbers[*at]).collect();
    *rings = stays.iter().map(|at| std::mem::take(&mut rings[*at])).collect();
}

/// The rings around the union (or exclusive-or) of what each ring encloses by the even-odd rule.
fn combined<'a>(rings: impl Iterator<Item = &'a Points>, exclusive_or: bool) -> Vec<Points> {
    let mut whole = MultiPolygon::<f64>(vec![]);
    for ring in rings {
        let line: LineString<f64> = ring.iter().map(|p| (p[0], p[1])).collect();
        let inside =
            Polygon::new(line, vec![]).union_with_fill_rule(&MultiPolygon(vec![]), FillRule::EvenOdd);
        whole = if exclusive_or { whole.xor(&inside) } else { whole.union(&inside) };
    }
    rings_of(&whole)
}

/// The rings of polygons, outer ones and holes.
pub(super) fn rings_of(polygons: &MultiPolygon<f64>) -> Vec<Points> {
    let points =
        |line: &LineString<f64>| without_repeats(&line.coords().map(|c| [c.x, c.y]).collect::<Vec<_>>());
    polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(points)
        .filter(|ring| ring.len() >= 3 && !is_flat(ring))
        .collect()
}

/// Rings linked by crossings, directly or through others; groups in order of their first ring.
fn groups(count: usize, crossings: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..count).collect();
    for (a, b) in crossings {
        let (from, to) = (leader[*a].max(leader[*b]), leader[*a].min(leader[*b]));
        for one in &mut leader {
            if *one == from {
                *one = to;
            }
        }
    }
    (0..count)
        .filter(|first| leader[*first] == *first)
        .map(|first| (first..count).filter(|at| leader[*at] == first).collect())
        .collect()
}

/// The points without equal neighbours; the last is a neighbour of the first.
fn without_repeats(points: &[[f64; 2]]) -> Points {
    let mut kept: Points = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() != Some(point) {
            kept.push(*point);
        }
    }
    while kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    kept
}

/// No area beyond rounding of its coordinates. A figure of eight has none by sign and is not flat: its parts
/// are.
fn is_flat(points: &[[f64; 2]]) -> bool {
    let first = points[0];
    let reach =
        points.iter().map(|p| (p[0] - first[0]).abs().max((p[1] - first[1]).abs())).fold(0.0, f64::max);
    let small = 1e-12 * reach * reach;
    signed_area(points).abs() <= small
        && points.windows(2).all(|pair| signed_area(&[first, pair[0], pair[1]]).abs() <= small)
}

/// A ring's lowest vertex, the leftmost of several: the same wherever the ring begins and whichever way it
/// turns.
fn lowest(points: &[[f64; 2]]) -> [u64; 2] {
    let least = points.iter().min_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    least.map_or([0; 2], |point| point.map(f64::to_bits))
}

/// The same vertices in the same cyclic order, forwards or backwards.
fn is_same_ring(a: &Points, b: &Points) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let count = a.len();
    (0..count).filter(|start| b[*start] == a[0]).any(|start| {
        (0..count).all(|at| a[at] == b[(start + at) % count])
            || (0..count).all(|at| a[at] == b[(start + count - at) % count])
    })
}
