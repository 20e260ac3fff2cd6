//! The contact sheet of a held job: what a person looks at before it is released.
//!
//! Units: none. Frame: none.

use crate::error::DeliverError;
use crate::options::ProductOptions;
use rayon::prelude::*;
use rt_draw::report::{ContactSheet, KeySlice, sheet_html, sheet_png};
use rt_export::case::ExportCase;
use rt_export::error::ExportError;
use std::path::{Path, PathBuf};

/// Slices of the contact sheet.
const SHEET_SLICES: usize = 20;

/// Writes the contact sheet as HTML and PNG and returns the former.
pub(crate) fn write_sheet(
    case: &ExportCase,
    options: &ProductOptions,
    folder: &Path,
) -> Result<PathBuf, DeliverError> {
    let pictured = options.wash(case)?;
    let report = case.report(&options.report(case)?).map_err(DeliverError::product)?;
    let pictures = case.pictures(&pictured).map_err(DeliverError::product)?;
    let count = pictures.len().min(SHEET_SLICES);
    // Evenly over the slices that are sent.
    let shown = (0..count).map(|n| if count > 1 { n * (pictures.len() - 1) / (count - 1) } else { 0 });
    let slices: Vec<KeySlice> = shown
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|at| {
            Ok(KeySlice { caption: format!("slice {}", pictures.number(at)), canvas: pictures.paint(at)? })
        })
        .collect::<Result<_, ExportError>>()
        .map_err(DeliverError::product)?;
    let sheet =
        ContactSheet { report: &report, style: &pictured.style, slices: &slices, sent: pictures.len() };
    let html = folder.join("contact-sheet.html");
    for (path, bytes) in [
        (html.clone(), sheet_html(&sheet).into_bytes()),
        (folder.join("contact-sheet.png"), sheet_png(&sheet)),
    ] {
        std::fs::write(&path, bytes).map_err(|error| DeliverError::file(&path, error))?;
    }
    Ok(html)
}
