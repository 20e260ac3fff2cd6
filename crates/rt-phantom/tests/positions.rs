//! The table of patient positions is the one a planning system writes.

use rt_model::frame::PatientVector;
use rt_phantom::Position;
use rt_testkit::shared;

/// Image Orientation (Patient) of a file, found by its tag: the reader of this project has no say in it.
fn cosines(bytes: &[u8]) -> [PatientVector; 2] {
    let tag = bytes.windows(4).position(|bytes| bytes == [0x20, 0, 0x37, 0]).unwrap();
    let text: String = bytes[tag + 8..]
        .iter()
        .map(|byte| char::from(*byte))
        .take_while(|c| c.is_ascii_digit() || "\\-. ".contains(*c))
        .collect();
    let numbers: Vec<f64> = text.split('\\').map(|number| number.trim().parse().unwrap()).collect();
    [0, 3].map(|n| PatientVector::new(numbers[n], numbers[n + 1], numbers[n + 2]))
}

#[test]
fn cosines_are_those_of_a_planning_system() {
    let Some(folder) = shared::data() else { return };
    for position in Position::ALL {
        let file = folder
            .join(format!("orientation_headers_eclipse/RD.DICOMORIENT.Dose_{}_empty.dcm", position.term()));
        assert_eq!(cosines(&std::fs::read(file).unwrap()), position.cosines(), "{}", position.term());
    }
}
