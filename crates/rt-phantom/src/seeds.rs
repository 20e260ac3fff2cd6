//! Small sound files of each kind in each encoding, for a fuzzer to start from.
//!
//! Units: millimetres, gray. Frame: DICOM patient coordinates (LPS).

use crate::case::{BeamSpec, CaseBuilder, DosePoint, DoseSpec, GantryArc, ImageSpec, PlanSpec, Role};
use crate::contouring::{Contouring, HoleStyle};
use crate::encode::{Encoding, TransferSyntax, Wrapping};
use crate::error::PhantomError;
use crate::grid::GridSpec;
use crate::shape::Tube;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::structure_set::SourcePlanes;
use rt_model::units::Mm;

/// A file to start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// What kind of object it is.
    pub role: Role,
    /// A file name, unique in its kind.
    pub name: String,
    /// The file, some kilobytes.
    pub bytes: Vec<u8>,
}

/// Plan, ion plan, structure set, dose and image in every encoding, with and without preamble, with and without stated lengths.
///
/// # Errors
/// Never in practice: the description is tested.
pub fn seeds() -> Result<Vec<Seed>, PhantomError> {
    let mut seeds = Vec::new();
    for (name, encoding) in encodings() {
        for ion in [false, true] {
            let case = tiny(ion, &encoding).build()?;
            let new = case.files.iter().filter(|file| file.role == Role::Plan || !ion);
            seeds.extend(new.map(|file| {
                let stem = if ion { "ion-" } else { "" };
                Seed { role: file.role, name: format!("{stem}{name}"), bytes: file.bytes() }
            }));
        }
    }
    Ok(seeds)
}

fn encodings() -> Vec<(&'static str, Encoding)> {
    let undefined = |syntax| Encoding { undefined_lengths: true, ..Encoding::of(syntax) };
    let bare = |syntax| Encoding { wrapping: Wrapping::Bare, ..Encoding::of(syntax) };
    vec![
        ("implicit", Encoding::of(TransferSyntax::ImplicitLittle)),
        ("implicit-undefined", undefined(TransferSyntax::ImplicitLittle)),
        ("implicit-bare", bare(TransferSyntax::ImplicitLittle)),
        ("explicit", Encoding::of(TransferSyntax::ExplicitLittle)),
        ("explicit-undefined", undefined(TransferSyntax::ExplicitLittle)),
        ("explicit-bare", bare(TransferSyntax::ExplicitLittle)),
        ("big", Encoding::of(TransferSyntax::ExplicitBig)),
        ("deflated", Encoding::of(TransferSyntax::Deflated)),
        ("rle", Encoding::of(TransferSyntax::Rle)),
    ]
}

fn tiny(ion: bool, encoding: &Encoding) -> CaseBuilder {
    let centre = PatientPoint::new(0.0, 0.0, 0.0);
    let tube = Tube { centre, radius: Mm(8.0), hole: Mm(4.0), height: Mm(8.0) };
    let drawn = Contouring { points: 6, holes: HoleStyle::Xor, ..Contouring::every(4.0) };
    let mut roi = drawn.draw(&tube, 1, "tube");
    roi.colour = Some([255, 0, 0]);
    roi.source_planes = Some(SourcePlanes {
        origin: PatientPoint::new(0.0, 0.0, -2.0),
        normal: PatientVector::new(0.0, 0.0, 1.0),
        spacing: Mm(4.0),
        count: 2,
    });
    let corner = PatientPoint::new(8.0, 8.0, 8.0);
    let grid = GridSpec::covering(PatientPoint::new(-8.0, -8.0, -8.0), corner, 4.0);
    let arc = (!ion).then_some(GantryArc { stop: 90.0, clockwise: true, control_points: 3 });
    let plan = PlanSpec {
        ion,
        beams: vec![BeamSpec { arc, ..BeamSpec::fixed(1, 1.0) }, BeamSpec::setup(2)],
        dose_point: DosePoint::Reference(centre),
        ..PlanSpec::default()
    };
    CaseBuilder::new("seed")
        .encoding(encoding.clone())
        .plan(plan)
        .roi(roi)
        .dose(DoseSpec { grid, bits: 32, ..DoseSpec::default() })
        .image(Some(ImageSpec { planes: vec![-2.0], pixels: 4, spacing: 8.0, ..ImageSpec::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn seeds_are_small_and_told_apart() {
        let seeds = seeds().unwrap();
        let names: HashSet<_> = seeds.iter().map(|seed| (seed.role, &seed.name)).collect();
        assert_eq!((names.len(), seeds.len()), (45, 45));
        assert!(seeds.iter().all(|seed| (400..12_000).contains(&seed.bytes.len())));
    }
}
