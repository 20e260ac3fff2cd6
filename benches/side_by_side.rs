//! This engine and other tools alternately on the same machine in the same run: times, ratios, errors.
//!
//!     <shared>/peers/setup.sh FOLDER
//!     cargo build --release -p rt-import
//!     cargo bench -p dosebridge-benches --bench side_by_side -- FOLDER [ROUNDS]
//!
//! Compute only: dicompyler-core's `get_dvh` for each ROI from parsed data sets, against volume models and
//! DVHs of all ROIs. Whole process: `plastimatch dvh` on a folder, against `rt-import dvh` on the same files.
//! Errors are against the exact slab stack.

use rayon::prelude::*;
use rt_dvh::{Band, Dvh, DvhOptions, MetricContext, bands, compute};
use rt_geometry::stack::{Between, RoiStack, StructurePlanes};
use rt_model::dose::DoseGrid;
use rt_model::read::{ReadOptions, read_dose, read_structure_set};
use rt_model::structure_set::{Roi, StructureSet};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Our own turns, being short, come so often in each round.
const OUR_TURNS: usize = 20;

/// The solids and the columns of the table of errors: our metric, the name in the truth files, the heading.
const SOLIDS: [&str; 5] = ["sphere_r12", "cyl_axial", "cyl_rot", "cone_axial", "cone_rot"];
const COLUMNS: [(&str, &str, &str); 6] = [
    ("", "volume_cc", "V %"),
    ("Mean", "Dmean", "mean"),
    ("D95%", "D95", "D95"),
    ("D5%", "D5", "D5"),
    ("D0.03cc", "D0_03cc", "D0.03cc"),
    ("Max", "Dmax", "max"),
];

/// Metrics by ROI and by the names of the truth files.
type Found = BTreeMap<String, BTreeMap<String, f64>>;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(folder) =
        arguments.next().map(PathBuf::from).filter(|folder| folder.join("run_peers.py").is_file())
    else {
        println!("skipped: expected the folder that peers/setup.sh made as the argument");
        return;
    };
    let rounds = arguments.next().map_or(3, |rounds| rounds.parse().expect("a number of rounds"));
    let folder = folder.canonicalize().expect("a folder");
    let clinical = folder.join("data/clinical");
    times(&folder, &clinical, rounds);
    println!("\n## Worst absolute error against the slab stack\n");
    heading("set | tool |");
    for spacing in [1, 2, 3] {
        let set = folder.join(format!("data/analytic/dz{spacing}"));
        for tool in ["DoseBridge", "dicompyler-core", "plastimatch", "label map x4"] {
            let mut worst = [0.0f64; COLUMNS.len()];
            for axis in ["y", "z"] {
                let dose = folder.join(format!("data/analytic/dose/RD_{axis}_g{spacing}.dcm"));
                let found = if tool == "DoseBridge" {
                    ours(&set, &dose).found()
                } else {
                    peer(&folder, tool, &set, &dose).1
                };
                let truth = &json(&set.join("truth.json"))["truth"][format!("grad_{axis}")];
                errors(&found, truth, "prism", |roi| SOLIDS.contains(&roi), &mut worst);
            }
            row(&format!("{spacing}/{spacing} mm | {tool}"), &worst);
        }
    }
}

/// Times on the clinical case, and its errors.
fn times(folder: &Path, clinical: &Path, rounds: usize) {
    let dose = clinical.join("RD.dcm");
    let program = std::env::current_exe().expect("this program").with_file_name("").join("../rt-import");
    let case = ours(clinical, &dose);
    let options = DvhOptions::preset("dosebridge-2").expect("a preset");
    let shaped = DvhOptions { between: Between::Interpolated, ..options.clone() };
    let mut seconds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut errors_of: BTreeMap<&str, Found> = BTreeMap::from([("DoseBridge", case.found())]);
    for _ in 0..rounds {
        for _ in 0..OUR_TURNS {
            seconds.entry("DoseBridge, compute").or_default().push(timed(|| drop(case.dvhs(&options))));
            seconds.entry("DoseBridge, process").or_default().push(timed(|| {
                let mut command = Command::new(&program);
                command.args(["dvh", "--structures"]).arg(clinical.join("RS.dcm")).arg("--dose").arg(&dose);
                let done = command.stdout(Stdio::null()).status().expect("rt-import, built with --release");
                assert!(done.success(), "rt-import: {done}");
            }));
        }
        seconds
            .entry("DoseBridge, bands of five metrics")
            .or_default()
            .push(timed(|| drop(case.bands(&options))));
        seconds
            .entry("DoseBridge, compute, shape-based between planes")
            .or_default()
            .push(timed(|| drop(case.dvhs(&shaped))));
        for (tool, name) in
            [("dicompyler-core", "dicompyler-core, compute"), ("plastimatch", "plastimatch, process")]
        {
            let (time, found) = peer(folder, tool, clinical, &dose);
            seconds.entry(name).or_default().push(time);
            errors_of.insert(tool, found);
        }
    }
    println!("## Clinical case, {} ROIs, {} threads\n", case.set.rois.len(), rayon::current_num_threads());
    println!("| | best, ms | median, ms |\n|---|---|---|");
    let mut best = BTreeMap::new();
    for (name, runs) in &mut seconds {
        runs.sort_by(f64::total_cmp);
        println!("| {name} | {:.1} | {:.1} |", 1e3 * runs[0], 1e3 * runs[runs.len() / 2]);
        best.insert(*name, (runs[0], runs[runs.len() / 2]));
    }
    for (theirs, ours) in
        [("dicompyler-core, compute", "DoseBridge, compute"), ("plastimatch, process", "DoseBridge, process")]
    {
        let ((a, am), (b, bm)) = (best[theirs], best[ours]);
        println!("\n{theirs} / {ours}: {:.0} x (best), {:.0} x (medians)", a / b, am / bm);
    }
    println!(
        "\n## Clinical case: worst absolute error over all ROIs but the ring; the ring's D0.03cc is the truth's\n"
    );
    heading("tool |");
    let truth = &json(&clinical.join("truth.json"))["truth"]["dose"];
    for (tool, found) in errors_of {
        let mut worst = [0.0f64; COLUMNS.len()];
        errors(&found, truth, "prism_grid", |roi| roi != "PTV_ring", &mut worst);
        row(tool, &worst);
    }
}

/// A case read from its files.
struct Case {
    set: StructureSet,
    dose: DoseGrid,
}

fn ours(case: &Path, dose: &Path) -> Case {
    let set =
        read_structure_set(&case.join("RS.dcm"), &ReadOptions::default()).expect("a structure set").value;
    let dose = read_dose(dose, &ReadOptions::default()).expect("a dose").value.grid.expect("a dose grid");
    Case { set, dose }
}

impl Case {
    /// Volume models and DVHs of all ROIs.
    fn dvhs(&self, options: &DvhOptions) -> Vec<(&str, Dvh)> {
        let planes = StructurePlanes::of(&self.set.rois);
        let dvh = |roi| {
            RoiStack::build(roi, &options.stack(planes.neighbours_of(roi)))
                .ok()
                .and_then(|stack| compute(&stack.value, &self.dose, options).ok())
        };
        self.set.rois.par_iter().filter_map(|roi| Some((roi.name.as_str(), dvh(roi)?.value))).collect()
    }

    /// The same with the bands of a few metrics.
    fn bands(&self, options: &DvhOptions) -> Vec<Vec<Band>> {
        let planes = StructurePlanes::of(&self.set.rois);
        let asked =
            ["Mean", "D95%", "V20Gy", "V20Gy[cc]", "D0.03cc"].map(|metric| metric.parse().expect("a metric"));
        let of = |roi: &Roi| {
            let neighbours = planes.neighbours_of(roi);
            let stack = RoiStack::build(roi, &options.stack(neighbours)).ok()?.value;
            let dvh = compute(&stack, &self.dose, options).ok()?.value;
            Some(bands(&dvh, roi, neighbours, &self.dose, &asked, &MetricContext::default()))
        };
        self.set.rois.par_iter().filter_map(of).collect()
    }

    fn found(&self) -> Found {
        let context = MetricContext::default();
        let metric = |dvh: &Dvh, name: &str| dvh.evaluate(&name.parse().expect("a metric"), &context).value;
        let metrics = |dvh: &Dvh| {
            let value = |name: &str| if name.is_empty() { Some(dvh.volume().0) } else { metric(dvh, name) };
            COLUMNS
                .iter()
                .filter_map(|(ours, theirs, _)| Some(((*theirs).to_owned(), value(ours)?)))
                .collect()
        };
        let options = DvhOptions::preset("dosebridge-2").expect("a preset");
        self.dvhs(&options).iter().map(|(name, dvh)| ((*name).to_owned(), metrics(dvh))).collect()
    }
}

/// Another tool's time, as its runner takes it, and its metrics.
fn peer(folder: &Path, tool: &str, case: &Path, dose: &Path) -> (f64, Found) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("side_by_side/peer.py");
    let mut command = Command::new(folder.join("venv/bin/python"));
    command
        .arg(script)
        .arg(folder)
        .arg(tool)
        .arg(case)
        .arg(dose)
        .current_dir(folder)
        .stderr(Stdio::inherit());
    let answer = command.output().expect("the other tools' Python");
    let reported = String::from_utf8_lossy(&answer.stdout);
    let last = reported.lines().last().unwrap_or_else(|| panic!("{tool} printed nothing"));
    let reported: Value =
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{tool}: {error}: {last}"));
    let numbers = |metrics: &Value| {
        let pairs = metrics.as_object().into_iter().flatten();
        pairs.filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))).collect()
    };
    let rois = reported["rois"].as_object().into_iter().flatten();
    (
        reported["seconds"].as_f64().expect("seconds"),
        rois.map(|(name, metrics)| (name.clone(), numbers(metrics))).collect(),
    )
}

/// Raises `worst` to the largest errors: of the volume in percent, of doses in Gy. What a tool does not find
/// is infinitely wrong.
fn errors(
    found: &Found,
    truth: &Value,
    model: &str,
    counts: impl Fn(&str) -> bool,
    worst: &mut [f64; COLUMNS.len()],
) {
    for (roi, truth) in truth.as_object().into_iter().flatten().filter(|(roi, _)| counts(roi)) {
        for (column, (_, name, _)) in COLUMNS.iter().enumerate() {
            let Some(expected) = truth[model][name].as_f64() else { continue };
            let value =
                found.get(roi).and_then(|metrics| metrics.get(*name)).copied().unwrap_or(f64::INFINITY);
            let error =
                if *name == "volume_cc" { 100.0 * (value / expected - 1.0) } else { value - expected };
            worst[column] = worst[column].max(error.abs());
        }
    }
}

fn heading(first: &str) {
    let titles: Vec<&str> = COLUMNS.iter().map(|(_, _, title)| *title).collect();
    println!("| {first} {} |", titles.join(" | "));
    println!("|{}", "---|".repeat(first.matches('|').count() + COLUMNS.len()));
}

fn row(first: &str, worst: &[f64]) {
    println!(
        "| {first} | {} |",
        worst.iter().map(|error| format!("{error:.4}")).collect::<Vec<_>>().join(" | ")
    );
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn json(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
