//! Every file of the shared data has the outcome it should have, and values that pydicom gives too.

use rt_model::finding::{Code, Severity, files};
use rt_model::frame::{GridIndex, PatientPoint};
use rt_model::instance::{Content, Instance, Inventory};
use rt_model::read::{
    ReadErrorKind, ReadOptions, ScanOptions, read_dose, read_plan, read_structure_set, scan,
};
use rt_model::units::Gy;
use rt_testkit::shared;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Plan {
        groups: usize,
        beams: usize,
        dose_references: usize,
    },
    Structures {
        rois: usize,
        contours: usize,
        points: usize,
    },
    Dose {
        size: [usize; 3],
        maximum: f64,
    },
    /// An RT Dose whose pixels are empty.
    NoGrid,
    /// An RT Dose whose header is read and whose grid is refused.
    Refused(ReadErrorKind),
    Image,
    /// DICOM of another kind.
    Other,
    NotDicom,
    Damaged(Code),
}
use Outcome::{Damaged, Dose, Image, NoGrid, NotDicom, Other, Plan, Refused, Structures};

const CT_FOLDER: &str = "nelms_analytic/ct_3mm/";
const CT_SLICES: usize = 20;

#[rustfmt::skip]
const OUTCOMES: &[(&str, Outcome)] = &[
    ("INDEX.tsv", NotDicom),
    ("README.md", NotDicom),
    ("SOURCES.md", NotDicom),
    ("eclipse_prostate_phantom/RD.rebuilt.dcm", Dose { size: [136, 86, 92], maximum: 47.075649 }),
    ("eclipse_prostate_phantom/RP.eclipse.dcm", Plan { groups: 1, beams: 5, dose_references: 2 }),
    ("eclipse_prostate_phantom/RS.eclipse.dcm", Structures { rois: 16, contours: 210, points: 55_720 }),
    ("eclipse_prostate_phantom/reference/EclipseProstate_DvhMetrics_SlicerRT.csv", NotDicom),
    ("eclipse_prostate_phantom/reference/EclipseProstate_DvhTable_CERR.csv", NotDicom),
    ("eclipse_prostate_phantom/reference/EclipseProstate_DvhTable_Eclipse.csv", NotDicom),
    ("eclipse_prostate_phantom/reference/EclipseProstate_DvhTable_SlicerRT.csv", NotDicom),
    ("gammaplan_srs/RD.dcm", Dose { size: [13, 13, 12], maximum: 33.840019 }),
    ("gammaplan_srs/RP.dcm", Plan { groups: 1, beams: 1, dose_references: 0 }),
    ("gammaplan_srs/RP.gtv_plan.dcm", Plan { groups: 1, beams: 1, dose_references: 0 }),
    ("gammaplan_srs/RS.dcm", Structures { rois: 1, contours: 225, points: 29_463 }),
    ("gammaplan_srs/RS.gtv_plan.dcm", Structures { rois: 6, contours: 264, points: 30_799 }),
    ("lung2018/RD.monaco_imrt.dcm", Dose { size: [139, 81, 177], maximum: 27.790480 }),
    ("lung2018/RD.monaco_vmat.dcm", Dose { size: [139, 81, 177], maximum: 10.264223 }),
    ("lung2018/RP.eclipse_vmat.dcm", Plan { groups: 1, beams: 6, dose_references: 1 }),
    ("lung2018/RP.monaco_imrt.dcm", Plan { groups: 1, beams: 3, dose_references: 2 }),
    ("lung2018/RP.monaco_vmat.dcm", Plan { groups: 1, beams: 1, dose_references: 2 }),
    ("lung2018/RS.eclipse.dcm", Structures { rois: 15, contours: 1404, points: 173_368 }),
    ("monaco_tinyvmat/TinyFS_CT1_image00000.dcm", Image),
    ("monaco_tinyvmat/TinyFS_CT1_image00001.dcm", Image),
    ("monaco_tinyvmat/TinyFS_CT1_image00002.dcm", Image),
    ("monaco_tinyvmat/TinyFS_CT1_image00003.dcm", Image),
    ("monaco_tinyvmat/TinyFS_CT1_image00004.dcm", Image),
    ("monaco_tinyvmat/TinyFS_StrctrSets.dcm", Structures { rois: 2, contours: 4, points: 4_816 }),
    ("monaco_tinyvmat/TinyFS_TinyVMAT.dcm", Plan { groups: 1, beams: 1, dose_references: 1 }),
    ("nelms_analytic/doses/Linear_AntPost_2mm_Aligned.dcm", Dose { size: [25, 25, 25], maximum: 33.999992 }),
    ("nelms_analytic/doses/Linear_AntPost_3mm_Aligned.dcm", Dose { size: [19, 19, 19], maximum: 39.999996 }),
    ("nelms_analytic/doses/Linear_SupInf_2mm_Aligned.dcm", Dose { size: [25, 25, 25], maximum: 33.999992 }),
    ("nelms_analytic/doses/Linear_SupInf_3mm_Aligned.dcm", Dose { size: [19, 19, 19], maximum: 33.999992 }),
    ("nelms_analytic/reference/Extracted_Analytical_D_points__Analytical.csv", NotDicom),
    ("nelms_analytic/reference/analytical_data__Analytical.csv", NotDicom),
    ("nelms_analytic/reference/analytical_data__Cone.csv", NotDicom),
    ("nelms_analytic/reference/analytical_data__Cylinder.csv", NotDicom),
    ("nelms_analytic/reference/analytical_data__Sphere.csv", NotDicom),
    ("nelms_analytic/structures/Cone_20_0.dcm", Structures { rois: 2, contours: 13, points: 2_442 }),
    ("nelms_analytic/structures/Cone_20_X10.dcm", Structures { rois: 2, contours: 13, points: 2_442 }),
    ("nelms_analytic/structures/Cone_20_X10Z10.dcm", Structures { rois: 2, contours: 13, points: 2_442 }),
    ("nelms_analytic/structures/Cone_30_0.dcm", Structures { rois: 2, contours: 9, points: 1_692 }),
    ("nelms_analytic/structures/Cone_30_X15.dcm", Structures { rois: 2, contours: 9, points: 1_692 }),
    ("nelms_analytic/structures/Cone_30_X15Z15.dcm", Structures { rois: 2, contours: 9, points: 1_692 }),
    ("nelms_analytic/structures/Cylinder_20_0.dcm", Structures { rois: 2, contours: 13, points: 4_888 }),
    ("nelms_analytic/structures/Cylinder_20_X10.dcm", Structures { rois: 2, contours: 13, points: 4_888 }),
    ("nelms_analytic/structures/Cylinder_20_X10Z10.dcm", Structures { rois: 2, contours: 13, points: 4_888 }),
    ("nelms_analytic/structures/Cylinder_30_0.dcm", Structures { rois: 2, contours: 9, points: 3_384 }),
    ("nelms_analytic/structures/Cylinder_30_X15.dcm", Structures { rois: 2, contours: 9, points: 3_384 }),
    ("nelms_analytic/structures/Cylinder_30_X15Z15.dcm", Structures { rois: 2, contours: 9, points: 3_384 }),
    ("nelms_analytic/structures/Sphere_20_0.dcm", Structures { rois: 2, contours: 13, points: 3_458 }),
    ("nelms_analytic/structures/Sphere_20_X10.dcm", Structures { rois: 2, contours: 13, points: 3_458 }),
    ("nelms_analytic/structures/Sphere_20_X10Z10.dcm", Structures { rois: 2, contours: 13, points: 3_458 }),
    ("nelms_analytic/structures/Sphere_30_0.dcm", Structures { rois: 2, contours: 9, points: 2_258 }),
    ("nelms_analytic/structures/Sphere_30_X15.dcm", Structures { rois: 2, contours: 9, points: 2_258 }),
    ("nelms_analytic/structures/Sphere_30_X15Z15.dcm", Structures { rois: 2, contours: 9, points: 2_258 }),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_FFDL_empty.dcm", NoGrid),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_FFDR_empty.dcm", NoGrid),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_FFP_empty.dcm", NoGrid),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_FFS_empty.dcm", NoGrid),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_HFDL_empty.dcm", NoGrid),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_HFDR_empty.dcm", NoGrid),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_HFP_empty.dcm", NoGrid),
    ("orientation_headers_eclipse/RD.DICOMORIENT.Dose_HFS_empty.dcm", NoGrid),
    ("proton_raystation/plan03_ramp_full/RD1.2.752.243.1.1.20250523160113556.3000.73252.dcm", Dose { size: [107, 107, 110], maximum: 2.210227 }),
    ("proton_raystation/plan03_ramp_full/RD1.2.752.243.1.1.20250523160113556.4000.16653.dcm", Dose { size: [107, 107, 110], maximum: 1.952423 }),
    ("proton_raystation/plan03_ramp_full/RD1.2.752.243.1.1.20250523160113556.5000.84138.dcm", Dose { size: [107, 107, 110], maximum: 1.965906 }),
    ("proton_raystation/plan03_ramp_full/RS1.2.752.243.1.1.20250522124652761.2000.43711.dcm", Structures { rois: 5, contours: 125, points: 497 }),
    ("proton_raystation/plan03_ramp_full/ramped_2Gy_ver2_full.dcm", Plan { groups: 1, beams: 2, dose_references: 1 }),
    ("proton_raystation/plan03_sobp_raystation/RD1.2.752.243.1.1.20221209141208883.1000.23750.dcm", Dose { size: [105, 105, 107], maximum: 1.980417 }),
    ("proton_raystation/plan03_sobp_raystation/RP1.2.752.243.1.1.20221209141208883.9000.73261.dcm", Plan { groups: 1, beams: 1, dose_references: 0 }),
    ("proton_raystation/plan03_sobp_raystation/RS1.2.752.243.1.1.20221209135909128.2180.16718.dcm", Structures { rois: 5, contours: 125, points: 497 }),
    ("pydicom_rt/ExplVR_BigEndNoMeta.dcm", Plan { groups: 0, beams: 0, dose_references: 0 }),
    ("pydicom_rt/ExplVR_LitEndNoMeta.dcm", Plan { groups: 0, beams: 0, dose_references: 0 }),
    ("pydicom_rt/rtdose.dcm", Refused(ReadErrorKind::RelativeDose)),
    ("pydicom_rt/rtdose_1frame.dcm", Refused(ReadErrorKind::RelativeDose)),
    ("pydicom_rt/rtdose_expb.dcm", Refused(ReadErrorKind::RelativeDose)),
    ("pydicom_rt/rtdose_expb_1frame.dcm", Refused(ReadErrorKind::RelativeDose)),
    ("pydicom_rt/rtdose_rle.dcm", Refused(ReadErrorKind::RelativeDose)),
    ("pydicom_rt/rtdose_rle_1frame.dcm", Refused(ReadErrorKind::RelativeDose)),
    ("pydicom_rt/rtplan.dcm", Plan { groups: 1, beams: 1, dose_references: 2 }),
    ("pydicom_rt/rtplan_truncated.dcm", Damaged(files::TRUNCATED)),
    ("pydicom_rt/rtstruct.dcm", Structures { rois: 3, contours: 5, points: 16 }),
    ("quirks/RP.crlf_corrupted.dcm", Damaged(files::LINE_ENDS_CONVERTED)),
    ("quirks/RS.crlf_corrupted.dcm", Damaged(files::LINE_ENDS_CONVERTED)),
    ("quirks/RS.opentps_modality_says_RTDOSE.dcm", Structures { rois: 1, contours: 39, points: 4_981 }),
    ("raystation_brain_srs/RD.imrt.dcm", Dose { size: [63, 78, 79], maximum: 61.970753 }),
    ("raystation_brain_srs/RD.vmat.dcm", Dose { size: [63, 78, 79], maximum: 52.495014 }),
    ("raystation_brain_srs/RP.imrt.dcm", Plan { groups: 1, beams: 22, dose_references: 0 }),
    ("raystation_brain_srs/RP.vmat.dcm", Plan { groups: 1, beams: 11, dose_references: 0 }),
    ("raystation_brain_srs/RS.dcm", Structures { rois: 28, contours: 1162, points: 158_454 }),
    ("raystation_brain_srs/reference/pyplanscoring_vmat.dvh.json", NotDicom),
    ("raystation_brain_srs/reference/pyplanscoring_vmat_metrics.csv", NotDicom),
    ("rtplans_various/RP.brainlab_iplan_235.dcm", Plan { groups: 1, beams: 3, dose_references: 1 }),
    ("rtplans_various/RP.brainlab_iplan_236.dcm", Plan { groups: 1, beams: 3, dose_references: 1 }),
    ("rtplans_various/RP.brainlab_iplan_237.dcm", Plan { groups: 1, beams: 3, dose_references: 1 }),
    ("rtplans_various/RP.brainlab_iplan_238.dcm", Plan { groups: 1, beams: 3, dose_references: 1 }),
    ("rtplans_various/RP.brainlab_iplan_239.dcm", Plan { groups: 1, beams: 3, dose_references: 1 }),
    ("rtplans_various/RP.eclipse_electron.dcm", Plan { groups: 1, beams: 1, dose_references: 1 }),
    ("rtplans_various/RP.eclipse_fif.dcm", Plan { groups: 1, beams: 1, dose_references: 3 }),
    ("rtplans_various/RP.eclipse_imrt_2017.dcm", Plan { groups: 1, beams: 4, dose_references: 1 }),
    ("rtplans_various/RP.eclipse_vmat_setup_fields.dcm", Plan { groups: 1, beams: 5, dose_references: 1 }),
    ("rtplans_various/RP.halcyon.dcm", Other),
    ("rtplans_various/RP.monaco_3fractiongroups.dcm", Plan { groups: 3, beams: 6, dose_references: 6 }),
    ("rtplans_various/RP.monaco_multi_fg.dcm", Plan { groups: 2, beams: 6, dose_references: 3 }),
];

fn inventory(folder: &Path) -> Inventory {
    scan(&[folder.to_owned()], &ScanOptions::default(), &|_| ControlFlow::Continue(())).unwrap()
}

fn outcome(instance: &Instance) -> Outcome {
    let path = &instance.info.path;
    let options = ReadOptions::default();
    match &instance.content {
        Content::Plan(plan) => {
            assert_eq!(
                **plan,
                read_plan(path, &options).unwrap().value.1,
                "{}: a scan reads the same plan",
                path.display()
            );
            Plan {
                groups: plan.fraction_groups.len(),
                beams: plan.beams.len(),
                dose_references: plan.dose_references.len(),
            }
        }
        Content::StructureSet(header) => {
            let read = read_structure_set(path, &options).unwrap().value;
            assert_eq!(**header, read.header, "{}: a scan reads the same header", path.display());
            assert!(read.rois.iter().all(|roi| roi.unusable_contours == 0), "{}", path.display());
            let contours: Vec<_> = read.rois.iter().flat_map(|roi| &roi.contours).collect();
            Structures {
                rois: read.rois.len(),
                contours: contours.len(),
                points: contours.iter().map(|contour| contour.points.len()).sum(),
            }
        }
        Content::Dose(header) => match read_dose(path, &options) {
            Err(error) => Refused(error.kind()),
            Ok(read) => {
                assert_eq!(**header, read.value.header, "{}: a scan reads the same header", path.display());
                match read.value.grid {
                    None => NoGrid,
                    Some(grid) => Dose { size: header.size.unwrap(), maximum: grid.range().1.0 },
                }
            }
        },
        Content::Image(_) => Image,
        _ => Other,
    }
}

fn same(found: Outcome, expected: Outcome) -> bool {
    match (found, expected) {
        (Dose { size, maximum }, Dose { size: expected_size, maximum: expected }) => {
            size == expected_size && (maximum - expected).abs() < 1e-5
        }
        _ => found == expected,
    }
}

#[test]
fn every_file_has_its_outcome() {
    let Some(folder) = shared::data() else { return };
    let inventory = inventory(&folder);
    let name = |path: &Path| path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
    let mut found: BTreeMap<String, Outcome> = BTreeMap::new();
    for instance in &inventory.instances {
        found.insert(name(&instance.info.path), outcome(instance));
    }
    for rejected in &inventory.rejected {
        let outcome = match rejected.finding.severity {
            Severity::Info if rejected.finding.code == files::NOT_DICOM => NotDicom,
            _ => Damaged(rejected.finding.code),
        };
        found.insert(name(&rejected.path), outcome);
    }
    let slices: Vec<String> = found.keys().filter(|name| name.starts_with(CT_FOLDER)).cloned().collect();
    assert_eq!(slices.len(), CT_SLICES);
    for slice in slices {
        assert_eq!(found.remove(&slice), Some(Image), "{slice}");
    }
    for (name, expected) in OUTCOMES {
        let outcome = found.remove(*name).unwrap_or_else(|| panic!("{name} was not found"));
        assert!(same(outcome, *expected), "{name}: expected {expected:?}, found {outcome:?}");
    }
    assert!(found.is_empty(), "files without an expectation: {found:?}");
}

/// Voxels as pydicom 3.0 decodes them times Dose Grid Scaling, among them run-length encoded and big endian
/// ones.
#[test]
fn voxels_agree_with_pydicom() {
    let Some(folder) = shared::data() else { return };
    let relative = ReadOptions { relative_dose_reference: Some(Gy(1.0)), ..ReadOptions::default() };
    for (name, voxels, mean) in [
        (
            "eclipse_prostate_phantom/RD.rebuilt.dcm",
            [
                ([34, 21, 23], 6.496230743634),
                ([68, 43, 46], 45.155942235627),
                ([102, 64, 69], 1.378868286230),
            ],
            9.940780602256401,
        ),
        (
            "gammaplan_srs/RD.dcm",
            [([3, 3, 3], 4.31371830594), ([6, 6, 6], 33.84002025135), ([9, 9, 9], 4.93232430672)],
            5.360878481932649,
        ),
        (
            "pydicom_rt/rtdose_rle.dcm",
            [([2, 2, 3], 1.137), ([5, 5, 7], 0.975), ([7, 7, 11], 0.888)],
            1.013273333333,
        ),
        (
            "pydicom_rt/rtdose_expb.dcm",
            [([2, 2, 3], 1.137), ([5, 5, 7], 0.975), ([7, 7, 11], 0.888)],
            1.013273333333,
        ),
    ] {
        let grid = read_dose(&folder.join(name), &relative).unwrap().value.grid.unwrap();
        for ([i, j, k], expected) in voxels {
            let found = grid.at(GridIndex { i, j, k }).0;
            assert!((found - expected).abs() < 4e-6, "{name} {i} {j} {k}: {found}");
        }
        let found =
            grid.voxels().iter().map(|dose| f64::from(*dose)).sum::<f64>() / grid.voxels().len() as f64;
        assert!((found - mean).abs() < 1e-6, "{name}: {found}");
    }
}

#[test]
fn contours_agree_with_pydicom() {
    let Some(folder) = shared::data() else { return };
    let read =
        read_structure_set(&folder.join("eclipse_prostate_phantom/RS.eclipse.dcm"), &ReadOptions::default())
            .unwrap()
            .value;
    let body = read.rois.iter().find(|roi| roi.number == 1).unwrap();
    assert_eq!(body.contours.len(), 92);
    let last = body.contours.last().unwrap();
    assert_eq!(last.points.len(), 488);
    assert_eq!(last.points.last(), Some(&PatientPoint::new(-35.8887815, -104.980543, 105.0)));
}

#[test]
fn plans_agree_with_pydicom() {
    let Some(folder) = shared::data() else { return };
    let (_, plan) =
        read_plan(&folder.join("rtplans_various/RP.monaco_3fractiongroups.dcm"), &ReadOptions::default())
            .unwrap()
            .value;
    let groups: Vec<_> = plan
        .fraction_groups
        .iter()
        .map(|group| {
            (
                group.number,
                group.fractions_planned,
                group
                    .beams
                    .iter()
                    .map(|beam| (beam.beam_number, beam.meterset, beam.dose))
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    let beam = |number, meterset, dose| (number, Some(meterset), Some(Gy(dose)));
    assert_eq!(
        groups,
        [
            (1, Some(13), vec![beam(1, 131.949997, 1.007), beam(2, 118.050003, 0.251)]),
            (2, Some(12), vec![beam(3, 113.351997, 0.589), beam(4, 126.648003, 0.396)]),
            (3, Some(25), vec![beam(5, 184.529007, 1.052), beam(6, 45.471001, 0.051)]),
        ]
    );
    let last = plan.beams.last().unwrap();
    assert_eq!((last.number, last.control_points, last.nominal_energies.as_slice()), (6, 4, &[15.0][..]));
    assert_eq!(
        (last.radiation_type.as_deref(), last.dosimeter_unit.as_deref()),
        (Some("PHOTON"), Some("MU"))
    );
    let prescribed: Vec<_> =
        plan.dose_references.iter().filter_map(|reference| reference.target_prescription_dose).collect();
    assert_eq!(prescribed, [Gy(26.0), Gy(24.0), Gy(50.0)]);
}

#[test]
fn an_ion_plan_is_read_as_one() {
    let Some(folder) = shared::data() else { return };
    let path = folder.join("proton_raystation/plan03_ramp_full/ramped_2Gy_ver2_full.dcm");
    let (_, plan) = read_plan(&path, &ReadOptions::default()).unwrap().value;
    assert!(plan.ion);
    let beam = &plan.beams[1];
    assert_eq!((beam.number, beam.control_points, beam.radiation_type.as_deref()), (2, 44, Some("PROTON")));
    assert_eq!(beam.nominal_energies[..2], [149.4, 146.0]);
    assert_eq!(plan.fraction_groups[0].beams[0].meterset, Some(39294.15));
}
