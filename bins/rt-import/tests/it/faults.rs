//! What a department does to an import: power cuts, restarts, full disks, files that go or can't be read,
//! folders full of other things, names that are more than names.

use crate::mariadb::Server;
use crate::stores::{Store, on_both};
use crate::support::{Place, codes};
use rt_model::frame::PatientPoint;
use rt_phantom::case::{CaseBuilder, PhantomCase};
use rt_phantom::{Contouring, Cuboid, Value, fixtures};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A case of one small ROI without images: what is tested is the storing.
fn small(seed: &str) -> PhantomCase {
    let corner = |sign: f64| PatientPoint::new(6.0 * sign, 6.0 * sign, 6.0 * sign);
    let cuboid = Cuboid { low: corner(-1.0), high: corner(1.0) };
    CaseBuilder::new(seed).roi(Contouring::every(3.0).draw(&cuboid, 1, "cuboid")).image(None).build().unwrap()
}

/// Numbers that look random and are the same each time (Numerical Recipes' linear congruential generator).
fn numbers() -> impl Iterator<Item = u32> {
    std::iter::successors(Some(20_261_122_u32), |last| {
        Some(last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223))
    })
}

#[test]
fn killed_at_fifty_moments_every_case_is_there_once() {
    const CASES: usize = 24;
    on_both(|place, store| {
        for number in 0..CASES {
            place.write(&format!("in/{number:02}"), &small(&format!("case {number}")));
        }
        store.json(place, &["init"]);
        let trial = Place::new();
        let begun = Instant::now();
        let mut whole = trial.command(&["run", &place.path().join("in").display().to_string(), "--dry-run"]);
        assert!(whole.stdout(Stdio::null()).status().unwrap().success());
        let whole = begun.elapsed();
        for number in numbers().take(50) {
            let mut child = store
                .command(place, &["run", "in"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // From the start of the process to a little beyond the time that computing alone takes.
            std::thread::sleep(whole.mul_f64(f64::from(number >> 8) / f64::from(1_u32 << 24) * 1.3));
            // It may have come to its end.
            let _ = child.kill();
            child.wait().unwrap();
        }
        let ran = store.run(place, &["run", "in"]);
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
        store.read(place, |database| async move {
            let imports = database.imports(None).await.unwrap();
            assert_eq!(imports.len(), CASES);
            for import in imports {
                assert_eq!((import.plan_id.0, import.import.files.len()), (1, 3), "{}", import.mrn);
                let record = database.case(&import.mrn, import.plan_id).await.unwrap().unwrap();
                assert_eq!((record.rois.len(), record.rois[0].curve.is_some()), (1, true), "{}", import.mrn);
                assert_eq!(
                    database.dvhs(&import.mrn, import.plan_id).await.unwrap().len(),
                    1,
                    "{}",
                    import.mrn
                );
            }
        });
    });
}

#[test]
fn a_server_that_is_restarted_mid_import_loses_nothing() {
    let Some(server) = Server::alone() else { return };
    let mut server = Arc::new(server);
    let (place, store) = (Place::new(), Store::on(&server));
    for number in 0..40 {
        place.write(&format!("in/{number:02}"), &small(&format!("case {number}")));
    }
    store.json(&place, &["init"]);
    let child = store.command(&place, &["run", "in", "--json", "report.json"]).spawn().unwrap();
    let stored = |store: &Store| {
        store.read(&place, |database| async move { database.plans(None).await.unwrap().len() })
    };
    let end = Instant::now() + Duration::from_secs(60);
    while stored(&store) < 3 && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(2));
    }
    let address = store.url.clone();
    drop(store);
    Arc::get_mut(&mut server).unwrap().restart();
    let store = Store::at(&server, address);
    let output = child.wait_with_output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(place.path().join("report.json")).unwrap()).unwrap();
    for case in report["cases"].as_array().unwrap() {
        let reported =
            case["status"] == "stored" || case["reason"].as_str().is_some_and(|reason| !reason.is_empty());
        assert!(reported, "{case}");
    }
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{text}");
    assert_eq!(store.run(&place, &["run", "in"]).code, 0);
    assert_eq!(stored(&store), 40);
}

/// A file system of 1.5 MB in a namespace of its own, where the system lets us have one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_run_and_keeps_whole_cases() {
    let place = Place::new();
    let names = ["unshare", "--user", "--map-root-user", "--mount"];
    let allowed =
        Command::new(names[0]).args(&names[1..]).arg("true").status().is_ok_and(|status| status.success());
    if !allowed {
        println!("skipped: no namespaces for a small file system (unshare --user --mount)");
        return;
    }
    for number in 0..12 {
        place.write(&format!("in/{number:02}"), &fixtures::sound(&format!("case {number}")).build().unwrap());
    }
    std::fs::create_dir(place.path().join("disk")).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=1500k none disk && {program} run in --db sqlite:disk/dvh.sqlite; echo code $?; \
         {program} list --db sqlite:disk/dvh.sqlite --json -; cp disk/dvh.sqlite* .",
        program = env!("CARGO_BIN_EXE_rt-import")
    );
    let output = Command::new(names[0])
        .args(&names[1..])
        .args(["sh", "-c", &script])
        .current_dir(place.path())
        .env("HOME", place.path())
        .output()
        .unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("code 3") && text.contains("full"), "{text}");
    assert!(text.contains("not stored: "), "later cases are told: {text}");
    // With room again the rest is done.
    let (code, report) = place.import(&["in"]);
    assert_eq!(code, 0);
    let statuses = crate::support::texts(&report["cases"], "status");
    assert!(statuses.contains(&"unchanged") && statuses.contains(&"stored"), "{statuses:?}");
    let (plans, _) = place.stored();
    assert_eq!(plans.len(), 12);
}

#[test]
fn files_that_go_or_can_not_be_read_are_told_and_harm_no_other() {
    let place = Place::new();
    for number in 0..30 {
        place.write(&format!("in/{number:02}"), &fixtures::sound(&format!("case {number}")).build().unwrap());
    }
    #[cfg(target_os = "linux")]
    {
        // Regular by its mode, unreadable for everybody; a link to nothing; a link that leads back.
        std::os::unix::fs::symlink("/proc/self/mem", place.path().join("in/unreadable.dcm")).unwrap();
        std::os::unix::fs::symlink("nowhere", place.path().join("in/dangling.dcm")).unwrap();
        std::os::unix::fs::symlink("..", place.path().join("in/00/up")).unwrap();
        std::os::unix::fs::symlink("self", place.path().join("in/self")).unwrap();
    }
    let mut command = place.command(&["run", "in", "--json", "report.json"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Once the first case is stored every file has been seen.
    let end = Instant::now() + Duration::from_secs(60);
    while !std::fs::metadata(place.path().join("dvh.sqlite-wal")).is_ok_and(|log| log.len() > 500_000)
        && Instant::now() < end
    {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before a case was stored");
        std::thread::sleep(Duration::from_millis(1));
    }
    std::fs::remove_file(place.path().join("in/29/RD.dcm")).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(place.path().join("report.json")).unwrap()).unwrap();
    let cases = report["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 30, "each file was read once");
    for case in cases {
        let gone = case["files"]["plan"].as_str().unwrap().contains("/29/");
        assert_eq!(case["status"], if gone { "failed" } else { "stored" }, "{}", case["reason"]);
        assert!(!gone || case["reason"].as_str().unwrap().contains("RD.dcm"), "{}", case["reason"]);
    }
    if cfg!(target_os = "linux") {
        let reported: Vec<&str> = crate::support::texts(&report["unmatched"], "code");
        assert!(reported.contains(&"RT0102") && reported.contains(&"RT0135"), "{reported:?}");
    }
}

#[test]
fn a_hundred_thousand_other_files_are_passed_by() {
    let place = Place::new();
    place.write("in/case", &fixtures::sound("needle").build().unwrap());
    for folder in 0..100 {
        let folder = place.path().join(format!("in/{folder:02}"));
        std::fs::create_dir(&folder).unwrap();
        for file in 0..1000 {
            std::fs::write(folder.join(format!("{file}.txt")), "hay").unwrap();
        }
    }
    let begun = Instant::now();
    let (code, report) = place.import(&["in"]);
    let took = begun.elapsed();
    assert_eq!((code, report["cases"][0]["status"].as_str()), (0, Some("stored")));
    let others = report["unmatched"].as_array().unwrap();
    assert!(
        others.len() == 100_000 && others.iter().all(|file| file["code"] == "RT0101"),
        "{}",
        others.len()
    );
    assert!(took < Duration::from_secs(60), "{took:?}");
}

/// Through the files, the program, both databases and out again.
#[test]
fn names_of_any_script_and_any_malice_are_names() {
    let emoji = "\u{1F9E0}".repeat(64);
    let japanese = (b"\x1B$B;3ED\x1B(B ", "ISO 2022 IR 6\\ISO 2022 IR 87", "山田");
    let korean = (b"\x1B$)C\xC8\xAB\xB1\xE6\xB5\xBF ", "\\ISO 2022 IR 149", "홍길동");
    let name = "StructureSetROISequence[0] > ROIName";
    let make = |seed: &str, charset: &str, value: Value| {
        let mut case = small(seed);
        let set = &mut case.file("RS.dcm").unwrap().data;
        set.set("SpecificCharacterSet", Value::text(charset)).unwrap().set(name, value).unwrap();
        case
    };
    on_both(|place, store| {
        place.write("in/1", &make("malice", "ISO_IR 192", Value::text("x'); DROP TABLE Plans;--")));
        place.write("in/2", &make("emoji", "ISO_IR 192", Value::text(&emoji)));
        place.write("in/3", &make("japanese", japanese.1, Value::Bytes(japanese.0.to_vec())));
        place.write("in/4", &make("korean", korean.1, Value::Bytes(korean.0.to_vec())));
        let ran = store.run(place, &["run", "in"]);
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
        let exported = store.run(place, &["export", "dvhs"]).out;
        for expected in ["x'); DROP TABLE Plans;--", &emoji, japanese.2, korean.2] {
            assert!(
                exported.lines().any(|line| line.split(',').any(|cell| cell == expected)),
                "{expected} is not in\n{exported}"
            );
        }
        assert_eq!(store.run(place, &["list"]).out.lines().count(), 7);
        let again = store.run(place, &["run", "in"]);
        assert!(again.out.contains("4 unchanged"), "{}", again.out);
    });
}

#[test]
fn two_importers_and_a_curator_at_once_lose_nothing() {
    on_both(|place, store| {
        for number in 0..8 {
            place.write(&format!("in/{number}"), &small(&format!("case {number}")));
        }
        place.write("first", &small("case 0"));
        assert_eq!(store.run(place, &["run", "first"]).code, 0);
        let mrn = store.json(place, &["list"])["plans"][0]["mrn"].as_str().unwrap().to_owned();
        let start = |arguments: &[&str]| store.command(place, arguments).spawn().unwrap();
        let running =
            [start(&["run", "in"]), start(&["move", &mrn, "1", "--to", "M-7"]), start(&["run", "in"])];
        for child in running {
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let list = store.json(place, &["list"]);
        let plans = list["plans"].as_array().unwrap();
        assert_eq!(plans.len(), 8, "each content once, wherever the race left the first: {list}");
        assert!(plans.iter().any(|plan| plan["mrn"] == "M-7"));
    });
}

#[test]
fn the_report_of_a_run_says_what_was_read_as_what() {
    let place = Place::new();
    let mut case = small("latin");
    case.file("RS.dcm").unwrap().data.set("SpecificCharacterSet", Value::text("ISO_IR 999")).unwrap();
    place.write("in", &case);
    let (_, report) = place.import(&["in"]);
    assert!(codes(&report["cases"][0]).contains(&"RT0119"), "{report}");
}
