//! The same gives the same bytes; anything that looks different has another identifier.

use crate::support::{case, isodose_options, load, report_options, wash_options};
use rt_draw::outlines::RoiChoice;
use rt_draw::report::Paper;
use rt_export::case::{ExportCase, ExportOptions};
use rt_export::quant::QuantOptions;
use rt_export::series::Series;
use rt_model::encoded::EncodedInstance;
use rt_phantom::Value;
use std::collections::BTreeSet;

fn products(case: &ExportCase) -> Vec<Series<'_>> {
    vec![
        case.wash(&wash_options(case)).unwrap().value,
        case.wash_multi_frame(&wash_options(case)).unwrap().value,
        case.quant(&QuantOptions::default()).unwrap(),
        case.pdf(&report_options(case), Paper::A4).unwrap(),
        case.isodose(&isodose_options(case)).unwrap(),
    ]
}

/// The first, a middle and the last instance of each product.
fn instances(case: &ExportCase) -> Vec<EncodedInstance> {
    let some = |series: Series<'_>| {
        let places = BTreeSet::from([0, series.len() / 2, series.len() - 1]);
        places.into_iter().map(|at| series.instance(at).unwrap()).collect::<Vec<_>>()
    };
    products(case).into_iter().flat_map(some).collect()
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let (folder, first) = case(&rt_phantom::demo::case());
    let second = load(folder.path(), &ExportOptions::default()).unwrap();
    let (a, b) = (instances(&first), instances(&second));
    assert!(a.len() >= 9);
    assert_eq!(a, b);
    let uids: BTreeSet<_> = a.iter().map(|instance| &instance.sop_instance).collect();
    assert_eq!(uids.len(), a.len());
    assert!(uids.iter().all(|uid| uid.is_valid() && uid.as_str().len() <= 44));
}

#[test]
fn whatever_looks_different_has_other_identifiers() {
    let (folder, case) = case(&rt_phantom::demo::case());
    let middle = |case: &ExportCase, options| {
        let series = case.wash(&options).unwrap().value;
        (series.series_instance().clone(), series.instance(series.len() / 2).unwrap().sop_instance)
    };
    let base = wash_options(&case);
    let mut seen = BTreeSet::from([middle(&case, base.clone())]);
    let mut opacity = base.clone();
    opacity.style.opacity = 0.5;
    let mut levels = base.clone();
    levels.style.levels.pop();
    let mut window = base.clone();
    window.window = Some(rt_model::image::Window { centre: 0.0, width: 100.0 });
    let rois = rt_export::wash::WashOptions { rois: RoiChoice::All, ..base.clone() };
    for options in [opacity, levels, window, rois] {
        assert!(seen.insert(middle(&case, options)));
    }
    // A dose that differs in one voxel, and a plan that is called otherwise.
    let mut phantom = rt_phantom::demo::case().build().unwrap();
    phantom.file("RP.dcm").unwrap().data.set("RTPlanLabel", Value::text("OTHER")).unwrap();
    phantom.write(folder.path()).unwrap();
    let renamed = load(folder.path(), &ExportOptions::default()).unwrap();
    assert!(seen.insert(middle(&renamed, wash_options(&renamed))));
    let uids: BTreeSet<_> = seen.iter().flat_map(|(series, instance)| [series, instance]).collect();
    assert_eq!(uids.len(), 2 * seen.len());
}

#[test]
fn the_identifier_does_not_depend_on_the_encoding() {
    use rt_export::series::Syntax;
    let (_folder, case) = case(&rt_phantom::demo::case());
    let series = case.wash(&wash_options(&case)).unwrap().value;
    let [a, b, c] = [Syntax::Rle, Syntax::ExplicitLittle, Syntax::ImplicitLittle]
        .map(|syntax| series.instance_as(20, syntax).unwrap());
    assert!(a.sop_instance == b.sop_instance && b.sop_instance == c.sop_instance);
    assert!(a.body.len() < b.body.len() / 2, "{} {}", a.body.len(), b.body.len());
}
