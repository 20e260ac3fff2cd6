//! Cases written to a folder and loaded for export.

use rt_draw::draw::palette::Palette;
use rt_draw::outlines::RoiChoice;
use rt_draw::style::PictureStyle;
use rt_dvh::DvhOptions;
use rt_export::case::{ExportCase, ExportOptions};
use rt_export::case_report::ReportOptions;
use rt_export::error::ExportError;
use rt_export::isodose_set::{Holes, IsodoseOptions};
use rt_export::part10;
use rt_export::series::{Series, Syntax};
use rt_export::wash::WashOptions;
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::matching::{MatchOptions, match_cases};
use rt_model::read::{ReadOptions, ScanOptions, compare_duplicates, scan};
use rt_phantom::case::CaseBuilder;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub(crate) fn load(folder: &Path, options: &ExportOptions) -> Result<ExportCase, ExportError> {
    load_matched(folder, &MatchOptions::default(), options)
}

pub(crate) fn load_matched(
    folder: &Path,
    matching: &MatchOptions,
    options: &ExportOptions,
) -> Result<ExportCase, ExportError> {
    let inventory =
        scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap();
    let duplicates = compare_duplicates(&inventory, &ReadOptions::default());
    let matched = match_cases(&inventory, &duplicates, matching);
    assert_eq!(matched.cases.len(), 1);
    ExportCase::load(&matched.cases[0], &inventory, options)
}

/// The case of a builder, written into a folder of its own.
pub(crate) fn case(builder: &CaseBuilder) -> (tempfile::TempDir, ExportCase) {
    let folder = tempfile::tempdir().unwrap();
    builder.write(folder.path()).unwrap();
    let case = load(folder.path(), &ExportOptions::default()).unwrap();
    (folder, case)
}

pub(crate) fn wash_options(case: &ExportCase) -> WashOptions {
    let labels = case.labels();
    WashOptions {
        style: PictureStyle {
            levels: Palette::Standard.levels(labels.maximum, labels.prescription),
            unit: labels.unit,
            opacity: 0.4,
            lines: true,
            outlines: true,
        },
        window: None,
        rois: RoiChoice::Targets,
        all_slices: false,
    }
}

pub(crate) fn isodose_options(case: &ExportCase) -> IsodoseOptions {
    IsodoseOptions { levels: wash_options(case).style.levels, holes: Holes::Separate, short_names: false }
}

pub(crate) fn report_options(case: &ExportCase) -> ReportOptions {
    let metrics = ["D95%", "D2%", "Mean"].map(|metric| metric.parse().unwrap()).to_vec();
    ReportOptions { pictures: wash_options(case), dvh: DvhOptions::preset("dosebridge-2").unwrap(), metrics }
}

/// Writes every instance of a series and gives the files.
pub(crate) fn write(series: &Series<'_>, syntax: Syntax, folder: &Path) -> Vec<PathBuf> {
    let file = |at: usize| {
        let path = folder.join(format!("{}-{at:04}-{syntax:?}.dcm", series.name()));
        part10::write(&series.instance_as(at, syntax).unwrap(), &path).unwrap();
        path
    };
    (0..series.len()).map(file).collect()
}

/// The text of an element of an instance in explicit VR, by the four bytes of its tag.
pub(crate) fn attribute(instance: &EncodedInstance, tag: [u8; 4]) -> String {
    let Body::Bytes(data) = &instance.body else { unreachable!("products are made in memory") };
    let at = data.windows(4).position(|four| four == tag).expect("the element is there");
    let length = usize::from(u16::from_le_bytes([data[at + 6], data[at + 7]]));
    String::from_utf8_lossy(&data[at + 8..at + 8 + length]).trim_matches(['\0', ' ']).to_owned()
}
