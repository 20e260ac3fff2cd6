//! Reading: a structure set of 25 MB, a dose of 40 MB, and the scan of a folder with 300 CT slices.
//!
//! Aims on two cores, files in the page cache: 60 ms, 40 ms and 100 ms.

use criterion::{Criterion, criterion_group, criterion_main};
use dosebridge_benches::reading;
use rt_model::read::{ReadOptions, ScanOptions, read_dose, read_structure_set, scan};
use std::hint::black_box;
use std::ops::ControlFlow;

fn read(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = reading::write(folder.path());
    let options = ReadOptions::default();
    let mut group = c.benchmark_group("read");
    group.sample_size(20);
    group.bench_function("structure set, 25 MB", |b| {
        b.iter(|| black_box(read_structure_set(&case.structure_set, &options)))
    });
    group.bench_function("dose, 40 MB", |b| b.iter(|| black_box(read_dose(&case.dose, &options))));
    let paths = [folder.path().to_owned()];
    group.bench_function("scan, 300 CT and RT files", |b| {
        b.iter(|| black_box(scan(&paths, &ScanOptions::default(), &|_| ControlFlow::Continue(()))))
    });
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
