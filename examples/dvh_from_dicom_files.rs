//! DVHs from an RTSTRUCT and an RTDOSE: `cargo run --example dvh_from_dicom_files [RS.dcm RD.dcm]`.
//!
//! Without arguments it writes the demo case to a temporary folder and reads that.

use rt_case::{DvhOptions, EvaluateOptions, FileOptions, evaluate, prepare_files};
use rt_phantom::case::Role;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if let [structures, dose] = &given[..] {
        return print_dvhs(structures, dose);
    }
    of_the_demo_case()
}

fn of_the_demo_case() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let demo = rt_phantom::demo::write(folder.path())?;
    let file = |role| demo.path(role).ok_or("the demo case lacks a file");
    print_dvhs(file(Role::StructureSet)?, file(Role::Dose)?)
}

fn print_dvhs(structures: &Path, dose: &Path) -> Result<(), Box<dyn Error>> {
    let case = prepare_files(structures, &[dose.to_owned()], None, &FileOptions::default())?;
    for finding in &case.facts().findings {
        println!("{finding}");
    }
    let mut options = EvaluateOptions::new(DvhOptions::preset("dosebridge-2").ok_or("no such preset")?);
    options.metrics = vec!["Mean".parse()?, "D95%".parse()?];
    let result = evaluate(&case, &options, &mut |_| ControlFlow::Continue(()))?;
    for roi in &result.rois {
        let Ok(dvh) = &roi.dvh else {
            println!("{:16} {}", roi.name, roi.reason().unwrap_or_default());
            continue;
        };
        let shown = |value: Option<f64>| value.map_or("-".into(), |gy| format!("{gy:.2} Gy"));
        let [mean, d95] = &roi.metrics[..] else { return Err("two metrics were asked for".into()) };
        println!(
            "{:16} {:9.3} cm3  mean {:>9}  D95% {:>9}",
            roi.name,
            dvh.volume().0,
            shown(mean.value),
            shown(d95.value)
        );
    }
    assert!(result.rois.iter().any(|roi| roi.dvh.is_ok()), "no ROI has a volume");
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_holds() -> Result<(), Box<dyn Error>> {
    of_the_demo_case()
}
