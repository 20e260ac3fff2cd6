//! Pictures against snapshots that were looked at, and against themselves.

use crate::demo::{Case, DEMO, style};
use crate::support::{report_options, wash_options};
use rayon::prelude::*;
use rt_export::canvas::Canvas;
use rt_export::case::ExportCase;
use rt_export::draw::palette::Palette;
use rt_export::draw::{Painter, shrunk};
use rt_export::labels::CaseLabels;
use rt_export::report::{Identity, Paper, Report, ReportKind, dvh_picture, dvh_svg, page_pictures};
use rt_export::style::PictureStyle;
use rt_export::wash::WashOptions;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A channel may differ by this much: floating point differs between processors in the last digit.
const CHANNEL_TOLERANCE: u8 = 3;
/// The slice of the clinical phantom that is shown, from 0.
const SHOWN: usize = 90;
/// Pixels that may differ by more, in a thousand.
const PIXELS_PER_MILLE: f64 = 0.5;

fn read(path: &Path) -> Option<Canvas> {
    let file = std::io::BufReader::new(std::fs::File::open(path).ok()?);
    let mut reader = png::Decoder::new(file).read_info().ok()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    let mut rgb = vec![0; 3 * width * height];
    reader.next_frame(&mut rgb).ok()?;
    Some(Canvas { width, height, rgb })
}

/// A small file for the tree: lines and even areas pack best without a filter.
fn packed(canvas: &Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, canvas.width as u32, canvas.height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&canvas.rgb).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Holds a picture against the file in the tree; writes it where UPDATE_PICTURES is set.
fn holds(path: PathBuf, canvas: &Canvas) {
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        std::fs::write(&path, packed(canvas)).unwrap();
    }
    let kept = read(&path).unwrap_or_else(|| panic!("{} can't be read: UPDATE_PICTURES=1 writes it", path.display()));
    assert_eq!((kept.width, kept.height), (canvas.width, canvas.height), "{}", path.display());
    let pixels = kept.rgb.chunks_exact(3).zip(canvas.rgb.chunks_exact(3));
    let off = pixels.filter(|(a, b)| (0..3).any(|n| a[n].abs_diff(b[n]) > CHANNEL_TOLERANCE)).count();
    let per_mille = 1000.0 * off as f64 / (kept.width * kept.height) as f64;
    assert!(per_mille <= PIXELS_PER_MILLE, "{}: {off} pixels differ", path.display());
}

fn snapshot(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/draw/snapshots").join(name)
}

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

fn painted(case: &Case, at: usize, labels: &CaseLabels, style: &PictureStyle) -> Canvas {
    let scene = case.scene(at);
    Painter::new(labels, style, scene.size).paint(&scene)
}

/// The demo case as the exporter loads it: the pictures of `docs/` are what its users get.
static EXPORTED: LazyLock<(tempfile::TempDir, ExportCase)> = LazyLock::new(|| crate::support::case(&rt_phantom::demo::case()));

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
fn a_held_plan_and_a_test_case_are_marked_across() {
    let usual = DEMO.labels("HN_DEMO", 70.0);
    let held = CaseLabels { approval: "UNAPPROVED".to_owned(), plans: 2, prescription: None, test: true, ..usual };
    let canvas = painted(&DEMO, 22, &held, &style(&held, Palette::Standard));
    holds(snapshot("held.png"), &canvas);
}

#[test]
fn the_report_of_the_demo_case() {
    let report = EXPORTED.1.report(&report_options(&EXPORTED.1)).unwrap();
    let pages = page_pictures(&report, ReportKind::Pacs, Paper::A4, 96.0);
    assert_eq!(pages.len(), 1);
    holds(docs("demo-report.png"), &pages[0]);
    holds(snapshot("dvh.png"), &shrunk(&dvh_picture(&report, 860), 430));
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

/// Run it with the folder of the clinical phantom (RP.dcm, RS.dcm, RD.dcm and CT/) in RT_CLINICAL and UPDATE_PICTURES=1 to make the
/// README's pictures anew. The phantom's plan is for research and not approved: it is never exported, and its pictures say what it is.
#[test]
#[ignore = "the clinical phantom is made by the peers' set-up, not by this project"]
fn the_clinical_phantom() {
    let folder = PathBuf::from(std::env::var_os("RT_CLINICAL").expect("RT_CLINICAL names the phantom's folder"));
    let images: Vec<PathBuf> = std::fs::read_dir(folder.join("CT")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut case = Case::read(&folder.join("RS.dcm"), &folder.join("RD.dcm"), &images);
    let (labels, facts) = case.stated(&folder);
    assert!(labels.approval.contains("UNAPPROVED") && labels.approval.contains("RESEARCH"), "{labels:?}");
    let usual = style(&labels, Palette::Standard);
    let lines = PictureStyle { opacity: 0.0, outlines: false, ..style(&labels, Palette::ColourBlindSafe) };
    case.outline_targets_alone();
    holds(docs("clinical-wash.png"), &painted(&case, SHOWN, &labels, &usual));
    holds(docs("clinical-isodoses.png"), &painted(&case, SHOWN, &labels, &lines));
    let identity = Identity { id: "CLIN".to_owned(), name: "PHANTOM^CLIN".to_owned(), birth_date: None, sex: Some('O') };
    let report = Report { plan: facts, ..case.report(&labels, &[SHOWN, SHOWN - 20, SHOWN + 15]) };
    let report = Report { identity, provenance: report.provenance[..2].to_vec(), dose_date: None, ..report };
    holds(docs("clinical-report.png"), &page_pictures(&report, ReportKind::Pacs, Paper::A4, 96.0)[0]);
}
