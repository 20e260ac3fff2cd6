//! Summing uniform distributions into bins at a cost that does not depend on their width.
//!
//! A deposit touches its two end bins and two entries of a difference array, which is summed once at the end.
//!
//! Units: Gy along the axis, cm³ in the bins. Frame: none.

/// Bins of equal width from `low` on.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    low: f64,
    inverse_width: f64,
    bins: Vec<f64>,
    /// Change of the density, per bin, from one bin to the next.
    steps: Vec<f64>,
}

impl Histogram {
    pub(crate) fn new(low: f64, width: f64, count: usize) -> Self {
        Self { low, inverse_width: 1.0 / width, bins: vec![0.0; count], steps: vec![0.0; count + 1] }
    }

    /// Adds `volume` spread evenly over `width` around `centre`. What would leave the axis goes to its end bins.
    #[inline]
    pub(crate) fn deposit(&mut self, volume: f64, centre: f64, width: f64) {
        let last = self.bins.len() - 1;
        let limit = self.bins.len() as f64;
        let middle = (centre - self.low) * self.inverse_width;
        let half = 0.5 * width * self.inverse_width;
        let start = (middle - half).clamp(0.0, limit);
        let end = (middle + half).clamp(0.0, limit);
        let first = (start as usize).min(last);
        let final_bin = (end as usize).min(last);
        if first == final_bin {
            self.bins[first] += volume;
        } else {
            let density = volume / (end - start);
            self.bins[first] += density * ((first + 1) as f64 - start);
            self.bins[final_bin] += density * (end - final_bin as f64);
            self.steps[first + 1] += density;
            self.steps[final_bin] -= density;
        }
    }

    /// Adds another histogram of the same axis.
    pub(crate) fn add(&mut self, other: &Self) {
        for (ours, theirs) in [(&mut self.bins, &other.bins), (&mut self.steps, &other.steps)] {
            for (sum, value) in ours.iter_mut().zip(theirs) {
                *sum += value;
            }
        }
    }

    /// The volume of each bin, never below 0: what falls below by rounding is less than 1e-12 of the deposits.
    pub(crate) fn finish(mut self) -> Vec<f64> {
        let mut density = 0.0;
        for (bin, step) in self.bins.iter_mut().zip(&self.steps) {
            density += step;
            *bin = (*bin + density).max(0.0);
        }
        self.bins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_deposits_are_even_and_narrow_ones_whole() {
        let mut histogram = Histogram::new(-1.0, 0.5, 8);
        histogram.deposit(4.0, 1.0, 2.0);
        histogram.deposit(1.0, 0.1, 0.1);
        histogram.deposit(1.0, 0.75, 1.0);
        let expected = [0.0, 0.0, 1.0 + 1.0 + 0.25, 1.0 + 0.5, 1.0 + 0.25, 1.0, 0.0, 0.0];
        let bins = histogram.finish();
        for (found, expected) in bins.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-14, "{bins:?}");
        }
    }

    #[test]
    fn nothing_is_lost_at_the_ends() {
        let mut histogram = Histogram::new(0.0, 1.0, 3);
        for (centre, width) in [(-5.0, 0.0), (0.0, 4.0), (3.0, 2.0), (9.0, 1.0), (1.5, 100.0)] {
            histogram.deposit(1.0, centre, width);
        }
        assert!((histogram.finish().iter().sum::<f64>() - 5.0).abs() < 1e-12);
    }

    proptest::proptest! {
        #[test]
        fn volume_and_mean_are_kept(deposits in proptest::collection::vec((0.0f64..2.0, 10.0f64..90.0, 0.0f64..19.0), 1..50)) {
            let mut histogram = Histogram::new(0.0, 0.01, 10_000);
            for (volume, centre, width) in &deposits {
                histogram.deposit(*volume, *centre, *width);
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
