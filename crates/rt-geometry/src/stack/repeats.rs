//! Steps between planes that repeat.
//!
//! Units: millimetres. Frame: none.

/// Steps within this part of the larger are equal.
const EQUAL: f64 = 0.10;

/// The distances between neighbouring planes, each with how many equal ones stand in a row with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Repeats {
    steps: Vec<f64>,
    rows: Vec<usize>,
}

impl Repeats {
    pub(super) fn of(steps: Vec<f64>) -> Self {
        let row = |at: usize| {
            let is_equal = |step: &&f64| equal(**step, steps[at]);
            steps[..at].iter().rev().take_while(is_equal).count()
                + steps[at..].iter().take_while(is_equal).count()
        };
        let rows = (0..steps.len()).map(row).collect();
        Self { steps, rows }
    }

    pub(super) fn steps(&self) -> &[f64] {
        &self.steps
    }

    /// The step at `at` is one of at least `count` equal ones in a row.
    pub(super) fn repeats(&self, at: usize, count: usize) -> bool {
        self.rows.get(at).is_some_and(|row| *row >= count)
    }

    /// The steps that are one of two or more equal ones.
    pub(super) fn repeated(&self) -> impl Iterator<Item = f64> {
        self.steps.iter().zip(&self.rows).filter(|(_, row)| **row >= 2).map(|(step, _)| *step)
    }
}

/// Whether two steps are equal.
pub(super) fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= EQUAL * a.max(b)
}

/// The commonest of some steps, the smaller of two as common: the median of the largest group of equal ones.
pub(super) fn commonest(mut steps: Vec<f64>) -> Option<f64> {
    steps.sort_by(f64::total_cmp);
    let mut groups: Vec<Vec<f64>> = Vec::new();
    for step in steps {
        match groups.last_mut() {
            Some(group) if equal(group[0], step) => group.push(step),
            _ => groups.push(vec![step]),
        }
    }
    // Of equals the first is the smallest.
    let most = groups.iter().map(Vec::len).max()?;
    super::drawn::median(groups.into_iter().find(|group| group.len() == most)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_in_a_row_are_counted_on_both_sides() {
        let repeats = Repeats::of(vec![3.0, 3.1, 3.0, 6.0, 3.0, 3.0]);
        assert_eq!(
            (0..6).map(|at| repeats.repeats(at, 3)).collect::<Vec<_>>(),
            [true, true, true, false, false, false]
        );
        assert!(repeats.repeats(4, 2) && !repeats.repeats(3, 2) && !repeats.repeats(9, 1));
    }

    #[test]
    fn the_commonest_is_the_median_of_the_largest_group() {
        assert_eq!(commonest(vec![5.0, 3.0, 3.1, 5.1]), Some(3.05));
        assert_eq!(commonest(vec![5.0, 3.0, 5.1]), Some(5.05));
        assert_eq!(commonest(Vec::new()), None);
    }
}
