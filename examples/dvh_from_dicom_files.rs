//! DVHs from an RTSTRUCT and an RTDOSE: `cargo run --example dvh_from_dicom_files [RS.dcm RD.dcm]`.
//!
//! Without arguments it writes the demo case to a temporary folder and reads that.

use rt_dvh::{DvhOptions, MetricContext, compute};
use rt_geometry::stack::{RoiStack, nominal_spacing};
use rt_model::read::{ReadOptions, read_dose, read_structure_set};
use rt_phantom::case::Role;
use std::error::Error;
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
    let options = ReadOptions::default();
    let set = read_structure_set(structures, &options)?;
    let dose = read_dose(dose, &options)?;
    for finding in set.findings.iter().chain(&dose.findings) {
        println!("{finding}");
    }
    let grid = dose.value.grid.ok_or("the RTDOSE holds no dose grid")?;

    let options = DvhOptions::preset("dosebridge-1").expect("a preset");
    let stack_options = options.stack(nominal_spacing(&set.value.rois));
    let mut computed = 0;
    for roi in &set.value.rois {
        let stack = match RoiStack::build(roi, &stack_options) {
            Ok(stack) => stack.value,
            Err(error) => {
                println!("{:16} {error}", roi.name);
                continue;
            }
        };
        let dvh = compute(&stack, &grid, &options)?.value;
        let d95 = dvh.evaluate(&"D95%".parse()?, &MetricContext::default());
        let mean = dvh.evaluate(&"Mean".parse()?, &MetricContext::default());
        let shown = |value: Option<f64>| value.map_or("-".into(), |gy| format!("{gy:.2} Gy"));
        println!("{:16} {:9.3} cm3  mean {:>9}  D95% {:>9}", roi.name, dvh.volume().0, shown(mean.value), shown(d95.value));
        computed += 1;
    }
    assert!(computed > 0, "no ROI has a volume");
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_holds() -> Result<(), Box<dyn Error>> {
    of_the_demo_case()
}
