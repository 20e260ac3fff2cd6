//! Odd and hostile inputs: one small case for each, sound but for what its fixture changes.
//!
//! Each fixture has the number of its kind in the page `docs/odd-input.md`, which also says what a user sees.
//!
//! ```
//! # fn main() -> Result<(), rt_phantom::PhantomError> {
//! let fixture = rt_phantom::fixtures::named("scaling_zero").expect("it is listed");
//! let case = fixture.case()?;
//! # let _ = case;
//! # Ok(())
//! # }
//! ```
//!
//! Units: millimetres, gray. Frame: DICOM patient coordinates (LPS).

mod dose;
mod files;
mod images;
mod matching;
mod plan;
mod structures;
mod values;

use crate::case::{CaseBuilder, ImageSpec, PhantomCase};
use crate::contouring::Contouring;
use crate::error::PhantomError;
use crate::shape::{Sphere, Tube};
use rt_dicom::{DataSet, PathError};
use rt_model::frame::PatientPoint;
use rt_model::units::Mm;

/// A kind of odd input.
#[derive(Debug, Clone, Copy)]
pub struct Fixture {
    /// Number of its kind.
    pub item: u8,
    /// Its own name, unique.
    pub name: &'static str,
    /// What is odd, in words.
    pub what: &'static str,
    /// The file of the case that is odd.
    pub file: &'static str,
    change: Change,
}

/// How a fixture departs from the sound case.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// The odd file's data set is edited.
    Data(fn(&mut DataSet) -> Result<&mut DataSet, PathError>),
    /// The case's files are edited.
    Case(fn(&mut PhantomCase) -> Result<(), PhantomError>),
    /// The case is described in another way.
    Builder(fn(CaseBuilder) -> CaseBuilder),
}

impl Fixture {
    /// The case with its odd file, not yet written.
    ///
    /// # Errors
    /// Never in practice: the fixtures are tested.
    pub fn case(&self) -> Result<PhantomCase, PhantomError> {
        if let Change::Builder(change) = self.change {
            return change(sound(self.name)).build();
        }
        let mut case = sound(self.name).build()?;
        match self.change {
            Change::Data(change) => {
                change(&mut case.file(self.file)?.data)?;
            }
            Change::Case(change) => change(&mut case)?,
            Change::Builder(_) => {}
        }
        Ok(case)
    }
}

/// The sound case: two ROIs, a dose of 25 x 25 x 25 voxels, twelve small CT slices.
#[must_use]
pub fn sound(seed: &str) -> CaseBuilder {
    let centre = PatientPoint::new(0.0, 0.0, 0.0);
    let drawn = Contouring { points: 36, ..Contouring::every(2.0) };
    let planes = (0..12).map(|k| f64::from(k) * 2.0 - 11.0).collect();
    CaseBuilder::new(seed)
        .roi(drawn.draw(&Sphere { centre, radius: Mm(11.0) }, 1, "sphere"))
        .roi(drawn.draw(&Tube { centre, radius: Mm(12.0), hole: Mm(6.0), height: Mm(24.0) }, 2, "tube"))
        .image(Some(ImageSpec { planes, pixels: 16, spacing: 6.0, ..ImageSpec::default() }))
}

/// All fixtures, by item.
#[must_use]
pub fn all() -> Vec<Fixture> {
    let mut all = [
        files::FIXTURES,
        matching::FIXTURES,
        dose::FIXTURES,
        plan::FIXTURES,
        structures::FIXTURES,
        images::FIXTURES,
        values::FIXTURES,
    ]
    .concat();
    all.sort_by_key(|fixture| fixture.item);
    all
}

/// The fixture of this name.
#[must_use]
pub fn named(name: &str) -> Option<Fixture> {
    all().into_iter().find(|fixture| fixture.name == name)
}

const fn data(
    item: u8,
    name: &'static str,
    what: &'static str,
    file: &'static str,
    change: fn(&mut DataSet) -> Result<&mut DataSet, PathError>,
) -> Fixture {
    Fixture { item, name, what, file, change: Change::Data(change) }
}

const fn case(
    item: u8,
    name: &'static str,
    what: &'static str,
    file: &'static str,
    change: fn(&mut PhantomCase) -> Result<(), PhantomError>,
) -> Fixture {
    Fixture { item, name, what, file, change: Change::Case(change) }
}

const fn builder(
    item: u8,
    name: &'static str,
    what: &'static str,
    file: &'static str,
    change: fn(CaseBuilder) -> CaseBuilder,
) -> Fixture {
    Fixture { item, name, what, file, change: Change::Builder(change) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_of_odd_input_has_a_fixture() {
        let items: std::collections::BTreeSet<u8> = all().iter().map(|fixture| fixture.item).collect();
        assert_eq!(items, (1..=60).collect());
    }

    #[test]
    fn every_fixture_can_be_made_and_differs_from_the_sound_case() {
        let mut names = HashSet::new();
        for fixture in all() {
            assert!(names.insert(fixture.name), "{} is listed twice", fixture.name);
            let odd = fixture.case().unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
            let sound = sound(fixture.name).build().unwrap();
            let bytes = |case: &PhantomCase| {
                case.files.iter().map(|file| (file.name.clone(), file.bytes())).collect::<Vec<_>>()
            };
            assert!(bytes(&odd) != bytes(&sound), "{} changes nothing", fixture.name);
        }
    }
}
