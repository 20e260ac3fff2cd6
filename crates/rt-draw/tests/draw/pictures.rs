//! Pictures against snapshots that were looked at, and against themselves.

use crate::demo::{Case, DEMO, style};
use crate::snapshot::{docs, holds};
use rayon::prelude::*;
use rt_draw::canvas::Canvas;
use rt_draw::draw::Painter;
use rt_draw::draw::palette::Palette;
use rt_draw::labels::CaseLabels;
use rt_draw::report::{Identity, Paper, Report, ReportKind, dvh_picture, dvh_svg, page_pictures};
use rt_draw::style::PictureStyle;
use rt_model::approval::ApprovalStatus;
use std::path::{Path, PathBuf};

/// The slice of the clinical phantom that is shown, from 0.
const SHOWN: usize = 90;

fn snapshot(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/draw/snapshots").join(name)
}

fn painted(case: &Case, at: usize, labels: &CaseLabels, style: &PictureStyle) -> Canvas {
    let scene = case.scene(at);
    Painter::new(labels, style, scene.size).paint(&scene)
}

#[test]
fn a_held_plan_and_a_test_case_are_marked_across() {
    let usual = DEMO.labels("HN_DEMO", 70.0);
    let held = CaseLabels {
        approval: Some(ApprovalStatus::Unapproved),
        plans: 2,
        prescription: None,
        test: true,
        ..usual
    };
    let canvas = painted(&DEMO, 22, &held, &style(&held, Palette::Standard));
    holds(snapshot("held.png"), &canvas);
}

#[test]
fn the_same_scene_gives_the_same_bytes_on_one_thread_and_on_many() {
    let labels = DEMO.labels("HN_DEMO", 70.0);
    let painter = Painter::new(&labels, &style(&labels, Palette::Standard), DEMO.scene(0).size);
    let run = |threads: usize| -> Vec<Vec<u8>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let paint = |at: usize| painter.paint(&DEMO.scene(at)).rgb;
        pool.install(|| (28..34).into_par_iter().map(paint).collect())
    };
    assert!(run(1) == run(4));
    let report = DEMO.report(&labels, &[33]);
    assert!(dvh_svg(&report) == dvh_svg(&report) && dvh_picture(&report, 400) == dvh_picture(&report, 400));
}

/// Run it with the folder of the clinical phantom (RP.dcm, RS.dcm, RD.dcm and CT/) in RT_CLINICAL and
/// UPDATE_PICTURES=1 to make the README's pictures anew. The phantom's plan is for research and not approved:
/// it is never exported, and its pictures say what it is.
#[test]
#[ignore = "the clinical phantom is made by the peers' set-up, not by this project"]
fn the_clinical_phantom() {
    let folder =
        PathBuf::from(std::env::var_os("RT_CLINICAL").expect("RT_CLINICAL names the phantom's folder"));
    let images: Vec<PathBuf> =
        std::fs::read_dir(folder.join("CT")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut case = Case::read(&folder.join("RS.dcm"), &folder.join("RD.dcm"), &images);
    let (labels, facts) = case.stated(&folder);
    assert_eq!(labels.approval, Some(ApprovalStatus::Unapproved));
    let usual = style(&labels, Palette::Standard);
    let lines = PictureStyle { opacity: 0.0, outlines: false, ..style(&labels, Palette::ColourBlindSafe) };
    case.outline_targets_alone();
    holds(docs("clinical-wash.png"), &painted(&case, SHOWN, &labels, &usual));
    holds(docs("clinical-isodoses.png"), &painted(&case, SHOWN, &labels, &lines));
    let identity =
        Identity { id: "CLIN".to_owned(), name: "PHANTOM^CLIN".to_owned(), birth_date: None, sex: Some('O') };
    let report = Report { plan: facts, ..case.report(&labels, &[SHOWN, SHOWN - 20, SHOWN + 15]) };
    let report = Report { identity, provenance: report.provenance[..2].to_vec(), dose_date: None, ..report };
    holds(docs("clinical-report.png"), &page_pictures(&report, ReportKind::Pacs, Paper::A4, 96.0)[0]);
}
