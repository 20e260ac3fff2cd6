//! A case becomes a held job: products in files, a contact sheet, and the comparison with the node.
//!
//! Units: MB. Frame: none.

use crate::before;
use crate::command::send::new_instance;
use crate::config::{Settings, StudyRule, Target};
use crate::conformance::PRODUCT_CLASSES;
use crate::deliver::with_remedy;
use crate::exit::{Failure, chain};
use crate::facts::Facts;
use crate::product::Product;
use crate::source::refused;
use crate::spool::{Spool, private_folder};
use crate::supply::sha256;
use rayon::prelude::*;
use rt_export::case::ExportCase;
use rt_export::error::ExportError;
use rt_export::part10;
use rt_export::report::{ContactSheet, KeySlice, sheet_html, sheet_png};
use rt_export::series::{Series, Syntax};
use rt_model::finding::Severity;
use rt_model::read::stored_instance;
use rt_model::uid::Uid;
use rt_net::{Support, probe};
use rt_sql::queue::{NewInstance, NewJob};
use std::path::{Path, PathBuf};

/// What a job is made of.
pub struct Preparation<'a> {
    /// The node.
    pub target: &'a Target,
    /// The case.
    pub case: &'a ExportCase,
    /// How products are made.
    pub settings: &'a Settings,
    /// The largest case, MB.
    pub max_mb: f64,
    /// A phantom under a test patient.
    pub is_test: bool,
}

/// A held job.
#[derive(Debug)]
pub struct Prepared {
    /// Its number.
    pub job: i64,
    /// The contact sheet to look at.
    pub sheet: PathBuf,
    /// Nothing but somebody's word is missing.
    pub may_be_released: bool,
    /// Not even that: the node is configured so, and nothing speaks against it.
    pub releases_itself: bool,
    /// What to mind.
    pub warnings: Vec<String>,
}

/// Slices of the contact sheet.
const SHEET_SLICES: usize = 20;

/// Makes the products that the node takes and queues them, held.
///
/// # Errors
/// Where a product can't be made or written, the case is too large, or the node or the queue can't be used.
pub async fn prepare(spool: &Spool, preparation: &Preparation<'_>) -> Result<Prepared, Failure> {
    let target = preparation.target;
    let support = probe(&target.node, &pairs(target)).await.map_err(|error| Failure::stopped(with_remedy(&error)))?;
    let folder = fresh_folder(&spool.folder(), preparation.case)?;
    let prepared = into_folder(spool, preparation, &support, &folder).await;
    if prepared.is_err() {
        // Nothing of it is queued: the files are of no use.
        let _ = std::fs::remove_dir_all(&folder);
    }
    prepared
}

async fn into_folder(
    spool: &Spool,
    preparation: &Preparation<'_>,
    support: &[Support],
    folder: &Path,
) -> Result<Prepared, Failure> {
    let Preparation { target, case, settings, max_mb, is_test } = *preparation;
    let mut facts = Facts { needs_study: target.study == Some(StudyRule::Same) && !is_test, ..Facts::default() };
    let mut instances = Vec::new();
    for product in &settings.products {
        let (product, syntax) = climb_down(*product, support, settings.pictures, &mut facts.fall_backs)?;
        // Another product climbed down to it already.
        if has(&instances, product) {
            continue;
        }
        instances.extend(write(product, syntax, case, settings, folder, &mut facts)?);
    }
    let megabytes = instances.iter().map(|instance: &NewInstance| instance.len).sum::<u64>() as f64 / 1e6;
    if megabytes > max_mb {
        return Err(refused(&format!(
            "the case has {megabytes:.0} MB, more than max_mb_per_case = {max_mb:.0}: allow it with --max-mb {:.0}, or choose fewer products",
            megabytes.ceil()
        )));
    }
    let sheet = write_sheet(case, settings, folder)?;
    let noticed = case.findings().iter().filter(|finding| finding.severity >= Severity::Warning);
    facts.warnings.extend(noticed.map(|finding| format!("{}: {}", finding.code, finding.text)));
    let checked = before::ask(&target.node, &facts).await.map_err(|error| Failure::stopped(with_remedy(&error)))?;
    let may_be_released = checked.holds.is_empty();
    let warnings = [facts.fall_backs.clone(), facts.warnings.clone(), checked.warnings].concat();
    let releases_itself = target.auto_release
        && !is_test
        && may_be_released
        && warnings.is_empty()
        && case.labels().is_approved()
        && case.total().is_confirmed();
    let mut reasons = checked.holds;
    reasons.push(format!("not released yet: look at {}", sheet.display()));
    let title = format!("{} {:?}", facts.patient_ids().join(", "), case.labels().plan);
    let facts = serde_json::to_string(&facts).map_err(|error| Failure::stopped(error.to_string()))?;
    let job = NewJob { node: target.name.clone(), title, facts, hold: Some(reasons.join("\n  ")), instances };
    let job = spool.queue.add(job).await.map_err(|error| Failure::stopped(chain(&error)))?;
    Ok(Prepared { job, sheet, may_be_released, releases_itself, warnings })
}

/// What the node is asked about: the classes of the products in the syntaxes they can be made in.
fn pairs(target: &Target) -> Vec<(Uid, Uid)> {
    let syntaxes = [Syntax::Rle, Syntax::ExplicitLittle, Syntax::ImplicitLittle].map(Syntax::uid);
    let allowed =
        |syntax: &str| target.transfer_syntaxes.as_ref().is_none_or(|allowed| allowed.iter().any(|one| one.as_str() == syntax));
    let classes = PRODUCT_CLASSES.iter().filter_map(|(class, ..)| Uid::new(class));
    let syntaxes: Vec<Uid> = syntaxes.into_iter().filter(|syntax| allowed(syntax)).filter_map(Uid::new).collect();
    classes.flat_map(|class| syntaxes.iter().map(move |syntax| (class.clone(), syntax.clone())).collect::<Vec<_>>()).collect()
}

/// The product and encoding that the node takes: pictures climb down the ladder wash, multi-frame, PDF; each step is told. Anything
/// else is taken as it is or not at all: a dose never becomes a picture, nor a picture a dose.
fn climb_down(
    wanted: Product,
    support: &[Support],
    pictures: Syntax,
    fall_backs: &mut Vec<String>,
) -> Result<(Product, Syntax), Failure> {
    let ladder = [Product::Wash, Product::WashMultiframe, Product::Pdf];
    let start = ladder.iter().position(|product| *product == wanted);
    let steps = start.map_or(&[][..], |start| &ladder[start..]);
    let steps = if steps.is_empty() { std::slice::from_ref(&wanted) } else { steps };
    for product in steps {
        if let Some(syntax) = taken(*product, support, pictures) {
            if *product != wanted {
                fall_backs.push(format!("the node does not take {}: {} instead", wanted.as_str(), product.as_str()));
            }
            return Ok((*product, syntax));
        }
    }
    Err(refused(&format!(
        "the node takes {} in no encoding: ask the PACS administrator to accept its SOP class",
        wanted.as_str()
    )))
}

/// The best encoding in which the node takes a product; pictures are compressed where `pictures` says so.
fn taken(product: Product, support: &[Support], pictures: Syntax) -> Option<Syntax> {
    let (class, ..) = PRODUCT_CLASSES.iter().find(|(_, _, one)| *one == product)?;
    let best: &[Syntax] = match product {
        Product::Wash | Product::WashMultiframe if pictures == Syntax::Rle => {
            &[Syntax::Rle, Syntax::ExplicitLittle, Syntax::ImplicitLittle]
        }
        // Long contours do not fit the 16-bit lengths of explicit VR.
        Product::Isodose => &[Syntax::ImplicitLittle],
        _ => &[Syntax::ExplicitLittle, Syntax::ImplicitLittle],
    };
    let accepted = |syntax: &&Syntax| {
        support.iter().any(|one| one.accepted && one.sop_class.as_str() == *class && one.transfer_syntax.as_str() == syntax.uid())
    };
    best.iter().find(accepted).copied()
}

/// A product is among the instances.
fn has(instances: &[NewInstance], product: Product) -> bool {
    let class = PRODUCT_CLASSES.iter().find(|(_, _, one)| *one == product).map(|(class, ..)| *class);
    instances.iter().any(|instance| Some(instance.sop_class.as_str()) == class)
}

fn fresh_folder(spool: &Path, case: &ExportCase) -> Result<PathBuf, Failure> {
    let failed = |path: &Path, error: std::io::Error| Failure::stopped(format!("{}: {error}", path.display()));
    private_folder(spool).map_err(|error| failed(spool, error))?;
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    for number in 1.. {
        let folder = spool.join(format!("{}-{number}", case.plan_info().sop_instance));
        match builder.create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(&folder, error)),
        }
    }
    Err(Failure::stopped("no folder for the products"))
}

fn write(
    product: Product,
    syntax: Syntax,
    case: &ExportCase,
    settings: &Settings,
    folder: &Path,
    facts: &mut Facts,
) -> Result<Vec<NewInstance>, Failure> {
    let failed = |error: ExportError| refused(&chain(&error));
    let mut noticed = Vec::new();
    let series = match product {
        Product::Wash | Product::WashMultiframe => {
            let options = settings.wash(case)?;
            let made = if product == Product::Wash { case.wash(&options) } else { case.wash_multi_frame(&options) };
            let made = made.map_err(failed)?;
            noticed = made.findings;
            made.value
        }
        Product::Quant => case.quant(&settings.quant).map_err(failed)?,
        Product::Isodose => case.isodose(&settings.isodose(case)?).map_err(failed)?,
        Product::Pdf => case.pdf(&settings.report(case)?, settings.paper).map_err(failed)?,
        Product::Png | Product::Svg | Product::Csv => {
            return Err(Failure::usage(format!("{}: expected a product for a PACS, found files", product.as_str())));
        }
    };
    let warnings = noticed.iter().filter(|finding| finding.severity >= Severity::Warning);
    facts.warnings.extend(warnings.map(|finding| format!("{}: {}", finding.code, finding.text)));
    let written: Vec<_> =
        (0..series.len()).into_par_iter().map(|at| one(&series, at, syntax, folder)).collect::<Result<_, _>>()?;
    written
        .into_iter()
        .map(|path| {
            let (info, encoded) = stored_instance(&path).map_err(|error| Failure::stopped(chain(&error)))?;
            facts.add(&info);
            let hash = sha256(&path).map_err(|error| Failure::stopped(format!("{}: {error}", path.display())))?;
            new_instance(&info, &encoded, Some(hash))
        })
        .collect()
}

fn one(series: &Series<'_>, at: usize, syntax: Syntax, folder: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join(format!("{}-{:04}.dcm", series.name(), at + 1));
    let written = series.instance_as(at, syntax).and_then(|instance| part10::write(&instance, &path));
    written.map_err(|error| Failure::stopped(chain(&error)))?;
    Ok(path)
}

/// Writes the contact sheet as HTML and PNG and returns the former.
fn write_sheet(case: &ExportCase, settings: &Settings, folder: &Path) -> Result<PathBuf, Failure> {
    let failed = |error: ExportError| refused(&chain(&error));
    let options = settings.wash(case)?;
    let report = case.report(&settings.report(case)?).map_err(failed)?;
    let pictures = case.pictures(&options).map_err(failed)?;
    let count = pictures.len().min(SHEET_SLICES);
    // Evenly over the slices that are sent.
    let shown = (0..count).map(|n| if count > 1 { n * (pictures.len() - 1) / (count - 1) } else { 0 });
    let slices: Vec<KeySlice> = shown
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|at| Ok(KeySlice { caption: format!("slice {}", pictures.number(at)), canvas: pictures.paint(at)? }))
        .collect::<Result<_, ExportError>>()
        .map_err(failed)?;
    let sheet = ContactSheet { report: &report, style: &options.style, slices: &slices, sent: pictures.len() };
    let html = folder.join("contact-sheet.html");
    for (path, bytes) in [(html.clone(), sheet_html(&sheet).into_bytes()), (folder.join("contact-sheet.png"), sheet_png(&sheet))]
    {
        std::fs::write(&path, bytes).map_err(|error| Failure::stopped(format!("{}: {error}", path.display())))?;
    }
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support(accepted: &[(Product, Syntax)]) -> Vec<Support> {
        let one = |(product, syntax): &(Product, Syntax)| Support {
            sop_class: Uid::new(PRODUCT_CLASSES.iter().find(|(_, _, one)| one == product).unwrap().0).unwrap(),
            transfer_syntax: Uid::new(syntax.uid()).unwrap(),
            accepted: true,
        };
        accepted.iter().map(one).collect()
    }

    #[test]
    fn pictures_climb_down_and_say_so() {
        let all = support(&[(Product::Wash, Syntax::ExplicitLittle), (Product::Wash, Syntax::Rle)]);
        let mut told = Vec::new();
        assert_eq!(climb_down(Product::Wash, &all, Syntax::Rle, &mut told).unwrap(), (Product::Wash, Syntax::Rle));
        let plain = climb_down(Product::Wash, &all, Syntax::ExplicitLittle, &mut told).unwrap();
        assert_eq!(plain, (Product::Wash, Syntax::ExplicitLittle), "as the user asked");
        assert!(told.is_empty());
        let pdf = support(&[(Product::Pdf, Syntax::ImplicitLittle)]);
        assert_eq!(climb_down(Product::Wash, &pdf, Syntax::Rle, &mut told).unwrap(), (Product::Pdf, Syntax::ImplicitLittle));
        assert_eq!(told.len(), 1);
        assert!(climb_down(Product::Wash, &[], Syntax::Rle, &mut told).is_err());
    }

    #[test]
    fn a_dose_never_becomes_a_picture() {
        let pictures = support(&[(Product::Wash, Syntax::Rle), (Product::Pdf, Syntax::ExplicitLittle)]);
        for product in [Product::Quant, Product::Isodose] {
            assert!(climb_down(product, &pictures, Syntax::Rle, &mut Vec::new()).is_err());
        }
        let dose = support(&[(Product::Quant, Syntax::ExplicitLittle)]);
        assert!(climb_down(Product::Wash, &dose, Syntax::Rle, &mut Vec::new()).is_err());
        let explicit = support(&[(Product::Isodose, Syntax::ExplicitLittle)]);
        assert!(climb_down(Product::Isodose, &explicit, Syntax::Rle, &mut Vec::new()).is_err(), "long contours are implicit VR");
    }
}
