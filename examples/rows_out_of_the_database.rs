//! Rows out of the database: which plans count, what was prescribed, and a DVH back as numbers.
//!
//! `cargo run -p dosebridge-examples --example rows_out_of_the_database`
//!
//! Units: Gy, cm3. Frame: none.

use rt_model::date::{Date, DateTime};
use rt_model::dose::DoseType;
use rt_model::patient::Sex;
use rt_model::uid::Uid;
use rt_model::units::{Cm3, Gy, Percent};
use rt_sql::record::{
    CaseIdentity, CaseRecord, Curve, Delivery, ImportRow, PlanRow, PlanStatusRow, PrescriptionRow, RoiRow,
    SourceFile, SourceRole,
};
use rt_sql::{Database, DatabaseUrl, OpenOptions, Outcome};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let url = DatabaseUrl::sqlite(folder.path().join("dvh.sqlite"));
    let database = Database::open(&url, &OpenOptions::default()).await?;
    assert_eq!(database.store_case(&case()).await?.outcome, Outcome::Stored);
    assert_eq!(database.store_case(&case()).await?.outcome, Outcome::Unchanged);

    // The cohort holds current clinical plans, each once, with a dose only where it is a prescription.
    let cohort = database.cohort_plans().await?;
    assert_eq!(cohort.len(), 1);
    for plan in cohort {
        let prescribed = plan.prescribed_dose.expect("the example's prescription is settled");
        println!("{} plan {}: {prescribed} in {:?} fractions", plan.mrn, plan.plan_id, plan.fractions);
        for dvh in database.dvhs(&plan.mrn, plan.plan_id).await? {
            let curve = dvh.curve.expect("the example's ROI lies inside the dose grid");
            // Entry i is the volume that receives at least i bins of dose.
            let v20 = curve.cumulative[(20.0 / curve.bin.get()).round() as usize];
            println!("  {}: {v20:.2} of {:.2} cm3 receive 20 Gy or more", dvh.roi_name, curve.cumulative[0]);
            assert!((v20 - 50.0).abs() < 1e-4);
        }
    }
    Ok(())
}

/// A ROI of 100 cm3 whose dose rises evenly from 0 to 40 Gy.
fn case() -> CaseRecord {
    let bins = 400;
    let curve = Curve {
        bin: Gy(0.1),
        cumulative: (0..=bins).map(|i| 100.0 * (1.0 - f64::from(i) / f64::from(bins))).collect(),
    };
    let plan_uid = Uid::new("2.25.1").expect("not empty");
    CaseRecord {
        delivery: Delivery::default(),
        identity: CaseIdentity {
            mrn: "PHANTOM1".into(),
            issuer: None,
            birth_date: Date::new(1950, 6, 15),
            sex: Some(Sex::Other),
            plan_uid: plan_uid.clone(),
            digest: [1; 32],
        },
        plan: PlanRow {
            tx_site: Some("Ramp".into()),
            rx_dose: Some(Gy(40.0)),
            fractions: Some(20),
            ..PlanRow::default()
        },
        status: PlanStatusRow {
            approval: Some("APPROVED".into()),
            intent: None,
            role: "CLINICAL".into(),
            qa: false,
            dose_type: DoseType::Physical,
            total_dose_check: "not confirmed: no common point".into(),
            patient_mismatch_accepted: false,
            identity_removed: false,
        },
        prescriptions: vec![PrescriptionRow {
            dose: Some(Gy(40.0)),
            source: "dose_reference".into(),
            reference: None,
            roi_number: Some(1),
            chosen: true,
            settled: true,
            conflict: false,
            reason: None,
        }],
        rois: vec![RoiRow {
            number: 1,
            name: "Ramp".into(),
            volume: Some(Cm3(100.0)),
            coverage: Some(Percent(100.0)),
            min: Some(Gy(0.0)),
            mean: Some(Gy(20.0)),
            max: Some(Gy(40.0)),
            curve: Some(curve),
            ..RoiRow::default()
        }],
        field_sources: vec![],
        findings: vec![],
        import: ImportRow {
            at: DateTime { date: Date::new(2026, 1, 31).expect("in the calendar"), time: None },
            who: "physicist".into(),
            host: "workstation".into(),
            engine_name: "rt-dvh".into(),
            engine_version: "0.1.0".into(),
            dvh_options: "dosebridge-2".into(),
            files: vec![SourceFile {
                role: SourceRole::Plan,
                sop_instance: plan_uid,
                path: "case/RP.dcm".into(),
            }],
        },
        audit: vec![],
    }
}

#[cfg(test)]
#[test]
fn the_example_holds() {
    main().expect("the example runs");
}
