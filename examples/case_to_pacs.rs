//! A case to a PACS: made, held, looked at, released, sent: `cargo run --example case_to_pacs`.
//!
//! The PACS is a receiver of this program's own on this computer. It answers no queries, so nothing proves
//! that it kept what it was sent, and proof is switched off.

use rt_deliver::{
    CaseFolder, CaseRequest, JobOutcome, JobResult, PrepareOptions, Product, ProductOptions, Release, Spool,
    StudyRule, Target, VerifyRule, prepare, push,
};
use rt_net::{AeTitle, Handler, Node, Receiver, ReceiverOptions};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

async fn to_pacs(case: &Path, queue: &Path, target: &Target) -> Result<JobResult, Box<dyn Error>> {
    let mut request = CaseRequest::default();
    request.export.study = target.study_choice(false)?;
    let case = CaseFolder::read(case, &request)?.load(&request)?;
    let making = ProductOptions::of_preset("dosebridge-2").ok_or("no such preset")?;
    let options = PrepareOptions::new(vec![Product::Wash, Product::Pdf], making);

    let spool = Spool::open(queue).await?;
    let prepared = prepare(&spool, target, &case, &options).await?;
    println!("job {} is held: look at {}", prepared.job, prepared.sheet.display());
    spool.release(prepared.job, Release::LookedAt { name: "A. Physicist", user: "example" }).await?;
    Ok(push(&spool, target, prepared.job, |_| ControlFlow::Continue(())).await?)
}

/// Takes whatever comes.
struct Pacs;

impl Handler for Pacs {}

async fn to_a_receiver_of_our_own() -> Result<(), Box<dyn Error>> {
    let [case, stored, spool] = [tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?];
    rt_phantom::demo::write(case.path())?;
    let [pacs, us] = ["PACS", "DOSEBRIDGE"].map(AeTitle::new);
    let (pacs, us) = pacs.zip(us).ok_or("expected AE titles")?;
    let mut options = ReceiverOptions::new(([127, 0, 0, 1], 0).into(), pacs.clone());
    options.folder = Some(stored.path().to_owned());
    let receiver = Receiver::bind(options, Arc::new(Pacs)).await?;
    let address = receiver.address()?;
    let serving = tokio::spawn(receiver.serve(std::future::pending()));

    let mut target = Target::new("main", Node::new(pacs, address.ip().to_string(), address.port(), us));
    target.study = Some(StudyRule::New { accession: "ACC7".to_owned() });
    target.verify = VerifyRule::None;
    let result = to_pacs(case.path(), &spool.path().join("queue.sqlite"), &target).await?;
    serving.abort();
    assert_eq!(result.outcome, JobOutcome::Sent);
    assert!(result.instances.len() > 2, "a picture of each slice that the dose reaches, and the report");
    assert_eq!(std::fs::read_dir(stored.path())?.count(), result.instances.len());
    assert!(
        result.warnings.iter().any(|warning| warning.contains("answers no queries")),
        "{:?}",
        result.warnings
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(to_a_receiver_of_our_own())
}

#[cfg(test)]
#[test]
fn the_example_holds() -> Result<(), Box<dyn Error>> {
    main()
}
