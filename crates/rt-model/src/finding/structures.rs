//! RTSTRUCT: codes RT03xx.

use super::{Remedy, remedy};
use crate::provenance::Tag;

const ROI_NAME: Remedy =
    Remedy::Attribute { tag: Tag::new(0x3006, 0x0026), text: "give the ROI a name of 1 to 64 characters" };

codes! {
    otherwise Remedy::ExportingSystem("look at the ROI in the planning system, correct it there and export the structure set again");

    /// A ROI has no contours.
    ROI_WITHOUT_CONTOURS = 301 => remedy::NO_CLOSED_CONTOUR;
    /// A ROI holds points or lines alone and encloses no volume.
    ROI_WITHOUT_AREA = 302 => remedy::NO_CLOSED_CONTOUR;
    /// Several ROIs have one number: none of them is read.
    DUPLICATE_ROI_NUMBER = 303 => Remedy::Attribute {
        tag: Tag::new(0x3006, 0x0022),
        text: "give each ROI a number of its own and export the structure set again",
    };
    /// A contour's number of points differs from its data; the contour is left out.
    CONTOUR_POINT_COUNT = 304 => remedy::REDRAW;
    /// A closed contour has fewer than three points; it is left out.
    TOO_FEW_POINTS = 305 => remedy::EMPTY_CONTOUR;
    /// A contour's points leave its plane by more than 0.1 mm.
    CONTOUR_OFF_PLANE = 306;
    /// A contour's points leave its plane by more than half a slice; it is left out.
    CONTOUR_FAR_OFF_PLANE = 307 => remedy::REDRAW;
    /// Contour Offset Vector is not zero; the contour is left out.
    CONTOUR_OFFSET = 308 => remedy::REDRAW;
    /// Contour Geometric Type is a known misspelling and was read as meant.
    MISSPELT_CONTOUR_TYPE = 309;
    /// Contour Geometric Type is absent or unknown; the contour is left out.
    UNKNOWN_CONTOUR_TYPE = 310 => remedy::REDRAW;
    /// A ROI name is longer than 64 characters or holds control characters.
    ODD_ROI_NAME = 311 => ROI_NAME;
    /// A coordinate of a contour cannot be read; the contour is left out.
    UNREADABLE_CONTOUR = 312 => remedy::REDRAW;
    /// Contours refer to a ROI number that the structure set does not define; they are left out.
    CONTOURS_WITHOUT_ROI = 313;
    /// An observation refers to a ROI number that the structure set does not define.
    OBSERVATION_WITHOUT_ROI = 314;
    /// Contours lie in planes that are not axial.
    NON_AXIAL_CONTOURS = 315;
    /// Source Pixel Planes Characteristics Sequence cannot be used.
    UNUSABLE_SOURCE_PLANES = 316;
    /// Two ROIs have one name; the number tells them apart.
    DUPLICATE_ROI_NAME = 317 => Remedy::Attribute {
        tag: Tag::new(0x3006, 0x0026),
        text: "two ROIs have one name: rename one, or tell them apart by their number",
    };
    /// A ROI has no name.
    UNNAMED_ROI = 318 => ROI_NAME;
    /// Closed contours repeat their first point at the end; the repetition was dropped.
    CLOSING_POINT_DROPPED = 319;
    /// ROI Contour Sequence holds two items for one ROI; their contours were joined.
    ROI_CONTOURS_JOINED = 320;
    /// Contours lie beyond the stack of images they were drawn on; they count all the same.
    OUTSIDE_IMAGES = 321 => Remedy::Comparison("compare the contours with the images they were drawn on");
    /// NumberOfContourPoints counts values, or not the closing point; the data counts.
    CONTOUR_COUNT_ODD = 322;
    /// Contour Geometric Type is absent; a polygon was read as closed.
    CONTOUR_TYPE_ASSUMED = 323;
    /// A closed contour was interpolated between drawn ones.
    INTERPOLATED_CONTOUR = 324;
    /// Points or lines among a ROI's closed contours enclose nothing.
    OPEN_CONTOURS = 325;
    /// The ROI lies in another frame of reference than the dose, and no registration is applied: it gets no
    /// DVH.
    FOREIGN_FRAME = 326 =>
        Remedy::ExportingSystem("transfer the ROI to the planning images in the planning system and export it again");
    /// A ROI has contours that can't be used: it gets no DVH, which would be of another volume.
    ROI_LEFT_OUT = 390 => remedy::REDRAW;
}
