//! Things in a binary tree of boxes: which is nearest to a point, and which lie where they matter.
//!
//! The tree parts things by halves along the longest side of what they span, so that few boxes are near a
//! point.
//!
//! Units: millimetres. Frame: that of the boxes.

/// Things in a leaf of the tree.
const LEAF: usize = 4;

/// An axis-parallel box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds<const N: usize> {
    pub(crate) low: [f64; N],
    pub(crate) high: [f64; N],
}

impl<const N: usize> Bounds<N> {
    const NONE: Self = Self { low: [f64::INFINITY; N], high: [f64::NEG_INFINITY; N] };

    /// The box of two corners, whichever they are.
    pub(crate) fn spanned(a: [f64; N], b: [f64; N]) -> Self {
        Self::NONE.with(&Self { low: a, high: a }).with(&Self { low: b, high: b })
    }

    fn with(mut self, other: &Self) -> Self {
        for axis in 0..N {
            self.low[axis] = self.low[axis].min(other.low[axis]);
            self.high[axis] = self.high[axis].max(other.high[axis]);
        }
        self
    }

    #[inline]
    fn squared_distance(&self, point: &[f64; N]) -> f64 {
        let mut squared = 0.0;
        for (axis, at) in point.iter().enumerate() {
            let off = (self.low[axis] - at).max(at - self.high[axis]).max(0.0);
            squared += off * off;
        }
        squared
    }

    fn longest_axis(&self) -> usize {
        (0..N)
            .max_by(|&a, &b| (self.high[a] - self.low[a]).total_cmp(&(self.high[b] - self.low[b])))
            .unwrap_or(0)
    }
}

/// The children of node n are 2n and 2n + 1, the root is 1.
#[derive(Debug)]
pub(crate) struct Tree<T, const N: usize> {
    items: Vec<T>,
    boxes: Vec<Bounds<N>>,
    /// Number of leaves, a power of two.
    leaves: usize,
}

impl<T, const N: usize> Tree<T, N> {
    pub(crate) fn of(mut items: Vec<T>, bounds: impl Fn(&T) -> Bounds<N>) -> Self {
        let leaves = items.len().div_ceil(LEAF).next_power_of_two();
        part(&mut items, leaves, &bounds);
        let mut boxes = vec![Bounds::NONE; 2 * leaves];
        for (at, item) in items.iter().enumerate() {
            let leaf = &mut boxes[leaves + at / LEAF];
            *leaf = leaf.with(&bounds(item));
        }
        for node in (1..leaves).rev() {
            boxes[node] = boxes[2 * node].with(&boxes[2 * node + 1]);
        }
        Self { items, boxes, leaves }
    }

    /// The square of the distance to the nearest thing, or `limit` where that is smaller; `squared` computes
    /// it of one thing.
    pub(crate) fn nearest_squared(&self, point: &[f64; N], limit: f64, squared: &impl Fn(&T) -> f64) -> f64 {
        if self.boxes[1].squared_distance(point) < limit {
            self.nearest_below(1, point, limit, squared)
        } else {
            limit
        }
    }

    fn nearest_below(&self, node: usize, point: &[f64; N], limit: f64, squared: &impl Fn(&T) -> f64) -> f64 {
        if node >= self.leaves {
            return self.leaf(node).iter().fold(limit, |least, item| least.min(squared(item)));
        }
        let measured = |child: usize| (child, self.boxes[child].squared_distance(point));
        let (left, right) = (measured(2 * node), measured(2 * node + 1));
        let (near, far) = if left.1 <= right.1 { (left, right) } else { (right, left) };
        [near, far].iter().fold(limit, |least, (child, distance)| {
            if *distance < least { self.nearest_below(*child, point, least, squared) } else { least }
        })
    }

    /// Adds up what `count` tells of the leaves in boxes that matter.
    pub(crate) fn count(
        &self,
        matters: &impl Fn(&Bounds<N>) -> bool,
        count: &impl Fn(&[T]) -> usize,
    ) -> usize {
        self.count_below(1, matters, count)
    }

    fn count_below(
        &self,
        node: usize,
        matters: &impl Fn(&Bounds<N>) -> bool,
        count: &impl Fn(&[T]) -> usize,
    ) -> usize {
        match matters(&self.boxes[node]) {
            false => 0,
            true if node >= self.leaves => count(self.leaf(node)),
            true => {
                self.count_below(2 * node, matters, count) + self.count_below(2 * node + 1, matters, count)
            }
        }
    }

    fn leaf(&self, node: usize) -> &[T] {
        let first = (node - self.leaves) * LEAF;
        &self.items[first.min(self.items.len())..(first + LEAF).min(self.items.len())]
    }
}

/// Orders things so that each half of the leaves holds those of one half of space.
fn part<T, const N: usize>(items: &mut [T], leaves: usize, bounds: &impl Fn(&T) -> Bounds<N>) {
    let middle = leaves / 2 * LEAF;
    if leaves == 1 || items.len() <= middle {
        return;
    }
    let all = items.iter().fold(Bounds::NONE, |all, item| all.with(&bounds(item)));
    let axis = all.longest_axis();
    let centre = |item: &T| {
        let bounds = bounds(item);
        bounds.low[axis] + bounds.high[axis]
    };
    items.select_nth_unstable_by(middle, |a, b| centre(a).total_cmp(&centre(b)));
    let (left, right) = items.split_at_mut(middle);
    part(left, leaves / 2, bounds);
    part(right, leaves / 2, bounds);
}
