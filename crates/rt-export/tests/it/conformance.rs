//! Every product holds to the standard, as dciodvfy and dcentvfy (Debian package dicom3tools) read it.

use crate::support::{case, isodose_options, load, report_options, wash_options, write};
use rt_draw::report::Paper;
use rt_export::case::ExportOptions;
use rt_export::part10;
use rt_export::quant::{QuantOptions, QuantUnits, Slope};
use rt_export::series::{Series, Syntax};
use rt_phantom::case::Role;
use rt_testkit::conformance::{assert_agree, errors, has_tools};
use std::path::PathBuf;

fn assert_conform(files: &[PathBuf]) {
    for file in [files.first(), files.get(files.len() / 2), files.last()].into_iter().flatten() {
        assert_eq!(errors(file), Vec::<String>::new(), "{}", file.display());
    }
}

#[test]
fn every_product_conforms_and_agrees_with_the_images() {
    if !has_tools() {
        return;
    }
    let (folder, case) = case(&rt_phantom::demo::case());
    let out = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    let wash = case.wash(&wash_options(&case)).unwrap().value;
    let quant = case.quant(&QuantOptions::default()).unwrap();
    let fine = case.quant(&QuantOptions { slope: Slope::Full, units: QuantUnits::Centigray }).unwrap();
    assert_conform(&write(&fine, Syntax::ExplicitLittle, &tempfile::tempdir_in(out.path()).unwrap().keep()));
    let isodose = case.isodose(&isodose_options(&case)).unwrap();
    let many = case.wash_multi_frame(&wash_options(&case)).unwrap().value;
    let pdf = case.pdf(&report_options(&case), Paper::A4).unwrap();
    for series in [&wash, &quant, &isodose, &many, &pdf] {
        let files = write(series, series.preferred(), out.path());
        assert_conform(&files);
        assert_conform(&write(
            series,
            Syntax::ImplicitLittle,
            &tempfile::tempdir_in(out.path()).unwrap().keep(),
        ));
        all.extend(files);
    }
    let images = std::fs::read_dir(folder.path().join("CT")).unwrap().map(|entry| entry.unwrap().path());
    all.extend(images);
    assert_agree(&all);
}

#[test]
fn images_that_say_little_make_products_that_conform() {
    if !has_tools() {
        return;
    }
    let mut phantom = rt_phantom::demo::case().build().unwrap();
    for file in phantom.files.iter_mut().filter(|file| file.role == Role::Image) {
        for keyword in ["BodyPartExamined", "PatientPosition", "StudyTime", "AccessionNumber"] {
            let _ = file.data.remove(keyword);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    phantom.write(folder.path()).unwrap();
    let said = load(folder.path(), &ExportOptions::default()).unwrap();
    let (_folder, none) = case(&rt_phantom::demo::case().image(None));
    let out = tempfile::tempdir().unwrap();
    let file = |series: &Series<'_>, at: usize| {
        let path = out.path().join("one.dcm");
        part10::write(&series.instance(at).unwrap(), &path).unwrap();
        path
    };
    for case in [&said, &none] {
        let wash = case.wash(&wash_options(case)).unwrap().value;
        assert_eq!(errors(&file(&wash, 3)), Vec::<String>::new());
        let isodose = case.isodose(&isodose_options(case)).unwrap();
        assert_eq!(errors(&file(&isodose, 0)), Vec::<String>::new());
        let many = case.wash_multi_frame(&wash_options(case)).unwrap().value;
        assert_eq!(errors(&file(&many, 0)), Vec::<String>::new());
    }
    assert_eq!(errors(&file(&said.quant(&QuantOptions::default()).unwrap(), 0)), Vec::<String>::new());
}
