//! Made-up cases.

use rt_model::date::{Date, DateTime, Time};
use rt_model::dose::DoseType;
use rt_model::finding::{Finding, database};
use rt_model::frame::PatientPoint;
use rt_model::patient::Sex;
use rt_model::provenance::{Provenance, Tag};
use rt_model::uid::Uid;
use rt_model::units::{Cm3, Gy, Mm, Percent};
use rt_sql::record::{
    AuditRow, BeamRow, CaseIdentity, CaseRecord, ChannelRow, Curve, Delivery, DwellRow, FieldSource,
    ImportRow, LayerRow, MetricRow, PlanRow, PlanStatusRow, PrescriptionRow, RoiRow, SourceFile, SourceRole,
    SourceRow, StoredDvhRow, TargetRow, Turn,
};

/// A case with a value in every field. `content` stands for what the digest is made of.
pub fn case(mrn: &str, plan_uid: &str, content: u8) -> CaseRecord {
    let day = Date::new(2024, 2, 29).unwrap();
    let stamp = DateTime { date: day, time: Time::new(9, 15, 30) };
    let file = |role, uid: &str, path: &str| SourceFile {
        role,
        sop_instance: Uid::new(uid).unwrap(),
        path: path.into(),
    };
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
        delivery: delivery(),
        rois: vec![target(), organ(2, 40.0), organ(3, 41.5), outside(), point()],
        field_sources: vec![FieldSource {
            column: "RxDose".into(),
            source: "DoseReferenceSequence[0]".into(),
        }],
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

/// A row of each table with a value in every field.
fn delivery() -> Delivery {
    let some = |text: &str| Some(text.to_owned());
    let turn = |start, stop, travel| Turn { start: Some(start), stop: Some(stop), travel: Some(travel) };
    let full = BeamRow {
        fraction_group: Some(1),
        fractions: Some(39),
        number: 7,
        name: some("Arc"),
        description: some("from below"),
        role: "treatment".into(),
        delivery_type: some("TREATMENT"),
        radiation_type: some("PHOTON"),
        technique: some("VMAT"),
        evidence: some("leaves move"),
        machine: some("Linac 1"),
        meterset: Some(512.5),
        meterset_unit: some("MU"),
        monitor_units: Some(512.5),
        monitor_units_per_degree: Some(1.5),
        time_s: Some(60.0),
        dose: Some(Gy(1.8)),
        dose_point: Some(PatientPoint::new(1.0, 2.0, 3.0)),
        control_points: 178,
        apertures: Some(177),
        energy: some("10FFF MV"),
        energy_low: Some(10.0),
        energy_high: Some(10.5),
        energy_unit: some("MV"),
        fluence_mode: some("FFF"),
        gantry: turn(181.0, 179.0, 358.0),
        gantry_direction: some("CW"),
        collimator: turn(10.0, 350.0, 0.0),
        couch: turn(0.0, 5.0, 5.5),
        isocentre: Some(PatientPoint::new(-1.0, -2.0, -3.0)),
        source_to_surface_mm: Some(905.5),
        source_to_axis_mm: Some(1000.0),
        wedges: Some(1),
        blocks: Some(2),
        boli: Some(3),
        compensators: Some(4),
        applicator: some("15x15"),
        scan_mode: some("MODULATED"),
        layers: Some(22),
        spots: Some(1234),
        range_shifters: some("RS5"),
        snout: some("S1"),
        snout_position_mm: Some(421.0),
    };
    Delivery {
        beams: vec![full, BeamRow { number: 8, role: "setup".into(), ..BeamRow::default() }],
        layers: vec![LayerRow {
            beam: 7,
            layer: 1,
            energy: Some(149.4),
            spots: 56,
            weight: 12.25,
            meterset: Some(40.5),
            meterset_unit: some("NP"),
            paintings: Some(2),
            spot_size_mm: Some([8.0, 8.5]),
        }],
        sources: vec![SourceRow {
            number: 1,
            kind: some("LINE"),
            isotope: some("Ir-192"),
            half_life_days: Some(73.83),
            strength_units: some("AIR_KERMA_RATE"),
            air_kerma_rate: Some(40_820.0),
            reference_time: Date::new(2024, 2, 1).map(|date| DateTime { date, time: Time::new(9, 0, 0) }),
        }],
        channels: vec![ChannelRow {
            setup: 1,
            setup_type: some("INTERSTITIAL"),
            setup_air_kerma: Some(1234.5),
            number: 3,
            source: Some(1),
            applicator: some("Needle 3"),
            length_mm: Some(1240.0),
            step_size_mm: Some(2.5),
            movement: some("STEPWISE"),
            total_time_s: Some(61.5),
            pulses: Some(24),
            pulse_interval_s: Some(3600.0),
        }],
        dwells: vec![DwellRow {
            setup: 1,
            channel: 3,
            dwell: 1,
            position_mm: Some(1235.0),
            point: Some(PatientPoint::new(4.0, 5.0, 6.0)),
            time_s: Some(11.25),
        }],
    }
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
        targets: Some(TargetRow {
            targets: "1,4".into(),
            least: Some(Mm(-7.5)),
            mean: Some(Mm(0.25)),
            most: Some(Mm(12.0)),
            overlap: Some(Cm3(0.5)),
            reason: Some("sampled every 2 mm".into()),
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
        findings: vec![Finding::warning(
            database::VALUE_DOES_NOT_FIT,
            Provenance::unknown(),
            "a finding of the ROI",
        )],
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
    RoiRow {
        number: 5,
        name: "rx: 70.2Gy".into(),
        reason: Some("no closed contour".into()),
        ..RoiRow::default()
    }
}

/// A curve whose volumes need no rounding in its text.
fn curve(bin: f64, volume: f64, bins: u32) -> Curve {
    let fall = |i: u32| (volume * (1.0 - f64::from(i) / f64::from(bins - 1)) * 1e3).round() / 1e3;
    let mut cumulative: Vec<f64> = (0..bins).map(fall).collect();
    let end = cumulative.iter().position(|&volume| volume == 0.0).unwrap();
    cumulative.truncate(end + 1);
    Curve { bin: Gy(bin), cumulative }
}
