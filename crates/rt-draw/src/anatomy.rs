//! What an image shows, in the pixels of a picture: windowed to gray, refined where the picture is finer.
//!
//! Units: pixel values as the modality has them. Frame: pixel coordinates of image and picture.

use rt_model::image::{Image, Window};

/// Window of a CT without one: soft tissue.
const CT_WINDOW: Window = Window { centre: 40.0, width: 400.0 };
/// Part of the values that is cut at either end where an image that is no CT names no window.
const CUT: f64 = 0.005;

/// The window for an image: its own first one; soft tissue for a CT without; nearly all of its values
/// otherwise.
///
/// ```
/// use rt_draw::{anatomy, example};
/// use rt_model::image::Window;
///
/// assert_eq!(anatomy::window(&example::image()), Window { centre: 40.0, width: 400.0 });
/// ```
#[must_use]
pub fn window(image: &Image) -> Window {
    if let Some(first) = image.windows.first() {
        return *first;
    }
    if image.info.modality == "CT" {
        return CT_WINDOW;
    }
    let mut values: Vec<f32> = image.values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_unstable_by(f32::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return CT_WINDOW };
    let at = |part: f64| f64::from(values[(part * last as f64) as usize]);
    let (low, high) = (at(CUT), at(1.0 - CUT));
    Window { centre: (low + high) / 2.0, width: (high - low).max(1.0) }
}

/// Gray values of an image in a window, each pixel `factor` times as fine along both axes; bilinear between
/// pixel centres. Padding is black. The result has `factor` times the image's columns and rows, row by row.
///
/// ```
/// use rt_draw::{anatomy, example};
///
/// let image = example::image();
/// let gray = anatomy::gray(&image, anatomy::window(&image), 1);
/// assert_eq!(gray.len(), 51 * 33);
/// assert_eq!((gray[0], gray[25]), (0, 102)); // air, water
/// ```
#[must_use]
pub fn gray(image: &Image, window: Window, factor: usize) -> Vec<u8> {
    let [columns, rows] = image.header.size;
    let low = window.centre - window.width / 2.0;
    let shade = |value: f32| {
        let part = ((f64::from(value) - low) / window.width).clamp(0.0, 1.0) as f32;
        if part.is_nan() {
            0.0
        } else if image.inverted {
            255.0 - 255.0 * part
        } else {
            255.0 * part
        }
    };
    let shades: Vec<f32> = image.values.iter().map(|value| shade(*value)).collect();
    if factor == 1 {
        return shades.into_iter().map(|shade| (shade + 0.5) as u8).collect();
    }
    let places = |pixels: usize| -> Vec<(usize, usize, f32)> {
        let last = pixels - 1;
        let place = |fine: usize| {
            let at = ((fine as f64 + 0.5) / factor as f64 - 0.5).clamp(0.0, last as f64);
            let below = at as usize;
            (below, (below + 1).min(last), (at - below as f64) as f32)
        };
        (0..pixels * factor).map(place).collect()
    };
    let across = places(columns);
    let mut fine = Vec::with_capacity(shades.len() * factor * factor);
    for (above, below, part) in places(rows) {
        let line = |row: usize| &shades[row * columns..(row + 1) * columns];
        let (above, below) = (line(above), line(below));
        let blended: Vec<f32> = above.iter().zip(below).map(|(a, b)| a + part * (b - a)).collect();
        fine.extend(across.iter().map(|(left, right, part)| {
            let shade = blended[*left] + part * (blended[*right] - blended[*left]);
            (shade + 0.5) as u8
        }));
    }
    fine
}

#[cfg(test)]
mod tests {
    use super::*;
    use rt_model::image::ImageHeader;
    use rt_model::instance::{Equipment, InstanceInfo, Study};
    use rt_model::patient::Patient;
    use rt_model::uid::Uid;

    fn image(values: Vec<f32>, size: [usize; 2]) -> Image {
        Image {
            info: InstanceInfo {
                path: "ct.dcm".into(),
                sop_class: Uid::new("1.2").unwrap(),
                sop_instance: Uid::new("1.3").unwrap(),
                modality: "MR".into(),
                patient: Patient::default(),
                study: Study::default(),
                series_instance: None,
                frame_of_reference: None,
                equipment: Equipment::default(),
            },
            header: ImageHeader { size, ..ImageHeader::default() },
            values,
            windows: Vec::new(),
            inverted: false,
        }
    }

    #[test]
    fn a_window_goes_from_black_to_white() {
        let window = Window { centre: 40.0, width: 400.0 };
        let mut image = image(vec![-1000.0, -160.0, 40.0, 240.0, 3000.0, f32::NAN], [3, 2]);
        assert_eq!(gray(&image, window, 1), [0, 0, 128, 255, 255, 0]);
        image.inverted = true;
        assert_eq!(gray(&image, window, 1), [255, 255, 128, 0, 0, 0]);
    }

    #[test]
    fn finer_pixels_lie_between_the_coarse_ones() {
        let fine = gray(&image(vec![0.0, 100.0], [2, 1]), Window { centre: 50.0, width: 100.0 }, 2);
        assert_eq!(fine, [0, 64, 191, 255, 0, 64, 191, 255]);
    }

    #[test]
    fn without_a_window_nearly_all_values_are_seen() {
        let values = (0..1000).map(|n| n as f32).collect();
        let window = window(&image(values, [100, 10]));
        assert!(window.width > 980.0 && window.width < 999.0, "{window:?}");
    }
}
