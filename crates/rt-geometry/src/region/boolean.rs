//! Regions united and intersected.
//!
//! Units: millimetres. Frame: plane coordinates (u, v), the same of both regions.

use super::Region;
use super::resolve::rings_of;
use geo::algorithm::bool_ops::{BooleanOps, FillRule};
use geo::{LineString, MultiPolygon, Polygon};

impl Region {
    /// What lies in either region.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    ///
    /// let square = example::region();
    /// let other = example::stack_along_x([10.0, 30.0]).slabs()[0].region.clone();
    /// assert!((square.union(&other).area().0 - 600.0).abs() < 1e-3);
    /// ```
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() || !self.boxes_meet(other) {
            return Self { rings: self.rings.iter().chain(&other.rings).cloned().collect() };
        }
        Self::from_outlines(rings_of(&self.polygons().union(&other.polygons())))
    }

    /// What lies in both regions.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    ///
    /// let square = example::region();
    /// let other = example::stack_along_x([10.0, 30.0]).slabs()[0].region.clone();
    /// assert!((square.intersection(&other).area().0 - 200.0).abs() < 1e-3);
    /// ```
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() || !self.boxes_meet(other) {
            return Self::default();
        }
        Self::from_outlines(rings_of(&self.polygons().intersection(&other.polygons())))
    }

    fn boxes_meet(&self, other: &Self) -> bool {
        let (Some((low, high)), Some((other_low, other_high))) = (self.bounds(), other.bounds()) else {
            return false;
        };
        (0..2).all(|axis| low[axis] < other_high[axis] && other_low[axis] < high[axis])
    }

    fn polygons(&self) -> MultiPolygon<f64> {
        let polygon = |points: &[[f64; 2]]| {
            let line: LineString<f64> = points.iter().map(|p| (p[0], p[1])).collect();
            Polygon::new(line, vec![])
        };
        let all = MultiPolygon(self.rings.iter().map(|ring| polygon(&ring.points)).collect());
        all.union_with_fill_rule(&MultiPolygon(vec![]), FillRule::EvenOdd)
    }
}

#[cfg(test)]
mod tests {
    use super::super::DrawnRing;
    use super::*;

    fn squares(drawn: &[(f64, f64)]) -> Region {
        let ring = |(low, high): &(f64, f64)| DrawnRing {
            points: vec![[*low, *low], [*high, *low], [*high, *high], [*low, *high]],
            exclusive_or: false,
        };
        Region::from_drawn(&drawn.iter().map(ring).collect::<Vec<_>>()).unwrap().0
    }

    #[test]
    fn holes_stay_holes_unless_the_other_region_fills_them() {
        let frame = squares(&[(0.0, 10.0), (2.0, 8.0)]);
        let area = |region: Region| (region.area().0 * 1e3).round() / 1e3;
        assert_eq!(area(frame.union(&squares(&[(3.0, 7.0)]))), 100.0 - 36.0 + 16.0);
        assert_eq!(area(frame.union(&squares(&[(0.0, 10.0)]))), 100.0);
        assert_eq!(area(frame.intersection(&squares(&[(0.0, 5.0)]))), 25.0 - 9.0);
        assert_eq!(area(frame.intersection(&squares(&[(3.0, 7.0)]))), 0.0);
        assert_eq!(area(frame.union(&squares(&[(20.0, 30.0)]))), 164.0);
        assert!(frame.intersection(&squares(&[(20.0, 30.0)])).is_empty());
    }
}
