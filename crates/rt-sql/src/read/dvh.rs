//! Rows of `DVHs`.
//!
//! Units: Gy, cm3. Frame: none.

use crate::curve;
use crate::database::Database;
use crate::error::SqlError;
use crate::record::{Curve, PlanId};
use crate::value::Row;
use rt_model::units::{Cm3, Gy};

/// A row of `DVHs`.
#[derive(Debug, Clone, PartialEq)]
pub struct DvhRow {
    /// `ROIName`.
    pub roi_name: String,
    /// `Type`.
    pub roi_type: Option<String>,
    /// `Volume` of the whole ROI.
    pub volume: Option<Cm3>,
    /// `MinDose` of the part inside the dose grid.
    pub min: Option<Gy>,
    /// `MeanDose` of the part inside the dose grid.
    pub mean: Option<Gy>,
    /// `MaxDose` of the part inside the dose grid.
    pub max: Option<Gy>,
    /// `DoseBinSize` and `VolumeString`, decoded.
    pub curve: Option<Curve>,
}

impl Database {
    /// The DVHs of a plan, also of one that the original importer stored, by name.
    ///
    /// # Errors
    /// Where the database can't be read or a `VolumeString` is no list of volumes.
    pub async fn dvhs(&self, mrn: &str, plan_id: PlanId) -> Result<Vec<DvhRow>, SqlError> {
        let sql = format!(
            "SELECT ROIName, Type, Volume, MinDose, MeanDose, MaxDose, DoseBinSize, VolumeString FROM DVHs \
             WHERE {} AND PlanID = ? ORDER BY ROIName",
            self.schema().mrn_is()
        );
        let rows = self.session().await?.query(&sql, vec![mrn.into(), plan_id.0.into()]).await?;
        rows.into_iter().map(dvh).collect()
    }
}

fn dvh(mut row: Row) -> Result<DvhRow, SqlError> {
    let mut dvh = DvhRow {
        roi_name: row.next()?,
        roi_type: row.next()?,
        volume: row.next()?,
        min: row.next()?,
        mean: row.next()?,
        max: row.next()?,
        curve: None,
    };
    let (bin, text): (Option<Gy>, Option<String>) = (row.next()?, row.next()?);
    if let (Some(bin), Some(text)) = (bin, text) {
        dvh.curve = Some(Curve { bin, cumulative: curve::decode(&text)? });
    }
    Ok(dvh)
}
