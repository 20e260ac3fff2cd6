use crate::support::{Place, count};
use rt_model::read::stored_instance;
use rt_sql::queue::{Queue, State};
use rt_testkit::files::data_set;
use rt_testkit::storescp::Storescp;

#[test]
fn sent_is_not_called_arrived() {
    let Some(server) = Storescp::start(&[]) else { return };
    let place = Place::new();
    place.configure("PEER", server.port, "verify_wait_s = 0");
    place.images("ct", 20);
    let (code, report, text) = place.report(&["send", "main", "ct"]);
    assert_eq!((code, report["outcome"].as_str()), (1, Some("unverified")), "{text}");
    assert_eq!(count(&report, "sent"), 20);
    assert!(text.contains("nothing proves") && !text.contains("arrived"), "{text}");

    place.configure("PEER", server.port, "verify = 'none'");
    let (code, report, text) = place.report(&["send", "main", "ct"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("sent")), "{text}");
    assert_eq!(report["sent_now"], 0, "a further run sends only what is not confirmed by its response");
    let (_, report, _) = place.report(&["send", "main", "ct", "--again"]);
    assert_eq!((report["sent_now"].as_u64(), report["job"].as_i64()), (Some(20), Some(2)));
    let (code, text) = place.run(&["queue", "list"]);
    assert!(code == 0 && text.contains("20 sent"), "{text}");
    let (code, text) = place.run(&["queue", "drop", "1"]);
    assert_eq!(code, 0, "{text}");
    assert!(place.path().join("ct/0.dcm").exists(), "the user's files stay");
    let (code, text) = place.run(&["queue", "show", "1"]);
    assert!(code == 2 && text.contains("no job 1"), "{text}");
}

#[test]
fn a_node_without_configuration_is_an_address() {
    let Some(server) = Storescp::start(&[]) else { return };
    let place = Place::new();
    let node = format!("PEER@127.0.0.1:{}", server.port);
    let (code, text) = place.run(&["echo", &node]);
    assert!(code == 0 && text.contains("answers"), "{text}");
    let (code, text) = place.run(&["probe", &node]);
    assert!(code == 0 && text.contains("RT Dose Storage"), "{text}");
    let (code, text) = place.run(&["prepare", &node, "case"]);
    assert!(code == 2 && text.contains("[pacs.<name>]"), "{text}");
    let (code, text) = place.run(&["echo", "PEER@127.0.0.1:1"]);
    assert!(code == 3 && text.contains("firewall"), "{text}");
}

#[test]
fn a_planning_system_and_several_patients_get_nothing_unasked() {
    let Some(server) = Storescp::start(&[]) else { return };
    let place = Place::new();
    place.configure("PEER", server.port, "kind = 'tps'");
    place.images("ct", 2);
    let (code, text) = place.run(&["send", "main", "ct"]);
    assert!(code == 2 && text.contains("planning system"), "{text}");

    place.configure("PEER", server.port, "verify = 'none'");
    let other = rt_model::patient::Patient { id: "OTHER".into(), name: "O^O".into(), ..Default::default() };
    rt_phantom::case::CaseBuilder::new("other").patient(other).write(&place.path().join("ct/other")).unwrap();
    let (code, text) = place.run(&["send", "main", "ct"]);
    assert!(code == 2 && text.contains("2 patients"), "{text}");
    assert_eq!(std::fs::read_dir(server.folder.path()).unwrap().count(), 0);
    let (code, text) = place.run(&["send", "main", "ct", "--yes"]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn what_a_peer_takes_in_implicit_vr_alone_is_turned() {
    let Some(server) = Storescp::start(&["+xi"]) else { return };
    let place = Place::new();
    place.configure("PEER", server.port, "verify = 'none'");
    let case = rt_phantom::case::CaseBuilder::new("explicit")
        .encoding(rt_phantom::Encoding::of(rt_phantom::TransferSyntax::ExplicitLittle))
        .build()
        .unwrap();
    case.write(&place.path().join("case")).unwrap();
    let (code, report, text) = place.report(&["send", "main", "case"]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("sent")), "{text}");
    let stored = std::fs::read_dir(server.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    for path in stored {
        assert_eq!(
            stored_instance(&path).unwrap().1.transfer_syntax.as_str(),
            "1.2.840.10008.1.2",
            "{}",
            path.display()
        );
    }

    // One that is turned in a file, since it is large.
    let image =
        rt_phantom::case::ImageSpec { planes: vec![0.0], pixels: 2100, spacing: 0.1, ..Default::default() };
    let large = rt_phantom::case::CaseBuilder::new("large")
        .encoding(rt_phantom::Encoding::of(rt_phantom::TransferSyntax::ExplicitLittle))
        .image(Some(image))
        .write(&place.path().join("large"))
        .unwrap();
    let image = large.path(rt_phantom::case::Role::Image).unwrap();
    let (code, report, text) = place.report(&["send", "main", image.to_str().unwrap()]);
    assert_eq!((code, report["outcome"].as_str()), (0, Some("sent")), "{text}");
    let instance = stored_instance(image).unwrap().0.sop_instance;
    let mut stored = std::fs::read_dir(server.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let stored = stored.find(|path| path.to_string_lossy().ends_with(instance.as_str())).unwrap();
    let pixels = |path: &std::path::Path| rt_model::read::read_image(path).unwrap().value.values;
    assert!(pixels(&stored) == pixels(image));
    assert!(!place.path().join("push-queue.sqlite.turned").exists(), "nothing is left behind");
}

#[test]
fn a_file_that_changed_after_it_was_queued_is_not_sent() {
    let place = Place::new();
    place.configure("PEER", 1, "verify = 'none'");
    place.images("ct", 2);
    let (code, _) = place.run(&["send", "main", "ct"]);
    assert_eq!(code, 3, "nobody listens: the job stays in the queue");
    let Some(server) = Storescp::start(&[]) else { return };
    place.configure("PEER", server.port, "verify = 'none'");
    let path = place.path().join("ct/1.dcm");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0, 0]);
    std::fs::write(&path, bytes).unwrap();
    let (code, report, text) = place.report(&["verify", "1"]);
    assert_eq!((code, count(&report, "sent"), count(&report, "failed")), (1, 1, 1), "{text}");
}

/// The states of a job as the queue has them, by instance.
fn queued(place: &Place) -> Vec<(String, State)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let queue = Queue::open(&place.path().join("push-queue.sqlite")).await.unwrap();
        let instances = queue.instances(1).await.unwrap();
        instances.into_iter().map(|queued| (queued.instance.sop_instance.to_string(), queued.state)).collect()
    })
}

#[test]
fn killed_at_any_moment_everything_arrives_and_the_queue_agrees() {
    let Some(server) = Storescp::start(&[]) else { return };
    let place = Place::new();
    place.configure("PEER", server.port, "verify = 'none'");
    let folder = place.images("ct", 400);
    let mut moments: u64 = 17;
    for _ in 0..50 {
        let mut child = place
            .command(&["send", "main", "ct"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        moments = moments.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(std::time::Duration::from_millis(10 + (moments >> 33) % 150));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    for (instance, state) in queued(&place) {
        assert!(matches!(state, State::Pending | State::Sent), "{instance} {state:?}");
        assert!(
            state == State::Pending || server.stored(&instance).is_some(),
            "{instance} is said to be sent and is not there"
        );
    }
    let (code, report, text) = place.report(&["send", "main", "ct"]);
    assert_eq!((code, count(&report, "sent")), (0, 400), "{text}");
    assert_eq!(report["job"], 1, "one job, taken up again each time");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (info, _) = stored_instance(&path).unwrap();
        let stored = server.stored(info.sop_instance.as_str());
        assert_eq!(stored, Some(data_set(&std::fs::read(&path).unwrap()).to_vec()), "{}", path.display());
    }
}
