//! Draws the cumulative DVHs of the demo case as SVG: `cargo run --example draw_demo_dvh > demo-dvh.svg`.

use rt_draw::draw::palette::Palette;
use rt_draw::outlines::RoiChoice;
use rt_draw::report::{Report, dvh_svg};
use rt_draw::style::PictureStyle;
use rt_dvh::DvhOptions;
use rt_export::case::{ExportCase, ExportOptions};
use rt_export::case_report::ReportOptions;
use rt_export::wash::WashOptions;
use rt_model::matching::{Duplicates, MatchOptions, match_cases};
use rt_model::read::{ScanOptions, scan};
use std::error::Error;
use std::ops::ControlFlow;

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", dvh_svg(&report()?));
    Ok(())
}

fn report() -> Result<Report, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    rt_phantom::demo::write(folder.path())?;
    let inventory =
        scan(&[folder.path().to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
    let matching = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
    let matched = matching.cases.first().ok_or("no plan in this folder")?;
    let case = ExportCase::load(matched, &inventory, &ExportOptions::default())?;
    let labels = case.labels();
    let levels = Palette::Standard.levels(labels.maximum, labels.prescription);
    let style = PictureStyle { levels, unit: labels.unit, opacity: 0.4, lines: true, outlines: true };
    let pictures = WashOptions { style, window: None, rois: RoiChoice::Targets, all_slices: false };
    let dvh = DvhOptions::preset("dosebridge-2").ok_or("no such preset")?;
    Ok(case.report(&ReportOptions { pictures, dvh, metrics: Vec::new() })?)
}

#[cfg(test)]
#[test]
fn every_roi_has_a_curve() -> Result<(), Box<dyn Error>> {
    let report = report()?;
    let svg = dvh_svg(&report);
    for roi in &report.rois {
        assert!(svg.contains(&format!("aria-label=\"{}\"", roi.name)), "{}", roi.name);
    }
    assert!(svg == dvh_svg(&report) && svg.starts_with("<svg"));
    Ok(())
}
