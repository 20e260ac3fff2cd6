//! The DVHs that a planning system stored in its RT Dose (PS3.3 C.8.8.4). None of them is needed: what cannot
//! be used is left out with a finding.
//!
//! Units: gray; volumes as each DVH says. Frame: none.

use crate::dose::{DvhContribution, StoredDvh, StoredDvhKind, StoredVolumeUnit};
use crate::finding::{Code, dose};
use crate::read::bytes::node::Node;
use crate::read::error::ReadError;
use crate::read::options::ReadOptions;
use crate::units::Gy;
use dicom_core::Tag;
use dicom_dictionary_std::tags;

/// Bin widths add up to the maximum dose; a sum of so many times that comes from doses in their place.
const ABSOLUTE_FACTOR: f64 = 10.0;

/// Reads the usable DVHs of a dose.
pub(super) fn read(root: &Node<'_, '_>, options: &ReadOptions) -> Result<Vec<StoredDvh>, ReadError> {
    let mut dvhs = Vec::new();
    for item in root.items(tags::DVH_SEQUENCE) {
        let item = item?;
        let rois = rois(&item)?;
        if rois.is_empty() {
            item.warn(
                dose::STORED_DVH_WITHOUT_ROI,
                tags::DVH_REFERENCED_ROI_SEQUENCE,
                "expected a ROI for the DVH, found none: left out",
            );
            continue;
        }
        match dvh(&item, rois, options) {
            Ok(dvh) => dvhs.push(dvh),
            Err((code, tag, text)) => item.warn(code, tag, format!("{text}: left out")),
        }
    }
    Ok(dvhs)
}

type LeftOut = (Code, Tag, String);

fn unusable(tag: Tag, text: impl Into<String>) -> LeftOut {
    (dose::STORED_DVH_UNUSABLE, tag, text.into())
}

fn rois(item: &Node<'_, '_>) -> Result<Vec<(i32, DvhContribution)>, ReadError> {
    let mut rois = Vec::new();
    for reference in item.items(tags::DVH_REFERENCED_ROI_SEQUENCE) {
        let reference = reference?;
        let excluded = reference.text(tags::DVHROI_CONTRIBUTION_TYPE).as_deref() == Some("EXCLUDED");
        let contribution = if excluded { DvhContribution::Excluded } else { DvhContribution::Included };
        rois.extend(reference.integer(tags::REFERENCED_ROI_NUMBER).map(|number| (number, contribution)));
    }
    rois.sort_by_key(|(_, contribution)| *contribution == DvhContribution::Excluded);
    Ok(rois)
}

fn dvh(
    item: &Node<'_, '_>,
    rois: Vec<(i32, DvhContribution)>,
    options: &ReadOptions,
) -> Result<StoredDvh, LeftOut> {
    let factor = gray_per_unit(item, options)?;
    let dose = |tag| item.decimal(tag).map(|dose| Gy(dose * factor));
    let maximum = dose(tags::DVH_MAXIMUM_DOSE);
    let kind = match item.text(tags::DVH_TYPE).as_deref() {
        Some("CUMULATIVE") => StoredDvhKind::Cumulative,
        Some("DIFFERENTIAL" | "NATURAL") => StoredDvhKind::Differential,
        other => return Err(unusable(tags::DVH_TYPE, format!("expected a defined term, found {other:?}"))),
    };
    let volume_unit = match item.text(tags::DVH_VOLUME_UNITS).as_deref() {
        Some("CM3") => StoredVolumeUnit::Cm3,
        Some("PERCENT") => StoredVolumeUnit::Percent,
        Some("PER_U") => StoredVolumeUnit::PerU,
        other => {
            return Err(unusable(
                tags::DVH_VOLUME_UNITS,
                format!("expected a defined term, found {other:?}"),
            ));
        }
    };
    let scaling = item.decimal(tags::DVH_DOSE_SCALING).filter(|scaling| *scaling > 0.0);
    let scaling =
        scaling.ok_or_else(|| unusable(tags::DVH_DOSE_SCALING, "expected a number above 0, found none"))?;
    let pairs = pairs(item)?;
    let doses: Vec<f64> = pairs.iter().map(|[dose, _]| dose * scaling * factor).collect();
    let volumes: Vec<f64> = pairs.iter().map(|[_, volume]| *volume).collect();
    if kind == StoredDvhKind::Cumulative
        && volumes.windows(2).any(|pair| pair[1] > pair[0] + 1e-6 * volumes[0].abs())
    {
        item.warn(
            dose::STORED_DVH_NOT_MONOTONE,
            tags::DVH_DATA,
            "expected a cumulative volume that never rises, found a rise",
        );
    }
    Ok(StoredDvh {
        rois,
        kind,
        edges: edges(item, &doses, maximum)?,
        volumes,
        volume_unit,
        minimum: dose(tags::DVH_MINIMUM_DOSE),
        mean: dose(tags::DVH_MEAN_DOSE),
        maximum,
    })
}

fn gray_per_unit(item: &Node<'_, '_>, options: &ReadOptions) -> Result<f64, LeftOut> {
    let units = item.text(tags::DOSE_UNITS).unwrap_or_default().to_ascii_uppercase();
    match (units.as_str(), options.reference()) {
        ("GY", _) => Ok(1.0),
        ("CGY", _) => Ok(0.01),
        ("RELATIVE", Some(reference)) => Ok(reference.0),
        (other, _) => Err(unusable(tags::DOSE_UNITS, format!("expected GY, found {other:?}"))),
    }
}

/// Dose and volume of each bin.
fn pairs(item: &Node<'_, '_>) -> Result<Vec<[f64; 2]>, LeftOut> {
    let Some(numbers) = item.decimals(tags::DVH_DATA) else {
        return Err(unusable(tags::DVH_DATA, "expected pairs of dose and volume, found no usable numbers"));
    };
    let bins = item.count(tags::DVH_NUMBER_OF_BINS).map(|bins| 2 * u64::from(bins));
    if numbers.len() % 2 == 1 || bins.is_some_and(|expected| expected != numbers.len() as u64) {
        let expected = bins.map_or("an even number of".to_owned(), |expected| expected.to_string());
        item.warn(
            dose::STORED_DVH_LENGTH,
            tags::DVH_DATA,
            format!("expected {expected} values, found {}: whole pairs are used", numbers.len()),
        );
    }
    let pairs = numbers.as_chunks::<2>().0.to_vec();
    if pairs.is_empty() {
        Err(unusable(tags::DVH_DATA, "expected a bin or more, found none"))
    } else {
        Ok(pairs)
    }
}

/// Bin edges from widths, or from doses where the file holds those.
fn edges(item: &Node<'_, '_>, doses: &[f64], maximum: Option<Gy>) -> Result<Vec<Gy>, LeftOut> {
    let rising = doses.is_sorted();
    let sum: f64 = doses.iter().sum();
    if rising && maximum.is_some_and(|maximum| maximum.0 > 0.0 && sum > ABSOLUTE_FACTOR * maximum.0) {
        let text = format!(
            "expected bin widths that add up to the maximum dose, found a sum of {sum:.1} Gy: read as doses"
        );
        item.warn(dose::STORED_DVH_ABSOLUTE, tags::DVH_DATA, text);
        let last = doses.len() - 1;
        let width = if last > 0 { doses[last] - doses[last - 1] } else { 0.0 };
        return Ok(doses.iter().copied().chain([doses[last] + width]).map(Gy).collect());
    }
    if doses.iter().any(|width| *width < 0.0) {
        return Err(unusable(tags::DVH_DATA, "expected bin widths, found a negative one"));
    }
    let mut edge = 0.0;
    let mut edges = vec![Gy(0.0)];
    edges.extend(doses.iter().map(|width| {
        edge += width;
        Gy(edge)
    }));
    Ok(edges)
}
