//! Points of rows.
//!
//! Units: millimetres. Frame: DICOM patient coordinates (LPS).

use crate::error::SqlError;
use crate::value::Row;
use rt_model::frame::PatientPoint;

/// The point of the next three cells; `None` where one of them is NULL.
pub(super) fn point(row: &mut Row) -> Result<Option<PatientPoint>, SqlError> {
    let (x, y, z): (Option<f64>, Option<f64>, Option<f64>) = (row.next()?, row.next()?, row.next()?);
    Ok(x.zip(y).zip(z).map(|((x, y), z)| PatientPoint::new(x, y, z)))
}
