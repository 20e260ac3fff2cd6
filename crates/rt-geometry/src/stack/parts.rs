//! Which parts of two neighbouring planes belong together.
//!
//! Parts correspond where they overlap; one can correspond to several, and they to more. What overlaps
//! nothing ends between the planes, and so does a hole that the other plane covers wholly. The three cases
//! (one to one, one to many, one to none) are those of Albu, Beugeling and Laurendeau 2008, IEEE Trans Biomed
//! Eng 55:2022.
//!
//! Units: millimetres. Frame: plane coordinates (u, v).

use crate::region::Region;

/// How the regions of two neighbouring planes belong together.
pub(super) struct Correspondence {
    /// Parts of the lower plane with those of the upper that they turn into, holes that end between them
    /// filled.
    pub(super) pairs: Vec<(Region, Region)>,
    /// What has nothing on the other plane.
    pub(super) endings: Vec<Ending>,
}

/// A part or a hole that ends between two planes.
pub(super) struct Ending {
    pub(super) region: Region,
    /// A hole, not a part.
    pub(super) hole: bool,
    /// Begins at the lower plane.
    pub(super) from_below: bool,
}

pub(super) fn correspond(lower: &Region, upper: &Region) -> Correspondence {
    let (below, above) = (lower.parts(), upper.parts());
    let mut found = Correspondence { pairs: Vec::new(), endings: Vec::new() };
    for group in groups(&below, &above) {
        let (below, above) = (Region::joined(group.below), Region::joined(group.above));
        match (below.is_empty(), above.is_empty()) {
            (false, false) => {
                let (filled_below, ending_below) = below.without_holes(|hole| hole.is_within(&above));
                let (filled_above, ending_above) = above.without_holes(|hole| hole.is_within(&below));
                found.pairs.push((filled_below, filled_above));
                for (holes, from_below) in [(ending_below, true), (ending_above, false)] {
                    found.endings.extend(holes.into_iter().map(|region| Ending {
                        region,
                        hole: true,
                        from_below,
                    }));
                }
            }
            (false, true) => found.endings.push(Ending { region: below, hole: false, from_below: true }),
            (true, false) => found.endings.push(Ending { region: above, hole: false, from_below: false }),
            (true, true) => {}
        }
    }
    found
}

/// Parts that overlap, directly or through others.
#[derive(Default)]
struct Group<'r> {
    below: Vec<&'r Region>,
    above: Vec<&'r Region>,
}

fn groups<'r>(below: &'r [Region], above: &'r [Region]) -> Vec<Group<'r>> {
    let mut leaders: Vec<usize> = (0..below.len() + above.len()).collect();
    for (at, part) in below.iter().enumerate() {
        for (other, _) in above.iter().enumerate().filter(|(_, other)| part.overlaps(other)) {
            let (a, b) = (leaders[at], leaders[below.len() + other]);
            leaders.iter_mut().filter(|leader| **leader == a.max(b)).for_each(|leader| *leader = a.min(b));
        }
    }
    let members = |leader: usize| {
        let of = |parts: &'r [Region], first: usize| {
            parts
                .iter()
                .zip(&leaders[first..])
                .filter(|(_, own)| **own == leader)
                .map(|(part, _)| part)
                .collect()
        };
        Group { below: of(below, 0), above: of(above, below.len()) }
    };
    (0..leaders.len()).filter(|at| leaders[*at] == *at).map(members).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::DrawnRing;

    fn square(low: f64, high: f64) -> Vec<[f64; 2]> {
        vec![[low, low], [high, low], [high, high], [low, high]]
    }

    fn region(rings: &[Vec<[f64; 2]>]) -> Region {
        let drawn: Vec<_> =
            rings.iter().map(|points| DrawnRing { points: points.clone(), exclusive_or: false }).collect();
        Region::from_drawn(&drawn).unwrap().0
    }

    /// Areas of the pairs, and of the endings with whether they are holes and begin below.
    type Areas = (Vec<(f64, f64)>, Vec<(f64, bool, bool)>);

    fn areas(found: &Correspondence) -> Areas {
        let pairs = found.pairs.iter().map(|(a, b)| (a.area().0, b.area().0)).collect();
        (
            pairs,
            found
                .endings
                .iter()
                .map(|ending| (ending.region.area().0, ending.hole, ending.from_below))
                .collect(),
        )
    }

    #[test]
    fn one_can_become_two() {
        let found =
            correspond(&region(&[square(0.0, 20.0)]), &region(&[square(1.0, 5.0), square(10.0, 15.0)]));
        assert_eq!(areas(&found), (vec![(400.0, 41.0)], vec![]));
    }

    #[test]
    fn what_overlaps_nothing_ends() {
        let found = correspond(
            &region(&[square(0.0, 4.0), square(10.0, 12.0)]),
            &region(&[square(1.0, 4.0), square(20.0, 23.0)]),
        );
        assert_eq!(areas(&found), (vec![(16.0, 9.0)], vec![(4.0, false, true), (9.0, false, false)]));
    }

    #[test]
    fn a_covered_hole_ends_and_a_shared_hole_goes_on() {
        let hollow = region(&[square(0.0, 20.0), square(5.0, 15.0)]);
        assert_eq!(
            areas(&correspond(&hollow, &region(&[square(0.0, 20.0)]))),
            (vec![(400.0, 400.0)], vec![(100.0, true, true)])
        );
        let smaller = region(&[square(0.0, 20.0), square(8.0, 12.0)]);
        assert_eq!(areas(&correspond(&smaller, &hollow)), (vec![(384.0, 300.0)], vec![]));
    }

    #[test]
    fn an_island_in_a_covered_hole_goes_with_it() {
        let island = region(&[square(0.0, 20.0), square(5.0, 15.0), square(8.0, 12.0)]);
        let found = correspond(&region(&[square(-1.0, 21.0)]), &island);
        assert_eq!(areas(&found), (vec![(484.0, 400.0)], vec![(84.0, true, false)]));
    }
}
