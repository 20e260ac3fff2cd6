//! A region along level lines.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use super::Region;

/// Lines through the common box of two regions by which they are compared.
const LINES: usize = 64;

/// Parts of a line shorter than this, mm, are rounding.
const NOTHING_MM: f64 = 1e-6;

impl Region {
    /// Where the region lies along the line at height `v`: the ends of its parts in rising order, two for
    /// each part.
    pub(crate) fn spans(&self, v: f64) -> Vec<f64> {
        super::crossings_at(self.rings.iter().map(|ring| ring.points.as_slice()), v)
    }

    /// Whether two regions share area. What they share is sought along 64 lines through their common box;
    /// walls in common are none.
    ///
    /// # Example
    /// ```
    /// use rt_geometry::example;
    ///
    /// let square = example::region();
    /// let other = example::stack_along_x([10.0, 30.0]).slabs()[0].region.clone();
    /// let far = example::stack_along_x([40.0, 50.0]).slabs()[0].region.clone();
    /// assert!(square.overlaps(&other) && !square.overlaps(&far));
    /// ```
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let Some([low, high]) = self.common_heights(other) else { return false };
        lines(low, high).any(|v| common_length(&self.spans(v), &other.spans(v)) > NOTHING_MM)
    }

    /// Whether all of this region lies in `other`, as far as 64 lines through it tell.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let Some((low, high)) = self.bounds() else { return true };
        lines(low[1], high[1]).all(|v| {
            let spans = self.spans(v);
            let own: f64 = spans.chunks_exact(2).map(|span| span[1] - span[0]).sum();
            own - common_length(&spans, &other.spans(v)) <= NOTHING_MM
        })
    }

    /// The range of heights of the boxes' common part; `None` where the boxes only touch or lie apart.
    fn common_heights(&self, other: &Self) -> Option<[f64; 2]> {
        let ((low, high), (other_low, other_high)) = (self.bounds()?, other.bounds()?);
        if (0..2).any(|axis| high[axis] <= other_low[axis] || other_high[axis] <= low[axis]) {
            return None;
        }
        Some([low[1].max(other_low[1]), high[1].min(other_high[1])])
    }
}

fn lines(low: f64, high: f64) -> impl Iterator<Item = f64> {
    (0..LINES).map(move |line| low + (high - low) * (line as f64 + 0.5) / LINES as f64)
}

/// The length that two sets of spans have in common.
fn common_length(ours: &[f64], theirs: &[f64]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some([a, b]), Some([c, d])) = (ours.get(i..i + 2), theirs.get(j..j + 2)) {
        sum += (b.min(*d) - a.max(*c)).max(0.0);
        if b < d { i += 2 } else { j += 2 }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::DrawnRing;
    use super::*;

    fn region(points: &[[f64; 2]]) -> Region {
        Region::from_drawn(&[DrawnRing { points: points.to_vec(), exclusive_or: false }]).unwrap().0
    }

    fn square(low: f64, high: f64) -> Region {
        region(&[[low, low], [high, low], [high, high], [low, high]])
    }

    #[test]
    fn overlap_is_shared_area() {
        assert!(square(0.0, 10.0).overlaps(&square(4.0, 6.0)));
        assert!(square(0.0, 10.0).overlaps(&square(5.0, 15.0)));
        assert!(square(0.0, 10.0).overlaps(&square(9.999, 15.0)));
        assert!(!square(0.0, 10.0).overlaps(&square(10.0, 15.0)));
        assert!(!square(0.0, 10.0).overlaps(&square(11.0, 15.0)));
        assert!(square(0.0, 10.0).overlaps(&region(&[[-5.0, 4.0], [15.0, 4.0], [15.0, 6.0], [-5.0, 6.0]])));
        let wall = region(&[[10.0, 2.0], [20.0, 2.0], [20.0, 8.0], [10.0, 8.0]]);
        assert!(
            !square(0.0, 10.0).overlaps(&wall) && !wall.overlaps(&square(0.0, 10.0)),
            "a common wall is no area"
        );
    }

    #[test]
    fn within_is_nothing_outside() {
        assert!(square(2.0, 4.0).is_within(&square(0.0, 10.0)));
        assert!(square(0.0, 10.0).is_within(&square(0.0, 10.0)));
        assert!(!square(0.0, 10.1).is_within(&square(0.0, 10.0)));
        assert!(!square(0.0, 10.0).is_within(&square(2.0, 4.0)));
    }
}
