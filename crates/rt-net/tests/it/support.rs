//! Instances to send, peers to send them to, and what became of them.

use rt_model::encoded::{Body, EncodedInstance};
use rt_model::uid::Uid;
use rt_net::retry::RetryPolicy;
use rt_net::status::Status;
use rt_net::{
    AeTitle, CommitmentResult, Event, Handler, Item, NetError, Node, Outcome, Receiver, ReceiverOptions,
    SendOptions, SendReport, StoreRequest, StoredInstance, Supply,
};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(crate) const IMPLICIT: &str = "1.2.840.10008.1.2";

pub(crate) fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap()
}

pub(crate) fn title(text: &str) -> AeTitle {
    AeTitle::new(text).unwrap()
}

/// Tries fast: tests have no minutes.
pub(crate) const QUICK: SendOptions = SendOptions {
    associations: 1,
    retry: RetryPolicy {
        first: Duration::from_millis(50),
        longest: Duration::from_millis(200),
        attempts: 4,
        jitter: 0.0,
        breaks_per_instance: 3,
        failures_per_instance: 3,
    },
};

pub(crate) fn node(port: u16) -> Node {
    Node::new(title("PEER"), "127.0.0.1", port, title("DOSEBRIDGE"))
}

/// A CT image of this number, with so many bytes of pixel data: what a PACS needs to file it, and nothing
/// else.
pub(crate) fn ct(number: u32, pixels: usize) -> EncodedInstance {
    let instance = format!("2.25.1000{number}");
    let mut body = Vec::new();
    let mut put = |group: u16, element: u16, vr: &[u8; 2], value: &[u8]| {
        body.extend_from_slice(&group.to_le_bytes());
        body.extend_from_slice(&element.to_le_bytes());
        body.extend_from_slice(vr);
        let len = value.len().next_multiple_of(2);
        if vr == b"OW" {
            body.extend_from_slice(&[0, 0]);
            body.extend_from_slice(&(len as u32).to_le_bytes());
        } else {
            body.extend_from_slice(&(len as u16).to_le_bytes());
        }
        body.extend_from_slice(value);
        body.resize(body.len() + len - value.len(), if vr == b"UI" { 0 } else { b' ' });
    };
    put(0x0008, 0x0016, b"UI", CT.as_bytes());
    put(0x0008, 0x0018, b"UI", instance.as_bytes());
    put(0x0008, 0x0060, b"CS", b"CT");
    put(0x0010, 0x0010, b"PN", b"Test^Net");
    put(0x0010, 0x0020, b"LO", b"NET-0001");
    put(0x0020, 0x000D, b"UI", b"2.25.11");
    put(0x0020, 0x000E, b"UI", b"2.25.12");
    put(0x0020, 0x0013, b"IS", number.to_string().as_bytes());
    let values: Vec<u8> =
        (0..pixels).map(|at| (at as u32).wrapping_mul(2_654_435_761).wrapping_add(number) as u8).collect();
    put(0x7FE0, 0x0010, b"OW", &values);
    EncodedInstance {
        sop_class: uid(CT),
        sop_instance: uid(&instance),
        transfer_syntax: uid(EXPLICIT),
        body: Body::Bytes(body),
    }
}

/// Instances in memory.
pub(crate) struct InMemory(pub(crate) Vec<EncodedInstance>);

impl Supply for InMemory {
    fn instance(
        &self,
        index: usize,
        _: &Uid,
    ) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.0[index].clone())
    }
}

pub(crate) fn items(instances: &[EncodedInstance]) -> Vec<Item> {
    let item = |instance: &EncodedInstance| Item {
        sop_class: instance.sop_class.clone(),
        sop_instance: instance.sop_instance.clone(),
        transfer_syntaxes: vec![instance.transfer_syntax.clone()],
        series: None,
    };
    instances.iter().map(item).collect()
}

/// What became of each instance, and how the run ended.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) outcomes: BTreeMap<usize, Outcome>,
    pub(crate) waits: usize,
    pub(crate) report: SendReport,
}

impl Sent {
    pub(crate) fn taken(&self) -> usize {
        self.outcomes.values().filter(|outcome| **outcome == Outcome::Taken).count()
    }
}

pub(crate) async fn send(node: &Node, instances: Vec<EncodedInstance>) -> Sent {
    send_with(node, instances, |_| ControlFlow::Continue(())).await
}

pub(crate) async fn send_with(
    node: &Node,
    instances: Vec<EncodedInstance>,
    mut on_event: impl FnMut(&Event) -> ControlFlow<()>,
) -> Sent {
    let (mut outcomes, mut waits) = (BTreeMap::new(), 0);
    let list = items(&instances);
    let report = rt_net::send(node, list, Arc::new(InMemory(instances)), &QUICK, |event| {
        let flow = on_event(&event);
        match event {
            Event::Done { index, outcome, .. } => {
                assert!(outcomes.insert(index, outcome).is_none(), "{index} twice")
            }
            _ => waits += 1,
        }
        flow
    })
    .await;
    Sent { outcomes, waits, report }
}

pub(crate) fn bytes_of(instance: &EncodedInstance) -> &[u8] {
    match &instance.body {
        Body::Bytes(bytes) => bytes,
        Body::File { .. } => panic!("in memory"),
    }
}

/// A handler that answers as told and remembers.
#[derive(Default)]
pub(crate) struct Scripted {
    /// The answers to each instance, in turn; success once they are used up.
    pub(crate) answers: Mutex<BTreeMap<String, Vec<Status>>>,
    pub(crate) stored: Mutex<Vec<StoredInstance>>,
    pub(crate) results: Mutex<Vec<CommitmentResult>>,
    pub(crate) errors: Mutex<Vec<String>>,
}

impl Handler for Scripted {
    fn admit(&self, request: &StoreRequest) -> Status {
        let mut answers = self.answers.lock().unwrap();
        match answers.get_mut(request.sop_instance.as_str()) {
            Some(next) if !next.is_empty() => next.remove(0),
            _ => Status::SUCCESS,
        }
    }

    fn stored(&self, instance: &StoredInstance) -> Status {
        self.stored.lock().unwrap().push(instance.clone());
        Status::SUCCESS
    }

    fn committed(&self, result: CommitmentResult) -> Status {
        self.results.lock().unwrap().push(result);
        Status::SUCCESS
    }

    fn failed(&self, error: &NetError) {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        self.errors.lock().unwrap().push(format!("{error}{cause}"));
    }
}

/// Our own server on a free port, for as long as the runtime lives.
pub(crate) async fn receiver(
    change: impl FnOnce(ReceiverOptions) -> ReceiverOptions,
    handler: &Arc<Scripted>,
) -> (SocketAddr, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = ReceiverOptions::new("127.0.0.1:0".parse().unwrap(), title("PEER"));
    let options = change(ReceiverOptions { folder: Some(folder.path().to_owned()), ..options });
    let handler: Arc<dyn Handler> = Arc::clone(handler) as _;
    let receiver = Receiver::bind(options, handler).await.unwrap();
    let address = receiver.address().unwrap();
    tokio::spawn(receiver.serve(std::future::pending()));
    (address, folder)
}
