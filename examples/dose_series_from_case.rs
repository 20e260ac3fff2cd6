//! A dose series that a PACS can show, from a folder of DICOM-RT:
//! `cargo run --example dose_series_from_case [FOLDER OUT]`.
//!
//! Without arguments it writes the demo case to a temporary folder and takes that.

use rt_export::case::{ExportCase, ExportOptions};
use rt_export::part10;
use rt_export::quant::QuantOptions;
use rt_model::matching::{MatchOptions, match_cases};
use rt_model::read::{ReadOptions, ScanOptions, compare_duplicates, scan};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn dose_series(folder: &Path, out: &Path) -> Result<usize, Box<dyn Error>> {
    let inventory = scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))?;
    let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
    let matching = match_cases(&inventory, &duplicates, &MatchOptions::default());
    let matched = matching.cases.first().ok_or("no plan in this folder")?;
    let case = ExportCase::load(matched, &inventory, &ExportOptions::default())?;
    let series = case.quant(&QuantOptions::default())?;
    for (at, instance) in series.instances().enumerate() {
        part10::write(&instance?, &out.join(format!("dose-{:04}.dcm", at + 1)))?;
    }
    Ok(series.len())
}

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if let [folder, out] = &given[..] {
        println!("{} instances", dose_series(folder, out)?);
        return Ok(());
    }
    of_the_demo_case()
}

fn of_the_demo_case() -> Result<(), Box<dyn Error>> {
    let [folder, out] = [tempfile::tempdir()?, tempfile::tempdir()?];
    rt_phantom::demo::write(folder.path())?;
    assert_eq!(dose_series(folder.path(), out.path())?, 60);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_holds() -> Result<(), Box<dyn Error>> {
    of_the_demo_case()
}
