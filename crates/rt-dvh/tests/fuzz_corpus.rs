//! Replays the fuzz corpus of the engine and every regression on stable Rust.

#[path = "../../../fuzz/library.rs"]
mod library;

use rt_testkit::corpus;

type Target = (&'static str, fn(&[u8]));
const TARGETS: [Target; 2] = [("dvh_of_contours", library::volume), ("read_metric", library::metric)];

/// A sphere, a box with a hole and a keyhole in a dose that rises, in every volume model, with and without
/// bands.
fn volumes() -> Vec<(String, Vec<u8>)> {
    let number = |value: f64| ((value * 16.0) as i16).to_le_bytes();
    let mut seeds = Vec::new();
    for (flags, name) in (0..8u8)
        .map(|model| (model << 1, format!("model-{model}")))
        .chain([(64, "bands".into()), (64 + 2 + 4, "bands-shape-based".into())])
    {
        for shape in ["sphere", "hole", "keyhole"] {
            // 6 by 6 by 6 voxels of 4 mm from -10 mm on.
            let mut bytes = vec![flags, 5, 5, 5];
            [-10.0, -10.0, -10.0].iter().for_each(|at| bytes.extend(number(*at)));
            bytes.extend([64, 64, 64, 64, 64, 64, 64]);
            bytes.extend((0..216u16).map(|at| (at % 6 * 10) as u8));
            let mut contours: Vec<(f64, Vec<[f64; 2]>)> = Vec::new();
            for z in [-4.0, -1.0, 2.0, 5.0f64] {
                let square = |half: f64| vec![[-half, -half], [half, -half], [half, half], [-half, half]];
                match shape {
                    "sphere" => {
                        let radius = (49.0 - z * z).sqrt();
                        let turn = |n: u8| (f64::from(n) * std::f64::consts::TAU / 20.0).sin_cos();
                        contours
                            .push((z, (0..20).map(turn).map(|(y, x)| [radius * x, radius * y]).collect()));
                    }
                    "hole" => contours.extend([(z, square(6.0)), (z, square(3.0))]),
                    _ => {
                        let mut ring = square(6.0);
                        ring.push(ring[0]);
                        let inner = square(3.0);
                        ring.push(inner[0]);
                        ring.extend(inner.into_iter().rev());
                        contours.push((z, ring));
                    }
                }
            }
            bytes.push(contours.len() as u8);
            for (z, points) in contours {
                bytes.push(2);
                bytes.extend(number(z));
                bytes.push(points.len() as u8);
                points.iter().flatten().for_each(|at| bytes.extend(number(*at)));
            }
            bytes.push(48);
            seeds.push((format!("{shape}-{name}"), bytes));
        }
    }
    seeds
}

fn metrics() -> Vec<(String, Vec<u8>)> {
    ["D95%", "D2cc[%]", "DC700cc", "V20Gy[cc]", "CV95%", "Mean[EQD2]", "gEUD(a=-8)[BED]", "HI", "PCI"]
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("metric-{at}"), text.as_bytes().to_vec()))
        .collect()
}

#[test]
fn the_corpus_and_regressions_of_the_engine_are_survived() {
    let of = |target: &str| TARGETS.iter().find(|(name, _)| *name == target).expect("a target").1;
    let replayed = corpus::replay(&TARGETS.map(|(target, _)| target), |target, bytes| of(target)(bytes));
    assert!(replayed >= volumes().len() + metrics().len(), "the corpus is missing: run with UPDATE_SEEDS=1");
}

/// Seeds do what the targets look for; with UPDATE_SEEDS they are written.
#[test]
fn seeds_of_the_engine_are_sound() {
    for ((target, run), seeds) in TARGETS.iter().zip([volumes(), metrics()]) {
        for (name, bytes) in seeds {
            run(&bytes);
            corpus::update_seed(target, &name, &bytes);
        }
    }
}
