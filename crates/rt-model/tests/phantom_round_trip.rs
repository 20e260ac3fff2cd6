//! What a phantom writes is what the reader reads: in every patient position, encoding and frame offset
//! style.

use rt_model::finding::{Finding, Severity, dose as dose_codes};
use rt_model::frame::{GridIndex, GridPoint, PatientPoint, PatientVector};
use rt_model::read::{
    AssumeOffsets, ReadOptions, read_dose_from_bytes, read_plan_from_bytes, read_structure_set_from_bytes,
};
use rt_model::units::{Gy, Mm};
use rt_phantom::case::{BeamSpec, CaseBuilder, DoseLayout, DosePoint, DoseSpec, PhantomCase, PlanSpec, Role};
use rt_phantom::shape::Sphere;
use rt_phantom::{
    Contouring, DoseField, Encoding, GridSpec, LinearDose, OffsetStyle, Position, TransferSyntax, Wrapping,
};
use std::path::Path;
use std::sync::Arc;

const CENTRE: PatientPoint = PatientPoint::new(11.0, -7.0, 5.0);

fn field() -> LinearDose {
    LinearDose::through(CENTRE, Gy(60.0), PatientVector::new(0.4, 0.6, 0.8))
}

/// Spacing that differs along all axes, and a box that is no multiple of it.
fn grid(offsets: OffsetStyle) -> GridSpec {
    GridSpec {
        low: PatientPoint::new(-19.3, -36.7, -24.6),
        high: PatientPoint::new(40.0, 22.0, 35.0),
        spacing: [2.0, 2.5, 3.0],
        cosines: None,
        offsets,
    }
}

fn case(offsets: OffsetStyle, bits: u16) -> CaseBuilder {
    let sphere = Sphere { centre: CENTRE, radius: Mm(12.0) };
    CaseBuilder::new("round trip")
        .roi(Contouring::every(2.0).draw(&sphere, 1, "sphere"))
        .dose(DoseSpec { field: Arc::new(field()), grid: grid(offsets), bits, ..DoseSpec::default() })
        .image(None)
}

/// Reads the case's dose and compares every voxel with the dose at the place the reader gives it.
fn assert_dose_reads_back(case: &PhantomCase, options: &ReadOptions, name: &str) -> Vec<Finding> {
    let file = case.files_of(Role::Dose).next().unwrap();
    let parsed = read_dose_from_bytes(&file.bytes(), Path::new("RD.dcm"), options)
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    let grid = parsed.value.grid.unwrap();
    let [columns, rows, frames] = grid.geometry().size();
    assert!(columns > 20 && rows > 15 && frames > 15, "{name}");
    let mut corner = PatientPoint::new(f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for k in 0..frames {
        for j in 0..rows {
            for i in 0..columns {
                let place =
                    grid.geometry().patient_from_grid(GridPoint { i: i as f64, j: j as f64, k: k as f64 });
                corner =
                    PatientPoint::new(corner.x.min(place.x), corner.y.min(place.y), corner.z.min(place.z));
                let (found, expected) = (grid.at(GridIndex { i, j, k }).0, field().at(place).0);
                assert!(
                    (found - expected).abs() < 0.51 * grid.step().0 + 1e-5,
                    "{name}: {place:?} {found} {expected}"
                );
            }
        }
    }
    for (found, expected) in [(corner.x, -19.3), (corner.y, -36.7), (corner.z, -24.6)] {
        assert!((found - expected).abs() < 1e-9, "{name}: {corner:?}");
    }
    parsed.findings
}

#[test]
fn doses_lie_where_they_were_put_in_every_position_and_offset_style() {
    for position in Position::ALL {
        for offsets in [OffsetStyle::Relative, OffsetStyle::Descending, OffsetStyle::Uneven] {
            let name = format!("{position:?} {offsets:?}");
            let case = case(offsets, 16).position(position).build().unwrap();
            let findings = assert_dose_reads_back(&case, &ReadOptions::default(), &name);
            assert_eq!(findings, [], "{name}");
        }
    }
}

#[test]
fn absolute_offsets_need_cosines_that_allow_them() {
    for offsets in [OffsetStyle::Absolute, OffsetStyle::DescendingAbsolute, OffsetStyle::UnevenAbsolute] {
        let case_in = |position| case(offsets, 32).position(position).build().unwrap();
        let findings = assert_dose_reads_back(&case_in(Position::Hfs), &ReadOptions::default(), "absolute");
        assert!(
            findings
                .iter()
                .all(|f| f.code == dose_codes::ABSOLUTE_FRAME_OFFSETS && f.severity == Severity::Info)
        );
        for position in Position::ALL.into_iter().filter(|position| *position != Position::Hfs) {
            let case = case_in(position);
            let bytes = case.files_of(Role::Dose).next().unwrap().bytes();
            let error =
                read_dose_from_bytes(&bytes, Path::new("RD.dcm"), &ReadOptions::default()).unwrap_err();
            assert!(error.to_string().contains("GridFrameOffsetVector (3004,000C)"), "{error}");
            let assumed =
                ReadOptions { assume_offsets: Some(AssumeOffsets::Absolute), ..ReadOptions::default() };
            assert_dose_reads_back(&case, &assumed, position.term());
        }
    }
}

#[test]
fn every_encoding_reads_the_same() {
    for syntax in TransferSyntax::ALL {
        for undefined_lengths in [false, true] {
            for bits in [16, 32] {
                let encoding = Encoding { undefined_lengths, ..Encoding::of(syntax) };
                let case = case(OffsetStyle::Relative, bits).encoding(encoding).build().unwrap();
                let name = format!("{syntax:?} {undefined_lengths} {bits}");
                assert_eq!(assert_dose_reads_back(&case, &ReadOptions::default(), &name), [], "{name}");
                assert_contours_read_back(&case, &name);
            }
        }
    }
}

#[test]
fn bare_data_sets_are_read_with_a_finding() {
    for syntax in
        [TransferSyntax::ImplicitLittle, TransferSyntax::ExplicitLittle, TransferSyntax::ExplicitBig]
    {
        for wrapping in [Wrapping::Bare, Wrapping::WithoutPreamble] {
            let encoding = Encoding { wrapping, ..Encoding::of(syntax) };
            let case = case(OffsetStyle::Relative, 16).encoding(encoding).build().unwrap();
            let name = format!("{syntax:?} {wrapping:?}");
            let findings = assert_dose_reads_back(&case, &ReadOptions::default(), &name);
            assert!(
                !findings.is_empty() && findings.iter().all(|f| f.severity == Severity::Warning),
                "{name}: {findings:?}"
            );
        }
    }
}

fn assert_contours_read_back(case: &PhantomCase, name: &str) {
    let bytes = case.files_of(Role::StructureSet).next().unwrap().bytes();
    let parsed = read_structure_set_from_bytes(&bytes, Path::new("RS.dcm"), &ReadOptions::default()).unwrap();
    assert_eq!(parsed.findings, [], "{name}");
    assert_eq!(parsed.value.rois.len(), case.rois.len());
    for (found, written) in parsed.value.rois.iter().zip(&case.rois) {
        assert_eq!((found.number, &found.name), (written.number, &written.name));
        assert_eq!(found.contours, written.contours, "{name}");
    }
}

#[test]
fn a_long_contour_is_read_from_the_un_it_becomes() {
    let sphere = Sphere { centre: CENTRE, radius: Mm(12.0) };
    let fine = Contouring { points: 3000, ..Contouring::every(6.0) };
    let builder = CaseBuilder::new("long").roi(fine.draw(&sphere, 1, "sphere")).image(None);
    let case = builder.encoding(Encoding::of(TransferSyntax::ExplicitLittle)).build().unwrap();
    assert_contours_read_back(&case, "long");
}

#[test]
fn oblique_grids_are_read_from_their_cosines() {
    let row = PatientVector::new(0.8, 0.36, -0.48);
    let column = PatientVector::new(0.0, 0.8, 0.6);
    let spec = GridSpec { cosines: Some([row, column]), ..grid(OffsetStyle::Relative) };
    let dose = DoseSpec {
        field: Arc::new(LinearDose { at_origin: Gy(100.0), ..field() }),
        grid: spec,
        ..DoseSpec::default()
    };
    let case = CaseBuilder::new("oblique").dose(dose).image(None).build().unwrap();
    let bytes = case.files_of(Role::Dose).next().unwrap().bytes();
    let grid = read_dose_from_bytes(&bytes, Path::new("RD.dcm"), &ReadOptions::default())
        .unwrap()
        .value
        .grid
        .unwrap();
    for (i, j, k) in [(0, 0, 0), (5, 3, 9), (20, 10, 2)] {
        let place = grid.geometry().patient_from_grid(GridPoint { i: i as f64, j: j as f64, k: k as f64 });
        let expected = LinearDose { at_origin: Gy(100.0), ..field() }.at(place);
        assert!((grid.at(GridIndex { i, j, k }).0 - expected.0).abs() < 0.51 * grid.step().0 + 1e-5);
    }
}

#[test]
fn plans_carry_what_their_description_says() {
    for ion in [false, true] {
        let plan = PlanSpec {
            ion,
            fractions: 25,
            beams: vec![BeamSpec::fixed(1, 0.25), BeamSpec::fixed(2, 0.75), BeamSpec::setup(3)],
            dose_point: DosePoint::Reference(CENTRE),
            ..PlanSpec::default()
        };
        let layout = DoseLayout::Beams { missing: vec![2], repeated: vec![] };
        let builder = case(OffsetStyle::Relative, 16).position(Position::Ffdr);
        let dose = DoseSpec {
            field: Arc::new(field()),
            grid: grid(OffsetStyle::Relative),
            layout,
            ..DoseSpec::default()
        };
        let case = builder.plan(plan).dose(dose).build().unwrap();
        let bytes = case.files_of(Role::Plan).next().unwrap().bytes();
        let (info, plan) =
            read_plan_from_bytes(&bytes, Path::new("RP.dcm"), &ReadOptions::default()).unwrap().value;
        assert_eq!(info.patient.id, "PHANTOM-round trip");
        assert_eq!((plan.ion, plan.patient_positions), (ion, vec!["FFDR".to_owned()]));
        let group = &plan.fraction_groups[0];
        assert_eq!(
            (group.fractions_planned, group.beams.len(), group.dose_references.len()),
            (Some(25), 3, 1)
        );
        let point = plan.dose_references[1].point.unwrap();
        let total: f64 = group.beams.iter().filter_map(|beam| beam.dose).map(|dose| dose.0 * 25.0).sum();
        assert!((total - field().at(point).0).abs() < 1e-9);
        assert_eq!(group.beams[0].dose_reference_uid, plan.dose_references[1].uid);
        let doses: Vec<_> = case.files_of(Role::Dose).collect();
        assert_eq!(doses.len(), 1, "the second beam's dose is missing");
        let dose = read_dose_from_bytes(&doses[0].bytes(), Path::new("RD.dcm"), &ReadOptions::default())
            .unwrap()
            .value;
        assert_eq!(
            (dose.header.plans.as_slice(), dose.header.parts[0].beam),
            ([info.sop_instance].as_slice(), Some(1))
        );
    }
}
