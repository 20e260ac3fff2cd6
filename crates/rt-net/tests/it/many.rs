use crate::support::{QUICK, ct, items, node};
use rt_model::encoded::{Body, EncodedInstance};
use rt_model::uid::Uid;
use rt_net::{Event, Item, Outcome, Supply};
use rt_testkit::memory;
use rt_testkit::storescp::Storescp;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Instances that are made when they are asked for.
struct Made;

impl Supply for Made {
    fn instance(
        &self,
        index: usize,
        _: &Uid,
    ) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
        Ok(ct(index as u32, 4000))
    }
}

struct InFile(EncodedInstance);

impl Supply for InFile {
    fn instance(
        &self,
        _: usize,
        _: &Uid,
    ) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.0.clone())
    }
}

#[tokio::test]
async fn ten_thousand_instances_take_no_more_memory_than_one_hundred() {
    let Some(server) = Storescp::start(&["--ignore"]) else { return };
    let one = items(&[ct(0, 2)]).remove(0);
    let items: Vec<Item> =
        (0..10_000).map(|n| Item { sop_instance: ct(n, 2).sop_instance, ..one.clone() }).collect();
    let (mut taken, mut after_hundred) = (0, 0);
    let report = rt_net::send(&node(server.port), items, Arc::new(Made), &QUICK, |event| {
        if let Event::Done { outcome: Outcome::Taken, .. } = event {
            taken += 1;
        }
        if taken == 100 {
            after_hundred = memory::kib("VmRSS");
        }
        ControlFlow::Continue(())
    })
    .await;
    assert_eq!(taken, 10_000, "{report:?}");
    let grown = memory::kib("VmHWM").saturating_sub(after_hundred);
    println!("{after_hundred} KiB after 100, at most {grown} KiB more after 10,000");
    assert!(grown < 4 * 1024, "{grown} KiB more");
}

#[tokio::test]
async fn an_object_of_any_size_takes_little_memory() {
    let Some(server) = Storescp::start(&["--ignore"]) else { return };
    let file = tempfile::NamedTempFile::new().unwrap();
    let length = 1 << 29;
    file.as_file().set_len(length).unwrap();
    let instance = EncodedInstance {
        body: Body::File { path: file.path().to_owned(), offset: 0, len: length },
        ..ct(1, 2)
    };
    let list = items(std::slice::from_ref(&instance));
    let mut sent = 0;
    // Whether DCMTK likes half a GiB of zeros is its affair: what counts is that all of it was offered.
    let report = rt_net::send(&node(server.port), list, Arc::new(InFile(instance)), &QUICK, |event| {
        if let Event::Done { bytes, .. } = event {
            sent += bytes;
        }
        ControlFlow::Continue(())
    })
    .await;
    assert!(report.stopped.is_none(), "{report:?}");
    assert_eq!(sent, length);
    let peak = memory::kib("VmHWM");
    println!("{peak} KiB");
    assert!(peak < 64 * 1024, "{peak} KiB");
}
