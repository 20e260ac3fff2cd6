//! RTPLAN and RT Ion Plan: codes RT02xx. From RT0250 on: what is derived from a plan and its dose.

use super::Remedy;
use crate::provenance::Tag;

const FRACTIONS: Remedy = Remedy::Attribute {
    tag: Tag::new(0x300A, 0x0078),
    text: "enter the number of fractions in the planning system and export the plan again",
};
const PRESCRIPTION: Remedy = Remedy::Comparison(
    "compare the prescription with the plan in the planning system; until one is settled no percent of dose is told",
);
const DOSIMETER_UNIT: Remedy = Remedy::Attribute {
    tag: Tag::new(0x300A, 0x00B3),
    text: "check the machine's dosimeter unit in the planning system",
};
const PATIENT_POSITION: Remedy = Remedy::Attribute {
    tag: Tag::new(0x0018, 0x5100),
    text: "check the patient's position in the plan's set-up",
};
const STUDY_AND_BIRTH_DATE: Remedy = Remedy::Comparison("compare study date and birth date with the record");

codes! {
    otherwise Remedy::ExportingSystem("look at the plan in the planning system, correct it there and export it again");

    /// Number of Fractions Planned is absent, empty or 0.
    FRACTIONS_NOT_PLANNED = 201 => FRACTIONS;
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
    /// A ROI's name states a prescription that can't be told, or several differ.
    RX_POINT_UNCLEAR = 250 => Remedy::Attribute {
        tag: Tag::new(0x3006, 0x0026),
        text: "name one point `rx: <dose> Gy` with the total dose and its unit, and leave other points that begin so out",
    };
    /// Several fraction groups do not link one prescription.
    RX_GROUPS_DIFFER = 251 =>
        Remedy::ExportingSystem("link each fraction group to a prescription in the planning system; RxDose stays empty for several");
    /// Two sources of the prescription differ by more than 1 %.
    RX_CONFLICT = 252 => PRESCRIPTION;
    /// The prescription is above 1.02 times or below 0.4 times the largest dose.
    RX_IMPLAUSIBLE = 253 => PRESCRIPTION;
    /// No prescription is stated; RxDose is empty or the largest dose.
    RX_ABSENT = 254 => Remedy::Option {
        option: "import.rx_fallback",
        text: "add a point named `rx: <dose> Gy` or a prescription to the plan; until then RxDose is the maximum, or empty with import.rx_fallback = \"none\"",
    };
    /// The number of fractions is not stated.
    FRACTIONS_UNKNOWN = 255 => FRACTIONS;
    /// A beam does not state its dosimeter unit; MU is assumed.
    DOSIMETER_UNIT_ABSENT = 256 => DOSIMETER_UNIT;
    /// The meterset is not in monitor units.
    NOT_MONITOR_UNITS = 257 => DOSIMETER_UNIT;
    /// No energy of a treatment beam is known.
    ENERGY_UNKNOWN = 258 =>
        Remedy::Attribute { tag: Tag::new(0x300A, 0x0114), text: "check the beams' energy in the planning system" };
    /// The plan's set-ups have several patient positions.
    ORIENTATION_SEVERAL = 259 => PATIENT_POSITION;
    /// The plan states no patient position; the dose grid's cosines serve.
    ORIENTATION_FALL_BACK = 260 => PATIENT_POSITION;
    /// The plan has no study date; that of the planning images serves.
    STUDY_DATE_FALL_BACK = 261 => STUDY_AND_BIRTH_DATE;
    /// The study date is before the birth date.
    AGE_UNKNOWN = 262 => STUDY_AND_BIRTH_DATE;
    /// The plan names no referring physician; the physicians of record serve.
    RAD_ONC_FALL_BACK = 263;
    /// The age at the study date is implausible.
    AGE_IMPLAUSIBLE = 264 => STUDY_AND_BIRTH_DATE;
    /// The plan names several software versions; the text lists them.
    SEVERAL_VERSIONS = 265;
    /// The grid agrees with the plan's beam doses at their point.
    TOTAL_CONFIRMED = 270;
    /// The grid is 1.1 times the plan's beam doses: beam doses physical, RBE 1.1.
    TOTAL_CONFIRMED_RBE = 271;
    /// The grid differs from the plan's beam doses by a factor near the number of fractions.
    TOTAL_CONTRADICTED = 272 => Remedy::Option {
        option: "--dose-is",
        text: "look whether the grid is of one fraction or of all: --dose-is UID=fraction or --dose-is UID=total",
    };
    /// The grid differs from the plan's beam doses.
    TOTAL_DIFFERS = 273 =>
        Remedy::Comparison("compare the dose at the plan's point in the planning system before you use this case");
    /// The grid can't be compared with the plan's beam doses.
    TOTAL_NOT_CONFIRMED = 274 =>
        Remedy::Comparison("nothing confirms that the grid is the plan's total dose: compare its maximum with the planning system");
    /// Many voxels hold exactly the largest dose: was the export clipped?
    DOSE_CLIPPED = 275 => Remedy::ExportingSystem("export the dose with a wider range, or with 32 bits");
    /// A brachytherapy channel does not state its total time.
    CHANNEL_TIME_ABSENT = 276;
    /// No technique of delivery can be told from the plan.
    TECHNIQUE_UNKNOWN = 277;
    /// The treatment time is not stated, or is longer than the column holds.
    TREATMENT_TIME_UNKNOWN = 278;
    /// The user's prescription differs from what the plan states.
    RX_OVERRIDDEN = 279;
}
