//! Pictures against snapshots that were looked at, and against themselves.

use crate::demo::{Case, DEMO, style};
use rayon::prelude::*;
use rt_export::canvas::Canvas;
use rt_export::draw::palette::Palette;
use rt_export::draw::{Painter, shrunk};
use rt_export::labels::CaseLabels;
use rt_export::report::{Paper, ReportKind, dvh_picture, dvh_svg, page_pictures};
use rt_export::style::PictureStyle;
use std::path::{Path, PathBuf};

/// A channel may differ by this much: floating point differs between processors in the last digit.
const CHANNEL_TOLERANCE: u8 = 3;
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

#[test]
fn the_wash_of_the_demo_case() {
    let labels = DEMO.labels("HN_DEMO", 70.0);
    holds(docs("demo-wash.png"), &painted(&DEMO, 33, &labels, &style(&labels, Palette::Standard)));
}

#[test]
fn isodose_lines_alone_in_safe_colours() {
    let labels = DEMO.labels("HN_DEMO", 70.0);
    let lines = PictureStyle { opacity: 0.0, outlines: false, ..style(&labels, Palette::ColourBlindSafe) };
    holds(docs("demo-isodoses.png"), &painted(&DEMO, 33, &labels, &lines));
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
    let labels = DEMO.labels("HN_DEMO", 70.0);
    let report = DEMO.report(&labels, &[33, 22, 42]);
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

/// Run it with the folder of the clinical phantom (RS.dcm, RD.dcm and CT/) in RT_CLINICAL and UPDATE_PICTURES=1 to make the README's
/// pictures anew.
#[test]
#[ignore = "the clinical phantom is made by the peers' set-up, not by this project"]
fn the_clinical_phantom() {
    let folder = PathBuf::from(std::env::var_os("RT_CLINICAL").expect("RT_CLINICAL names the phantom's folder"));
    let images: Vec<PathBuf> = std::fs::read_dir(folder.join("CT")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let case = Case::read(&folder.join("RS.dcm"), &folder.join("RD.dcm"), &images);
    let total = "not confirmed: grid / plan = 1.2677".to_owned();
    let labels = CaseLabels { total, ..case.labels("PHANTOM", 70.0) };
    holds(docs("clinical-wash.png"), &painted(&case, 90, &labels, &style(&labels, Palette::Standard)));
    let painter = Painter::new(&labels, &style(&labels, Palette::Standard), [512; 2]);
    let scenes: Vec<_> = (0..images.len()).map(|at| case.scene(at)).collect();
    let start = std::time::Instant::now();
    let painted = scenes.iter().map(|scene| painter.paint(scene).rgb.len()).filter(|bytes| *bytes > 0).count();
    println!("{painted} slices on one thread: {:.2} ms each", start.elapsed().as_secs_f64() * 1000.0 / painted as f64);
}
