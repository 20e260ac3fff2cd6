//! The facts of a report, and its pages: PDF, SVG of the DVH, CSV.
//!
//! Units: Gy and cm³ unless a field says otherwise. Frame: none.

mod csv;
mod drawing;
mod dvh_plot;
mod facts;
mod metrics;
mod pacs;
mod pdf;
mod physics;
mod raster;
mod sheet;
mod svg;
mod table;

pub use csv::{dvh_csv, metrics_csv};
pub use pdf::{PdfError, PdfErrorKind};
pub use sheet::{ContactSheet, sheet_html, sheet_png};

use crate::canvas::Canvas;
use crate::labels::CaseLabels;
use rt_dvh::{Band, Dvh, NoDvh};
use rt_model::finding::Finding;

/// The content of a report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The facts that pictures show as well.
    pub labels: CaseLabels,
    /// The patient.
    pub identity: Identity,
    /// Plan, prescription and its source, approval, check of the total dose, planning system, dates: label
    /// and value, in order.
    pub plan: Vec<(String, String)>,
    /// ROIs in the structure set's order.
    pub rois: Vec<ReportRoi>,
    /// Key slices: the hottest, the targets' centres.
    pub key_slices: Vec<KeySlice>,
    /// Findings about the case; for physics, not for the PACS.
    pub findings: Vec<Finding>,
    /// Program, version, engine options, SOP instances: label and value, in order.
    pub provenance: Vec<(String, String)>,
    /// Date and time of the dose (`20240131101500`), the only date a report has: the same inputs make the
    /// same bytes.
    pub dose_date: Option<String>,
}

/// The patient; printed in reports only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Patient ID.
    pub id: String,
    /// Patient's Name, components parted by `^`.
    pub name: String,
    /// Patient's Birth Date as `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Patient's Sex.
    pub sex: Option<char>,
}

/// A ROI of the report.
#[derive(Debug, Clone)]
pub struct ReportRoi {
    /// ROI Name.
    pub name: String,
    /// ROI Display Color, where it has one.
    pub colour: Option<[u8; 3]>,
    /// RT ROI Interpreted Type.
    pub interpreted_type: Option<String>,
    /// Its DVH, or why it has none.
    pub dvh: Result<Dvh, NoDvh>,
    /// Metrics with their uncertainty intervals; for physics.
    pub bands: Vec<MetricBand>,
}

/// A metric with its uncertainty interval, as it is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricBand {
    /// The metric's name.
    pub metric: String,
    /// Its value; `None` where it does not exist.
    pub value: Option<f64>,
    /// Lower and upper end.
    pub interval: Option<(f64, f64)>,
    /// Unit of all three.
    pub unit: String,
    /// A restriction of the value, or why there is none.
    pub remark: Option<String>,
}

/// A picture of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySlice {
    /// What it shows, in a few words.
    pub caption: String,
    /// The picture.
    pub canvas: Canvas,
}

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// One page for the PACS: identity, plan, prescription, DVH plot, table, key slices, provenance; no
    /// goals, no bands.
    Pacs,
    /// The full report: metrics, bands, findings, options, engine version.
    Physics,
}

/// Paper size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 210 mm x 297 mm.
    A4,
    /// 8.5 in x 11 in.
    Letter,
}

impl Identity {
    /// The name as it is printed: its alphabetic group (PS3.5 6.2.1.1), components separated by commas.
    ///
    /// ```
    /// let identity = rt_draw::example::report().identity;
    /// assert_eq!(identity.printed_name(), "EXAMPLE, WEDGE");
    /// ```
    #[must_use]
    pub fn printed_name(&self) -> String {
        let alphabetic = self.name.split('=').next().unwrap_or_default();
        alphabetic.split('^').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

impl ReportRoi {
    /// The DVH that plots and tables show.
    ///
    /// ```
    /// use rt_draw::example;
    ///
    /// let report = example::report();
    /// assert!(report.rois[0].curve().is_ok());
    /// assert_eq!(report.rois[1].curve().unwrap_err().to_string(), "no contours");
    /// ```
    ///
    /// # Errors
    /// Where the ROI has no DVH, or no part of it lies inside the dose grid.
    pub fn curve(&self) -> Result<&Dvh, &NoDvh> {
        let dvh = self.dvh.as_ref()?;
        if dvh.doses().is_some() { Ok(dvh) } else { Err(&NoDvh::OutsideGrid) }
    }
}

impl MetricBand {
    /// The printed form of a computed band.
    #[must_use]
    pub fn of(band: &Band) -> Self {
        Self {
            metric: band.metric.to_string(),
            value: band.value.value,
            interval: band.low.zip(band.high),
            unit: band.metric.unit().to_string(),
            remark: band
                .reason
                .map(|reason| reason.to_string())
                .or(band.value.reason.map(|reason| reason.to_string())),
        }
    }
}

impl Paper {
    /// Width and height in points (1/72 inch).
    const fn size(self) -> [f64; 2] {
        match self {
            Self::A4 => [595.28, 841.89],
            Self::Letter => [612.0, 792.0],
        }
    }
}

/// The report as a PDF file with embedded fonts. The same report gives the same bytes.
///
/// ```
/// use rt_draw::example;
/// use rt_draw::report::{Paper, PdfError, ReportKind, pdf};
///
/// let bytes = pdf(&example::report(), ReportKind::Physics, Paper::Letter)?;
/// assert!(bytes.starts_with(b"%PDF"));
/// # Ok::<(), PdfError>(())
/// ```
///
/// # Errors
/// Where the PDF cannot be written.
pub fn pdf(report: &Report, kind: ReportKind, paper: Paper) -> Result<Vec<u8>, PdfError> {
    pdf::encode(&pages(report, kind, paper), &pdf::About::of(report, kind))
}

/// The pages as pictures, for what cannot show a PDF.
///
/// ```
/// use rt_draw::example;
/// use rt_draw::report::{Paper, ReportKind, page_pictures};
///
/// let pages = page_pictures(&example::report(), ReportKind::Pacs, Paper::A4, 36.0);
/// assert_eq!((pages.len(), pages[0].width, pages[0].height), (1, 298, 421));
/// ```
#[must_use]
pub fn page_pictures(report: &Report, kind: ReportKind, paper: Paper, dots_per_inch: f64) -> Vec<Canvas> {
    pages(report, kind, paper).iter().map(|page| raster::paint(page, dots_per_inch / 72.0)).collect()
}

fn pages(report: &Report, kind: ReportKind, paper: Paper) -> Vec<drawing::Drawing> {
    match kind {
        ReportKind::Pacs => vec![pacs::page(report, paper.size())],
        ReportKind::Physics => physics::pages(report, paper.size()),
    }
}

/// The DVHs as an SVG picture, texts as outlines: it looks the same everywhere.
///
/// ```
/// use rt_draw::{example, report::dvh_svg};
///
/// let svg = dvh_svg(&example::report());
/// assert!(svg.starts_with("<svg") && svg.contains("aria-label=\"Wedge\""));
/// assert!(!svg.contains("aria-label=\"Marker\""));
/// ```
#[must_use]
pub fn dvh_svg(report: &Report) -> String {
    svg::encode(&dvh_plot::alone(report, [860.0, 480.0]), "Cumulative dose-volume histograms")
}

/// The DVHs as a picture of `width` pixels.
///
/// ```
/// use rt_draw::{example, report::dvh_picture};
///
/// let canvas = dvh_picture(&example::report(), 430);
/// assert_eq!((canvas.width, canvas.height), (430, 240));
/// ```
#[must_use]
pub fn dvh_picture(report: &Report, width: usize) -> Canvas {
    let size = [860.0, 480.0];
    raster::paint(&dvh_plot::alone(report, size), width as f64 / size[0])
}
