//! Many cases at once: cases per second without a database, with SQLite and with MariaDB, the memory at its
//! peak, how busy the processors are, and the processor time that a case takes of the program and of the
//! server: what the machine's load hardly changes.
//! `-- 200` says how many cases (default 1,000), `-- department` that they are of the size that a
//! department's are (9 MB each in the temporary folder) instead of small (0.7 MB). Storing costs by ROI and
//! curve, computing by contour points and dose cells too: small cases show the database, cases of usual size
//! what a department sees.
//!
//! Every store runs three times, by turns with the runs without a database, and the best of each counts:
//! machines are noisy.

use dosebridge_benches::importing;
use rayon::prelude::*;
use rt_model::frame::PatientPoint;
use rt_model::units::Mm;
use rt_phantom::case::{BeamSpec, CaseBuilder, DoseSpec, GantryArc, ImageSpec, PlanSpec};
use rt_phantom::{Contouring, Cylinder, GaussianDose, GridSpec, Sphere, Tube};
use rt_testkit::mariadb::{PASSWORD, Server};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A case of twelve ROIs without targets, a dose of 61 x 61 x 61 voxels and 30 small slices.
fn small(number: usize) -> CaseBuilder {
    let drawn = Contouring { points: 90, ..Contouring::every(3.0) };
    let place =
        |k: usize| PatientPoint::new(8.0 * (k as f64 - 5.0), 5.0 * (number % 7) as f64, 3.0 * (k % 4) as f64);
    let spheres = (0..8).map(|k| {
        drawn.draw(
            &Sphere { centre: place(k), radius: Mm(12.0 + 3.0 * k as f64) },
            k as i32 + 1,
            &format!("organ {k}"),
        )
    });
    let tube = |k: usize| Tube { centre: place(k), radius: Mm(30.0), hole: Mm(12.0), height: Mm(60.0) };
    let tubes = (8..12).map(|k| drawn.draw(&tube(k), k as i32 + 1, &format!("ring {k}")));
    CaseBuilder::new(format!("scale {number}"))
        .rois(spheres.chain(tubes))
        .dose(dose(place(5), 3.0, [90.0, 90.0, 90.0]))
        .image(Some(images(30, 6.0)))
}

/// A case of 24 ROIs, three of them targets, two arcs, a dose of 145 x 113 x 105 voxels of 2.5 mm with 32
/// bits, and 100 small slices.
fn department(number: usize) -> CaseBuilder {
    let drawn = Contouring { points: 200, ..Contouring::every(3.0) };
    let shift = 3.0 * (number % 7) as f64;
    let at = |x: f64, y: f64, z: f64| PatientPoint::new(x, y + shift, z);
    let sphere = |radius: f64, centre: PatientPoint| Sphere { centre, radius: Mm(radius) };
    let mut rois = vec![
        drawn.draw(
            &Cylinder { centre: at(0.0, -10.0, 0.0), radius: Mm(120.0), height: Mm(240.0) },
            1,
            "BODY",
        ),
        drawn.draw(&sphere(35.0, at(20.0, 0.0, 0.0)), 2, "PTV"),
        drawn.draw(&sphere(28.0, at(20.0, 0.0, 0.0)), 3, "CTV"),
        drawn.draw(&sphere(20.0, at(20.0, 0.0, 0.0)), 4, "GTV"),
        drawn.draw(
            &Tube { centre: at(20.0, 0.0, 0.0), radius: Mm(55.0), hole: Mm(40.0), height: Mm(70.0) },
            5,
            "ring",
        ),
        drawn.draw(&Cylinder { centre: at(0.0, 60.0, 0.0), radius: Mm(7.0), height: Mm(220.0) }, 6, "cord"),
        drawn.draw(&sphere(50.0, at(-60.0, 0.0, 20.0)), 7, "lung"),
    ];
    for (roi, kind) in rois.iter_mut().zip(["EXTERNAL", "PTV", "CTV", "GTV"]) {
        roi.interpreted_type = Some(kind.to_owned());
    }
    rois.extend((8..25).map(|k| {
        let turn = 0.7 * f64::from(k);
        let centre = at(60.0 * turn.cos(), 50.0 * turn.sin(), 8.0 * f64::from(k - 16));
        drawn.draw(&sphere(8.0 + 1.3 * f64::from(k - 8), centre), k, &format!("organ {k}"))
    }));
    let arc = |number, gantry, stop, clockwise| BeamSpec {
        gantry,
        arc: Some(GantryArc { stop, clockwise, control_points: 90 }),
        ..BeamSpec::fixed(number, 0.5)
    };
    CaseBuilder::new(format!("department {number}"))
        .plan(PlanSpec {
            beams: vec![arc(1, 181.0, 179.0, true), arc(2, 179.0, 181.0, false)],
            ..PlanSpec::default()
        })
        .rois(rois)
        .dose(DoseSpec { bits: 32, ..dose(at(20.0, 0.0, 0.0), 2.5, [180.0, 140.0, 130.0]) })
        .image(Some(images(100, 3.0)))
}

/// A dose of 60 Gy at `centre` that covers so many mm to both sides.
fn dose(centre: PatientPoint, spacing: f64, [x, y, z]: [f64; 3]) -> DoseSpec {
    let (low, high) = (PatientPoint::new(-x, -y, -z), PatientPoint::new(x, y, z));
    DoseSpec {
        field: Arc::new(GaussianDose { centre, peak: rt_model::units::Gy(60.0), sigma: Mm(40.0) }),
        grid: GridSpec::covering(low, high, spacing),
        ..DoseSpec::default()
    }
}

fn images(slices: usize, spacing: f64) -> ImageSpec {
    let planes = (0..slices).map(|k| (k as f64 - 0.5 * (slices as f64 - 1.0)) * spacing).collect();
    ImageSpec { planes, pixels: 32, spacing, ..ImageSpec::default() }
}

/// MariaDB's own default. The tests' servers have a small one, which costs a server twice the work: it must
/// write pages out whenever its log is full.
const DEFAULT_LOG: &str = "--innodb-log-file-size=96M";

struct Run {
    per_second: f64,
    peak_mib: f64,
    busy: f64,
    program_ms: f64,
    server_ms: f64,
}

fn run(folder: &Path, url: Option<&str>, server: Option<u32>, count: usize) -> Run {
    reset_peak();
    let of_server = || server.map_or(0.0, |id| cpu_seconds(&id.to_string()));
    let (begun, program, serving) = (Instant::now(), cpu_seconds("self"), of_server());
    let stored = importing::import(folder, url, Some(PASSWORD));
    let elapsed = begun.elapsed().as_secs_f64();
    assert_eq!(stored, count);
    let (program, serving) = (cpu_seconds("self") - program, of_server() - serving);
    Run {
        per_second: count as f64 / elapsed,
        peak_mib: peak_mib(),
        busy: (program + serving) / elapsed,
        program_ms: 1e3 * program / count as f64,
        server_ms: 1e3 * serving / count as f64,
    }
}

/// Linux keeps the peak of a process's memory and takes 5 for "begin anew".
fn reset_peak() {
    // Elsewhere the figure is missing.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}

/// Processor time of a process, in user and system mode; Linux counts in hundredths of a second.
fn cpu_seconds(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 =
        after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

fn show(name: &str, run: &Run) {
    let Run { per_second, peak_mib, busy, program_ms, server_ms } = run;
    println!(
        "{name:12} {per_second:8.1} cases/s {peak_mib:8.0} MiB at peak {busy:6.2} processors busy; \
         a case takes {program_ms:.1} ms of the program and {server_ms:.1} ms of the server"
    );
}

fn main() {
    let count = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1000);
    let case = if std::env::args().any(|argument| argument == "department") { department } else { small };
    rustls::crypto::ring::default_provider().install_default().expect("a provider");
    let folder = tempfile::tempdir().expect("a folder");
    let cases = folder.path().join("in");
    (0..count).into_par_iter().for_each(|number| {
        case(number).write(&cases.join(format!("{number:04}"))).expect("a case");
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a thread");
    let server = Server::alone_with(vec![DEFAULT_LOG.to_owned()]);
    let mut best: [Option<Run>; 3] = [None, None, None];
    for turn in 0..3 {
        let sqlite = format!("sqlite:{}", folder.path().join(format!("{turn}.sqlite")).display());
        let mysql = server.as_ref().map(|server| server.url(&runtime.block_on(server.new_database())));
        for (at, (name, url)) in
            [("no database", None), ("SQLite", Some(sqlite)), ("MariaDB", mysql)].into_iter().enumerate()
        {
            if name == "MariaDB" && url.is_none() {
                continue;
            }
            let server = server.as_ref().filter(|_| name == "MariaDB").map(|server| server.id());
            let run = run(&cases, url.as_deref(), server, count);
            show(name, &run);
            if best[at].as_ref().is_none_or(|best| run.per_second > best.per_second) {
                best[at] = Some(run);
            }
        }
    }
    println!("best of three, {count} cases:");
    let alone = best[0].as_ref().map_or(f64::NAN, |run| run.per_second);
    for (name, run) in ["no database", "SQLite", "MariaDB"].into_iter().zip(&best) {
        if let Some(run) = run {
            show(name, run);
            println!(
                "{:12} {:8.1} % of the throughput without a database",
                "",
                100.0 * run.per_second / alone
            );
        }
    }
}
