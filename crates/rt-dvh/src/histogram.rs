//! Summing distributions into bins at a cost that does not depend on their width.
//!
//! Two shapes are known. A uniform distribution changes the density at its two ends. The sum of two independent uniform
//! distributions is a trapezium: its density bends at four places. Ends and bends go to difference arrays, which are summed once
//! at the end; only the bins that hold an end or a bend are written directly.
//!
//! Units: Gy along the axis, cm³ in the bins. Frame: none.

/// Bins of equal width from `low` on.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    low: f64,
    inverse_width: f64,
    /// One for each bin and one behind the last.
    bins: Vec<Bin>,
}

/// What is known of a bin until all is summed; side by side, since a deposit writes to all of it.
#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    /// Volume put into this bin alone.
    own: f64,
    /// From this bin on, each holds so much more.
    step: f64,
    /// From this bin on, bin k holds `factor` times k more ...
    factor: f64,
    /// ... and `constant` more.
    constant: f64,
}

impl Histogram {
    pub(crate) fn new(low: f64, width: f64, count: usize) -> Self {
        Self { low, inverse_width: 1.0 / width, bins: vec![Bin::default(); count + 1] }
    }

    /// Adds `volume` distributed around `centre` as the sum of two independent uniform distributions of these widths.
    #[inline]
    pub(crate) fn deposit(&mut self, volume: f64, centre: f64, widths: [f64; 2]) {
        let narrow = widths[0].min(widths[1]) * self.inverse_width;
        if narrow < NARROW_BINS {
            self.uniform(volume, centre, joined(widths));
            return;
        }
        let wide = widths[0].max(widths[1]) * self.inverse_width;
        let middle = (centre - self.low) * self.inverse_width;
        let (outer, inner) = (0.5 * (wide + narrow), 0.5 * (wide - narrow));
        if middle - outer < 0.0 || middle + outer > (self.bins.len() - 1) as f64 {
            self.uniform(volume, centre, joined(widths));
            return;
        }
        let slope = volume / (wide * narrow);
        self.bend(middle - outer, slope);
        self.bend(middle - inner, -slope);
        self.bend(middle + inner, -slope);
        self.bend(middle + outer, slope);
    }

    /// Adds `volume` spread evenly over `width` around `centre`. What would leave the axis goes to its end bins.
    #[inline]
    fn uniform(&mut self, volume: f64, centre: f64, width: f64) {
        let last = self.bins.len() - 2;
        let limit = (last + 1) as f64;
        let middle = (centre - self.low) * self.inverse_width;
        let half = 0.5 * width * self.inverse_width;
        let start = (middle - half).clamp(0.0, limit);
        let end = (middle + half).clamp(0.0, limit);
        let first = (start as usize).min(last);
        let final_bin = (end as usize).min(last);
        if first == final_bin {
            self.bins[first].own += volume;
        } else {
            let density = volume / (end - start);
            self.bins[first].own += density * ((first + 1) as f64 - start);
            self.bins[first + 1].step += density;
            self.bins[final_bin].own += density * (end - final_bin as f64);
            self.bins[final_bin].step -= density;
        }
    }

    /// From position `at` (in bins) on, the density grows by `slope` a bin: a bin k beyond holds slope (k + ½ - at) more.
    #[inline]
    fn bend(&mut self, at: f64, slope: f64) {
        let bin = at as usize;
        if let Some([here, next]) = self.bins.get_mut(bin..bin + 2) {
            let rest = (bin + 1) as f64 - at;
            here.own += 0.5 * slope * rest * rest;
            next.factor += slope;
            next.constant += slope * (0.5 - at);
        }
    }

    /// Adds another histogram of the same axis.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, bin) in self.bins.iter_mut().zip(&other.bins) {
            sum.own += bin.own;
            sum.step += bin.step;
            sum.factor += bin.factor;
            sum.constant += bin.constant;
        }
    }

    /// The volume of each bin, never below 0: what falls below by rounding is less than 1e-10 of the deposits.
    pub(crate) fn finish(self) -> Vec<f64> {
        let mut sum = Bin::default();
        let count = self.bins.len() - 1;
        self.bins[..count]
            .iter()
            .enumerate()
            .map(|(at, bin)| {
                sum.step += bin.step;
                sum.factor += bin.factor;
                sum.constant += bin.constant;
                (bin.own + sum.step + sum.factor * at as f64 + sum.constant).max(0.0)
            })
            .collect()
    }
}

/// The width of one uniform distribution with the variance of two. (`hypot` guards against overflow and costs ten times more.)
#[inline]
fn joined([a, b]: [f64; 2]) -> f64 {
    (a * a + b * b).sqrt()
}

/// A distribution narrower than this many bins only widens the other.
const NARROW_BINS: f64 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_deposits_are_even_and_narrow_ones_whole() {
        let mut histogram = Histogram::new(-1.0, 0.5, 8);
        histogram.deposit(4.0, 1.0, [2.0, 0.0]);
        histogram.deposit(1.0, 0.1, [0.0, 0.1]);
        histogram.deposit(1.0, 0.75, [1.0, 0.0]);
        let expected = [0.0, 0.0, 1.0 + 1.0 + 0.25, 1.0 + 0.5, 1.0 + 0.25, 1.0, 0.0, 0.0];
        let bins = histogram.finish();
        for (found, expected) in bins.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-14, "{bins:?}");
        }
    }

    #[test]
    fn two_widths_make_a_trapezium() {
        let mut histogram = Histogram::new(0.0, 0.1, 100);
        histogram.deposit(1.0, 4.03, [2.0, 1.0]);
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
        let mut histogram = Histogram::new(0.0, 1.0, 3);
        for (centre, width) in [(-5.0, 0.0), (0.0, 4.0), (3.0, 2.0), (9.0, 1.0), (1.5, 100.0)] {
            histogram.deposit(1.0, centre, [width, width / 2.0]);
        }
        assert!((histogram.finish().iter().sum::<f64>() - 5.0).abs() < 1e-12);
    }

    proptest::proptest! {
        #[test]
        fn volume_and_mean_are_kept(deposits in proptest::collection::vec((0.0f64..2.0, 10.0f64..90.0, 0.0f64..9.0, 0.0f64..9.0), 1..50)) {
            let mut histogram = Histogram::new(0.0, 0.01, 10_000);
            for (volume, centre, one, other) in &deposits {
                histogram.deposit(*volume, *centre, [*one, *other]);
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
