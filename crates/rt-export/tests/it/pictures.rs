//! Pictures and the report of the demo case against files that were looked at.

use crate::snapshot::{docs, holds};
use crate::support::{report_options, wash_options};
use rt_draw::canvas::Canvas;
use rt_draw::draw::palette::Palette;
use rt_draw::draw::shrunk;
use rt_draw::report::{Paper, ReportKind, dvh_picture, page_pictures};
use rt_export::case::ExportCase;
use rt_export::wash::WashOptions;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

fn snapshot(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots").join(name)
}

/// The demo case as the exporter loads it: the pictures of `docs/` are what its users get.
static EXPORTED: LazyLock<(tempfile::TempDir, ExportCase)> =
    LazyLock::new(|| crate::support::case(&rt_phantom::demo::case()));

/// Slice `number` as the exporter draws it.
fn exported(number: usize, options: &WashOptions) -> Canvas {
    let pictures = EXPORTED.1.pictures(options).unwrap();
    let at = (0..pictures.len()).find(|at| pictures.number(*at) == number).unwrap();
    pictures.paint(at).unwrap()
}

#[test]
fn the_wash_of_the_demo_case() {
    holds(docs("demo-wash.png"), &exported(34, &wash_options(&EXPORTED.1)));
}

#[test]
fn isodose_lines_alone_in_safe_colours() {
    let mut options = wash_options(&EXPORTED.1);
    let labels = EXPORTED.1.labels();
    options.style.levels = Palette::ColourBlindSafe.levels(labels.maximum, labels.prescription);
    options.style.opacity = 0.0;
    options.style.outlines = false;
    holds(docs("demo-isodoses.png"), &exported(34, &options));
}

#[test]
fn the_report_of_the_demo_case() {
    let report = EXPORTED.1.report(&report_options(&EXPORTED.1)).unwrap();
    let pages = page_pictures(&report, ReportKind::Pacs, Paper::A4, 96.0);
    assert_eq!(pages.len(), 1);
    holds(docs("demo-report.png"), &pages[0]);
    holds(snapshot("dvh.png"), &shrunk(&dvh_picture(&report, 860), 430));
}
