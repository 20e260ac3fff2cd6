//! Geometry and histograms: codes RT07xx.

use super::{Remedy, remedy};

const SKIPPED_SLICES: Remedy = Remedy::ExportingSystem(
    "if the contours skip slices by mistake, interpolate them in the planning system",
);
const ONE_SLICE: Remedy =
    Remedy::ExportingSystem("a ROI on one slice has no thickness of its own: draw it on its neighbours too");
const CLEAN_UP: Remedy =
    Remedy::ExportingSystem("clean up the contours in the planning system, and compare the volume");
const LARGER_GRID: Remedy = Remedy::ExportingSystem(
    "compute the dose on a grid that covers the ROI; until then its metrics are intervals",
);

codes! {
    otherwise Remedy::Comparison("look at the ROI and the dose grid in the planning system");

    /// The ROI has no closed contour: it has no volume and no DVH.
    NO_CLOSED_CONTOUR = 701 => remedy::NO_CLOSED_CONTOUR;
    /// A contour has fewer than three distinct points or no area and is left out.
    DEGENERATE_CONTOUR = 702 => remedy::EMPTY_CONTOUR;
    /// A contour was drawn twice; it counts once.
    DUPLICATE_CONTOUR = 703 => CLEAN_UP;
    /// A contour crosses itself; what it encloses an odd number of times is inside.
    SELF_CROSSING_CONTOUR = 704 => CLEAN_UP;
    /// Contours of one plane overlap in part; they are united, or combined by exclusive-or where all are
    /// marked so.
    OVERLAPPING_CONTOURS = 705 => CLEAN_UP;
    /// A gap between planes was bridged; the text gives the volume that the bridge added.
    GAP_BRIDGED = 706 => SKIPPED_SLICES;
    /// A gap between planes ends a part of the ROI; each part has its own end caps.
    GAP_KEPT = 707 => SKIPPED_SLICES;
    /// The ROI has a single plane; the text says where its thickness comes from.
    SINGLE_PLANE = 708 => ONE_SLICE;
    /// The ROI has a single plane and nothing gives it a thickness: it has no volume.
    NO_THICKNESS = 709 => ONE_SLICE;
    /// Contours of one ROI lie on planes that are not parallel: it has no DVH.
    NOT_PARALLEL = 710 => remedy::REDRAW;
    /// Points of a contour leave its plane by more than 0.1 mm.
    OFF_PLANE = 711 => remedy::REDRAW;
    /// A contour coordinate is not finite or beyond 100 m: the ROI is not computed.
    IMPOSSIBLE_COORDINATE = 712 => remedy::REDRAW;
    /// The ROI's planes are turned against those of the largest ROI: it keeps a frame of its own.
    OWN_FRAME = 713;
    /// Parts of the ROI are drawn on planes of their own; each is a volume of its own.
    PARTS_ON_OTHER_PLANES = 714;
    /// Other ROIs have slices between two planes of this one; it is taken as drawn on every n-th slice by hand.
    EVERY_NTH_SLICE = 715 => SKIPPED_SLICES;
    /// Fewer ROIs have a slice between two planes of this one than have none: the planes are neighbours.
    WITNESS_OUTVOTED = 716 => SKIPPED_SLICES;
    /// No other ROI is drawn on the planes of this one: its slice distance is its own.
    NO_WITNESS = 717;
    /// Rings lie in others: holes and islands.
    HOLES = 718;
    /// A ring lies close to another in whole millimetres; it counts as a hole and may be a copy.
    HOLE_MAY_BE_A_COPY = 719 => CLEAN_UP;
    /// Part of the ROI lies outside the dose grid, where dose is unknown: metrics are of the covered part,
    /// and intervals.
    PARTLY_OUTSIDE_GRID = 720 => LARGER_GRID;
    /// The whole ROI lies outside the dose grid: it has a volume and no dose.
    OUTSIDE_GRID = 721 => LARGER_GRID;
    /// The bins were widened so that the curve has at most 65,536.
    BINS_WIDENED = 722;
    /// The dose grid holds doses below 0 Gy inside the ROI.
    NEGATIVE_DOSE = 723 => remedy::NEGATIVE_DOSE;
    /// The contour planes are oblique to the dose grid, or run along unevenly spaced frames: dose is read at
    /// points of boxes, and minimum and maximum are of those points.
    OBLIQUE_PLANES = 724 =>
        Remedy::ExportingSystem("draw the ROI on planes along an axis of the dose grid, or export the dose on the images' planes");
    /// The dose grid has a single plane along an axis and encloses no volume.
    FLAT_DOSE_GRID = 725 => Remedy::ExportingSystem("export the dose of the whole volume, not of one plane");
    /// A metric can't be told; the text says why.
    METRIC_UNKNOWN = 730 => Remedy::Comparison("the text says what the metric needs");
    /// Dose grids of one sum differ; they were resampled on the finest one.
    DOSE_RESAMPLED = 740;
    /// Part of a summed dose does not reach over the whole grid; the sum ends where the smallest part ends.
    DOSE_SUM_CUT = 741;
    /// Contours close to each other along the normal count as drawn on one plane; the text says how close.
    PLANES_JOINED = 742;
    /// Contours of one plane cross or nest so often that they can't be resolved: the ROI is not computed.
    CONTOURS_TOO_COMPLEX = 743;
    /// A width of the options, of a bin or of a sub-cell, is no positive number: the ROI is not computed.
    IMPOSSIBLE_OPTIONS = 744;
}
