//! The companion tables by what they hang on.
//!
//! Named one by one: a table of somebody else that happens to have an MRN and a PlanID is never touched.
//!
//! Units: none. Frame: none.

/// A table of what was computed of a plan, with the columns that tell its rows apart.
pub(crate) struct ResultTable {
    pub(crate) name: &'static str,
    pub(crate) row_key: &'static [&'static str],
}

const fn result(name: &'static str, row_key: &'static [&'static str]) -> ResultTable {
    ResultTable { name, row_key }
}

/// What a computation writes about a plan beside `Plans` and `DVHs`; computing anew replaces it.
pub(crate) const RESULTS: &[ResultTable] = &[
    result("PlanStatus", &[]),
    result("RoiDetails", &["ROINumber"]),
    result("Prescriptions", &["Number"]),
    result("Beams", &["FractionGroup", "BeamNumber"]),
    result("EnergyLayers", &["BeamNumber", "Layer"]),
    result("BrachySources", &["SourceNumber"]),
    result("BrachyChannels", &["SetupNumber", "ChannelNumber"]),
    result("BrachyDwells", &["SetupNumber", "ChannelNumber", "Dwell"]),
    result("Metrics", &["ROINumber", "Metric"]),
    result("FieldSources", &["PlansColumn"]),
    result("Findings", &["ROINumber", "Code", "Text"]),
];

/// What else is kept of a plan, beside `Imports`.
pub(crate) const HISTORY: &[&str] = &["ImportFiles", "Recomputations", "OldValues"];

/// Every table below `Imports`: their rows go with the plan's.
pub(crate) fn below_imports() -> impl Iterator<Item = &'static str> {
    RESULTS.iter().map(|table| table.name).chain(HISTORY.iter().copied())
}
