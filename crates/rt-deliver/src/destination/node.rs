//! A DICOM node as a destination.
//!
//! Units: bytes and [`Duration`]. Frame: none.

use super::{
    AnswerSender, CommitmentAnswers, Destination, DestinationError, ListedStudy, SendEvent, SeriesKey,
};
use crate::facts::PatientFacts;
use rt_model::patient::Patient;
use rt_model::provenance::Tag;
use rt_model::uid::Uid;
use rt_net::status::Status;
use rt_net::{
    Commitment, CommitmentResult, Event, Handler, Item, Level, Match, NetError, NetErrorKind, Node, Query,
    Receiver, ReceiverOptions, SendOptions, Supply, Support, find, request_commitment,
};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

const PATIENT_NAME: Tag = Tag::new(0x0010, 0x0010);
const PATIENT_ID: Tag = Tag::new(0x0010, 0x0020);
const BIRTH_DATE: Tag = Tag::new(0x0010, 0x0030);
const STUDY: Tag = Tag::new(0x0020, 0x000D);
const SERIES: Tag = Tag::new(0x0020, 0x000E);
const SOP_INSTANCE: Tag = Tag::new(0x0008, 0x0018);

impl Destination for Node {
    fn address(&self) -> String {
        self.to_string()
    }

    async fn probe(&self, pairs: &[(Uid, Uid)]) -> Result<Vec<Support>, DestinationError> {
        Ok(rt_net::probe(self, pairs).await?)
    }

    async fn studies(&self, patient: &PatientFacts) -> Result<Option<Vec<ListedStudy>>, DestinationError> {
        match studies(self, patient).await {
            Ok(listed) => Ok(Some(listed)),
            // Some nodes abort where a query is not allowed.
            Err(error) if answers_no_queries(error.kind()) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn send(
        &self,
        items: Vec<Item>,
        supply: Arc<dyn Supply>,
        options: &SendOptions,
        mut on_event: impl FnMut(SendEvent) -> ControlFlow<()> + Send,
    ) -> Result<(), DestinationError> {
        let report = rt_net::send(self, items, supply, options, |event| match event {
            Event::Done { index, outcome, bytes } => on_event(SendEvent::Completed { index, outcome, bytes }),
            Event::Waiting { pause, error } => on_event(SendEvent::Waiting { pause, error: error.into() }),
            _ => ControlFlow::Continue(()),
        })
        .await;
        report.stopped.map_or(Ok(()), |error| Err(error.into()))
    }

    async fn listed(&self, series: &[SeriesKey]) -> Result<HashSet<Uid>, DestinationError> {
        let mut listed = HashSet::new();
        for SeriesKey { study, series } in series {
            let keys =
                vec![(STUDY, study.to_string()), (SERIES, series.to_string()), (SOP_INSTANCE, String::new())];
            let found = find(self, &Query { level: Level::Image, keys }).await?;
            listed.extend(found.iter().filter_map(|found| found.uid(SOP_INSTANCE)));
        }
        Ok(listed)
    }

    async fn listen(
        &self,
        address: SocketAddr,
        transactions: HashSet<Uid>,
    ) -> Result<CommitmentAnswers, DestinationError> {
        let (results, answers) = CommitmentAnswers::channel();
        let options = ReceiverOptions::new(address, self.calling.clone());
        let receiver = Receiver::bind(options, Arc::new(Listening { transactions, results })).await?;
        Ok(answers.of_task(tokio::spawn(receiver.serve(std::future::pending()))))
    }

    async fn request_commitment(
        &self,
        commitment: &Commitment,
        linger: Duration,
    ) -> Result<Option<CommitmentResult>, DestinationError> {
        Ok(request_commitment(self, commitment, linger).await?)
    }
}

const fn answers_no_queries(kind: &NetErrorKind) -> bool {
    matches!(kind, NetErrorKind::NoContext { .. } | NetErrorKind::Status { .. } | NetErrorKind::Aborted(_))
}

/// The studies under the patient's identifier and under the study's own.
async fn studies(node: &Node, patient: &PatientFacts) -> Result<Vec<ListedStudy>, NetError> {
    let query = |key: Tag, value: &str| Query {
        level: Level::Study,
        keys: [PATIENT_NAME, PATIENT_ID, BIRTH_DATE, STUDY]
            .into_iter()
            .map(|tag| (tag, if tag == key { value.to_owned() } else { String::new() }))
            .collect(),
    };
    let mut found = Vec::new();
    if !patient.id.is_empty() {
        found.extend(find(node, &query(PATIENT_ID, &patient.id)).await?);
    }
    for study in &patient.studies {
        found.extend(find(node, &query(STUDY, study)).await?);
    }
    let listed = |found: &Match| ListedStudy {
        patient_id: found.text(PATIENT_ID).unwrap_or_default(),
        patient_name: Patient { name: found.text(PATIENT_NAME).unwrap_or_default(), ..Patient::default() }
            .normalised_name(),
        birth_date: found.text(BIRTH_DATE),
        study: found.uid(STUDY).map(|uid| uid.to_string()).unwrap_or_default(),
    };
    Ok(found.iter().map(listed).collect())
}

/// Passes answers on; only those to transactions that wait are taken.
struct Listening {
    transactions: HashSet<Uid>,
    results: AnswerSender,
}

impl Handler for Listening {
    fn committed(&self, result: CommitmentResult) -> Status {
        if !self.transactions.contains(&result.transaction) {
            return Status::NO_SUCH_INSTANCE;
        }
        if self.results.send(result) { Status::SUCCESS } else { Status::PROCESSING_FAILURE }
    }
}
