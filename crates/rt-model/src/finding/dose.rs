//! RTDOSE: codes RT04xx.

use super::{Remedy, remedy};
use crate::provenance::Tag;

const DOSE_UNITS_AND_SCALING: Remedy = Remedy::Attribute {
    tag: Tag::new(0x3004, 0x0002),
    text: "export the dose again with dose units GY and a scaling above 0",
};
const VOXELS_CUT_SHORT: Remedy = Remedy::ExportingSystem("the voxels are cut short: export the dose again");
const GRID_PLACE: Remedy = Remedy::ExportingSystem("the grid's place is not stated: export the dose again");

codes! {
    otherwise Remedy::ExportingSystem("export the dose again; if the planning system writes it so each time, tell its maker");

    /// Dose Grid Scaling is absent, zero, negative or no number.
    DOSE_GRID_SCALING = 401 => DOSE_UNITS_AND_SCALING;
    /// Dose Units is not written as the standard has it (CGY, lower case) and was understood.
    ODD_DOSE_UNITS = 402;
    /// The dose is relative and becomes gray only by a reference dose that the user gives.
    RELATIVE_DOSE = 403 => remedy::GRAY;
    /// Dose Units is absent or unknown.
    UNKNOWN_DOSE_UNITS = 404 => DOSE_UNITS_AND_SCALING;
    /// The voxels are signed although the dose type is not ERROR.
    SIGNED_DOSE = 405 => remedy::NEGATIVE_DOSE;
    /// Bits Stored or High Bit does not fit Bits Allocated.
    BITS_STORED = 406;
    /// Pixel Data is not as long as rows, columns, frames and bits make it.
    PIXEL_DATA_LENGTH = 407 => VOXELS_CUT_SHORT;
    /// The object holds no dose grid (no Pixel Data, or an empty one).
    NO_DOSE_GRID = 408;
    /// The voxels are of a form this program does not read.
    PIXEL_FORMAT = 409;
    /// Grid Frame Offset Vector is absent although there are several frames.
    NO_FRAME_OFFSETS = 410 => GRID_PLACE;
    /// Grid Frame Offset Vector has not one value for each frame.
    FRAME_OFFSET_COUNT = 411 => GRID_PLACE;
    /// Grid Frame Offset Vector turns back or repeats a value.
    FRAME_OFFSET_ORDER = 412 => GRID_PLACE;
    /// Grid Frame Offset Vector starts neither at 0 nor, with axial frames, at the z of the first voxel.
    FRAME_OFFSET_START = 413 => Remedy::Option {
        option: "--assume-offsets",
        text: "find out what the offsets mean: --assume-offsets relative or --assume-offsets absolute",
    };
    /// The user's reading of Grid Frame Offset Vector was applied.
    FRAME_OFFSETS_ASSUMED = 414;
    /// Grid Frame Offset Vector holds z coordinates, as PS3.3 C.8.8.3.2 allows.
    ABSOLUTE_FRAME_OFFSETS = 415;
    /// A single frame has a Grid Frame Offset Vector of another length, which changes nothing.
    SINGLE_FRAME_OFFSETS = 416;
    /// Image Orientation (Patient) is absent or not two perpendicular unit vectors.
    GRID_ORIENTATION = 417 => GRID_PLACE;
    /// Pixel Spacing is absent, zero or negative.
    GRID_SPACING = 418 => GRID_PLACE;
    /// Frame Increment Pointer does not point to Grid Frame Offset Vector.
    FRAME_INCREMENT_POINTER = 419;
    /// Rescale or look-up attributes beside Dose Grid Scaling were ignored.
    RESCALE_IGNORED = 420;
    /// Overlays were ignored.
    OVERLAY_IGNORED = 421;
    /// The dose is negative somewhere.
    NEGATIVE_DOSE = 422 => remedy::NEGATIVE_DOSE;
    /// The voxels are compressed in a way this program does not read.
    COMPRESSED_DOSE = 423 => remedy::UNCOMPRESSED;
    /// The run-length encoded voxels are damaged.
    DAMAGED_RLE = 424 => VOXELS_CUT_SHORT;
    /// The distance of frames was taken from Slice Thickness, as the user asked.
    FRAME_SPACING_ASSUMED = 425;
    /// A dose of several plans refers to fewer than two.
    MULTI_PLAN_REFERENCES = 426;
    /// The largest dose is above 200 Gy or below 0.5 Gy: are the units right?
    DOSE_MAGNITUDE = 427 => Remedy::Attribute {
        tag: Tag::new(0x3004, 0x0002),
        text: "check the units: cGy written as Gy, or a dose of one fraction?",
    };
    /// Dose Type or Dose Summation Type is absent or no defined term.
    UNKNOWN_DOSE_TERM = 428;
    /// A dose for a part of a plan does not say for which.
    NO_DOSE_PART = 429;
    /// A stored DVH refers to no ROI and was left out.
    STORED_DVH_WITHOUT_ROI = 430;
    /// A stored DVH has another number of values than it states.
    STORED_DVH_LENGTH = 431;
    /// A stored DVH gives doses where bin widths belong; it was read as meant.
    STORED_DVH_ABSOLUTE = 432;
    /// A stored DVH cannot be used and was left out.
    STORED_DVH_UNUSABLE = 433;
    /// A stored cumulative DVH rises somewhere.
    STORED_DVH_NOT_MONOTONE = 434;
    /// Image Position (Patient) is absent or not three numbers.
    GRID_POSITION = 435 => GRID_PLACE;
}
