//! Which files make a case, and whose: codes RT06xx.

codes! {
    /// A file holds an instance that another file already gave, with equal content; it is skipped.
    DUPLICATE_INSTANCE = 601;
    /// Two files share a SOP Instance UID and differ in content; neither is used.
    CONFLICTING_INSTANCE = 602;
    /// Two files without any reference were joined by equal study and frame of reference.
    LINKED_BY_STUDY = 603;
    /// The structure set that a plan needs is not there; candidates are named.
    STRUCTURE_SET_ABSENT = 604;
    /// Several structure sets could belong to a plan.
    STRUCTURE_SET_AMBIGUOUS = 605;
    /// Plan and dose name different structure sets; the plan's is used.
    STRUCTURE_SET_DISAGREES = 606;
    /// The dose that a plan needs is not there; candidates are named.
    DOSE_ABSENT = 607;
    /// Several doses could be the plan's.
    DOSE_AMBIGUOUS = 608;
    /// A dose of this kind is never the dose of one plan.
    DOSE_OF_SEVERAL_PLANS = 609;
    /// A dose of another manufacturer than the plan's, or derived from another dose.
    DOSE_SECONDARY = 610;
    /// A dose of the plan was left aside in favour of another.
    DOSE_NOT_USED = 611;
    /// Parts of a plan's dose are missing.
    DOSE_PARTS_MISSING = 612;
    /// Parts of a plan's dose are there more than once.
    DOSE_PARTS_REPEATED = 613;
    /// The plan's dose is the sum of several.
    DOSE_COMPOSED = 614;
    /// An effective dose on a plan that is no ion plan: biologically scaled, model unknown.
    DOSE_MODEL_UNKNOWN = 615;
    /// An ion plan with physical dose alone: not RBE weighted.
    DOSE_NOT_RBE_WEIGHTED = 616;
    /// The dose is relative or in unknown units and no value makes it gray.
    DOSE_NOT_GRAY = 617;
    /// The dose object holds no grid.
    DOSE_WITHOUT_GRID = 618;
    /// The user stated whether a dose is for the whole treatment or for one fraction.
    DOSE_SCOPE_STATED = 619;
    /// The user chose this object.
    SELECTED = 620;
    /// A selection of the user fits no case.
    SELECTION_UNUSED = 621;
    /// The plan is not meant for treating a patient and is not stored.
    NOT_FOR_COHORT = 622;
    /// The plan is not approved.
    NOT_APPROVED = 623;
    /// The files of a case name different patients.
    PATIENT_MISMATCH = 624;
    /// The user accepted that two patient identifiers are one patient.
    PATIENT_MISMATCH_ACCEPTED = 625;
    /// The files of a case give different birth dates.
    BIRTH_DATE_MISMATCH = 626;
    /// The files of a case write the patient's name differently.
    PATIENT_NAME_DIFFERS = 627;
    /// A file has no patient identifier.
    PATIENT_ID_EMPTY = 628;
    /// The medical record number is the user's, since the plan has none.
    PATIENT_ID_GIVEN = 629;
    /// The files of a case lie in different frames of reference.
    FRAME_MISMATCH = 630;
    /// A file of the case does not state its frame of reference.
    FRAME_UNKNOWN = 631;
    /// The dose's plan is not there.
    PLAN_ABSENT = 632;
    /// A structure set that no plan of the run uses.
    STRUCTURE_SET_UNUSED = 633;
    /// Images that no case of the run uses.
    IMAGE_UNUSED = 634;
    /// An object of a kind that no case is made of.
    NOT_PART_OF_A_CASE = 635;
    /// A plan that the user's selection leaves out.
    NOT_SELECTED = 636;
    /// A dose taken by the user's choice although it names another plan.
    PLAN_REFERENCE_OVERRULED = 637;
    /// Physical and effective doses are parts of one plan's dose: they are never added.
    DOSE_TYPES_MIXED = 638;
    /// The dose grid and the structures have no place in common.
    DOSE_ELSEWHERE = 639;
}
