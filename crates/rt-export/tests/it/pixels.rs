//! Every pixel, as DCMTK and pydicom read it.

use crate::support::{case, wash_options, write};
use rt_export::quant::{QuantOptions, QuantUnits, Slope};
use rt_export::series::Syntax;
use rt_testkit::program::{program, python};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says what pydicom sees of each file, and writes its pixels beside it, little endian.
const READ: &str = r#"
import sys, numpy, pydicom
for path in sys.argv[1:]:
    data = pydicom.dcmread(path)
    pixels = data.pixel_array
    if 'RescaleSlope' in data:
        pixels = pixels.astype('<f8') * float(data.RescaleSlope) + float(data.RescaleIntercept)
    pixels.tofile(path + '.raw')
    print(data.FrameOfReferenceUID, data.SeriesDescription, pixels.dtype, pixels.shape, sep='|')
"#;

fn run(command: &mut Command) -> String {
    let output = command.output().expect("the tool starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn raw(path: &Path) -> Vec<u8> {
    std::fs::read(PathBuf::from(format!("{}.raw", path.display()))).unwrap()
}

#[test]
fn pydicom_reads_the_dose_and_the_colours() {
    let Some(python) = python("pydicom, numpy", "python3-pydicom python3-numpy") else { return };
    let (_folder, case) = case(&rt_phantom::demo::case());
    let out = tempfile::tempdir().unwrap();
    let quant = write(&case.quant(&QuantOptions::default()).unwrap(), Syntax::ExplicitLittle, out.path());
    let pictures = case.pictures(&wash_options(&case)).unwrap();
    let series = case.wash(&wash_options(&case)).unwrap().value;
    let wash = write(&series, Syntax::Rle, out.path());
    let many = write(&case.wash_multi_frame(&wash_options(&case)).unwrap().value, Syntax::Rle, out.path());
    let said = run(Command::new(python).args(["-c", READ]).args(&quant).args(&wash).args(&many));
    assert_eq!(said.lines().count(), quant.len() + wash.len() + 1);
    assert!(said.lines().all(|line| line.contains("RTDOSE PLANNED 70Gy/35fx HN_DEMO")), "{said}");
    assert!(said.lines().last().unwrap().contains(&format!("({}, 512, 512, 3)", wash.len())), "{said}");

    for path in quant.iter().step_by(7) {
        let image = rt_model::read::read_image(path).unwrap().value;
        let read: Vec<f64> =
            raw(path).as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
        assert!(read.iter().zip(&image.values).all(|(a, b)| (a - f64::from(*b)).abs() < 1e-5));
    }
    let mut frames = Vec::new();
    for (at, path) in wash.iter().enumerate() {
        let painted = pictures.paint(at).unwrap().rgb;
        assert!(raw(path) == painted, "{}", path.display());
        frames.extend(painted);
    }
    assert!(raw(&many[0]) == frames);
}

#[test]
fn pydicom_reads_every_kind_of_step() {
    let Some(python) = python("pydicom, numpy", "python3-pydicom python3-numpy") else { return };
    let (_folder, case) = case(&rt_phantom::demo::case());
    let folder = tempfile::tempdir().unwrap();
    let gray = write(&case.quant(&QuantOptions::default()).unwrap(), Syntax::ExplicitLittle, folder.path());
    let truth = |at: usize| rt_model::read::read_image(&gray[at]).unwrap().value.values;
    for (slope, units, factor, step) in [
        (Slope::Full, QuantUnits::Gray, 1.0, 71.63 / 65535.0),
        (Slope::PowerOfTen, QuantUnits::Centigray, 100.0, 1.0),
        (Slope::Full, QuantUnits::Centigray, 100.0, 7163.0 / 65535.0),
    ] {
        let out = tempfile::tempdir().unwrap();
        let series = case.quant(&QuantOptions { slope, units }).unwrap();
        let files: Vec<PathBuf> =
            write(&series, Syntax::ExplicitLittle, out.path()).into_iter().step_by(20).collect();
        run(Command::new(&python).args(["-c", READ]).args(&files));
        for (file, at) in files.iter().zip((0..).step_by(20)) {
            let read = raw(file);
            let read = read.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes));
            // The series in gray has steps of its own, of 0.01 Gy.
            let most = step / 2.0 + factor * 0.005 + 1e-4;
            assert!(
                read.zip(truth(at)).all(|(a, b)| (a - factor * f64::from(b)).abs() <= most),
                "{slope:?} {units:?}"
            );
        }
    }
}

#[test]
fn dcmtk_reads_the_dose_and_the_colours() {
    if program("dcmdump", "dcmtk").is_none() {
        return;
    }
    let (_folder, case) = case(&rt_phantom::demo::case());
    let out = tempfile::tempdir().unwrap();
    let stored = |path: &Path| {
        let folder = tempfile::tempdir_in(out.path()).unwrap();
        run(Command::new("dcmdump").arg("+W").arg(folder.path()).args(["+P", "7fe0,0010"]).arg(path));
        let files: Vec<PathBuf> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        std::fs::read(&files[0]).unwrap()
    };
    let series = case.quant(&QuantOptions::default()).unwrap();
    for (at, path) in write(&series, Syntax::ImplicitLittle, out.path()).iter().enumerate().step_by(20) {
        let image = rt_model::read::read_image(path).unwrap().value;
        let numbers = stored(path);
        let step = 0.01;
        let read =
            numbers.as_chunks::<2>().0.iter().map(|bytes| f64::from(u16::from_le_bytes(*bytes)) * step);
        assert!(read.zip(&image.values).all(|(a, b)| (a - f64::from(*b)).abs() < 1e-4), "{at}");
    }
    let pictures = case.pictures(&wash_options(&case)).unwrap();
    let series = case.wash(&wash_options(&case)).unwrap().value;
    for (at, path) in write(&series, Syntax::Rle, out.path()).iter().enumerate().step_by(15) {
        let plain = path.with_extension("plain");
        run(Command::new("dcmdrle").arg(path).arg(&plain));
        assert!(stored(&plain) == pictures.paint(at).unwrap().rgb, "{at}");
    }
}
