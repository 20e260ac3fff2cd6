//! Reports: PDF, SVG, CSV, contact sheet.

use crate::demo::{DEMO, style};
use rt_draw::draw::palette::Palette;
use rt_draw::labels::CaseLabels;
use rt_draw::report::{
    ContactSheet, MetricBand, Paper, Report, ReportKind, dvh_csv, dvh_svg, metrics_csv, page_pictures, pdf,
    sheet_html, sheet_png,
};
use rt_geometry::stack::{Between, Caps, RoiStack, StackOptions};
use rt_model::structure_set::Roi;
use rt_testkit::program::program;
use std::sync::LazyLock;

static REPORT: LazyLock<Report> = LazyLock::new(|| DEMO.report(&DEMO.labels("HN_DEMO", 70.0), &[33, 22]));

/// What a program of poppler says of a PDF; `None` where there is none.
fn poppler(name: &str, options: &[&str], bytes: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.pdf");
    std::fs::write(&file, bytes).unwrap();
    let to: &[&str] = if name == "pdftotext" { &["-"] } else { &[] };
    let output = program(name, "poppler-utils")?.args(options).arg(&file).args(to).output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for (kind, paper) in [(ReportKind::Pacs, Paper::A4), (ReportKind::Physics, Paper::Letter)] {
        let bytes = pdf(&REPORT, kind, paper).unwrap();
        assert!(bytes.starts_with(b"%PDF-") && bytes == pdf(&REPORT, kind, paper).unwrap());
    }
}

#[test]
fn the_page_for_the_pacs_is_one_page_with_all_it_must_say() {
    for (paper, size) in [(Paper::A4, "595.28 x 841.89"), (Paper::Letter, "612 x 792")] {
        let bytes = pdf(&REPORT, ReportKind::Pacs, paper).unwrap();
        let Some(info) = poppler("pdfinfo", &[], &bytes) else { return };
        let field =
            |name: &str| info.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        assert!(field("Pages:").ends_with(" 1") && field("Page size:").contains(size), "{info}");
        assert!(field("CreationDate:").contains("2026"), "the dose's date: {info}");
        let fonts = poppler("pdffonts", &[], &bytes).unwrap_or_default();
        assert!(
            fonts.lines().skip(2).all(|line| line.contains("yes yes yes")),
            "embedded, subset, readable: {fonts}"
        );
        let text = poppler("pdftotext", &["-layout"], &bytes).unwrap_or_default();
        for words in [
            "FOR REFERENCE ONLY, NOT FOR TREATMENT",
            "PLANNED DOSE, not a record of delivery",
            "DEMO, HEAD AND NECK",
            "DEMO-0001",
            "1960-02-29",
            "70 Gy in 35 fractions",
            "dose reference 1 (PTV_7000)",
            "APPROVED",
            "confirmed: grid / plan = 1.0000",
            "prescription 70 Gy",
            "Parotid_L",
            "335.05",
            "DoseBridge 0.1.0",
            "2.25.220044530022340915530911437340224312",
        ] {
            assert!(text.contains(words), "{words:?} not in:\n{text}");
        }
        assert!(!text.contains("RT0706"), "findings are for physics");
    }
}

#[test]
fn the_full_report_has_intervals_and_findings() {
    let mut report = REPORT.clone();
    report.rois[1].bands = vec![MetricBand {
        metric: "D95%".to_owned(),
        value: Some(70.25),
        interval: Some((69.9, 70.6)),
        unit: "Gy".to_owned(),
        remark: None,
    }];
    assert!(page_pictures(&report, ReportKind::Physics, Paper::A4, 30.0).len() > 1);
    let bytes = pdf(&report, ReportKind::Physics, Paper::A4).unwrap();
    let Some(text) = poppler("pdftotext", &["-layout"], &bytes) else { return };
    for words in [
        "Intervals",
        "69.90",
        "70.60",
        "RT0706",
        "a gap of 6 mm was bridged",
        "caps=half-slice",
        "page 1 of",
        "D0.03cc",
    ] {
        assert!(text.contains(words), "{words:?} not in:\n{text}");
    }
}

#[test]
fn a_page_that_is_too_small_says_what_it_leaves_out() {
    let mut report = REPORT.clone();
    let one = report.rois[3].clone();
    report
        .rois
        .extend((0..150).map(|at| rt_draw::report::ReportRoi { name: format!("Extra {at}"), ..one.clone() }));
    let bytes = pdf(&report, ReportKind::Pacs, Paper::Letter).unwrap();
    let Some(text) = poppler("pdftotext", &["-layout"], &bytes) else { return };
    assert!(text.contains("more ROIs: see the full report."), "{text}");
    assert!(
        poppler("pdfinfo", &[], &bytes)
            .unwrap()
            .lines()
            .any(|line| line.starts_with("Pages:") && line.ends_with(" 1"))
    );
}

#[test]
fn a_held_plan_is_marked_on_the_page() {
    let mut report = REPORT.clone();
    report.labels = CaseLabels { approval: None, ..report.labels };
    let bytes = pdf(&report, ReportKind::Pacs, Paper::A4).unwrap();
    let Some(text) = poppler("pdftotext", &[], &bytes) else { return };
    assert!(text.contains("UNAPPROVED PLAN"), "{text}");
}

#[test]
fn the_svg_needs_no_font() {
    let svg = dvh_svg(&REPORT);
    assert!(!svg.contains("<text") && !svg.contains("font-family"));
    assert_eq!(svg.matches("<polyline").count(), svg.matches("<polyline points").count());
    for name in ["Parotid_L", "volume (%)", "dose (Gy)", "prescription 70 Gy"] {
        assert!(svg.contains(&format!("aria-label=\"{name}\"")), "{name}");
    }
}

#[test]
fn the_csv_has_every_roi_and_reads_back() {
    let mut report = REPORT.clone();
    report.rois[2].name = "PTV, \"high\"".to_owned();
    let options = StackOptions::new(Between::Prism, Caps::HalfSlice);
    report.rois[4].dvh = Err(RoiStack::build(&Roi::default(), &options).unwrap_err().into());
    let metrics = metrics_csv(&report);
    let lines: Vec<&str> = metrics.lines().collect();
    assert_eq!(
        lines[0],
        "roi,type,volume_cm3,coverage_percent,Min_Gy,Mean_Gy,Max_Gy,D98%_Gy,D95%_Gy,D50%_Gy,D2%_Gy,D0.03cc_Gy,remark"
    );
    assert_eq!(lines.len(), 1 + report.rois.len());
    assert!(metrics.contains("\"PTV, \"\"high\"\"\",PTV,"), "{metrics}");
    assert!(
        lines.last().unwrap().starts_with("Brainstem,ORGAN,,,,") && metrics.ends_with(",no contours\n"),
        "{metrics}"
    );
    let commas = lines[0].matches(',').count();
    assert!(
        lines.iter().filter(|line| !line.contains('"')).all(|line| line.matches(',').count() == commas),
        "{metrics}"
    );
    let curves = dvh_csv(&report);
    assert!(curves.starts_with("roi,dose_Gy,volume_cm3\nBODY,0,3214.3"), "{}", &curves[..80]);
    assert!(curves.contains("\nBODY,70.01,"));
    let last_of =
        |name: &str| curves.lines().rfind(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(
        last_of("BODY,").ends_with(",0") && last_of("Lens_L,").ends_with(",0"),
        "a curve ends with its first 0"
    );
}

#[test]
fn the_contact_sheet_shows_what_is_about_to_be_sent() {
    let labels = DEMO.labels("HN_DEMO", 70.0);
    let slices = DEMO.key_slices(&labels, &[20, 30, 40]);
    let style = style(&labels, Palette::Standard);
    let sheet = ContactSheet { report: &REPORT, style: &style, slices: &slices, sent: 57 };
    let html = sheet_html(&sheet);
    for words in [
        "FOR REFERENCE ONLY, NOT FOR TREATMENT",
        "DEMO, HEAD AND NECK",
        "DEMO-0001",
        "70 Gy in 35 fractions",
        "linked from fraction group 1",
        "confirmed: grid / plan = 1.0000",
        "max 71.63 Gy",
        "below 14 Gy not shown",
        "RT0706",
        "a gap of 6 mm was bridged",
        "1 warning, 0 notes",
        "slice 31, z 1.5 mm",
        "<h2>3 of 57 slices</h2>",
        "aria-label=\"Parotid_L\"",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert_eq!(html.matches("<figure>").count(), 3);
    assert!(
        !html.contains("http://")
            || html.matches("http://").count() == html.matches("http://www.w3.org/2000/svg").count()
    );
    assert_eq!(html, sheet_html(&sheet));
    let picture = sheet_png(&sheet);
    assert!(picture.starts_with(b"\x89PNG") && picture == sheet_png(&sheet));
}

#[test]
fn text_of_a_case_is_never_markup() {
    let mut report = REPORT.clone();
    report.identity.name = "<script>alert(1)</script>".to_owned();
    report.rois[1].name = "a<b>&\"c".to_owned();
    let style = style(&report.labels, Palette::Standard);
    let html = sheet_html(&ContactSheet { report: &report, style: &style, slices: &[], sent: 0 });
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"));
    assert!(dvh_svg(&report).contains("aria-label=\"a&lt;b&gt;&amp;&quot;c\""));
}
