//! Contours: from decimal strings in the file's bytes to points, without a string in between.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::finding::{Code, Severity, structures};
use crate::frame::{PatientPoint, PatientVector};
use crate::read::bytes::limits::MAX_ITEMS;
use crate::read::bytes::node::Node;
use crate::read::bytes::number;
use crate::read::bytes::unreadable::UnreadableNumber;
use crate::read::error::{ReadError, ReadErrorKind};
use crate::structure_set::{Contour, ContourKind, Roi};
use crate::units::Mm;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use rayon::prelude::*;

/// Contour Slab Thickness and Contour Offset Vector, retired and still written.
const CONTOUR_SLAB_THICKNESS: Tag = Tag(0x3006, 0x0044);
const CONTOUR_OFFSET_VECTOR: Tag = Tag(0x3006, 0x0045);

/// How far a point may leave its contour's plane unremarked: writers round coordinates to 0.1 or 0.01 mm.
const OFF_PLANE: f64 = 0.1;

/// Half the slice distance where a structure set has no two planes to measure it: a usual slice is 2 to 3 mm.
const HALF_SLICE: f64 = 1.0;

/// Contours that are decoded at a time: enough for all cores, few enough to hold.
const BATCH: usize = 1024;

/// What was met among a ROI's contours.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ContourTally {
    /// Items of ROI Contour Sequence for the ROI.
    pub(super) items: usize,
    /// Contours, usable or not.
    pub(super) contours: usize,
    /// Closed contours that repeat their first point at the end.
    pub(super) repeated_first: usize,
    /// Closed contours in planes that are not axial.
    pub(super) non_axial: usize,
}

/// Reads the contours of an item of ROI Contour Sequence into `roi`. `total` counts those of the whole
/// structure set.
///
/// Texts become points in parallel; everything else follows in file order.
pub(super) fn read(
    item: &Node<'_, '_>,
    roi: &mut Roi,
    tally: &mut ContourTally,
    total: &mut usize,
) -> Result<(), ReadError> {
    tally.items += 1;
    let mut oddities = Vec::new();
    let mut contours = item.items(tags::CONTOUR_SEQUENCE).enumerate();
    loop {
        let batch: Vec<(usize, Node<'_, '_>)> = contours
            .by_ref()
            .take(BATCH)
            .map(|(index, node)| Ok((index, node?)))
            .collect::<Result<_, ReadError>>()?;
        if batch.is_empty() {
            break;
        }
        *total += batch.len();
        if *total > MAX_ITEMS {
            let detail = format!("expected at most {MAX_ITEMS} contours, found more");
            return Err(item.error(ReadErrorKind::TooLarge, tags::CONTOUR_SEQUENCE, detail));
        }
        tally.contours += batch.len();
        let texts: Vec<&[u8]> =
            batch.iter().map(|(_, node)| node.bytes(tags::CONTOUR_DATA).unwrap_or_default()).collect();
        let decoded: Vec<Result<Vec<PatientPoint>, Unusable>> = texts.into_par_iter().map(points).collect();
        let name = format!("ROI {} {:?}", roi.number, roi.name);
        for ((index, node), points) in batch.iter().zip(decoded) {
            match points.and_then(|points| contour(node, *index, &name, points, tally)) {
                Ok(Some(contour)) => {
                    oddities.extend(oddity(&contour).map(|oddity| (roi.contours.len(), oddity)));
                    roi.contours.push(contour);
                }
                Ok(None) => {}
                Err(Unusable { code, tag, text }) => {
                    roi.unusable_contours += 1;
                    node.spoil(code, tag, text);
                }
            }
        }
    }
    settle(item, roi, tally, &oddities);
    Ok(())
}

/// Why a contour is left out.
struct Unusable {
    code: Code,
    tag: Tag,
    text: String,
}

impl Unusable {
    fn new(code: Code, tag: Tag, text: impl Into<String>) -> Self {
        Self { code, tag, text: text.into() }
    }
}

/// One contour of a ROI, named in texts; `None` where it encloses nothing and is left out with a finding.
fn contour(
    node: &Node<'_, '_>,
    index: usize,
    roi: &str,
    mut points: Vec<PatientPoint>,
    tally: &mut ContourTally,
) -> Result<Option<Contour>, Unusable> {
    let kind = kind(node, &points)?;
    let offset = node.strict_decimals(CONTOUR_OFFSET_VECTOR, ReadErrorKind::Value);
    let zero = offset
        .as_ref()
        .is_ok_and(|offset| offset.as_ref().is_none_or(|offset| offset.iter().all(|part| *part == 0.0)));
    if !zero {
        let text = "expected no offset, found one: export the contours at their own place";
        return Err(Unusable::new(structures::CONTOUR_OFFSET, CONTOUR_OFFSET_VECTOR, text));
    }
    check_count(node, &points, kind)?;
    if kind.is_closed() {
        let before = points.len();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        tally.repeated_first += usize::from(points.len() < before);
        if points.len() < 3 {
            let text = format!(
                "{roi}: expected three or more points in a closed contour, found {}: it encloses nothing",
                points.len()
            );
            node.warn(structures::TOO_FEW_POINTS, tags::CONTOUR_DATA, text);
            return Ok(None);
        }
    } else if points.is_empty() {
        let text = format!("{roi}: expected a point or more, found none");
        node.warn(structures::TOO_FEW_POINTS, tags::CONTOUR_DATA, text);
        return Ok(None);
    }
    let slab_thickness = node.decimal(CONTOUR_SLAB_THICKNESS).filter(|thickness| *thickness > 0.0).map(Mm);
    Ok(Some(Contour { index, kind, points, slab_thickness }))
}

/// The type that is stated; that of a polygon whose label says something else, reported.
fn kind(node: &Node<'_, '_>, points: &[PatientPoint]) -> Result<ContourKind, Unusable> {
    match node.bytes(tags::CONTOUR_GEOMETRIC_TYPE).unwrap_or_default() {
        b"POINT" => Ok(ContourKind::Point),
        b"OPEN_PLANAR" => Ok(ContourKind::OpenPlanar),
        b"OPEN_NONPLANAR" => Ok(ContourKind::OpenNonplanar),
        b"CLOSED_PLANAR" => Ok(ContourKind::ClosedPlanar),
        b"CLOSEDPLANAR_XOR" => Ok(ContourKind::ClosedPlanarXor),
        b"INTERPOLATED_PLANAR" => {
            let text = "found INTERPOLATED_PLANAR: a closed contour that was not drawn but interpolated";
            node.info(structures::INTERPOLATED_CONTOUR, tags::CONTOUR_GEOMETRIC_TYPE, text);
            Ok(ContourKind::ClosedPlanar)
        }
        b"" if points.len() >= 3 => {
            let text = "expected a defined term, found none: read as a closed contour, which its points are";
            node.warn(structures::CONTOUR_TYPE_ASSUMED, tags::CONTOUR_GEOMETRIC_TYPE, text);
            Ok(ContourKind::ClosedPlanar)
        }
        b"CLOSED_PLANAR_XOR" => {
            let text = "expected CLOSEDPLANAR_XOR, found CLOSED_PLANAR_XOR";
            node.warn(structures::MISSPELT_CONTOUR_TYPE, tags::CONTOUR_GEOMETRIC_TYPE, text);
            Ok(ContourKind::ClosedPlanarXor)
        }
        other => {
            let text = format!(
                "expected a defined term, found {:?}",
                String::from_utf8_lossy(&other[..other.len().min(32)])
            );
            Err(Unusable::new(structures::UNKNOWN_CONTOUR_TYPE, tags::CONTOUR_GEOMETRIC_TYPE, text))
        }
    }
}

/// The points, straight from the text: counted by its backslashes before they are allocated.
fn points(text: &[u8]) -> Result<Vec<PatientPoint>, Unusable> {
    let text = text.strip_suffix(b"\\").unwrap_or(text);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let values = number::values(text);
    if !values.is_multiple_of(3) {
        let text = format!("expected a multiple of 3 values, found {values}");
        return Err(Unusable::new(structures::CONTOUR_POINT_COUNT, tags::CONTOUR_DATA, text));
    }
    triples(text, values / 3).map_err(|found| {
        Unusable::new(
            structures::UNREADABLE_CONTOUR,
            tags::CONTOUR_DATA,
            UnreadableNumber::text(found).to_string(),
        )
    })
}

fn triples(text: &[u8], count: usize) -> Result<Vec<PatientPoint>, &[u8]> {
    let mut numbers = number::List::new(text);
    let mut points = Vec::with_capacity(count);
    for _ in 0..count {
        points.push(PatientPoint::new(numbers.number()?, numbers.number()?, numbers.number()?));
    }
    Ok(points)
}

/// The number of points stated agrees with the data, or counts the values, or not the closing point.
fn check_count(node: &Node<'_, '_>, points: &[PatientPoint], kind: ContourKind) -> Result<(), Unusable> {
    let found = points.len();
    let closes = kind.is_closed() && found > 1 && points.first() == points.last();
    match node.integer(tags::NUMBER_OF_CONTOUR_POINTS).map(i64::from) {
        Some(stated) if found > 0 && stated == 3 * found as i64 => {
            let text = format!("expected {found} points, found the number of their values, {stated}");
            node.warn(structures::CONTOUR_COUNT_ODD, tags::NUMBER_OF_CONTOUR_POINTS, text);
            Ok(())
        }
        Some(stated) if closes && stated == found as i64 - 1 => {
            let text = format!("expected {found} points, found {stated}: the closing point is not counted");
            node.warn(structures::CONTOUR_COUNT_ODD, tags::NUMBER_OF_CONTOUR_POINTS, text);
            Ok(())
        }
        Some(stated) if stated != found as i64 => {
            let text = format!("expected {stated} points, found {found}");
            Err(Unusable::new(structures::CONTOUR_POINT_COUNT, tags::CONTOUR_DATA, text))
        }
        Some(_) => Ok(()),
        None => {
            let text = format!("expected the number of points, found none: the data has {found}");
            node.warn(structures::CONTOUR_POINT_COUNT, tags::NUMBER_OF_CONTOUR_POINTS, text);
            Ok(())
        }
    }
}

/// A closed contour that does not lie in an axial plane.
#[derive(Debug, Clone, Copy)]
struct Oddity {
    /// Unit normal of its own plane.
    normal: PatientVector,
    /// How far its points leave that plane, mm.
    deviation: f64,
}

fn oddity(contour: &Contour) -> Option<Oddity> {
    if !contour.kind.is_closed() {
        return None;
    }
    let heights = contour.points.iter().map(|point| point.z);
    let (low, high) =
        heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), z| (low.min(z), high.max(z)));
    if high - low <= 2.0 * OFF_PLANE {
        return None;
    }
    let normal = normal(&contour.points).unit()?;
    let middle = middle(&contour.points);
    let deviation =
        contour.points.iter().map(|point| point.from_point(middle).dot(normal).abs()).fold(0.0, f64::max);
    Some(Oddity { normal, deviation })
}

/// Twice the polygon's area vector (M. E. Newell's sum over its edges), mm².
fn normal(points: &[PatientPoint]) -> PatientVector {
    let origin = points[0];
    let mut sum = PatientVector::default();
    for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
        sum = sum.plus(from.from_point(origin).cross(to.from_point(origin)));
    }
    sum
}

fn middle(points: &[PatientPoint]) -> PatientPoint {
    let sum = points
        .iter()
        .fold(PatientVector::default(), |sum, point| sum.plus(point.from_point(PatientPoint::default())));
    PatientPoint::default().moved(sum.scaled(1.0 / points.len() as f64))
}

/// Tells which contours leave their plane, and takes out those that leave it by more than half a slice.
fn settle(item: &Node<'_, '_>, roi: &mut Roi, tally: &mut ContourTally, oddities: &[(usize, Oddity)]) {
    if oddities.is_empty() {
        return;
    }
    let flat = oddities.iter().find(|(_, oddity)| oddity.deviation <= OFF_PLANE);
    let axis = flat.map_or(PatientVector::new(0.0, 0.0, 1.0), |(_, oddity)| oddity.normal);
    let half_slice = half_slice(&roi.contours, axis);
    let mut far = Vec::new();
    for (at, oddity) in oddities {
        let contour = &roi.contours[*at];
        if oddity.deviation <= OFF_PLANE {
            tally.non_axial += 1;
            continue;
        }
        let place = || {
            let mut place = item.at(Some(tags::CONTOUR_SEQUENCE));
            place.path = place.path.map(|path| format!("{path}[{}] > ContourData", contour.index));
            place.tag = Some(crate::provenance::Tag::new(tags::CONTOUR_DATA.0, tags::CONTOUR_DATA.1));
            place
        };
        let deviation = oddity.deviation;
        if deviation > half_slice {
            let text = format!(
                "expected points within {half_slice:.2} mm (half a slice) of their plane, found {deviation:.2} mm"
            );
            item.notes().add(Severity::Error, structures::CONTOUR_FAR_OFF_PLANE, place, text);
            far.push(*at);
        } else {
            let text =
                format!("expected points within {OFF_PLANE} mm of their plane, found {deviation:.2} mm");
            item.notes().add(Severity::Warning, structures::CONTOUR_OFF_PLANE, place, text);
        }
    }
    roi.unusable_contours += far.len();
    let mut far = far.into_iter().peekable();
    let mut at = 0;
    roi.contours.retain(|_| {
        at += 1;
        far.next_if_eq(&(at - 1)).is_none()
    });
}

/// Half the median distance between the planes of closed contours along `axis`.
fn half_slice(contours: &[Contour], axis: PatientVector) -> f64 {
    let closed = contours.iter().filter(|contour| contour.kind.is_closed());
    let mut planes: Vec<f64> = closed.map(|contour| middle(&contour.points).along(axis)).collect();
    planes.sort_by(f64::total_cmp);
    let mut gaps: Vec<f64> =
        planes.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > OFF_PLANE).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).map_or(HALF_SLICE, |gap| gap / 2.0)
}
