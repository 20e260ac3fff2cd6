//! RTPLAN and RT Ion Plan: codes RT02xx.

codes! {
    /// Number of Fractions Planned is absent or empty.
    FRACTIONS_NOT_PLANNED = 201;
    /// A beam has a single control point.
    ONE_CONTROL_POINT = 202;
    /// Final Cumulative Meterset Weight is absent, empty or 0.
    NO_FINAL_METERSET_WEIGHT = 203;
    /// The number of leaf positions is not twice the number of leaf pairs.
    LEAF_POSITION_COUNT = 204;
    /// A fraction group refers to a beam that the plan does not hold.
    UNKNOWN_BEAM = 205;
    /// Two beams have one number.
    DUPLICATE_BEAM_NUMBER = 206;
    /// Scan spot positions and weights differ in number.
    SCAN_SPOT_COUNT = 207;
    /// The plan holds neither beams nor application setups.
    NOTHING_TO_DELIVER = 208;
    /// Number of Beams differs from the beams a fraction group refers to.
    BEAM_COUNT = 209;
}
