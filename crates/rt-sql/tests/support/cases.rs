//! Made-up cases.

use rt_model::date::{Date, DateTime, Time};
use rt_model::dose::DoseType;
use rt_model::finding::{Finding, database};
use rt_model::frame::PatientPoint;
use rt_model::patient::Sex;
use rt_model::provenance::{Provenance, Tag};
use rt_model::uid::Uid;
use rt_model::units::{Cm3, Gy, Percent};
use rt_sql::record::{
    AuditRow, CaseIdentity, CaseRecord, Curve, FieldSource, ImportRow, MetricRow, PlanRow, PlanStatusRow, PrescriptionRow,
    RoiRow, SourceFile, SourceRole, StoredDvhRow,
};

/// A case with a value in every field. `content` stands for what the digest is made of.
pub fn case(mrn: &str, plan_uid: &str, content: u8) -> CaseRecord {
    let day = Date::new(2024, 2, 29).unwrap();
    let stamp = DateTime { date: day, time: Time::new(9, 15, 30) };
    let file = |role, uid: &str, path: &str| SourceFile { role, sop_instance: Uid::new(uid).unwrap(), path: path.into() };
    CaseRecord {
        identity: CaseIdentity {
            mrn: mrn.into(),
            issuer: Some("Hospital".into()),
            birth_date: Date::new(1950, 6, 15),
            sex: Some(Sex::Female),
            plan_uid: Uid::new(plan_uid).unwrap(),
            digest: [content; 32],
        },
        plan: PlanRow {
            age: Some(73),
            sim_study_date: Some(day),
            rad_onc: Some("Physician".into()),
            tx_site: Some("Prostate".into()),
            rx_dose: Some(Gy(70.2)),
            fractions: Some(39),
            energy: Some("6MV,10FFF MV".into()),
            study_instance_uid: Uid::new("1.2.3"),
            patient_orientation: Some("HFDL".into()),
            plan_timestamp: Some(stamp),
            structures_timestamp: Some(stamp),
            dose_timestamp: Some(stamp),
            tps_manufacturer: Some("Maker".into()),
            tps_software_name: Some("Planner".into()),
            tps_software_version: Some("1.0".into()),
            tx_modality: Some("VMAT".into()),
            monitor_units: Some(512.5),
            treatment_time_s: Some(754.25),
        },
        status: PlanStatusRow {
            approval: Some("APPROVED".into()),
            intent: Some("CURATIVE".into()),
            role: "CLINICAL".into(),
            qa: false,
            dose_type: DoseType::Physical,
            total_dose_check: "confirmed".into(),
            patient_mismatch_accepted: false,
            identity_removed: false,
        },
        prescriptions: vec![
            PrescriptionRow {
                dose: Some(Gy(70.2)),
                source: "dose_reference".into(),
                reference: Some("reference 1".into()),
                roi_number: Some(1),
                chosen: true,
                settled: true,
                conflict: false,
                reason: None,
            },
            PrescriptionRow {
                dose: Some(Gy(74.1)),
                source: "rtdose_max".into(),
                reference: None,
                roi_number: None,
                chosen: false,
                settled: false,
                conflict: false,
                reason: Some("never a prescription".into()),
            },
        ],
        rois: vec![target(), organ(2, 40.0), organ(3, 41.5), outside(), point()],
        field_sources: vec![FieldSource { column: "RxDose".into(), source: "DoseReferenceSequence[0]".into() }],
        findings: vec![Finding::info(
            database::SUPERSEDES_STORED_PLAN,
            Provenance::of_file("case/RP.dcm").attribute("ApprovalStatus", Tag::new(0x300E, 2)),
            "a finding of the case",
        )],
        import: ImportRow {
            at: stamp,
            who: "physicist".into(),
            host: "workstation".into(),
            engine_name: "rt-dvh".into(),
            engine_version: "0.1.0".into(),
            dvh_options: "dosebridge-1 bin 0.01 Gy".into(),
            files: vec![
                file(SourceRole::Plan, plan_uid, "case/RP.dcm"),
                file(SourceRole::StructureSet, &format!("{plan_uid}.1"), "case/RS.dcm"),
                file(SourceRole::Dose, &format!("{plan_uid}.2"), "case/RD.dcm"),
            ],
        },
        audit: vec![],
    }
}

pub fn accepted() -> AuditRow {
    AuditRow { action: "accept".into(), reason: "A=B".into() }
}

fn target() -> RoiRow {
    RoiRow {
        number: 1,
        name: "PTV".into(),
        roi_type: Some("PTV".into()),
        colour: Some([255, 0, 16]),
        volume: Some(Cm3(120.25)),
        coverage: Some(Percent(100.0)),
        min: Some(Gy(60.125)),
        mean: Some(Gy(70.3)),
        max: Some(Gy(74.1)),
        min_at: Some(PatientPoint::new(1.0, 2.0, 3.0)),
        max_at: Some(PatientPoint::new(-1.5, 0.0, 1e-9)),
        centroid: Some(PatientPoint::new(0.1, 0.2, -0.3)),
        volume_model: Some("prism, half-slice caps".into()),
        curve: Some(curve(0.01, 120.25, 7411)),
        reason: None,
        stored_dvh: Some(StoredDvhRow {
            volume: Some(Cm3(120.1)),
            min: None,
            mean: Some(Gy(70.25)),
            max: Some(Gy(74.0)),
            agreement: Some("99 % within 1 %".into()),
        }),
        metrics: vec![
            MetricRow {
                metric: "D95%".into(),
                value: Some(68.5),
                unit: "Gy".into(),
                low: Some(68.5),
                high: Some(68.5),
                reason: None,
            },
            MetricRow {
                metric: "V107%".into(),
                value: None,
                unit: "%".into(),
                low: None,
                high: None,
                reason: Some("no prescription".into()),
            },
        ],
        findings: vec![Finding::warning(database::VALUE_DOES_NOT_FIT, Provenance::unknown(), "a finding of the ROI")],
    }
}

/// Two of these share their name.
fn organ(number: i32, mean: f64) -> RoiRow {
    RoiRow {
        number,
        name: "Organ".into(),
        roi_type: Some("ORGAN".into()),
        volume: Some(Cm3(mean)),
        coverage: Some(Percent(99.5)),
        min: Some(Gy(0.0)),
        mean: Some(Gy(mean)),
        max: Some(Gy(60.0)),
        curve: Some(curve(0.02, mean, 3001)),
        ..RoiRow::default()
    }
}

/// Wholly outside the dose grid.
fn outside() -> RoiRow {
    RoiRow {
        number: 4,
        name: "Outside".into(),
        volume: Some(Cm3(5.5)),
        coverage: Some(Percent(0.0)),
        reason: Some("outside the dose grid".into()),
        ..RoiRow::default()
    }
}

/// Encloses nothing.
fn point() -> RoiRow {
    RoiRow { number: 5, name: "rx: 70.2Gy".into(), reason: Some("no closed contour".into()), ..RoiRow::default() }
}

/// A curve whose volumes need no rounding in its text.
fn curve(bin: f64, volume: f64, bins: u32) -> Curve {
    let fall = |i: u32| (volume * (1.0 - f64::from(i) / f64::from(bins - 1)) * 1e3).round() / 1e3;
    let mut cumulative: Vec<f64> = (0..bins).map(fall).collect();
    let end = cumulative.iter().position(|&volume| volume == 0.0).unwrap();
    cumulative.truncate(end + 1);
    Curve { bin: Gy(bin), cumulative }
}
