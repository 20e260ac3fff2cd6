//! The push queue: states, holds, commitments, and what a second program sees.

use rt_model::uid::Uid;
use rt_sql::queue::{Change, NewInstance, NewJob, Queue, Recorder, State};

fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap()
}

fn job(hold: Option<&str>, count: u32) -> NewJob {
    let instance = |n: u32| NewInstance {
        sop_class: uid("1.2.840.10008.5.1.4.1.1.7"),
        sop_instance: uid(&format!("2.25.{n}")),
        series: Some(uid("2.25.900")),
        study: None,
        transfer_syntax: uid("1.2.840.10008.1.2.1"),
        path: format!("{n}.dcm").into(),
        offset: 340,
        len: 1 << 33,
        sha256: None,
    };
    NewJob {
        node: "main".into(),
        title: "A17".into(),
        facts: "{}".into(),
        hold: hold.map(str::to_owned),
        instances: (1..=count).map(instance).collect(),
    }
}

fn change(number: i64, state: State, status: u16) -> Change {
    Change { job: 1, number, state, is_attempt: true, status: Some(status), text: None }
}

async fn states(queue: &Queue) -> Vec<State> {
    queue.instances(1).await.unwrap().iter().map(|instance| instance.state).collect()
}

#[tokio::test]
async fn a_job_is_held_until_somebody_releases_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.sqlite");
    let queue = Queue::open(&path).await.unwrap();
    let id = queue.add(job(Some("not looked at yet"), 2)).await.unwrap();
    assert_eq!(states(&queue).await, [State::Held; 2]);
    assert!(queue.release(id, "physicist", "looked at").await.unwrap());
    assert!(!queue.release(id, "physicist", "again").await.unwrap());
    assert_eq!(states(&queue).await, [State::Pending; 2]);
    let released = queue.job(id).await.unwrap().unwrap();
    assert_eq!((released.hold, released.released_by.as_deref()), (None, Some("physicist")));
    queue.record(vec![change(1, State::Sent, 0)]).await.unwrap();
    queue.hold(id, "the study is gone").await.unwrap();
    assert_eq!(states(&queue).await, [State::Sent, State::Held]);
    assert!(queue.remove(id, "physicist", "wrong case").await.unwrap());
    assert!(!queue.remove(id, "physicist", "wrong case").await.unwrap());
    assert!(queue.instances(id).await.unwrap().is_empty());
    let actions: Vec<(String, String)> =
        queue.audit().await.unwrap().into_iter().map(|entry| (entry.action, entry.reason)).collect();
    let expected = [("release", "looked at"), ("drop", "wrong case")];
    assert_eq!(actions, expected.map(|(action, reason)| (action.to_owned(), reason.to_owned())));
}

#[tokio::test]
async fn states_survive_and_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.sqlite");
    {
        let queue = Queue::open(&path).await.unwrap();
        queue.add(job(None, 4)).await.unwrap();
        let recorder = Recorder::new(queue.clone());
        for (number, state, status) in [
            (1, State::Sent, 0),
            (2, State::Warned, 0xB000),
            (3, State::Failed, 0xA900),
            (1, State::Verified, 0),
        ] {
            assert!(recorder.note(change(number, state, status)));
        }
        recorder.finish().await.unwrap();
    }
    let queue = Queue::open(&path).await.unwrap();
    assert_eq!(states(&queue).await, [State::Verified, State::Warned, State::Failed, State::Pending]);
    let instances = queue.instances(1).await.unwrap();
    assert_eq!(
        (instances[0].attempts, instances[2].attempts, instances[2].last_status),
        (2, 1, Some(0xA900))
    );
    assert_eq!(instances[0].instance, job(None, 1).instances[0]);
    let found = queue.job(1).await.unwrap().unwrap();
    assert_eq!((found.count(State::Failed), found.count(State::Held), found.total()), (1, 0, 4));
    assert_eq!(queue.retry(1, false).await.unwrap(), 1);
    assert_eq!(queue.retry(1, true).await.unwrap(), 1);
    assert_eq!(states(&queue).await, [State::Verified, State::Pending, State::Pending, State::Pending]);
}

#[tokio::test]
async fn an_answer_belongs_to_the_job_that_was_asked_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::open(&folder.path().join("queue.sqlite")).await.unwrap();
    let id = queue.add(job(None, 1)).await.unwrap();
    queue.asked(id, &uid("2.25.77")).await.unwrap();
    assert_eq!(queue.answered(&uid("2.25.78")).await.unwrap(), None);
    assert_eq!(queue.answered(&uid("2.25.77")).await.unwrap(), Some(id));
    assert_eq!(queue.answered(&uid("2.25.77")).await.unwrap(), None);
}

#[tokio::test]
async fn an_instance_is_queued_once_per_job_and_a_job_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::open(&folder.path().join("queue.sqlite")).await.unwrap();
    let mut twice = job(None, 2);
    twice.instances[1].sop_instance = twice.instances[0].sop_instance.clone();
    assert!(queue.add(twice).await.is_err());
    assert!(queue.jobs().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_queue_is_readable_by_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.sqlite");
    let _queue = Queue::open(&path).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(Queue::open(&folder.path().join("no").join("queue.sqlite")).await.is_err());
}
