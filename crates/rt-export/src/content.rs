//! What products are made of, as canonical content of their identifiers.
//!
//! Each type is taken apart without `..`: a field that is added does not compile here until its author
//! decides whether products that differ in it are different products.
//!
//! Units: as the types have them. Frame: none.

use crate::uid::{Content, SCHEMA_REV};
use rt_draw::labels::CaseLabels;
use rt_draw::outlines::RoiChoice;
use rt_draw::report::Paper;
use rt_draw::style::{DoseUnit, Level, PictureStyle};
use rt_dvh::DvhOptions;
use rt_model::approval::ApprovalStatus;
use rt_model::image::Window;

/// A part of a product's content.
pub(crate) trait Canonical {
    /// Adds this part, field by field.
    fn add_to(&self, content: &mut Content);
}

/// The options that shape a product.
pub(crate) fn options_of(parts: &[&dyn Canonical]) -> Content {
    let mut options = Content::of("options", SCHEMA_REV);
    for part in parts {
        part.add_to(&mut options);
    }
    options
}

impl<T: Canonical> Canonical for Option<T> {
    fn add_to(&self, content: &mut Content) {
        content.count("optional", u64::from(self.is_some()));
        if let Some(value) = self {
            value.add_to(content);
        }
    }
}

impl Canonical for CaseLabels {
    fn add_to(&self, content: &mut Content) {
        let Self { plan, prescription, fractions, maximum, unit, approval, plans, total, test } = self;
        content.text("plan", plan);
        optional(content, "prescription", *prescription);
        optional(content, "fractions", fractions.map(f64::from));
        content.number("maximum", *maximum);
        unit.add_to(content);
        content
            .text("approval", approval.as_ref().map_or("", ApprovalStatus::as_str))
            .count("plans", *plans as u64)
            .text("total", total)
            .flag("test", *test);
    }
}

impl Canonical for DoseUnit {
    fn add_to(&self, content: &mut Content) {
        content.text(
            "unit",
            match self {
                Self::Gy => "Gy",
                Self::GyRbe => "Gy(RBE)",
                Self::Percent => "%",
            },
        );
    }
}

impl Canonical for PictureStyle {
    fn add_to(&self, content: &mut Content) {
        let Self { levels, unit, opacity, lines, outlines } = self;
        levels.as_slice().add_to(content);
        unit.add_to(content);
        content.number("opacity", *opacity).flag("lines", *lines).flag("outlines", *outlines);
    }
}

impl Canonical for [Level] {
    fn add_to(&self, content: &mut Content) {
        content.count("levels", self.len() as u64);
        for Level { dose, colour } in self {
            content.number("dose", *dose).bytes("colour", colour);
        }
    }
}

impl Canonical for Window {
    fn add_to(&self, content: &mut Content) {
        let Self { centre, width } = self;
        content.number("centre", *centre).number("width", *width);
    }
}

impl Canonical for RoiChoice {
    fn add_to(&self, content: &mut Content) {
        match self {
            Self::Targets => content.text("rois", "targets"),
            Self::All => content.text("rois", "all"),
            Self::None => content.text("rois", "none"),
            Self::Named(names) => {
                content.text("rois", "named").count("names", names.len() as u64);
                names.iter().fold(content, |content, name| content.text("name", name))
            }
        };
    }
}

impl Canonical for DvhOptions {
    fn add_to(&self, content: &mut Content) {
        // One line that names every option: what is stored with a DVH.
        content.text("dvh", &self.to_string());
    }
}

impl Canonical for Paper {
    fn add_to(&self, content: &mut Content) {
        content.text(
            "paper",
            match self {
                Self::A4 => "A4",
                Self::Letter => "letter",
            },
        );
    }
}

fn optional(content: &mut Content, name: &str, number: Option<f64>) {
    match number {
        Some(number) => content.number(name, number),
        None => content.none(name),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wash::WashOptions;
    use std::collections::BTreeSet;

    fn uid(part: &dyn Canonical) -> rt_model::uid::Uid {
        let mut content = Content::of("test", 1);
        part.add_to(&mut content);
        content.uid()
    }

    #[test]
    fn every_field_of_the_labels_counts() {
        let base = CaseLabels {
            plan: "P".to_owned(),
            prescription: Some(66.0),
            fractions: Some(33),
            maximum: 70.0,
            unit: DoseUnit::Gy,
            approval: Some(ApprovalStatus::Approved),
            plans: 1,
            total: "confirmed".to_owned(),
            test: false,
        };
        let others = [
            CaseLabels { plan: "Q".to_owned(), ..base.clone() },
            CaseLabels { prescription: None, ..base.clone() },
            CaseLabels { prescription: Some(60.0), ..base.clone() },
            CaseLabels { fractions: None, ..base.clone() },
            CaseLabels { maximum: 70.1, ..base.clone() },
            CaseLabels { unit: DoseUnit::GyRbe, ..base.clone() },
            CaseLabels { approval: None, ..base.clone() },
            CaseLabels { approval: Some(ApprovalStatus::Rejected), ..base.clone() },
            CaseLabels { plans: 2, ..base.clone() },
            CaseLabels { total: "not confirmed".to_owned(), ..base.clone() },
            CaseLabels { test: true, ..base.clone() },
        ];
        let all: BTreeSet<_> = others.iter().chain([&base]).map(|labels| uid(labels)).collect();
        assert_eq!(all.len(), others.len() + 1);
        assert_eq!(uid(&base), uid(&base.clone()));
    }

    #[test]
    fn every_field_of_the_picture_options_counts() {
        let level = Level { dose: 20.0, colour: [1, 2, 3] };
        let style = PictureStyle {
            levels: vec![level],
            unit: DoseUnit::Gy,
            opacity: 0.4,
            lines: true,
            outlines: true,
        };
        let base = WashOptions { style, window: None, rois: RoiChoice::Targets, all_slices: false };
        let styled = |change: fn(&mut PictureStyle)| {
            let mut options = base.clone();
            change(&mut options.style);
            options
        };
        let window = Some(Window { centre: 40.0, width: 400.0 });
        let named = |names: &[&str]| RoiChoice::Named(names.iter().map(|name| (*name).to_owned()).collect());
        let others = [
            styled(|style| style.levels.push(style.levels[0])),
            styled(|style| style.levels[0].dose = 21.0),
            styled(|style| style.levels[0].colour[2] = 4),
            styled(|style| style.unit = DoseUnit::Percent),
            styled(|style| style.opacity = 0.5),
            styled(|style| style.lines = false),
            styled(|style| style.outlines = false),
            WashOptions { window, ..base.clone() },
            WashOptions { rois: RoiChoice::None, ..base.clone() },
            WashOptions { rois: RoiChoice::All, ..base.clone() },
            WashOptions { rois: named(&["ab"]), ..base.clone() },
            WashOptions { rois: named(&["a", "b"]), ..base.clone() },
            WashOptions { all_slices: true, ..base.clone() },
        ];
        let all: BTreeSet<_> = others.iter().chain([&base]).map(|options| uid(options)).collect();
        assert_eq!(all.len(), others.len() + 1);
    }
}
