//! The engine by stages and as a whole: volume models, coverage of one plane, one ROI by size and by points,
//! all ROIs of a case.
//!
//! Throughput is stated per dose cell inside the ROI, or per point of its contours: where a cost is linear,
//! it stays the same from size to size.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use rt_dvh::{DvhOptions, compute};
use rt_geometry::coverage::Coverage;
use rt_geometry::coverage::lattice::AlignedGrid;
use rt_geometry::stack::{RoiStack, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::frame::{GridPoint, PatientPoint, PatientVector};
use rt_model::grid::GridGeometry;
use rt_model::read::{ReadOptions, read_dose, read_structure_set};
use rt_model::structure_set::Roi;
use rt_model::units::{Gy, Mm};
use rt_phantom::case::Role;
use rt_phantom::{Contouring, DoseField, GaussianDose, Sphere};
use std::hint::black_box;
use std::path::{Path, PathBuf};

fn options() -> DvhOptions {
    DvhOptions::preset("dosebridge-2").expect("a preset")
}

/// A Gaussian dose on 2.5 mm voxels around the origin, 200 mm to each side.
fn dose() -> DoseGrid {
    let (x, y) = (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, 1.0, 0.0));
    let offsets = (0..161).map(|k| 2.5 * f64::from(k)).collect();
    let geometry =
        GridGeometry::new(PatientPoint::new(-200.0, -200.0, -200.0), x, y, [Mm(2.5); 2], [161; 2], offsets)
            .expect("a grid");
    let field = GaussianDose { centre: PatientPoint::new(3.0, -5.0, 2.0), peak: Gy(70.0), sigma: Mm(40.0) };
    let mut voxels = Vec::with_capacity(geometry.voxel_count());
    for k in 0..161 {
        for j in 0..161 {
            for i in 0..161 {
                let point = geometry.patient_from_grid(GridPoint {
                    i: f64::from(i),
                    j: f64::from(j),
                    k: f64::from(k),
                });
                voxels.push(field.at(point).0 as f32);
            }
        }
    }
    DoseGrid::new(geometry, voxels, Gy(0.0)).expect("a dose")
}

/// A sphere with contours of this many points, every 3 mm.
fn sphere(radius: f64, points: usize) -> Roi {
    let shape = Sphere { centre: PatientPoint::new(1.0, 2.0, 0.5), radius: Mm(radius) };
    Contouring { points, ..Contouring::every(3.0) }.draw(&shape, 1, "sphere")
}

fn points(roi: &Roi) -> u64 {
    roi.contours.iter().map(|contour| contour.points.len() as u64).sum()
}

/// By size, points in proportion to the radius: cost for each cell. By points: cost for each point.
fn stages(criterion: &mut Criterion) {
    let (options, dose) = (options(), dose());
    let built = |roi: &Roi| RoiStack::build(roi, &options.stack(None)).expect("a volume").value;
    let mut group = criterion.benchmark_group("cells");
    for radius in [10.0, 20.0, 40.0, 80.0, 160.0] {
        let stack = built(&sphere(radius, 10 * radius as usize));
        group.throughput(Throughput::Elements((stack.volume().0 * 1000.0 / 2.5f64.powi(3)) as u64));
        group.bench_with_input(BenchmarkId::new("compute", radius), &stack, |bench, stack| {
            bench.iter(|| compute(black_box(stack), &dose, &options));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("points");
    for count in [50, 200, 800, 3200, 12_800] {
        let roi = sphere(40.0, count);
        let stack = built(&roi);
        group.throughput(Throughput::Elements(points(&roi)));
        group.bench_with_input(BenchmarkId::new("stack", count), &roi, |bench, roi| {
            bench.iter(|| RoiStack::build(black_box(roi), &options.stack(None)));
        });
        let grid = AlignedGrid::new(dose.geometry(), *stack.frame()).expect("an aligned grid");
        let [columns, rows, _] = grid.nodes();
        group.bench_with_input(BenchmarkId::new("coverage", count), &stack, |bench, stack| {
            let mut coverage = Coverage::default();
            bench.iter(|| {
                for slab in black_box(stack).slabs() {
                    coverage.trace(grid.edges(&slab.region, slab.plane), [columns, rows]);
                }
                coverage.area()
            });
        });
        group.bench_with_input(BenchmarkId::new("compute", count), &stack, |bench, stack| {
            bench.iter(|| compute(black_box(stack), &dose, &options));
        });
    }
    group.finish();
}

/// Volume models and DVHs of all ROIs of a case, ROIs and their chunks spread over the cores.
fn case(criterion: &mut Criterion, name: &str, structures: &Path, dose: &Path) {
    let set = read_structure_set(structures, &ReadOptions::default()).expect("a structure set").value;
    let grid = read_dose(dose, &ReadOptions::default()).expect("a dose").value.grid.expect("a dose grid");
    let options = options();
    criterion.bench_function(&format!("case/{name}"), |bench| {
        bench.iter(|| {
            let planes = StructurePlanes::of(&set.rois);
            let built = set
                .rois
                .par_iter()
                .filter_map(|roi| RoiStack::build(roi, &options.stack(planes.neighbours_of(roi))).ok());
            built
                .map(|stack| compute(&stack.value, &grid, &options).expect("a DVH").value)
                .collect::<Vec<_>>()
        });
    });
}

fn cases(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = rt_phantom::demo::write(folder.path()).expect("the demo case");
    let file = |role| demo.path(role).expect("the demo has it").to_owned();
    case(criterion, "demo", &file(Role::StructureSet), &file(Role::Dose));
    let clinical = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/peers/data/clinical");
    if clinical.is_dir() {
        case(criterion, "clinical, 36 ROIs", &clinical.join("RS.dcm"), &clinical.join("RD.dcm"));
    } else {
        println!("skipped: no shared data at {}", clinical.display());
    }
}

criterion_group! { name = engine; config = Criterion::default().sample_size(20); targets = stages, cases }
criterion_main!(engine);
