//! The whole import as a library call: scan, match, compute, store, into a new SQLite database each time.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rt_import::config::{Layer, Settings};
use rt_import::pipeline::{self, Job};
use std::path::{Path, PathBuf};

fn job(folder: &Path, database: &Path) -> Job {
    let mut layer = Layer::defaults();
    layer.database.url = Some(format!("sqlite:{}", database.display()));
    let settings = Settings::new(&layer).expect("settings");
    Job::new(vec![folder.to_owned()], settings, false, Default::default())
}

fn import(criterion: &mut Criterion, name: &str, folder: &Path) {
    criterion.bench_function(name, |bench| {
        bench.iter_batched(
            || tempfile::tempdir().expect("a folder"),
            |store| {
                let finished = pipeline::run(job(folder, &store.path().join("dvh.sqlite"))).expect("a run");
                assert!(finished.ended.is_none());
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
