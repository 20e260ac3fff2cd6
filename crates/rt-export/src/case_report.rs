//! A case as a report: identity, plan, DVHs, key slices, provenance.
//!
//! Units: Gy and cm³. Frame: DICOM patient coordinates (LPS).

use crate::case::ExportCase;
use crate::content::Canonical;
use crate::error::{ExportError, ExportErrorKind};
use crate::gate::refused;
use crate::uid::Content;
use crate::wash::{Pictures, WashOptions};
use rayon::prelude::*;
use rt_case::{AskedMetric, CaseError, EvaluateOptions, RoiResult, evaluate};
use rt_draw::labels::round;
use rt_draw::report::{Identity, KeySlice, MetricBand, Report, ReportRoi};
use rt_draw::style::DoseUnit;
use rt_dvh::{DvhOptions, Metric};
use rt_model::finding::{Finding, export as codes};
use rt_model::frame::{GridPoint, PatientPoint};
use rt_model::structure_set::Roi;
use std::ops::ControlFlow;

/// How a report is made.
#[derive(Debug, Clone)]
pub struct ReportOptions {
    /// How the key slices are drawn.
    pub pictures: WashOptions,
    /// How DVHs are computed.
    pub dvh: DvhOptions,
    /// Numbers of every ROI with the interval that the data leave open; for physics.
    pub metrics: Vec<Metric>,
}

impl Canonical for ReportOptions {
    fn add_to(&self, content: &mut Content) {
        // The page for a PACS shows no metrics of the caller's choice.
        let Self { pictures, dvh, metrics: _ } = self;
        pictures.add_to(content);
        dvh.add_to(content);
    }
}

/// Most key slices: the hottest, and those through targets.
const KEY_SLICES: usize = 4;
/// As many fill a row of the page.
const FULL_ROW: usize = 3;

impl ExportCase {
    /// Everything a report tells of the case.
    ///
    /// # Errors
    /// Where the dose is relative, or an image cannot be read.
    pub fn report(&self, options: &ReportOptions) -> Result<Report, ExportError> {
        if self.labels.unit == DoseUnit::Percent {
            let detail = "a relative dose is shown in pictures alone, not in a report in gray";
            return Err(refused(ExportErrorKind::Unsuitable, self.plan_info(), detail));
        }
        let pictures = self.pictures(&options.pictures)?;
        let (rois, key_slices) = rayon::join(|| self.rois(options), || self.key_slices(&pictures));
        let rois = rois?;
        let mut findings = self.findings().to_vec();
        findings.extend(rois.iter().flat_map(|roi| roi.findings.iter().cloned()));
        let patient = &self.plan_info().patient;
        let identity = Identity {
            id: patient.id.trim().to_owned(),
            name: patient.name.clone(),
            birth_date: patient.birth_date.map(|date| date.to_string()),
            sex: patient.sex.map(|sex| sex.as_char()),
        };
        if !identity.printed_name().chars().all(rt_draw::draw::has_glyph) {
            let text = "the font lacks characters of the patient's name: shown as boxes";
            findings.push(Finding::warning(codes::MISSING_GLYPH, self.plan_info().provenance(), text));
        }
        let (date, time) = &self.date;
        Ok(Report {
            labels: self.labels.clone(),
            identity,
            plan: self.plan_rows(),
            rois: rois.into_iter().map(report_roi).collect(),
            key_slices: key_slices?,
            findings,
            provenance: self.provenance_rows(options),
            dose_date: (!date.is_empty()).then(|| {
                let time = time.split('.').next().unwrap_or_default();
                format!("{date}{time:0<6}")
            }),
        })
    }

    /// The ROIs with the metrics of the physics report and their uncertainty intervals.
    fn rois(&self, options: &ReportOptions) -> Result<Vec<RoiResult>, ExportError> {
        let evaluate_options = EvaluateOptions {
            metrics: options.metrics.iter().map(|metric| AskedMetric::from(*metric)).collect(),
            bands: true,
            ..EvaluateOptions::new(options.dvh.clone())
        };
        let result = evaluate(&self.prepared, &evaluate_options, &mut |_| ControlFlow::Continue(()));
        let refuse = |error: CaseError| refused(ExportErrorKind::NoOverlap, self.plan_info(), error.reason());
        result.map(|result| result.rois).map_err(refuse)
    }

    /// The hottest slice and slices through the middle of targets.
    fn key_slices(&self, pictures: &Pictures<'_>) -> Result<Vec<KeySlice>, ExportError> {
        let mut wanted = vec![(self.nearest_slice(self.hottest()), "hottest point".to_owned())];
        for roi in
            self.prepared.rois().iter().filter(|roi| rt_draw::outlines::RoiChoice::Targets.includes(roi))
        {
            if let Some(middle) = middle(roi) {
                wanted.push((self.nearest_slice(middle), roi.name.clone()));
            }
        }
        let mut slices: Vec<(usize, String)> = Vec::new();
        for (slice, caption) in wanted {
            let same = slices.iter().position(|(other, _)| *other == slice);
            match same {
                Some(at) if slices[at].1.len() + caption.len() < 40 => {
                    slices[at].1 += &format!(", {caption}")
                }
                None if slices.len() < KEY_SLICES => slices.push((slice, caption)),
                Some(_) | None => {}
            }
        }
        // A row is not left half empty where targets share their slices: what lies above and below is worth a
        // look as well.
        let shown: Vec<usize> = (0..pictures.len()).map(|at| pictures.number(at) - 1).collect();
        for part in [1, 3] {
            let slice = shown[part * (shown.len() - 1) / 4];
            if slices.len() < FULL_ROW && !slices.iter().any(|(other, _)| *other == slice) {
                slices.push((slice, format!("slice {}", slice + 1)));
            }
        }
        let paint = |(slice, caption): &(usize, String)| {
            Ok(KeySlice { caption: caption.clone(), canvas: pictures.paint_slice(*slice)? })
        };
        slices.par_iter().map(paint).collect()
    }

    /// The centre of the voxel of the largest dose.
    fn hottest(&self) -> PatientPoint {
        let geometry = self.dose().geometry();
        let [ni, nj, _] = geometry.size();
        let voxels = self.dose().voxels().iter().enumerate();
        let hottest = voxels.max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(at, _)| at);
        let (i, j, k) = (hottest % ni, hottest / ni % nj, hottest / (ni * nj));
        geometry.patient_from_grid(GridPoint { i: i as f64, j: j as f64, k: k as f64 })
    }

    fn nearest_slice(&self, point: PatientPoint) -> usize {
        let slices = &self.stack.slices;
        let off = |at: &usize| (slices[*at].plane.height() - point.along(slices[*at].plane.normal())).abs();
        (0..slices.len()).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or_default()
    }

    fn plan_rows(&self) -> Vec<(String, String)> {
        let (summary, labels) = (&self.facts().summary, &self.labels);
        let text = |value: &Option<rt_model::derive::Derived<String>>| {
            value.as_ref().map(|derived| derived.value.clone())
        };
        let chosen = summary.prescription.candidates.iter().find(|candidate| candidate.chosen);
        let source = match (labels.prescription, chosen) {
            (Some(_), Some(chosen)) => {
                let reference =
                    chosen.reference.as_ref().map(|reference| format!(" ({reference})")).unwrap_or_default();
                Some(format!("{}{reference}", chosen.source.in_words()))
            }
            _ => summary.prescription.reason.clone(),
        };
        let system = [&summary.tps_manufacturer, &summary.tps_software_name, &summary.tps_software_version];
        let system: Vec<String> = system.into_iter().filter_map(text).collect();
        let plan = if labels.plans > 1 {
            format!("{} (1 of {} plans)", labels.plan, labels.plans)
        } else {
            labels.plan.clone()
        };
        let (date, time) = &self.date;
        let rows = [
            ("Plan", Some(plan)),
            ("Prescription", Some(labels.prescription_text())),
            ("Source of prescription", source),
            ("Approval", Some(labels.approval_text().to_owned())),
            ("Total dose", Some(labels.total.clone())),
            ("Maximum of the grid", Some(format!("{} {}", round(labels.maximum), labels.unit))),
            ("Energy", text(&summary.energy)),
            ("Monitor units", summary.monitor_units.as_ref().map(|units| round(units.value))),
            ("Planning system", Some(system.join(" ")).filter(|system| !system.is_empty())),
            ("Plan made", summary.plan_timestamp.as_ref().map(|time| time.value.to_string())),
            ("Dose made", Some(dotted(date, time)).filter(|date| !date.is_empty())),
        ];
        rows.into_iter().filter_map(|(label, value)| Some((label.to_owned(), value?))).collect()
    }

    fn provenance_rows(&self, options: &ReportOptions) -> Vec<(String, String)> {
        let facts = self.facts();
        let row = |label: &str, value: String| (label.to_owned(), value);
        let mut rows = vec![
            row("Program", format!("DoseBridge rt-export {}", env!("CARGO_PKG_VERSION"))),
            row("DVH", options.dvh.to_string()),
            row("RT Plan", facts.plan_info.sop_instance.to_string()),
            row("RT Structure Set", facts.structure_set_info.sop_instance.to_string()),
        ];
        rows.extend(facts.doses.iter().map(|dose| row("RT Dose", dose.info.sop_instance.to_string())));
        rows.extend(
            facts.images.as_ref().map(|images| row("Image series", images.series_instance.to_string())),
        );
        rows
    }
}

fn report_roi(roi: RoiResult) -> ReportRoi {
    ReportRoi {
        bands: roi.metrics.iter().filter_map(|metric| metric.band.as_ref()).map(MetricBand::of).collect(),
        name: roi.name,
        colour: roi.colour,
        interpreted_type: roi.interpreted_type,
        dvh: roi.dvh,
    }
}

/// The mean of the vertices of a ROI's closed contours.
fn middle(roi: &Roi) -> Option<PatientPoint> {
    let points =
        || roi.contours.iter().filter(|contour| contour.kind.is_closed()).flat_map(|contour| &contour.points);
    let count = points().count();
    // Of a ROI that lacks contours the rest has another middle.
    if count == 0 || roi.unusable_contours > 0 {
        return None;
    }
    let sum = points().fold([0.0; 3], |sum, point| [sum[0] + point.x, sum[1] + point.y, sum[2] + point.z]);
    let [x, y, z] = sum.map(|sum| sum / count as f64);
    Some(PatientPoint::new(x, y, z))
}

/// `2024-01-31 10:15` of a DICOM date and time.
fn dotted(date: &str, time: &str) -> String {
    let date = match (date.get(..4), date.get(4..6), date.get(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => date.to_owned(),
    };
    match (time.get(..2), time.get(2..4)) {
        (Some(hour), Some(minute)) => format!("{date} {hour}:{minute}"),
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use super::dotted;

    #[test]
    fn dates_are_readable() {
        assert_eq!(dotted("20240131", "101500.25"), "2024-01-31 10:15");
        assert_eq!(dotted("20240131", ""), "2024-01-31");
        assert_eq!(dotted("", ""), "");
    }
}
