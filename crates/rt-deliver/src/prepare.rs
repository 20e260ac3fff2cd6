//! A case becomes a held job: products in files, a contact sheet, and the comparison with the destination.
//!
//! Units: MB. Frame: none.

use crate::classes::class_of;
use crate::destination::Destination;
use crate::error::{DeliverError, DeliverErrorKind};
use crate::facts::Facts;
use crate::folder::object_path;
use crate::ladder::{ProductChoice, choose_encoding, pairs};
use crate::options::ProductOptions;
use crate::precheck::precheck;
use crate::product::Product;
use crate::queued::{new_instance, sha256};
use crate::sheet::write_sheet;
use crate::spool::{Spool, private_folder};
use crate::target::{StudyRule, Target};
use rayon::prelude::*;
use rt_draw::report::ReportKind;
use rt_export::case::ExportCase;
use rt_export::part10;
use rt_model::finding::{Finding, Severity};
use rt_model::read::stored_instance;
use rt_net::Support;
use rt_sql::queue::{NewInstance, NewJob};
use std::path::{Path, PathBuf};

/// What a job is made of.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PrepareOptions {
    /// The products that are wanted, in order.
    pub products: Vec<Product>,
    /// How they are made.
    pub making: ProductOptions,
    /// The largest case, MB; that of the target where `None`.
    pub max_mb: Option<f64>,
    /// A phantom under a test patient.
    pub is_test: bool,
}

impl PrepareOptions {
    /// These products of a patient's case, as large as the target allows.
    #[must_use]
    pub const fn new(products: Vec<Product>, making: ProductOptions) -> Self {
        Self { products, making, max_mb: None, is_test: false }
    }

    /// Refuses what may not be sent to a target: [`prepare`] checks the same, before anything is made.
    ///
    /// # Errors
    /// [`DeliverErrorKind::PlanningSystem`], [`DeliverErrorKind::NoStudyRule`],
    /// [`DeliverErrorKind::NotForNode`], [`DeliverErrorKind::NotAllowed`],
    /// [`DeliverErrorKind::StaysInPhysics`].
    pub fn check<D>(&self, target: &Target<D>) -> Result<(), DeliverError> {
        target.not_for_planning()?;
        target.study_choice(self.is_test)?;
        self.products.iter().try_for_each(|product| target.allows(*product))?;
        if self.products.contains(&Product::Pdf) && self.making.pdf == ReportKind::Physics {
            return Err(DeliverError::new(
                DeliverErrorKind::StaysInPhysics,
                "pdf",
                "the full report stays in physics",
            ));
        }
        Ok(())
    }
}

/// A held job.
#[derive(Debug)]
#[non_exhaustive]
pub struct Prepared {
    /// Its number.
    pub job: i64,
    /// The contact sheet to look at.
    pub sheet: PathBuf,
    /// Only a person's look and release are missing.
    pub may_be_released: bool,
    /// Not even that: the target is configured so, and nothing speaks against it.
    pub releases_itself: bool,
    /// What to mind.
    pub warnings: Vec<String>,
}

/// Makes the products that the destination accepts and queues them, held.
///
/// # Errors
/// Where a product may not be sent, can't be made or written, the case is too large, or the destination or
/// the queue can't be used.
pub async fn prepare<D: Destination>(
    spool: &Spool,
    target: &Target<D>,
    case: &ExportCase,
    options: &PrepareOptions,
) -> Result<Prepared, DeliverError> {
    options.check(target)?;
    let support = target.destination.probe(&pairs(target)).await.map_err(DeliverError::destination)?;
    let folder = fresh_folder(&spool.folder(), case)?;
    let prepared = into_folder(spool, target, case, options, &support, &folder).await;
    if prepared.is_err() {
        // Nothing of it is queued: the files are of no use.
        let _ = std::fs::remove_dir_all(&folder);
    }
    prepared
}

async fn into_folder<D: Destination>(
    spool: &Spool,
    target: &Target<D>,
    case: &ExportCase,
    options: &PrepareOptions,
    support: &[Support],
    folder: &Path,
) -> Result<Prepared, DeliverError> {
    let is_test = options.is_test;
    let mut facts =
        Facts { needs_study: target.study == Some(StudyRule::Same) && !is_test, ..Facts::default() };
    let mut instances: Vec<NewInstance> = Vec::new();
    for wanted in &options.products {
        let chosen = choose_encoding(*wanted, support, options.making.pictures)?;
        facts.fallbacks.extend(chosen.in_words());
        // Another product fell back to it already.
        let class = class_of(chosen.product);
        if instances.iter().any(|instance| Some(instance.sop_class.as_str()) == class) {
            continue;
        }
        instances.extend(write(chosen, case, &options.making, folder, &mut facts)?);
    }
    let limit = options.max_mb.unwrap_or(target.max_mb_per_case);
    let megabytes = instances.iter().map(|instance| instance.len).sum::<u64>() as f64 / 1e6;
    if megabytes > limit {
        let text = format!("the case has {megabytes:.0} MB, more than max_mb_per_case = {limit:.0}");
        return Err(DeliverError::new(DeliverErrorKind::TooLarge { megabytes, limit }, "", text));
    }
    let sheet = write_sheet(case, &options.making, folder)?;
    facts.warnings.extend(warnings(case.findings()));
    let checked = precheck(&target.destination, &facts).await.map_err(DeliverError::destination)?;
    let may_be_released = checked.holds.is_empty();
    let warnings = [facts.fallbacks.clone(), facts.warnings.clone(), checked.warnings].concat();
    let releases_itself = target.auto_release
        && !is_test
        && may_be_released
        && warnings.is_empty()
        && case.labels().is_approved()
        && case.total().is_confirmed();
    let mut reasons = checked.holds;
    reasons.push(format!("not released yet: look at {}", sheet.display()));
    let title = format!("{} \"{}\"", facts.patient_ids().join(", "), case.labels().plan);
    let hold = Some(reasons.join("\n  "));
    let job = NewJob { node: target.name.clone(), title, facts: facts.to_text(), hold, instances };
    let job = spool.queue.add(job).await.map_err(DeliverError::queue)?;
    Ok(Prepared { job, sheet, may_be_released, releases_itself, warnings })
}

/// What a person has to look at.
fn warnings(findings: &[Finding]) -> impl Iterator<Item = String> + '_ {
    let noticed = findings.iter().filter(|finding| finding.severity >= Severity::Warning);
    noticed.map(|finding| format!("{}: {}", finding.code, finding.text))
}

/// A folder of this job's own below the spool.
fn fresh_folder(spool: &Path, case: &ExportCase) -> Result<PathBuf, DeliverError> {
    private_folder(spool).map_err(|error| DeliverError::file(spool, error))?;
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let mut number = 1_u32;
    loop {
        let folder = spool.join(format!("{}-{number}", case.plan_info().sop_instance));
        match builder.create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(DeliverError::file(&folder, error)),
        }
    }
}

/// Writes the instances of a product into the job's folder.
fn write(
    chosen: ProductChoice,
    case: &ExportCase,
    making: &ProductOptions,
    folder: &Path,
    facts: &mut Facts,
) -> Result<Vec<NewInstance>, DeliverError> {
    let made = making.series(chosen.product, case)?;
    facts.warnings.extend(warnings(&made.findings));
    let series = made.value;
    let one = |at: usize| {
        let path = object_path(folder, &series, at);
        let instance = series.instance_as(at, chosen.syntax);
        instance.and_then(|instance| part10::write(&instance, &path)).map_err(DeliverError::written)?;
        Ok(path)
    };
    let written: Vec<PathBuf> =
        (0..series.len()).into_par_iter().map(one).collect::<Result<_, DeliverError>>()?;
    written
        .into_iter()
        .map(|path| {
            let (info, encoded) = stored_instance(&path).map_err(DeliverError::written)?;
            facts.add(&info);
            let hash = sha256(&path).map_err(|error| DeliverError::file(&path, error))?;
            new_instance(&info, &encoded, Some(hash))
        })
        .collect()
}
