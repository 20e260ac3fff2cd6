//! The dose lies where it belongs: every pixel of the dose series against the formula of the dose, whatever
//! the planes are.

use crate::support::{attribute, case, load, wash_options};
use rt_export::case::{ExportCase, ExportOptions};
use rt_export::quant::QuantOptions;
use rt_export::series::Syntax;
use rt_model::finding::export as codes;
use rt_model::frame::{PatientPoint, PatientVector};
use rt_model::image::Image;
use rt_model::read::read_image;
use rt_model::units::{Gy, Mm};
use rt_phantom::case::{CaseBuilder, DoseSpec, ImageSpec, PhantomCase, Role};
use rt_phantom::{DoseField, GaussianDose, GridSpec, LinearDose, Position, Value};
use std::path::Path;
use std::sync::Arc;

const DOSE: LinearDose = LinearDose { at_origin: Gy(30.0), gradient: PatientVector::new(0.125, 0.25, -0.2) };
const HALF: f64 = 24.0;

fn builder() -> CaseBuilder {
    let image = ImageSpec {
        planes: (0..24).map(|k| f64::from(k) * 3.0 - 34.5).collect(),
        thickness: 3.0,
        pixels: 40,
        ..ImageSpec::default()
    };
    let corner = |sign: f64| PatientPoint::new(sign * HALF, sign * HALF, sign * HALF);
    let grid = GridSpec::covering(corner(-1.0), corner(1.0), 2.0);
    CaseBuilder::new("export geometry").image(Some(image)).dose(DoseSpec {
        field: Arc::new(DOSE),
        grid,
        ..DoseSpec::default()
    })
}

/// The images of the dose series, read back.
fn dose_images(case: &ExportCase) -> Vec<Image> {
    let folder = tempfile::tempdir().unwrap();
    let series = case.quant(&QuantOptions::default()).unwrap();
    crate::support::write(&series, Syntax::ExplicitLittle, folder.path())
        .iter()
        .map(|path| read_image(path).unwrap().value)
        .collect()
}

/// Every pixel is within half a step of the dose at its place, and 0 outside the grid; gives the number of
/// pixels inside.
fn assert_dose_lies_right(case: &ExportCase, dose: &impl DoseField) -> usize {
    let step = if case.labels().maximum > 32.767 { 0.01 } else { 0.001 };
    let mut inside = 0;
    for image in dose_images(case) {
        let (position, [row, column]) = (image.header.position.unwrap(), image.header.orientation.unwrap());
        let [si, sj] = image.header.spacing.unwrap();
        for (at, found) in image.values.iter().enumerate() {
            let (i, j) = ((at % image.header.size[0]) as f64, (at / image.header.size[0]) as f64);
            let point = position.moved(row.scaled(i * si.0)).moved(column.scaled(j * sj.0));
            let far = point.x.abs().max(point.y.abs()).max(point.z.abs());
            // The dose itself is stored in steps: its own rounding comes on top.
            if far < HALF - 1e-6 {
                inside += 1;
                let expected = dose.at(point).0;
                assert!(
                    (f64::from(*found) - expected).abs() <= step / 2.0 + 2e-3,
                    "{point:?}: {found} {expected}"
                );
            } else if far > HALF + 1e-6 {
                assert_eq!(*found, 0.0, "{point:?}");
            }
        }
    }
    inside
}

/// Changes every image of a case, writes it and loads it.
fn edited(edit: impl Fn(usize, &mut rt_phantom::DataSet)) -> (tempfile::TempDir, ExportCase) {
    let mut phantom: PhantomCase = builder().build().unwrap();
    for (at, file) in phantom.files.iter_mut().filter(|file| file.role == Role::Image).enumerate() {
        edit(at, &mut file.data);
    }
    let folder = tempfile::tempdir().unwrap();
    phantom.write(folder.path()).unwrap();
    let case = load(folder.path(), &ExportOptions::default()).unwrap();
    (folder, case)
}

fn decimals(data: &mut rt_phantom::DataSet, keyword: &str, values: &[f64]) {
    data.set(keyword, Value::decimals(values)).unwrap();
}

#[test]
fn a_linear_dose_is_exact_in_every_position() {
    for position in Position::ALL {
        let (_folder, case) = case(&builder().position(position));
        assert!(assert_dose_lies_right(&case, &DOSE) > 5000, "{position:?}");
    }
}

#[test]
fn the_hot_spot_lands_in_the_right_voxel_in_every_position() {
    let hot = PatientPoint::new(7.0, -11.0, 4.5);
    let dose = GaussianDose { centre: hot, peak: Gy(40.0), sigma: Mm(8.0) };
    for position in Position::ALL {
        let spec = DoseSpec { field: Arc::new(dose), ..DoseSpec::default() };
        let (_folder, case) = case(&builder().position(position).dose(spec));
        let images = dose_images(&case);
        let values = images
            .iter()
            .enumerate()
            .flat_map(|(image, of)| of.values.iter().enumerate().map(move |(at, dose)| (image, at, *dose)));
        let (image, at, _) = values.max_by(|a, b| a.2.total_cmp(&b.2)).unwrap();
        let header = &images[image].header;
        let [row, column] = header.orientation.unwrap();
        let [si, sj] = header.spacing.unwrap();
        let point = header.position.unwrap();
        let point = point
            .moved(row.scaled((at % header.size[0]) as f64 * si.0))
            .moved(column.scaled((at / header.size[0]) as f64 * sj.0));
        let off = point.from_point(hot);
        assert!(off.x.abs() <= 1.0 && off.y.abs() <= 1.0 && off.z.abs() <= 1.5, "{position:?} {point:?}");
    }
}

#[test]
fn pixels_need_not_be_square() {
    let (_folder, case) = edited(|_, data| decimals(data, "PixelSpacing", &[1.25, 2.0]));
    assert!(assert_dose_lies_right(&case, &DOSE) > 5000);
}

#[test]
fn oblique_planes_are_resampled_where_they_lie() {
    let (sine, cosine) = (20f64.to_radians().sin(), 20f64.to_radians().cos());
    let (_folder, case) = edited(|at, data| {
        decimals(data, "ImageOrientationPatient", &[1.0, 0.0, 0.0, 0.0, cosine, sine]);
        let height = 3.0 * at as f64 - 34.5;
        let start = -39.0;
        decimals(
            data,
            "ImagePositionPatient",
            &[start, start * cosine - height * sine, start * sine + height * cosine],
        );
    });
    assert!(assert_dose_lies_right(&case, &DOSE) > 5000);
    assert!(case.wash(&wash_options(&case)).unwrap().value.len() > 10);
}

#[test]
fn a_tilted_gantry_keeps_each_slice_where_it_is() {
    let (_folder, case) = edited(|at, data| {
        decimals(data, "ImagePositionPatient", &[-39.0, -39.0 + 0.8 * at as f64, 3.0 * at as f64 - 34.5])
    });
    assert!(assert_dose_lies_right(&case, &DOSE) > 5000);
    assert!(case.findings().iter().any(|finding| finding.code == codes::SLICES_SHIFTED));
}

#[test]
fn missing_slices_are_told_and_the_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut phantom = builder().build().unwrap();
    for number in [9, 10, 15] {
        phantom.remove(&format!("CT/CT.{number:04}.dcm")).unwrap();
    }
    phantom.write(folder.path()).unwrap();
    let case = load(folder.path(), &ExportOptions::default()).unwrap();
    let reported = case.findings().iter().find(|finding| finding.code == codes::SLICES_MISSING).unwrap();
    assert!(
        reported.text.contains("-13.50 to -4.50") && reported.text.contains("4.50 to 10.50"),
        "{}",
        reported.text
    );
    assert_eq!(case.slice_count(), 21);
    assert_dose_lies_right(&case, &DOSE);
}

#[test]
fn localizers_are_left_out_and_two_images_at_one_place_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut phantom = builder().build().unwrap();
    let scout = phantom.copy("CT/CT.0001.dcm", "CT/scout.dcm").unwrap();
    scout
        .data
        .set("ImageType", Value::text("ORIGINAL\\PRIMARY\\LOCALIZER"))
        .unwrap()
        .set("SOPInstanceUID", Value::text("2.25.7"))
        .unwrap();
    phantom.write(folder.path()).unwrap();
    let case = load(folder.path(), &ExportOptions::default()).unwrap();
    assert_eq!(case.slice_count(), 24);

    let again = phantom.copy("CT/CT.0002.dcm", "CT/again.dcm").unwrap();
    again.data.set("SOPInstanceUID", Value::text("2.25.8")).unwrap();
    phantom.write(folder.path()).unwrap();
    let same = load(folder.path(), &ExportOptions::default()).unwrap();
    assert_eq!(same.slice_count(), 24);

    let other = phantom.file("CT/again.dcm").unwrap();
    other.data.set("RescaleIntercept", Value::text("-5")).unwrap();
    phantom.write(folder.path()).unwrap();
    let error = load(folder.path(), &ExportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), rt_export::error::ExportErrorKind::Images, "{error}");
}

#[test]
fn without_images_the_pictures_lie_on_the_dose_grid() {
    let (_folder, case) = case(&builder().image(None));
    assert!(case.findings().iter().any(|finding| finding.code == codes::NO_IMAGES));
    let pictures = case.wash(&wash_options(&case)).unwrap().value;
    assert!(pictures.len() > 10);
    assert!(case.quant(&QuantOptions::default()).is_err());
}

#[test]
fn enhanced_images_are_refused_by_name() {
    let enhanced = |frames: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        let mut phantom: PhantomCase = builder().build().unwrap();
        for file in phantom.files.iter_mut().filter(|file| file.role == Role::Image) {
            match frames {
                Some(frames) => file.data.set("NumberOfFrames", Value::text(frames)).unwrap(),
                None => file.data.set("SOPClassUID", Value::text("1.2.840.10008.5.1.4.1.1.2.1")).unwrap(),
            };
        }
        phantom.write(folder.path()).unwrap();
        load(folder.path(), &ExportOptions::default())
    };
    let case = enhanced(None).unwrap();
    let reported = case.findings().iter().find(|finding| finding.code == codes::NO_IMAGES).unwrap();
    assert!(
        reported.text.contains("enhanced multi-frame") && reported.text.contains("own planes"),
        "{}",
        reported.text
    );
    let error = case.quant(&QuantOptions::default()).err().unwrap();
    assert!(error.to_string().contains("1.2.840.10008.5.1.4.1.1.2.1"), "{error}");
    let error = enhanced(Some("24")).unwrap_err();
    assert_eq!(error.kind(), rt_export::error::ExportErrorKind::Images);
    assert!(error.to_string().contains("one frame, found 24"), "{error}");
}

#[test]
fn dose_beyond_the_images_is_told() {
    let image = ImageSpec {
        planes: (0..8).map(|k| f64::from(k) * 3.0 - 10.5).collect(),
        pixels: 40,
        ..ImageSpec::default()
    };
    let (_folder, case) = case(&builder().image(Some(image)));
    let findings = case.wash(&wash_options(&case)).unwrap().findings;
    let reported = findings.iter().find(|finding| finding.code == codes::DOSE_BEYOND_IMAGES).unwrap();
    assert!(
        reported.text.contains("from -24.0 to 24.0 mm") && reported.text.contains("from -10.5 to 10.5"),
        "{}",
        reported.text
    );
    assert_dose_lies_right(&case, &DOSE);
}

#[test]
fn frame_position_and_orientation_are_those_of_the_images_to_the_letter() {
    let (folder, case) = edited(|at, data| {
        // As a scanner writes them: another length than the shortest, padded.
        data.set(
            "ImagePositionPatient",
            Value::text(format!("-3.900e+01\\-39.0000\\{:.6}", 3.0 * at as f64 - 34.5)),
        )
        .unwrap();
        data.set("ImageOrientationPatient", Value::text("1.00000\\0\\0e0\\-0.0\\1\\0")).unwrap();
    });
    let series = case.quant(&QuantOptions::default()).unwrap();
    for at in [0, 11, 23] {
        let instance = series.instance(at).unwrap();
        let position = attribute(&instance, [0x20, 0, 0x32, 0]);
        let expected = format!("-3.900e+01\\-39.0000\\{:.6}", 3.0 * at as f64 - 34.5);
        assert_eq!(position, expected);
        assert_eq!(attribute(&instance, [0x20, 0, 0x37, 0]), "1.00000\\0\\0e0\\-0.0\\1\\0");
    }
    let wanted = rt_model::provenance::Tag::new(0x20, 0x52);
    let image = rt_model::read::read_attributes(&first_image(folder.path()), &[wanted]).unwrap().value.1;
    let instance = series.instance(0).unwrap();
    assert_eq!(Some(attribute(&instance, [0x20, 0, 0x52, 0]).as_str()), image.text(wanted));
}

#[test]
fn pictures_that_need_no_refining_lie_to_the_letter() {
    let image = ImageSpec { planes: vec![-1.5, 0.0, 1.5], pixels: 512, spacing: 0.1, ..ImageSpec::default() };
    let mut phantom: PhantomCase = builder().image(Some(image)).build().unwrap();
    for file in phantom.files.iter_mut().filter(|file| file.role == Role::Image) {
        file.data.set("ImageOrientationPatient", Value::text("1.00000\\0\\0e0\\-0.0\\1\\0")).unwrap();
        file.data.set("PixelSpacing", Value::text("0.10\\1e-1")).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    phantom.write(folder.path()).unwrap();
    let case = load(folder.path(), &ExportOptions::default()).unwrap();
    let plane = [0x0020_0032, 0x0020_0037, 0x0028_0030, 0x0020_0052]
        .map(|tag: u32| rt_model::provenance::Tag::new((tag >> 16) as u16, tag as u16));
    let image = rt_model::read::read_attributes(&first_image(folder.path()), &plane).unwrap().value.1;
    let wash = case.wash(&wash_options(&case)).unwrap().value.instance(0).unwrap();
    for tag in plane {
        let [group, element] = [tag.group.to_le_bytes(), tag.element.to_le_bytes()];
        let found = attribute(&wash, [group[0], group[1], element[0], element[1]]);
        assert_eq!(Some(found.as_str()), image.text(tag), "{tag}");
    }
}

fn first_image(folder: &Path) -> std::path::PathBuf {
    folder.join("CT/CT.0001.dcm")
}
