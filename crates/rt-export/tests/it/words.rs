//! Names that the font can't write.

use crate::support::{case, report_options};
use rt_model::patient::Patient;
use rt_phantom::demo;

#[test]
fn a_name_the_font_lacks_is_told_once_and_never_quoted() {
    let name =
        |name: &str| Patient { id: demo::PATIENT_ID.to_owned(), name: name.to_owned(), ..Patient::default() };
    let reported = |name_of: &str| {
        let (_folder, case) = case(&demo::case().patient(name(name_of)));
        let findings = case.report(&report_options(&case)).unwrap().findings;
        findings
            .into_iter()
            .filter(|finding| finding.code.to_string() == "RT0950")
            .map(|finding| finding.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(reported("Yamada^Tarou=山田^太郎"), Vec::<String>::new(), "the alphabetic group is printed");
    assert_eq!(reported("山田^太郎"), ["the font lacks characters of the patient's name: shown as boxes"]);
}
