//! The report as an encapsulated PDF (PS3.3 A.45.1).
//!
//! Units: none. Frame: none; a document lies nowhere in the patient.

use crate::case::ExportCase;
use crate::case_report::ReportOptions;
use crate::content::options_of;
use crate::error::{ExportError, ExportErrorKind};
use crate::gate::refused;
use crate::header::{self, SeriesFacts};
use crate::series::{Made, Series, Syntax};
use rt_dicom::{Value, Vr, tags};
use rt_draw::report::{self, Paper, ReportKind};
use rt_model::uid::sop_class;

/// Encapsulated PDF Storage.
const ENCAPSULATED_PDF: &str = sop_class::ENCAPSULATED_PDF;

impl ExportCase {
    /// The one-page report for a PACS as an encapsulated PDF. The full report is for physics and no DICOM
    /// object: see [`Self::report`] and [`report::pdf`].
    ///
    /// # Errors
    /// As [`Self::report`]; where the page cannot be made.
    pub fn pdf(&self, options: &ReportOptions, paper: Paper) -> Result<Series<'_>, ExportError> {
        let report = self.report(options)?;
        let page = report::pdf(&report, ReportKind::Pacs, paper).map_err(|error| {
            refused(ExportErrorKind::Page, self.plan_info(), "the report cannot be made").caused(error)
        })?;
        let facts = SeriesFacts {
            product: "pdf",
            options: options_of(&[&paper, options]),
            modality: "DOC",
            number: 9003,
            suffix: "(report)",
        };
        let series_instance = header::series_uid(self, &facts);
        let mut data = header::series(self, &facts, &series_instance);
        for spatial in [
            tags::FRAME_OF_REFERENCE_UID,
            tags::POSITION_REFERENCE_INDICATOR,
            tags::PATIENT_POSITION,
            tags::BODY_PART_EXAMINED,
            tags::LATERALITY,
        ] {
            data.exclude(spatial);
        }
        let length = page.len() as u32;
        data.integer(tags::INSTANCE_NUMBER, 1)
            .text(tags::CONVERSION_TYPE, "WSD")
            .empty(tags::ACQUISITION_DATE_TIME)
            .text(tags::BURNED_IN_ANNOTATION, "YES")
            .text(tags::DOCUMENT_TITLE, header::fitting(&format!("Planned dose: {}", self.labels.plan), 1024))
            .items(tags::CONCEPT_NAME_CODE_SEQUENCE, Vec::new())
            .text(tags::VERIFICATION_FLAG, "UNVERIFIED")
            .text(tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, "application/pdf")
            .put_as(tags::ENCAPSULATED_DOCUMENT, Vr::OB, Value::Bytes(page))
            .put_as(tags::ENCAPSULATED_DOCUMENT_LENGTH, Vr::UL, Value::DoubleWords(vec![length]));
        let make = move |_: usize| Ok(Made { data: data.clone(), pixels: None });
        Ok(Series {
            sop_class: ENCAPSULATED_PDF,
            series_instance,
            description: header::description(self, facts.suffix),
            name: facts.product,
            preferred: Syntax::ExplicitLittle,
            length: 1,
            make: Box::new(make),
        })
    }
}
