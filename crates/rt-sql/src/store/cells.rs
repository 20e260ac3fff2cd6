//! Cells that rows of several tables are made of.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::value::Value;
use rt_model::frame::PatientPoint;

/// The three cells of a point.
pub(super) fn coordinates(point: Option<PatientPoint>) -> [Value; 3] {
    [point.map(|point| point.x).into(), point.map(|point| point.y).into(), point.map(|point| point.z).into()]
}

/// A row for each item with its number, from 0.
pub(super) fn numbered<T>(items: &[T], row: impl Fn(i64, &T) -> Vec<Value>) -> Vec<Vec<Value>> {
    items.iter().enumerate().map(|(number, item)| row(number as i64, item)).collect()
}
