//! Products of a case as large as a clinical one: 150 slices of 512 x 512 pixels, a dose of 200 x 150 x 154
//! voxels.

use criterion::{Criterion, criterion_group, criterion_main};
use rayon::prelude::*;
use rt_draw::draw::palette::Palette;
use rt_draw::outlines::RoiChoice;
use rt_draw::style::PictureStyle;
use rt_export::case::{ExportCase, ExportOptions};
use rt_export::quant::QuantOptions;
use rt_export::series::Series;
use rt_export::wash::WashOptions;
use rt_model::frame::PatientPoint;
use rt_model::matching::{Duplicates, MatchOptions, match_cases};
use rt_model::read::{ScanOptions, scan};
use rt_model::units::{Gy, Mm};
use rt_phantom::case::{CaseBuilder, DoseSpec, ImageSpec};
use rt_phantom::{GaussianDose, GridSpec};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

fn write(folder: &Path) {
    let image = ImageSpec {
        planes: (0..150).map(|k| f64::from(k) * 2.5 - 186.25).collect(),
        pixels: 512,
        spacing: 0.9765625,
        thickness: 2.5,
        hounsfield: Arc::new(
            |point| if point.x.hypot(point.y) < 160.0 { (point.x * 0.5) as i16 } else { -1000 },
        ),
        ..ImageSpec::default()
    };
    let field = GaussianDose { centre: PatientPoint::new(10.0, -5.0, 2.0), peak: Gy(66.0), sigma: Mm(60.0) };
    let grid = GridSpec::covering(
        PatientPoint::new(-249.0, -187.0, -191.0),
        PatientPoint::new(248.5, 185.5, 191.5),
        2.5,
    );
    let dose = DoseSpec { field: Arc::new(field), grid, ..DoseSpec::default() };
    CaseBuilder::new("export bench").image(Some(image)).dose(dose).write(folder).expect("the case");
}

fn load(folder: &Path) -> ExportCase {
    let inventory = scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(()))
        .expect("a folder");
    let matched = match_cases(&inventory, &Duplicates::default(), &MatchOptions::default());
    ExportCase::load(&matched.cases[0], &inventory, &ExportOptions::default()).expect("a case")
}

/// Makes every instance, as many at a time as there are threads.
fn make_all(series: &Series<'_>) -> u64 {
    (0..series.len()).into_par_iter().map(|at| series.instance(at).expect("an instance").body.len()).sum()
}

fn products(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path());
    criterion.bench_function("export/load", |bench| bench.iter(|| load(folder.path())));
    let case = load(folder.path());
    criterion.bench_function("export/quant", |bench| {
        bench.iter(|| make_all(&case.quant(&QuantOptions::default()).expect("a series")))
    });
    let labels = case.labels();
    let style = PictureStyle {
        levels: Palette::Standard.levels(labels.maximum, labels.prescription),
        unit: labels.unit,
        opacity: 0.4,
        lines: true,
        outlines: true,
    };
    let options = WashOptions { style, window: None, rois: RoiChoice::Targets, all_slices: true };
    criterion.bench_function("export/wash", |bench| {
        bench.iter(|| make_all(&case.wash(&options).expect("a series").value))
    });
}

criterion_group! { name = whole; config = Criterion::default().sample_size(10); targets = products }
criterion_main!(whole);
