//! Deliveries to a destination that is not a DICOM node: whatever implements the trait can stand in a node's
//! place.

use rt_deliver::{
    AnswerSender, CaseFolder, CaseRequest, CommitmentAnswers, CommitmentRule, DeliverErrorKind, Destination,
    DestinationError, Event, FileSet, JobOutcome, ListedStudy, NodeKind, PatientFacts, PrepareOptions,
    Product, ProductOptions, Proof, Release, SendEvent, SeriesKey, Spool, State, StudyRule, Target, prepare,
    push,
};
use rt_model::uid::Uid;
use rt_net::{Commitment, CommitmentResult, Item, Outcome, SendOptions, Supply, Support};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Keeps the identifiers of what it is sent.
#[derive(Default)]
struct Memory {
    stored: Mutex<Vec<Uid>>,
    /// It lists no study.
    knows_nobody: bool,
    /// Answers to storage commitment come later.
    is_slow: bool,
    answers: Mutex<Option<AnswerSender>>,
}

impl Memory {
    fn stored(&self) -> usize {
        self.stored.lock().unwrap().len()
    }
}

impl Destination for Memory {
    fn address(&self) -> String {
        "memory".to_owned()
    }

    async fn probe(&self, pairs: &[(Uid, Uid)]) -> Result<Vec<Support>, DestinationError> {
        let accepted = |(sop_class, transfer_syntax): &(Uid, Uid)| Support {
            sop_class: sop_class.clone(),
            transfer_syntax: transfer_syntax.clone(),
            accepted: true,
        };
        Ok(pairs.iter().map(accepted).collect())
    }

    async fn studies(&self, patient: &PatientFacts) -> Result<Option<Vec<ListedStudy>>, DestinationError> {
        let listed = |study: &String| ListedStudy {
            patient_id: patient.id.clone(),
            patient_name: patient.name.clone(),
            birth_date: patient.birth_date.clone(),
            study: study.clone(),
        };
        Ok(Some(patient.studies.iter().filter(|_| !self.knows_nobody).map(listed).collect()))
    }

    async fn send(
        &self,
        items: Vec<Item>,
        supply: Arc<dyn Supply>,
        _: &SendOptions,
        mut on_event: impl FnMut(SendEvent) -> ControlFlow<()> + Send,
    ) -> Result<(), DestinationError> {
        for (index, item) in items.iter().enumerate() {
            let instance =
                supply.instance(index, &item.transfer_syntaxes[0]).map_err(DestinationError::new)?;
            self.stored.lock().unwrap().push(instance.sop_instance);
            if on_event(SendEvent::Completed { index, outcome: Outcome::Taken, bytes: 1 }).is_break() {
                return Err(DestinationError::new("stopped as asked"));
            }
        }
        Ok(())
    }

    async fn listed(&self, _: &[SeriesKey]) -> Result<HashSet<Uid>, DestinationError> {
        Ok(self.stored.lock().unwrap().iter().cloned().collect())
    }

    async fn listen(&self, _: SocketAddr, _: HashSet<Uid>) -> Result<CommitmentAnswers, DestinationError> {
        let (sender, answers) = CommitmentAnswers::channel();
        *self.answers.lock().unwrap() = Some(sender);
        Ok(answers)
    }

    async fn request_commitment(
        &self,
        asked: &Commitment,
        _: Duration,
    ) -> Result<Option<CommitmentResult>, DestinationError> {
        let (transaction, committed) = (asked.transaction.clone(), asked.instances.clone());
        let result = CommitmentResult { transaction, committed, failed: Vec::new() };
        if !self.is_slow {
            return Ok(Some(result));
        }
        let sender = self.answers.lock().unwrap().take().unwrap();
        assert!(sender.send(result));
        Ok(None)
    }
}

fn go(_: Event<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn target(memory: Memory) -> Target<Memory> {
    let mut target = Target::new("memory", memory);
    target.study = Some(StudyRule::Same);
    target.verify_wait = Duration::ZERO;
    target
}

async fn spool(folder: &TempDir) -> Spool {
    Spool::open(&folder.path().join("queue.sqlite")).await.unwrap()
}

fn report_of_demo(folder: &Path) -> (rt_export::case::ExportCase, PrepareOptions) {
    rt_phantom::demo::write(folder).unwrap();
    let request = CaseRequest::default();
    let case = CaseFolder::read(folder, &request).unwrap().load(&request).unwrap();
    (case, PrepareOptions::new(vec![Product::Pdf], ProductOptions::of_preset("dosebridge-2").unwrap()))
}

/// Five small images as files.
fn images(folder: &Path) -> FileSet {
    let planes = (0..5).map(f64::from).collect();
    let image = rt_phantom::case::ImageSpec { planes, pixels: 16, ..Default::default() };
    let case = rt_phantom::case::CaseBuilder::new("images").image(Some(image)).build().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    for (number, file) in case.files_of(rt_phantom::case::Role::Image).enumerate() {
        std::fs::write(folder.join(format!("{number}.dcm")), file.bytes()).unwrap();
    }
    FileSet::read(&[folder.to_owned()]).unwrap()
}

#[tokio::test]
async fn a_case_is_held_then_released_sent_and_proved() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, target) = (spool(&folder).await, target(Memory::default()));
    let (case, options) = report_of_demo(&folder.path().join("case"));
    let prepared = prepare(&spool, &target, &case, &options).await.unwrap();
    assert!(prepared.may_be_released && !prepared.releases_itself, "{prepared:?}");
    assert!(prepared.sheet.exists());

    let held = push(&spool, &target, prepared.job, go).await.unwrap();
    assert_eq!((held.outcome, target.destination.stored()), (JobOutcome::Held, 0), "nothing goes unseen");

    let seen = Release::LookedAt { name: "physicist", user: "tester" };
    assert!(spool.release(prepared.job, seen).await.unwrap());
    assert!(!spool.release(prepared.job, seen).await.unwrap(), "it is not held any more");
    let sent = push(&spool, &target, prepared.job, go).await.unwrap();
    assert_eq!((sent.outcome, sent.proved_by.as_slice()), (JobOutcome::Confirmed, &[Proof::Listing][..]));
    assert_eq!((target.destination.stored(), sent.address.as_str()), (1, "memory"));
    assert_eq!(
        spool.queue.audit().await.unwrap()[0].reason,
        "contact sheet looked at; released by user tester"
    );

    assert!(spool.drop_job(prepared.job, "tester", "done").await.unwrap().is_none());
    assert!(!prepared.sheet.exists(), "what was prepared goes with its job");
}

#[tokio::test]
async fn a_study_that_is_not_listed_holds_the_job_after_its_release_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, target) = (spool(&folder).await, target(Memory { knows_nobody: true, ..Memory::default() }));
    let (case, options) = report_of_demo(&folder.path().join("case"));
    let prepared = prepare(&spool, &target, &case, &options).await.unwrap();
    assert!(!prepared.may_be_released);
    spool.release(prepared.job, Release::ByRule).await.unwrap();
    let held = push(&spool, &target, prepared.job, go).await.unwrap();
    assert_eq!((held.outcome, target.destination.stored()), (JobOutcome::Held, 0));
    assert!(held.reason().unwrap().contains("not at the node"), "{:?}", held.reason());
}

#[tokio::test]
async fn a_run_that_is_stopped_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, target) = (spool(&folder).await, target(Memory::default()));
    let files = images(&folder.path().join("ct"));
    let job = files.queue(&spool, "memory", false).await.unwrap();
    assert_eq!(files.known_job(&spool, "memory").await.unwrap().map(|job| job.id), Some(job));

    let mut seen = 0;
    let stopped = push(&spool, &target, job, |event| {
        seen += usize::from(matches!(event, Event::Instance { state: State::Sent, .. }));
        if seen < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let stopped = stopped.await.unwrap();
    assert_eq!((stopped.outcome, target.destination.stored()), (JobOutcome::Failed, 2));
    assert_eq!(stopped.reason().as_deref(), Some("stopped as asked"));

    let finished = push(&spool, &target, job, go).await.unwrap();
    assert_eq!((finished.outcome, finished.delivery.unwrap().sent), (JobOutcome::Confirmed, 3));
}

#[tokio::test]
async fn a_commitment_counts_whether_it_comes_at_once_or_later() {
    for is_slow in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (spool, mut target) = (spool(&folder).await, target(Memory { is_slow, ..Memory::default() }));
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        target.commitment = Some(CommitmentRule { listen, wait: Duration::from_secs(5) });
        let job = images(&folder.path().join("ct")).queue(&spool, "memory", false).await.unwrap();
        let sent = push(&spool, &target, job, go).await.unwrap();
        assert_eq!(
            (sent.outcome, sent.proved_by.as_slice()),
            (JobOutcome::Confirmed, &[Proof::Commitment][..])
        );
        assert!(sent.instances.iter().all(|instance| instance.state == State::Committed));
    }
}

#[tokio::test]
async fn a_planning_system_gets_nothing_whoever_asks() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, mut target) = (spool(&folder).await, target(Memory::default()));
    target.kind = NodeKind::PlanningSystem;
    let job = images(&folder.path().join("ct")).queue(&spool, "memory", false).await.unwrap();
    let refused = push(&spool, &target, job, go).await.unwrap_err();
    assert_eq!(refused.kind(), DeliverErrorKind::PlanningSystem);
    let (case, options) = report_of_demo(&folder.path().join("case"));
    let refused = prepare(&spool, &target, &case, &options).await.unwrap_err();
    assert_eq!((refused.kind(), target.destination.stored()), (DeliverErrorKind::PlanningSystem, 0));
}
