//! The program as its users run it.

mod node;
mod pacs;
mod sending;
mod support;

use rt_model::approval::ApprovalStatus;
use rt_testkit::place::Place;
use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Place::of(env!("CARGO_BIN_EXE_rt-push")).output(arguments)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| entries.count())
}

#[test]
fn every_product_is_written() {
    let work = tempfile::tempdir().unwrap();
    let (case, out) = (work.path().join("case"), work.path().join("out"));
    std::fs::create_dir(&case).unwrap();
    rt_phantom::demo::write(&case).unwrap();
    let [case, target] = [case.to_str().unwrap(), out.to_str().unwrap()];
    let products = "wash,wash-multiframe,quant,pdf,isodose,png,svg,csv";
    let output = run(&["export", case, "--out", target, "--product", products]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("RTDOSE PLANNED 70Gy/35fx HN_DEMO"), "{said}");
    assert_eq!((files(&out.join("quant")), files(&out.join("pdf")), files(&out.join("isodose"))), (60, 1, 1));
    assert_eq!(files(&out.join("wash")), files(&out.join("png")));
    for (name, begin) in [("dvh.svg", "<svg"), ("dvh.csv", "roi,"), ("metrics.csv", "roi,")] {
        assert!(std::fs::read_to_string(out.join(name)).unwrap().starts_with(begin), "{name}");
    }
    // What an earlier run left is not mixed with this one's.
    let again = run(&["export", case, "--out", target, "--product", "quant"]);
    assert_eq!(again.status.code(), Some(2), "{}", text(&again.stderr));
    let physics =
        run(&["export", case, "--out", target, "--product", "pdf", "--pdf", "physics", "--paper", "letter"]);
    assert!(physics.status.success(), "{}", text(&physics.stderr));
    assert!(std::fs::read(out.join("report.pdf")).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn the_plan_is_chosen_where_there_are_several() {
    let work = tempfile::tempdir().unwrap();
    for seed in ["one", "two"] {
        let builder = rt_phantom::case::CaseBuilder::new(seed);
        builder.write(&work.path().join("case").join(seed)).unwrap();
    }
    let case = work.path().join("case");
    let (case, out) = (case.to_str().unwrap(), work.path().join("out"));
    let open = run(&["export", case, "--out", out.to_str().unwrap(), "--product", "quant"]);
    assert_eq!(open.status.code(), Some(2));
    let said = text(&open.stderr);
    assert!(said.contains("choose one with --plan"), "{said}");
    let plan = said
        .lines()
        .find_map(|line| line.split_whitespace().next().filter(|word| word.starts_with("2.25.")))
        .unwrap();
    let chosen = run(&["export", case, "--out", out.to_str().unwrap(), "--product", "quant", "--plan", plan]);
    assert!(chosen.status.success(), "{}", text(&chosen.stderr));
    assert!(!out.join("wash").exists());
}

#[test]
fn a_stated_prescription_is_carried_and_marked() {
    let work = tempfile::tempdir().unwrap();
    let (case, out) = (work.path().join("case"), work.path().join("out"));
    let written = rt_phantom::demo::write(&case).unwrap();
    let plan = rt_model::read::stored_instance(written.path(rt_phantom::case::Role::Plan).unwrap())
        .unwrap()
        .0
        .sop_instance;
    let export = |out: &Path, rx: &str| {
        let products = ["--product", "pdf,svg", "--pdf", "physics", "--rx", rx];
        run(&[&["export", case.to_str().unwrap(), "--out", out.to_str().unwrap()][..], &products].concat())
    };
    let output = export(&out, &format!("{plan}=6600cGy"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        std::fs::read_to_string(out.join("dvh.svg")).unwrap().contains("aria-label=\"prescription 66 Gy\"")
    );
    assert!(
        text(&output.stderr).contains("66"),
        "that the plan says otherwise is told: {}",
        text(&output.stderr)
    );
    if let Ok(pages) = Command::new("pdftotext").arg(out.join("report.pdf")).arg("-").output() {
        assert!(text(&pages.stdout).contains("stated by the user"), "{}", text(&pages.stdout));
    }
    let other = export(&work.path().join("other"), "1.2.3=66Gy");
    assert!(
        other.status.code() == Some(2) && text(&other.stderr).contains("--rx"),
        "{}",
        text(&other.stderr)
    );
    assert_eq!(
        export(&work.path().join("other"), &format!("{plan}=66")).status.code(),
        Some(2),
        "a dose has a unit"
    );
}

#[test]
fn a_refused_case_leaves_nothing_and_says_why() {
    let work = tempfile::tempdir().unwrap();
    let plan = rt_phantom::case::PlanSpec {
        approval_status: ApprovalStatus::Rejected,
        ..rt_phantom::case::PlanSpec::default()
    };
    rt_phantom::case::CaseBuilder::new("rejected").plan(plan).write(&work.path().join("case")).unwrap();
    let (case, out) = (work.path().join("case"), work.path().join("out"));
    let output = run(&["export", case.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("--allow-unapproved"), "{}", text(&output.stderr));
    assert!(!out.exists());
}

#[test]
fn a_folder_whose_only_plan_was_left_out_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let plan =
        rt_phantom::case::PlanSpec { intent: "RESEARCH".to_owned(), ..rt_phantom::case::PlanSpec::default() };
    rt_phantom::case::CaseBuilder::new("left out").plan(plan).write(folder.path()).unwrap();
    let ended = run(&[
        "export",
        folder.path().to_str().unwrap(),
        "--out",
        folder.path().join("out").to_str().unwrap(),
    ]);
    let reported = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{reported}");
    assert!(reported.contains("no plan to export") && reported.contains("RESEARCH"), "{reported}");
}

#[test]
fn wrong_use_is_told() {
    for (arguments, part) in [
        (&["export", "no such folder", "--out", "x"][..], "found nothing"),
        (&["export", ".", "--out", "x", "--product", "film"], "export.products"),
        (&["export", ".", "--out", "x", "--palette", "pink"], "export.palette"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(part), "{}", text(&output.stderr));
    }
    assert!(text(&run(&["--print-config"]).stdout).contains("palette = \"standard\""));
}
