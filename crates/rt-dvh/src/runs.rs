//! Sets of cells as runs along rows.
//!
//! Units: cells. Frame: lattice coordinates.

use rt_geometry::coverage::Run;

/// The cells that are in both; each set is sorted by row and start and its runs do not overlap.
pub(crate) fn common(ours: &[Run], theirs: &[Run]) -> Vec<Run> {
    let mut both = Vec::new();
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
    both
}

/// The cells of `all` that are not in `some`, a part of `all`; both sorted by row and start.
pub(crate) fn without(all: &[Run], some: &[Run]) -> Vec<Run> {
    let mut rest = Vec::new();
    let mut cut = some.iter().peekable();
    for run in all {
        let mut start = run.start;
        while let Some(hole) = cut.next_if(|hole| (hole.b, hole.start) < (run.b, run.end)) {
            if hole.start > start {
                rest.push(Run { b: run.b, start, end: hole.start });
            }
            start = hole.end;
        }
        if start < run.end {
            rest.push(Run { b: run.b, start, end: run.end });
        }
    }
    rest
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
            let both = common(&a, &b);
            proptest::prop_assert_eq!(cells(&both), &cells(&a) & &cells(&b));
            proptest::prop_assert_eq!(cells(&without(&a, &both)), &cells(&a) - &cells(&both));
        }
    }
}
