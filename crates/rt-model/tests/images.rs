//! Images with their pixels: encodings, bits, rescaling, padding; what is not read is refused by name.

use rt_model::finding::images;
use rt_model::read::{ReadErrorKind, read_image, read_image_from_bytes};
use rt_phantom::case::{CaseBuilder, ImageSpec, Role};
use rt_phantom::{DataSet, Encoding, TransferSyntax, Value};
use rt_testkit::program::program;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const PIXELS: u16 = 24;

/// A slice whose pixels count up from -300 HU.
fn slice(edit: impl FnOnce(&mut DataSet), encoding: Encoding) -> Vec<u8> {
    let half = f64::from(PIXELS - 1) / 2.0;
    let image = ImageSpec {
        planes: vec![0.0],
        pixels: PIXELS,
        spacing: 1.0,
        hounsfield: Arc::new(move |point| {
            ((point.y + half) * f64::from(PIXELS) + point.x + half - 300.0).round() as i16
        }),
        ..ImageSpec::default()
    };
    let mut case = CaseBuilder::new("images").image(Some(image)).encoding(encoding).build().unwrap();
    let file = case.files.iter_mut().find(|file| file.role == Role::Image).unwrap();
    edit(&mut file.data);
    file.bytes()
}

fn values(bytes: &[u8]) -> Vec<f32> {
    read_image_from_bytes(bytes, Path::new("ct.dcm")).unwrap().value.values
}

fn counting() -> Vec<f32> {
    (0..usize::from(PIXELS * PIXELS)).map(|n| n as f32 - 300.0).collect()
}

#[test]
fn every_encoding_gives_the_same_pixels() {
    for syntax in TransferSyntax::ALL {
        assert_eq!(values(&slice(|_| {}, Encoding::of(syntax))), counting(), "{syntax:?}");
    }
}

#[test]
fn slope_and_intercept_are_applied_and_padding_is_no_value() {
    let bytes = slice(
        |data| {
            data.set("RescaleSlope", Value::text("0.5"))
                .unwrap()
                .set("RescaleIntercept", Value::text("-10"))
                .unwrap();
            data.set("PixelPaddingValue", Value::Words(vec![(-300i16).cast_unsigned()])).unwrap();
            data.set("PixelPaddingRangeLimit", Value::Words(vec![(-298i16).cast_unsigned()])).unwrap();
            data.set("WindowCenter", Value::text("40\\-600"))
                .unwrap()
                .set("WindowWidth", Value::text("400\\1500"))
                .unwrap();
        },
        Encoding::default(),
    );
    let image = read_image_from_bytes(&bytes, Path::new("ct.dcm")).unwrap().value;
    assert!(image.values[..3].iter().all(|value| value.is_nan()));
    assert_eq!(image.values[3], -297.0 * 0.5 - 10.0);
    assert_eq!((image.windows.len(), image.windows[1].centre, image.windows[1].width), (2, -600.0, 1500.0));
}

#[test]
fn twelve_bits_are_told_from_what_lies_beside_them() {
    let bytes = slice(
        |data| {
            let words = (0..PIXELS * PIXELS).map(|n| n | 0xF000).collect();
            for (keyword, value) in [("BitsStored", 12), ("HighBit", 11), ("PixelRepresentation", 0)] {
                data.set(keyword, Value::Words(vec![value])).unwrap();
            }
            data.set("PixelData", Value::Words(words)).unwrap();
        },
        Encoding::default(),
    );
    assert!(values(&bytes).iter().enumerate().all(|(n, value)| *value == n as f32));
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    let words = |word: u16| Value::Words(vec![word]);
    for (keyword, value, kind) in [
        ("NumberOfFrames", Value::text("2"), ReadErrorKind::PixelFormat),
        ("SamplesPerPixel", words(3), ReadErrorKind::PixelFormat),
        ("PhotometricInterpretation", Value::text("RGB"), ReadErrorKind::PixelFormat),
        ("BitsAllocated", words(32), ReadErrorKind::PixelFormat),
        ("Rows", words(60000), ReadErrorKind::PixelDataLength),
        ("RescaleSlope", Value::text("0"), ReadErrorKind::Value),
        ("PixelData", Value::Bytes(Vec::new()), ReadErrorKind::PixelDataLength),
    ] {
        let edit = |data: &mut DataSet| {
            data.set(keyword, value).unwrap();
        };
        let error =
            read_image_from_bytes(&slice(edit, Encoding::default()), Path::new("ct.dcm")).unwrap_err();
        assert_eq!(error.kind(), kind, "{keyword}: {error}");
    }
}

/// Compresses a slice with one of DCMTK's programs.
fn compressed(folder: &Path, name: &str, options: &[&str], source: &[u8]) -> Option<PathBuf> {
    let (plain, packed) = (folder.join("plain.dcm"), folder.join("packed.dcm"));
    std::fs::write(&plain, source).unwrap();
    let output = program(name, "dcmtk")?.args(options).arg(&plain).arg(&packed).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(packed)
}

#[test]
fn lossless_jpeg_gives_every_pixel_back() {
    let folder = tempfile::tempdir().unwrap();
    for options in [&["+e1"][..], &["+el"], &["+el", "+sv", "6"]] {
        let source = slice(|_| {}, Encoding::of(TransferSyntax::ExplicitLittle));
        let Some(path) = compressed(folder.path(), "dcmcjpeg", options, &source) else { return };
        let image = read_image(&path).unwrap();
        assert_eq!(image.value.values, counting(), "{options:?}");
        assert!(!image.findings.iter().any(|finding| finding.code == images::IMAGE_LOSSY));
    }
}

#[test]
fn jpeg_ls_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let source = slice(|_| {}, Encoding::of(TransferSyntax::ExplicitLittle));
    let Some(path) = compressed(folder.path(), "dcmcjpls", &[], &source) else { return };
    let error = read_image(&path).unwrap_err();
    assert_eq!(error.kind(), ReadErrorKind::Compressed);
    assert!(error.to_string().contains("1.2.840.10008.1.2.4.80"), "{error}");
}

#[test]
fn damaged_pixels_are_refused_and_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let source = slice(|_| {}, Encoding::of(TransferSyntax::ExplicitLittle));
    let Some(path) = compressed(folder.path(), "dcmcjpeg", &["+e1"], &source) else { return };
    let packed = std::fs::read(path).unwrap();
    let rle = slice(|_| {}, Encoding::of(TransferSyntax::Rle));
    for good in [packed, rle] {
        let start = good.len().saturating_sub(900);
        for at in (start..good.len()).step_by(3) {
            for change in [0x00, 0xFF, 0x5A] {
                let mut bad = good.clone();
                bad[at] = change;
                // Whatever comes of it, it is an answer.
                let _ = read_image_from_bytes(&bad, Path::new("bad.dcm"));
            }
            let _ = read_image_from_bytes(&good[..at], Path::new("cut.dcm"));
        }
    }
}
