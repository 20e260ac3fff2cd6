//! A folder as the destination of a product: DICOM objects or plain files, one series a folder.
//!
//! Units: none. Frame: none.

use crate::error::{DeliverError, DeliverErrorKind};
use crate::options::ProductOptions;
use crate::product::Product;
use rayon::prelude::*;
use rt_draw::draw::png;
use rt_draw::report::{Report, ReportKind, dvh_csv, dvh_svg, metrics_csv, pdf};
use rt_export::case::ExportCase;
use rt_export::part10;
use rt_export::series::{Series, Syntax};
use rt_model::finding::Finding;
use std::path::{Path, PathBuf};

/// What was written of a product.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WrittenProduct {
    /// Number of files.
    pub files: usize,
    /// What they are: a series description, or names of files.
    pub description: String,
    /// What was noticed about the product.
    pub findings: Vec<Finding>,
}

/// Writes a product into a folder, which is made where it is missing.
///
/// # Errors
/// Where the product can't be made or written, or its own folder holds files already: those of an earlier run
/// would be taken for this run's.
pub fn write_product(
    product: Product,
    case: &ExportCase,
    options: &ProductOptions,
    out: &Path,
) -> Result<WrittenProduct, DeliverError> {
    std::fs::create_dir_all(out).map_err(|error| {
        DeliverError::new(DeliverErrorKind::OutputFolder, out.display(), "the folder can't be made")
            .caused(error)
    })?;
    let report = || -> Result<Report, DeliverError> {
        case.report(&options.report(case)?).map_err(DeliverError::product)
    };
    match product {
        Product::Pdf if options.pdf == ReportKind::Physics => {
            let pages = pdf(&report()?, ReportKind::Physics, options.paper).map_err(|error| {
                DeliverError::new(DeliverErrorKind::Product, "", "the report can't be made").caused(error)
            })?;
            plain(&[(out.join("report.pdf"), pages)])
        }
        Product::Svg => plain(&[(out.join("dvh.svg"), dvh_svg(&report()?).into_bytes())]),
        Product::Csv => {
            let report = report()?;
            let files = [("dvh.csv", dvh_csv(&report)), ("metrics.csv", metrics_csv(&report))];
            plain(&files.map(|(name, text)| (out.join(name), text.into_bytes())))
        }
        Product::Png => pictures(case, options, out),
        Product::Wash | Product::WashMultiframe | Product::Quant | Product::Isodose | Product::Pdf => {
            let series = options.series(product, case)?;
            let syntax = match product {
                Product::Wash | Product::WashMultiframe => options.pictures,
                _ => series.value.preferred(),
            };
            let written = objects(&series.value, syntax, out)?;
            Ok(WrittenProduct { findings: series.findings, ..written })
        }
    }
}

fn pictures(case: &ExportCase, options: &ProductOptions, out: &Path) -> Result<WrittenProduct, DeliverError> {
    let pictures = case.pictures(&options.wash(case)?).map_err(DeliverError::product)?;
    let findings = pictures.findings().cloned().collect();
    let folder = empty_folder(out, "png")?;
    let one = |at: usize| {
        let bytes = png::encode(&pictures.paint(at).map_err(DeliverError::product)?);
        plain(&[(folder.join(format!("slice-{:04}.png", pictures.number(at))), bytes)]).map(drop)
    };
    (0..pictures.len()).into_par_iter().try_for_each(one)?;
    Ok(WrittenProduct { files: pictures.len(), description: "pictures of slices".to_owned(), findings })
}

/// Writes a series into a folder of its own, several instances at a time.
fn objects(series: &Series<'_>, syntax: Syntax, out: &Path) -> Result<WrittenProduct, DeliverError> {
    let folder = empty_folder(out, series.name())?;
    let one = |at: usize| {
        let instance = series.instance_as(at, syntax);
        instance
            .and_then(|instance| part10::write(&instance, &object_path(&folder, series, at)))
            .map_err(DeliverError::product)
    };
    (0..series.len()).into_par_iter().try_for_each(one)?;
    Ok(WrittenProduct {
        files: series.len(),
        description: series.description().to_owned(),
        findings: Vec::new(),
    })
}

/// The file of an instance of a series, counted from 0.
pub(crate) fn object_path(folder: &Path, series: &Series<'_>, at: usize) -> PathBuf {
    folder.join(format!("{}-{:04}.dcm", series.name(), at + 1))
}

fn plain(files: &[(PathBuf, Vec<u8>)]) -> Result<WrittenProduct, DeliverError> {
    for (path, bytes) in files {
        std::fs::write(path, bytes).map_err(|error| DeliverError::file(path, error))?;
    }
    let names: Vec<_> =
        files.iter().filter_map(|(path, _)| path.file_name()).map(|name| name.to_string_lossy()).collect();
    Ok(WrittenProduct { files: files.len(), description: names.join(", "), findings: Vec::new() })
}

fn empty_folder(out: &Path, name: &str) -> Result<PathBuf, DeliverError> {
    let folder = out.join(name);
    std::fs::create_dir_all(&folder).map_err(|error| DeliverError::file(&folder, error))?;
    let mut entries = std::fs::read_dir(&folder).map_err(|error| DeliverError::file(&folder, error))?;
    if entries.next().is_some() {
        let text = "expected an empty folder, found files in it";
        return Err(DeliverError::new(DeliverErrorKind::NotEmpty, folder.display(), text));
    }
    Ok(folder)
}
