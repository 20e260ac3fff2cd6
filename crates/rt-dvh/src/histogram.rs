//! Summing distributions into bins at a cost that does not depend on their width.
//!
//! Two shapes are known. A uniform distribution changes the density at its two ends. The sum of two
//! independent uniform distributions is a trapezium: its density bends at four places. Ends and bends go to
//! arrays of first and second differences, which are summed once at the end. An end between two edges of the
//! axis is shared by two bins, a bend by three, so that every bin holds its exact volume (these are the
//! B-splines of degree 1 and 2).
//!
//! Units: Gy along the axis, cm³ in the bins; positions and widths in bins where they say so. Frame: none.

/// Bins of equal width from `low` on.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    low: f64,
    bins_per_gray: f64,
    /// Number of bins, the end of the axis.
    limit: f64,
    /// Two distributions, the narrower at most so wide (in bins), count as one.
    narrow: f64,
    /// From this bin on, each holds so much more.
    steps: Vec<f64>,
    /// From this bin on, each holds so much more than the one before.
    bends: Vec<f64>,
}

/// A distribution narrower than this many bins only widens the other ...
const NARROW_BINS: f64 = 2.0;

/// ... and one narrower than this dose, Gy, in the coarsest pieces: volume and mean stay exact, and no part
/// of a cell moves farther than half of this.
const NARROW_GY: f64 = 0.25;

/// A width that is nothing but rounding, bins: doses are f32, and a difference of two is far larger.
const NO_WIDTH: f64 = 1e-6;

/// A bend reaches into two bins more.
const BEYOND: usize = 3;

impl Histogram {
    /// `grain` (0 to 1) is how coarse pieces may be.
    pub(crate) fn new(low: f64, width: f64, count: usize, grain: f64) -> Self {
        let bins_per_gray = 1.0 / width;
        Self {
            low,
            bins_per_gray,
            limit: count as f64,
            narrow: NARROW_BINS.max(NARROW_GY * grain * bins_per_gray),
            steps: vec![0.0; count + BEYOND],
            bends: vec![0.0; count + BEYOND],
        }
    }

    /// Position of a dose on the axis: `(dose - low) * bins_per_gray`, in bins.
    pub(crate) const fn axis(&self) -> (f64, f64) {
        (self.low, self.bins_per_gray)
    }

    /// The end of the axis, in bins.
    pub(crate) const fn limit(&self) -> f64 {
        self.limit
    }

    /// Two distributions, the narrower at most so wide (in bins), count as one.
    pub(crate) const fn narrow(&self) -> f64 {
        self.narrow
    }

    /// Adds `volume` around `centre` (Gy), distributed as the sum of independent uniform distributions; the
    /// squares of their widths in Gy² are `widths2`. The widest stays, the others count as one.
    #[inline]
    pub(crate) fn deposit(&mut self, volume: f64, centre: f64, widths2: [f64; 3]) {
        let scale = self.bins_per_gray;
        let middle = (centre - self.low) * scale;
        let all = (widths2[0] + widths2[1] + widths2[2]) * (scale * scale);
        let wide = larger(larger(widths2[0], widths2[1]), widths2[2]) * (scale * scale);
        if all - wide < self.narrow * self.narrow {
            self.uniform(volume, middle, 0.5 * all.sqrt());
        } else {
            self.trapezium(volume, middle, wide.sqrt(), (all - wide).sqrt());
        }
    }

    /// Adds `volume` spread evenly over `half` on both sides of `middle`, in bins. What would leave the axis
    /// goes to its end bins.
    #[inline]
    pub(crate) fn uniform(&mut self, volume: f64, middle: f64, half: f64) {
        let [start, end] = Step::both(volume, middle, half, self.limit);
        self.step(start);
        self.step(end);
    }

    /// Adds a step of the density.
    #[inline(always)]
    pub(crate) fn step(&mut self, step: Step) {
        let bin = index(step.bin);
        if let Some([here, next]) = self.steps.get_mut(bin..bin + 2) {
            *here += step.here;
            *next += step.next;
        }
    }

    /// Adds `volume` around `middle` as the sum of two independent uniform distributions of these widths, all
    /// in bins.
    #[inline]
    pub(crate) fn trapezium(&mut self, volume: f64, middle: f64, one: f64, other: f64) {
        let (wide, narrow) = (larger(one, other), smaller(one, other));
        let (outer, inner) = (0.5 * (wide + narrow), 0.5 * (wide - narrow));
        if middle - outer < 0.0 || middle + outer > self.limit || narrow < NO_WIDTH {
            // What would leave the axis goes to its end bins. A width of nothing leaves one uniform
            // distribution: its bends would be infinite.
            self.uniform(volume, middle, 0.5 * (one * one + other * other).sqrt());
            return;
        }
        let slope = volume / (wide * narrow);
        self.bend(middle - outer, slope);
        self.bend(middle - inner, -slope);
        self.bend(middle + inner, -slope);
        self.bend(middle + outer, slope);
    }

    /// From position `at` (in bins) on, the density grows by `slope` a bin: a bin k beyond holds slope (k + ½
    /// - at) more.
    #[inline]
    fn bend(&mut self, at: f64, slope: f64) {
        let (bin, passed) = bin_of(at);
        let bin = index(bin);
        let rest = 1.0 - passed;
        let (first, last) = (0.5 * slope * rest * rest, 0.5 * slope * passed * passed);
        if let Some([here, next, second]) = self.bends.get_mut(bin..bin + 3) {
            *here += first;
            *next += slope - first - last;
            *second += last;
        }
    }

    /// Adds another histogram of the same axis.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sums, parts) in [(&mut self.steps, &other.steps), (&mut self.bends, &other.bends)] {
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
    }

    /// The volume of each bin, never below 0: what falls below by rounding is less than 1e-10 of the
    /// deposits.
    pub(crate) fn finish(self) -> Vec<f64> {
        let (mut level, mut slope) = (0.0, 0.0);
        let volume = |(step, bend): (f64, &f64)| {
            slope += bend;
            level += step + slope;
            level.max(0.0)
        };
        let count = self.limit as usize;
        let mut volumes: Vec<f64> = self.steps.into_iter().zip(&self.bends).map(volume).collect();
        volumes.truncate(count);
        volumes
    }
}

/// A step of the density: what the bin that holds it has more than the one before, and the next more than
/// that.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The bin, as [`index`] reads it.
    pub(crate) bin: f64,
    pub(crate) here: f64,
    pub(crate) next: f64,
}

impl Step {
    /// The two steps of `volume` spread evenly over `half` on both sides of `middle`, on an axis of `limit`
    /// bins. No branches: a row of cells is worked out several cells at a time.
    #[inline(always)]
    pub(crate) fn both(volume: f64, middle: f64, half: f64, limit: f64) -> [Self; 2] {
        let start = larger(smaller(middle - half, limit), 0.0);
        let end = larger(smaller(middle + half, limit), 0.0);
        let ((first, start_passed), (last, end_passed)) = (bin_of(start), bin_of(end));
        let density = volume / (end - start);
        let (after_start, after_end) = (density * start_passed, density * end_passed);
        // All in one bin: the end's step has nothing left to do.
        let one = first == last;
        [
            Self {
                bin: first,
                here: if one { volume } else { density - after_start },
                next: if one { -volume } else { after_start },
            },
            Self {
                bin: last,
                here: if one { 0.0 } else { after_end - density },
                next: if one { 0.0 } else { -after_end },
            },
        ]
    }
}

/// Adding this rounds to a whole number, which the low bits then hold. (A cast would look after values that
/// do not fit.)
const WHOLE: f64 = 1.5 * (1u64 << 52) as f64;

/// The bin that holds a position on the axis, as [`index`] reads it, and how much of it lies below; the
/// border of two bins is the end of either.
#[inline(always)]
fn bin_of(at: f64) -> (f64, f64) {
    let bin = (at - 0.5) + WHOLE;
    (bin, at - (bin - WHOLE))
}

/// A bin as a number.
#[inline(always)]
fn index(bin: f64) -> usize {
    bin.to_bits() as u32 as usize
}

/// One instruction, unlike `f64::min`, which looks after NaN.
#[inline(always)]
pub(crate) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// See [`smaller`].
#[inline(always)]
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_deposits_are_even_and_narrow_ones_whole() {
        let mut histogram = Histogram::new(-1.0, 0.5, 8, 1.0);
        histogram.deposit(4.0, 1.0, [4.0, 0.0, 0.0]);
        histogram.deposit(1.0, 0.1, [0.0, 0.01, 0.0]);
        histogram.deposit(1.0, 0.75, [0.0, 0.0, 1.0]);
        let expected = [0.0, 0.0, 1.0 + 1.0 + 0.25, 1.0 + 0.5, 1.0 + 0.25, 1.0, 0.0, 0.0];
        let bins = histogram.finish();
        for (found, expected) in bins.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-14, "{bins:?}");
        }
    }

    #[test]
    fn two_widths_make_a_trapezium() {
        let mut histogram = Histogram::new(0.0, 0.1, 100, 1.0);
        histogram.deposit(1.0, 4.03, [1.0, 4.0, 0.0]);
        // Its density by hand: it rises over 1 Gy, is level for 1 Gy, falls over 1 Gy.
        let above = |from: f64| {
            let x = from - 2.53;
            let tail = |t: f64| if t > 0.0 { t * t / 4.0 } else { 0.0 };
            1.0 - (tail(x) - tail(x - 1.0) - tail(x - 2.0) + tail(x - 3.0))
        };
        for (at, volume) in histogram.finish().iter().enumerate() {
            let expected = above(at as f64 * 0.1) - above((at + 1) as f64 * 0.1);
            assert!((volume - expected).abs() < 1e-13, "bin {at}: {volume} {expected}");
        }
    }

    #[test]
    fn nothing_is_lost_at_the_ends() {
        let mut histogram = Histogram::new(0.0, 1.0, 3, 1.0);
        for (centre, width) in [(-5.0, 0.0), (0.0, 4.0), (3.0, 2.0), (9.0, 1.0), (1.5, 100.0)] {
            histogram.deposit(1.0, centre, [width * width, 0.25 * width * width, 0.0]);
        }
        assert!((histogram.finish().iter().sum::<f64>() - 5.0).abs() < 1e-12);
    }

    proptest::proptest! {
        #[test]
        fn volume_and_mean_are_kept(deposits in proptest::collection::vec((0.0f64..2.0, 10.0f64..90.0, 0.0f64..9.0, 0.0f64..9.0), 1..50)) {
            let mut histogram = Histogram::new(0.0, 0.01, 10_000, 1.0);
            for (volume, centre, one, other) in &deposits {
                histogram.deposit(*volume, *centre, [one * one, 0.0, other * other]);
            }
            let bins = histogram.finish();
            let total: f64 = deposits.iter().map(|d| d.0).sum();
            let mean: f64 = deposits.iter().map(|d| d.0 * d.1).sum::<f64>();
            let binned: f64 = bins.iter().enumerate().map(|(at, volume)| volume * (at as f64 + 0.5) * 0.01).sum();
            proptest::prop_assert!((bins.iter().sum::<f64>() - total).abs() < 1e-9);
            proptest::prop_assert!((binned - mean).abs() < 0.01 * total + 1e-9);
        }
    }
}
