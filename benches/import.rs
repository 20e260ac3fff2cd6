//! The whole import as a library call: scan, match, compute, store, into a new SQLite database each time.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use dosebridge_benches::importing;
use std::path::{Path, PathBuf};

fn import(criterion: &mut Criterion, name: &str, folder: &Path) {
    criterion.bench_function(name, |bench| {
        bench.iter_batched(
            || tempfile::tempdir().expect("a folder"),
            |store| {
                let url = format!("sqlite:{}", store.path().join("dvh.sqlite").display());
                assert!(importing::import(folder, Some(&url), None) > 0);
                store
            },
            BatchSize::PerIteration,
        );
    });
}

fn imports(criterion: &mut Criterion) {
    let demo = tempfile::tempdir().expect("a folder");
    rt_phantom::demo::write(demo.path()).expect("the demo case");
    import(criterion, "import/demo", demo.path());
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if shared.is_dir() {
        import(criterion, "import/shared data", &shared);
    } else {
        println!("skipped: no shared data at {}", shared.display());
    }
}

criterion_group! { name = whole; config = Criterion::default().sample_size(10); targets = imports }
criterion_main!(whole);
