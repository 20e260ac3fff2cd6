//! `rt-push export`: a case's products in a folder.
//!
//! Units: none. Frame: none.

use crate::cli::{ExportArgs, SourceArgs};
use crate::config::{Layer, PdfKind, Settings};
use crate::exit::{Exit, Failure, chain};
use crate::product::Product;
use crate::source::{Folder, Wanted, refused};
use rayon::prelude::*;
use rt_export::case::{ExportCase, ExportOptions};
use rt_export::draw::png;
use rt_export::error::{ExportError, ExportErrorKind};
use rt_export::gate::Permissions;
use rt_export::part10;
use rt_export::report::{self, ReportKind};
use rt_export::series::{Series, Syntax};
use rt_model::finding::{Finding, Severity};
use rt_model::matching::MatchOptions;
use rt_model::uid::Uid;
use std::path::{Path, PathBuf};

/// Writes the products.
///
/// # Errors
/// Where the case may not be exported, or a product can't be made or written.
pub fn run(args: &ExportArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    let permissions = Permissions { unapproved: settings.allow_unapproved, identity_removed: args.allow_deidentified };
    let wanted = wanted(&args.source, permissions)?;
    let case = Folder::read(&args.case, &wanted)?.load(&wanted)?;
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::usage(format!("{}: {error}", args.out.display())))?;
    let mut findings = case.findings().to_vec();
    for product in &settings.products {
        let written = write(*product, &case, &settings, &args.out, &mut findings)?;
        println!("{:16} {:4} files  {}", product.as_str(), written.files, written.what);
    }
    for finding in findings.iter().filter(|finding| finding.severity >= Severity::Warning) {
        eprintln!("{finding}");
    }
    Ok(Exit::Done)
}

/// What the arguments say of the case.
///
/// # Errors
/// Where the plan's UID is none.
pub fn wanted(args: &SourceArgs, permissions: Permissions) -> Result<Wanted, Failure> {
    let plan = args.plan.as_deref().map(|text| {
        let uid = Uid::new(text).filter(Uid::is_valid);
        uid.ok_or_else(|| Failure::usage(format!("--plan: expected a UID, found {text:?}")))
    });
    let matching = MatchOptions {
        select: args.select.clone(),
        dose_is: args.dose_is.clone(),
        relative_doses: true,
        ..MatchOptions::default()
    };
    let stated_doses = args.dose_is.iter().map(|(uid, _)| uid.clone()).collect();
    let export = ExportOptions { permissions, stated_doses, ..ExportOptions::default() };
    Ok(Wanted { plan: plan.transpose()?, prescription: args.rx.clone(), matching, export })
}

/// What was written of a product.
struct Written {
    files: usize,
    what: String,
}

fn write(
    product: Product,
    case: &ExportCase,
    settings: &Settings,
    out: &Path,
    findings: &mut Vec<Finding>,
) -> Result<Written, Failure> {
    let failed = |error: ExportError| failure(&error);
    match product {
        Product::Wash | Product::WashMultiframe => {
            let options = settings.wash(case)?;
            let series =
                if product == Product::Wash { case.wash(&options) } else { case.wash_multi_frame(&options) }.map_err(failed)?;
            findings.extend(series.findings);
            objects(&series.value, settings.pictures, out)
        }
        Product::Quant => {
            let series = case.quant(&settings.quant).map_err(failed)?;
            objects(&series, series.preferred(), out)
        }
        Product::Isodose => {
            let series = case.isodose(&settings.isodose(case)?).map_err(failed)?;
            objects(&series, series.preferred(), out)
        }
        Product::Pdf if settings.pdf == PdfKind::Pacs => {
            let series = case.pdf(&settings.report(case)?, settings.paper).map_err(failed)?;
            objects(&series, series.preferred(), out)
        }
        Product::Pdf => {
            let report = case.report(&settings.report(case)?).map_err(failed)?;
            let pages = report::pdf(&report, ReportKind::Physics, settings.paper).map_err(|error| refused(&chain(&error)))?;
            plain(&[(out.join("report.pdf"), pages)])
        }
        Product::Svg => {
            let report = case.report(&settings.report(case)?).map_err(failed)?;
            plain(&[(out.join("dvh.svg"), report::dvh_svg(&report).into_bytes())])
        }
        Product::Csv => {
            let report = case.report(&settings.report(case)?).map_err(failed)?;
            let files = [("dvh.csv", report::dvh_csv(&report)), ("metrics.csv", report::metrics_csv(&report))];
            plain(&files.map(|(name, text)| (out.join(name), text.into_bytes())))
        }
        Product::Png => {
            let pictures = case.pictures(&settings.wash(case)?).map_err(failed)?;
            findings.extend(pictures.findings().cloned());
            let folder = fresh(out, "png")?;
            let one = |at: usize| {
                let bytes = png::encode(&pictures.paint(at).map_err(failed)?);
                plain(&[(folder.join(format!("slice-{:04}.png", pictures.number(at))), bytes)])
            };
            (0..pictures.len()).into_par_iter().map(one).collect::<Result<Vec<_>, Failure>>()?;
            Ok(Written { files: pictures.len(), what: "pictures of slices".to_owned() })
        }
    }
}

/// Writes a series into a folder of its own, several instances at a time.
fn objects(series: &Series<'_>, syntax: Syntax, out: &Path) -> Result<Written, Failure> {
    let folder = fresh(out, series.name())?;
    let one = |at: usize| {
        let path = folder.join(format!("{}-{:04}.dcm", series.name(), at + 1));
        series.instance_as(at, syntax).and_then(|instance| part10::write(&instance, &path)).map_err(|error| failure(&error))
    };
    (0..series.len()).into_par_iter().try_for_each(one)?;
    Ok(Written { files: series.len(), what: series.description().to_owned() })
}

fn plain(files: &[(PathBuf, Vec<u8>)]) -> Result<Written, Failure> {
    for (path, bytes) in files {
        std::fs::write(path, bytes).map_err(|error| Failure::stopped(format!("{}: {error}", path.display())))?;
    }
    let names: Vec<_> = files.iter().filter_map(|(path, _)| path.file_name()).map(|name| name.to_string_lossy()).collect();
    Ok(Written { files: files.len(), what: names.join(", ") })
}

/// A folder that holds nothing yet: what an earlier run left would be taken for this run's.
fn fresh(out: &Path, name: &str) -> Result<PathBuf, Failure> {
    let folder = out.join(name);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::stopped(format!("{}: {error}", folder.display())))?;
    let mut entries = std::fs::read_dir(&folder).map_err(|error| Failure::stopped(format!("{}: {error}", folder.display())))?;
    if entries.next().is_some() {
        return Err(Failure::usage(format!("{}: expected an empty folder, found files in it", folder.display())));
    }
    Ok(folder)
}

fn failure(error: &ExportError) -> Failure {
    let text = chain(error);
    if error.kind() == ExportErrorKind::Write { Failure::stopped(text) } else { refused(&text) }
}
