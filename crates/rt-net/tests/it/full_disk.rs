use crate::support::{Scripted, ct, node, receiver, send};
use rt_net::status::Status;
use rt_net::{Outcome, ReceiverOptions};
use rt_testkit::files::files;
use rt_testkit::namespace::small_disk;
use std::sync::Arc;

#[test]
fn a_full_disk_is_answered_and_nothing_half_is_left() {
    let Some(folder) = small_disk("full_disk::a_full_disk_is_answered_and_nothing_half_is_left") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let handler: Arc<Scripted> = Arc::default();
        let place = folder.clone();
        let (address, _unused) = receiver(|o| ReceiverOptions { folder: Some(place), ..o }, &handler).await;
        let sent = send(&node(address.port()), vec![ct(1, 100_000), ct(2, 1_000_000), ct(3, 100_000)]).await;
        assert_eq!(sent.outcomes[&0], Outcome::Taken);
        assert_eq!(sent.outcomes[&1], Outcome::Refused { status: Status::OUT_OF_RESOURCES, comment: None });
        assert_eq!(sent.outcomes[&2], Outcome::Taken, "room for a small one is there again");
        let stored = files(&folder);
        assert_eq!(stored.len(), 2, "{stored:?}");
        assert!(handler.errors.lock().unwrap()[0].contains("No space left"), "{:?}", handler.errors);
    });
}
