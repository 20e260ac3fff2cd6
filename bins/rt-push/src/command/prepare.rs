//! `rt-push prepare`, `rt-push case`, `rt-push test`: a case into the queue, held, with a contact sheet.
//!
//! Units: MB. Frame: none.

use super::export::wanted;
use super::runtime;
use crate::cli::{CaseArgs, TestArgs};
use crate::config::{Kind, Layer, PdfKind, Settings, StudyRule, Target};
use crate::exit::{Exit, Failure};
use crate::prepare::{Preparation, Prepared, prepare};
use crate::product::Product;
use crate::push;
use crate::source::Folder;
use crate::spool::{Spool, user};
use rt_cli::output;
use rt_export::case::{ExportCase, StudyChoice};
use rt_export::gate::Permissions;
use std::io::{BufRead, IsTerminal, Write};

/// Prepares a case and leaves it held, unless the node releases such cases by itself.
///
/// # Errors
/// Where the case may not be exported, or the node or the queue can't be used.
pub fn run(args: &CaseArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = Target::find(&args.node, &layer.pacs, false)?;
    let (settings, case) = load(args, layer, &target)?;
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await?;
        let prepared = queue(&spool, &target, &case, &settings, args).await?;
        if prepared.releases_itself {
            let reason = "approved, total dose confirmed, no warning";
            return release(&spool, &target, &prepared, "auto_release", reason, args).await;
        }
        show(&spool, &target, &prepared, args).await
    })
}

/// Prepares a case, shows it, asks, and sends it on a yes.
///
/// # Errors
/// As [`run`].
pub fn case(args: &CaseArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = Target::find(&args.node, &layer.pacs, false)?;
    let (settings, case) = load(args, layer, &target)?;
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await?;
        let prepared = queue(&spool, &target, &case, &settings, args).await?;
        let held = show(&spool, &target, &prepared, args).await?;
        if !prepared.may_be_released || !std::io::stdin().is_terminal() {
            return Ok(held);
        }
        eprint!("look at {}\nyour name to release it, nothing to leave it held: ", prepared.sheet.display());
        let mut name = String::new();
        let read = std::io::stderr().flush().and_then(|()| std::io::stdin().lock().read_line(&mut name));
        if read.is_err() || name.trim().is_empty() {
            return Ok(held);
        }
        let reason = format!("contact sheet looked at; released by user {}", user());
        release(&spool, &target, &prepared, name.trim(), &reason, args).await
    })
}

/// Prepares a phantom under the PACS team's own test patient, TEST burned across each picture.
///
/// # Errors
/// As [`run`].
pub fn test(args: &TestArgs, layer: &Layer) -> Result<Exit, Failure> {
    let target = Target::find(&args.node, &layer.pacs, false)?;
    let folder = std::env::temp_dir().join(format!("dosebridge-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| Failure::stopped(format!("{}: {error}", folder.display())))?;
    let outcome = test_case(args, layer, &target, &folder);
    // The phantom is in the queue by now, or nowhere.
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn test_case(args: &TestArgs, layer: &Layer, target: &Target, folder: &std::path::Path) -> Result<Exit, Failure> {
    let patient = rt_model::patient::Patient {
        id: args.patient_id.clone(),
        name: args.patient_name.clone().unwrap_or_else(|| "TEST^DOSEBRIDGE".to_owned()),
        ..rt_model::patient::Patient::default()
    };
    let written = rt_phantom::demo::case().patient(patient).write(folder);
    written.map_err(|error| Failure::stopped(crate::exit::chain(&error)))?;
    let case = CaseArgs {
        node: args.node.clone(),
        case: folder.to_owned(),
        test: true,
        source: crate::cli::SourceArgs { allow_unapproved: true, ..Default::default() },
        queue: args.queue.clone(),
        ..CaseArgs::default()
    };
    let mut layer = layer.clone();
    layer.export.allow_unapproved = Some(true);
    let (settings, loaded) = load(&case, &layer, target)?;
    runtime()?.block_on(async {
        let spool = Spool::open(&args.queue.queue).await?;
        let prepared = queue(&spool, target, &loaded, &settings, &case).await?;
        show(&spool, target, &prepared, &case).await
    })
}

fn load(args: &CaseArgs, layer: &Layer, target: &Target) -> Result<(Settings, ExportCase), Failure> {
    target.not_for_planning()?;
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let study = match &target.study {
        Some(StudyRule::Same) if !args.test => StudyChoice::Same,
        Some(StudyRule::New { accession }) => StudyChoice::New { accession: accession.clone() },
        // A phantom's study is nobody's: it is never the one of a patient.
        Some(StudyRule::Same) => StudyChoice::New { accession: String::new() },
        None => {
            let text = "expected study = \"same\", or \"new\" with an accession, found none: where the pictures are filed has to be chosen";
            return Err(Failure::usage(format!("pacs.{}.study: {text}", target.name)));
        }
    };
    let mut layer = layer.clone();
    if args.products.products.is_empty()
        && let Some(products) = &target.products
    {
        layer.export.products = Some(products.iter().map(|product| product.as_str().to_owned()).collect());
    }
    let settings = Settings::new(&layer)?;
    for product in &settings.products {
        check(*product, target)?;
    }
    if settings.products.contains(&Product::Pdf) && settings.pdf == PdfKind::Physics {
        return Err(Failure::usage("export.pdf: the full report stays in physics; use rt-push export"));
    }
    let permissions = Permissions { unapproved: settings.allow_unapproved, identity_removed: false };
    let mut wanted = wanted(&args.source, permissions)?;
    wanted.export.study = study;
    wanted.export.test = args.test;
    let case = Folder::read(&args.case, &wanted)?.load(&wanted)?;
    Ok((settings, case))
}

/// Whether a product may go to a node at all.
fn check(product: Product, target: &Target) -> Result<(), Failure> {
    if !product.is_dicom() {
        return Err(Failure::usage(format!(
            "{}: expected a product for a PACS, found files; use rt-push export",
            product.as_str()
        )));
    }
    if product == Product::Quant && !(target.quant && target.kind == Kind::Pacs) {
        let text = "viewers show its dose as HU, and CT series are routed on: it needs quant = true and kind = \"pacs\"";
        return Err(Failure::usage(format!("pacs.{}: quant: {text}", target.name)));
    }
    Ok(())
}

async fn queue(
    spool: &Spool,
    target: &Target,
    case: &ExportCase,
    settings: &Settings,
    args: &CaseArgs,
) -> Result<Prepared, Failure> {
    let max_mb = args.max_mb.unwrap_or(target.max_mb_per_case);
    prepare(spool, &Preparation { target, case, settings, max_mb, is_test: args.test }).await
}

async fn show(spool: &Spool, target: &Target, prepared: &Prepared, args: &CaseArgs) -> Result<Exit, Failure> {
    let mut report = push::report(spool, target, prepared.job, None).await?;
    report.warnings.clone_from(&prepared.warnings);
    push::print(&report, args.json.as_deref())?;
    eprintln!("contact sheet: {}", prepared.sheet.display());
    if prepared.may_be_released {
        eprintln!("release it with: rt-push release {} --as NAME", prepared.job);
    }
    Ok(push::exit(&report, None))
}

async fn release(
    spool: &Spool,
    target: &Target,
    prepared: &Prepared,
    who: &str,
    reason: &str,
    args: &CaseArgs,
) -> Result<Exit, Failure> {
    let released = spool.queue.release(prepared.job, who, reason).await;
    released.map_err(|error| Failure::stopped(crate::exit::chain(&error)))?;
    push::push(spool, target, prepared.job, args.json.as_deref()).await
}
