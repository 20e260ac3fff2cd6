//! Sets of cells as runs along rows.
//!
//! Units: cells. Frame: lattice coordinates.

use rt_geometry::coverage::Run;

/// Writes the cells that are in both sets to `both`; each set is sorted by row and start and its runs do not
/// overlap.
pub(crate) fn common(ours: &[Run], theirs: &[Run], both: &mut Vec<Run>) {
    both.clear();
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (ours.get(i), theirs.get(j)) {
        if x.b != y.b {
            if x.b < y.b {
                i += 1
            } else {
                j += 1
            }
            continue;
        }
        let (start, end) = (x.start.max(y.start), x.end.min(y.end));
        if start < end {
            both.push(Run { b: x.b, start, end });
        }
        if x.end <= y.end { i += 1 } else { j += 1 }
    }
}

/// Writes the cells of `all` that are not in `some` to `rest`; both sets are sorted by row and start.
pub(crate) fn without(all: &[Run], some: &[Run], rest: &mut Vec<Run>) {
    rest.clear();
    let mut first = 0;
    for run in all {
        while some.get(first).is_some_and(|hole| (hole.b, hole.end) <= (run.b, run.start)) {
            first += 1;
        }
        let mut start = run.start;
        for hole in some[first..].iter().take_while(|hole| hole.b == run.b && hole.start < run.end) {
            if hole.start > start {
                rest.push(Run { b: run.b, start, end: hole.start });
            }
            start = start.max(hole.end);
        }
        if start < run.end {
            rest.push(Run { b: run.b, start, end: run.end });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn cells(runs: &[Run]) -> BTreeSet<(usize, usize)> {
        runs.iter().flat_map(|run| (run.start..run.end).map(|a| (run.b, a))).collect()
    }

    /// Runs from the lengths of gaps and runs by turns, 40 cells a row.
    fn runs(lengths: &[usize]) -> Vec<Run> {
        let mut at = 0;
        let mut all = Vec::new();
        for pair in lengths.chunks(2) {
            let start = at + pair[0];
            let end = start + pair.get(1).copied().unwrap_or(1);
            if start / 40 == (end - 1) / 40 {
                all.push(Run { b: start / 40, start: start % 40, end: (end - 1) % 40 + 1 });
            }
            at = end + 1;
        }
        all
    }

    proptest::proptest! {
        #[test]
        fn they_are_sets(a in proptest::collection::vec(1usize..15, 0..60), b in proptest::collection::vec(1usize..15, 0..60)) {
            let (a, b) = (runs(&a), runs(&b));
            let (mut both, mut rest) = (Vec::new(), Vec::new());
            common(&a, &b, &mut both);
            proptest::prop_assert_eq!(cells(&both), &cells(&a) & &cells(&b));
            without(&a, &b, &mut rest);
            proptest::prop_assert_eq!(cells(&rest), &cells(&a) - &cells(&b));
        }
    }
}
