//! Which files make a case, and whose: codes RT06xx.

use super::{Remedy, remedy};
use crate::provenance::Tag;

const PLAN_DOSE: Remedy = Remedy::Option {
    option: "--select",
    text: "import the dose of the plan (summation type PLAN), or take another: --select dose=UID",
};
const WHICH_DOSE: Remedy =
    Remedy::Option { option: "--select", text: "check which dose is the plan's: --select dose=UID" };
const DOSE_TYPE: Remedy = Remedy::Attribute {
    tag: Tag::new(0x3004, 0x0004),
    text: "export the dose with the type that the plan is judged by (PHYSICAL; EFFECTIVE for ions)",
};
const NAMES_AND_BIRTH_DATES: Remedy =
    Remedy::Comparison("compare the files' names and birth dates with the record: are they one patient's?");
const PLAN_MISSING: Remedy =
    Remedy::Nothing("nothing to do, unless a plan is missing: import it with these files");

codes! {
    otherwise Remedy::Files("import the plan together with its structure set and dose, from one export");

    /// A file holds an instance that another file already gave, with equal content; it is skipped.
    DUPLICATE_INSTANCE = 601 => Remedy::Nothing("nothing to do: the first of equal files is used");
    /// Two files share a SOP Instance UID and differ in content; neither is used.
    CONFLICTING_INSTANCE = 602 => Remedy::Files("find out which of the files is right and remove the others: neither is used");
    /// Two files without any reference were joined by equal study and frame of reference.
    LINKED_BY_STUDY = 603 =>
        Remedy::Comparison("check that the files belong together: nothing but study and frame of reference says so");
    /// The structure set that a plan needs is not there; candidates are named.
    STRUCTURE_SET_ABSENT = 604 => Remedy::Option {
        option: "--select",
        text: "import the structure set that the plan refers to, or take another: --select structures=UID",
    };
    /// Several structure sets could belong to a plan.
    STRUCTURE_SET_AMBIGUOUS = 605 =>
        Remedy::Option { option: "--select", text: "several structure sets could be the plan's: --select structures=UID" };
    /// Plan and dose name different structure sets; the plan's is used.
    STRUCTURE_SET_DISAGREES = 606 =>
        Remedy::Comparison("the plan's structure set is used: check that it is the one the dose was computed on");
    /// The dose that a plan needs is not there; candidates are named.
    DOSE_ABSENT = 607 => PLAN_DOSE;
    /// Several doses could be the plan's.
    DOSE_AMBIGUOUS = 608 => WHICH_DOSE;
    /// A dose of this kind is never the dose of one plan.
    DOSE_OF_SEVERAL_PLANS = 609 => Remedy::ExportingSystem("export the dose of the single plan");
    /// A dose of another manufacturer than the plan's, or derived from another dose.
    DOSE_SECONDARY = 610 => WHICH_DOSE;
    /// A dose of the plan was left aside in favour of another.
    DOSE_NOT_USED = 611 => WHICH_DOSE;
    /// Parts of a plan's dose are missing.
    DOSE_PARTS_MISSING = 612 => Remedy::ExportingSystem("export the dose of the whole plan, or the missing parts as well");
    /// Parts of a plan's dose are there more than once.
    DOSE_PARTS_REPEATED = 613 => Remedy::Files("remove the repeated parts, or export the dose of the whole plan");
    /// The plan's dose is the sum of several.
    DOSE_COMPOSED = 614;
    /// An effective dose on a plan that is no ion plan: biologically scaled, model unknown.
    DOSE_MODEL_UNKNOWN = 615 => DOSE_TYPE;
    /// An ion plan with physical dose alone: not RBE weighted.
    DOSE_NOT_RBE_WEIGHTED = 616 => DOSE_TYPE;
    /// The dose is relative or in unknown units and no value makes it gray.
    DOSE_NOT_GRAY = 617 => remedy::GRAY;
    /// The dose object holds no grid.
    DOSE_WITHOUT_GRID = 618 => PLAN_DOSE;
    /// The user stated whether a dose is for the whole treatment or for one fraction.
    DOSE_SCOPE_STATED = 619;
    /// The user chose this object.
    SELECTED = 620;
    /// A selection of the user fits no case.
    SELECTION_UNUSED = 621 =>
        Remedy::Option { option: "--select", text: "the UID of --select is in no case of these files: compare it with the list" };
    /// The plan is not meant for treating a patient and is not stored.
    NOT_FOR_COHORT = 622 => Remedy::Option { option: "--include-qa", text: "nothing to do, unless you want it: --include-qa" };
    /// The plan is not approved.
    NOT_APPROVED = 623 =>
        Remedy::Attribute { tag: Tag::new(0x300E, 0x0002), text: "approve the plan if it is the one that was treated" };
    /// The files of a case name different patients.
    PATIENT_MISMATCH = 624 => Remedy::Option {
        option: "--accept-patient-mismatch",
        text: "if both identifiers are one patient: --accept-patient-mismatch ID1=ID2; else put the files of one patient together",
    };
    /// The user accepted that two patient identifiers are one patient.
    PATIENT_MISMATCH_ACCEPTED = 625;
    /// The files of a case give different birth dates.
    BIRTH_DATE_MISMATCH = 626 => NAMES_AND_BIRTH_DATES;
    /// The files of a case write the patient's name differently.
    PATIENT_NAME_DIFFERS = 627 => NAMES_AND_BIRTH_DATES;
    /// A file has no patient identifier.
    PATIENT_ID_EMPTY = 628 => Remedy::Option { option: "--mrn", text: "if you know whose plan it is: --mrn MRN" };
    /// The medical record number is the user's, since the plan has none.
    PATIENT_ID_GIVEN = 629;
    /// The files of a case lie in different frames of reference.
    FRAME_MISMATCH = 630 =>
        Remedy::ExportingSystem("the objects are not in one frame of reference: export plan, structure set and dose of one registration");
    /// A file of the case does not state its frame of reference.
    FRAME_UNKNOWN = 631 => Remedy::Comparison("check that structure set and dose were made on the same images");
    /// The dose's plan is not there.
    PLAN_ABSENT = 632 => Remedy::Files("import the plan that the dose refers to");
    /// A structure set that no plan of the run uses.
    STRUCTURE_SET_UNUSED = 633 => PLAN_MISSING;
    /// Images that no case of the run uses.
    IMAGE_UNUSED = 634 => PLAN_MISSING;
    /// An object of a kind that no case is made of.
    NOT_PART_OF_A_CASE = 635 => remedy::NOT_PART_OF_A_CASE;
    /// A plan that the user's selection leaves out.
    NOT_SELECTED = 636 => Remedy::Nothing("nothing to do: --select leaves it out");
    /// A dose taken by the user's choice although it names another plan.
    PLAN_REFERENCE_OVERRULED = 637;
    /// Physical and effective doses are parts of one plan's dose: they are never added.
    DOSE_TYPES_MIXED = 638 => Remedy::ExportingSystem("export all parts of the dose with one dose type");
    /// The dose grid and the structures have no place in common.
    DOSE_ELSEWHERE = 639 => Remedy::Comparison("the dose belongs to another place than the structures: check the export");
}
