//! What to do about a finding, in a sentence. The finding says what is wrong with which file; this says who can cure it and how.
//!
//! Units: none. Frame: none.

/// The remedy for a finding's code. Codes without one of their own have their subject's.
#[must_use]
pub fn remedy(code: &str) -> &'static str {
    let number = code.strip_prefix("RT").and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let own = REMEDIES.iter().find(|(codes, _)| codes.contains(&number)).map(|(_, text)| *text);
    own.unwrap_or(match number / 100 {
        1 => "export the file again; if the planning system writes it so each time, tell its maker",
        2 => "look at the plan in the planning system, correct it there and export it again",
        3 => "look at the ROI in the planning system, correct it there and export the structure set again",
        4 => "export the dose again; if the planning system writes it so each time, tell its maker",
        5 => "export the planning images again; they never change a number",
        6 => "import the plan together with its structure set and dose, from one export",
        7 => "look at the ROI and the dose grid in the planning system",
        _ => "docs/findings.md has the meaning of the code",
    })
}

/// Codes and their remedy.
const REMEDIES: &[(&[u16], &str)] = &[
    (&[101, 130, 635], "nothing to do: no case is made of such a file"),
    (&[102, 103], "give this account the right to read the file, or leave it out"),
    (&[104, 105, 106, 110], "the file is damaged: copy it again in binary mode, or export it again"),
    (&[107, 108], "no planning system writes such a file: find out where it comes from"),
    (&[109, 423], "export it uncompressed (Explicit or Implicit VR Little Endian)"),
    (&[119, 120], "names may be wrong: compare them with the planning system, and set its character set to UTF-8"),
    (&[121, 128, 129, 134], "a required attribute is unusable: export the object again, or ask the maker of the planning system"),
    (&[132], "export it as the standard's RT Plan, RT Structure Set or RT Dose"),
    (&[135, 137], "nothing to do: every file is read once"),
    (&[201, 255], "enter the number of fractions in the planning system and export the plan again"),
    (&[250], "name one point `rx: <dose> Gy` with the total dose and its unit, and leave other points that begin so out"),
    (&[251], "link each fraction group to a prescription in the planning system; RxDose stays empty for several"),
    (
        &[252, 253],
        "compare the prescription with the plan in the planning system; until one is settled no percent of dose is told",
    ),
    (
        &[254],
        "add a point named `rx: <dose> Gy` or a prescription to the plan; until then RxDose is the maximum, or empty with import.rx_fallback = \"none\"",
    ),
    (&[256, 257], "check the machine's dosimeter unit in the planning system"),
    (&[258], "check the beams' energy in the planning system"),
    (&[259, 260], "check the patient's position in the plan's set-up"),
    (&[261, 262], "compare study date and birth date with the record"),
    (&[272], "look whether the grid is of one fraction or of all: --dose-is UID=fraction or --dose-is UID=total"),
    (&[273], "compare the dose at the plan's point in the planning system before you use this case"),
    (&[274], "nothing confirms that the grid is the plan's total dose: compare its maximum with the planning system"),
    (&[275], "export the dose with a wider range, or with 32 bits"),
    (&[301, 302, 701], "a ROI without closed contours has no DVH: draw it, or delete it from the structure set"),
    (&[303], "give each ROI a number of its own and export the structure set again"),
    (
        &[304, 305, 307, 308, 310, 312, 390, 702, 710, 711, 712],
        "redraw or clean up the ROI in the planning system: it gets no DVH as it is",
    ),
    (&[311, 318], "give the ROI a name of 1 to 64 characters"),
    (&[317], "two ROIs have one name: rename one, or tell them apart by their number"),
    (&[321], "compare the contours with the images they were drawn on"),
    (&[401, 404], "export the dose again with dose units GY and a scaling above 0"),
    (&[403, 617], "export the dose in Gy; a relative dose has no gray"),
    (&[405, 422, 723], "a negative dose is no dose: export it again, and tell the maker of the planning system"),
    (&[407, 424], "the voxels are cut short: export the dose again"),
    (&[410, 411, 412, 418, 435, 417], "the grid's place is not stated: export the dose again"),
    (&[413], "find out what the offsets mean: --assume-offsets relative or --assume-offsets absolute"),
    (&[427], "check the units: cGy written as Gy, or a dose of one fraction?"),
    (&[601], "nothing to do: the first of equal files is used"),
    (&[602], "find out which of the files is right and remove the others: neither is used"),
    (&[603], "check that the files belong together: nothing but study and frame of reference says so"),
    (&[604], "import the structure set that the plan refers to, or take another: --select structures=UID"),
    (&[605], "several structure sets could be the plan's: --select structures=UID"),
    (&[606], "the plan's structure set is used: check that it is the one the dose was computed on"),
    (&[607, 618], "import the dose of the plan (summation type PLAN), or take another: --select dose=UID"),
    (&[608, 610, 611], "check which dose is the plan's: --select dose=UID"),
    (&[609], "export the dose of the single plan"),
    (&[612], "export the dose of the whole plan, or the missing parts as well"),
    (&[613], "remove the repeated parts, or export the dose of the whole plan"),
    (&[615, 616], "export the dose with the type that the plan is judged by (PHYSICAL; EFFECTIVE for ions)"),
    (&[621], "the UID of --select is in no case of these files: compare it with the list"),
    (&[622], "nothing to do, unless you want it: --include-qa"),
    (&[623], "approve the plan if it is the one that was treated"),
    (
        &[624],
        "if both identifiers are one patient: --accept-patient-mismatch ID1=ID2; else put the files of one patient together",
    ),
    (&[626, 627], "compare the files' names and birth dates with the record: are they one patient's?"),
    (&[628], "if you know whose plan it is: --mrn MRN"),
    (&[630], "the objects are not in one frame of reference: export plan, structure set and dose of one registration"),
    (&[631], "check that structure set and dose were made on the same images"),
    (&[632], "import the plan that the dose refers to"),
    (&[633, 634], "nothing to do, unless a plan is missing: import it with these files"),
    (&[636], "nothing to do: --select leaves it out"),
    (&[638], "export all parts of the dose with one dose type"),
    (&[639], "the dose belongs to another place than the structures: check the export"),
    (&[706, 707], "if the contours skip slices by mistake, interpolate them in the planning system"),
    (&[708, 709], "a ROI on one slice has no thickness of its own: draw it on its neighbours too"),
    (&[703, 704, 705], "clean up the contours in the planning system, and compare the volume"),
    (&[720, 721], "compute the dose on a grid that covers the ROI; until then its metrics are intervals"),
    (&[724], "draw the ROI on planes along an axis of the dose grid, or export the dose on the images' planes"),
    (&[725], "export the dose of the whole volume, not of one plane"),
    (&[730], "the text says what the metric needs"),
    (&[801], "shorten the value in the planning system, or widen the column"),
    (&[802], "`rt-import recompute` computes the stored plan with today's options"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_remedy_and_at_most_one_of_its_own() {
        for entry in rt_model::finding::registry() {
            let code = entry.code.to_string();
            assert!(!remedy(&code).is_empty(), "{code}");
            let number: u16 = code[2..].parse().unwrap();
            assert!(REMEDIES.iter().filter(|(codes, _)| codes.contains(&number)).count() <= 1, "{code}");
        }
    }

    #[test]
    fn every_remedy_is_for_a_code_that_exists() {
        let known: Vec<String> = rt_model::finding::registry().iter().map(|entry| entry.code.to_string()).collect();
        for number in REMEDIES.iter().flat_map(|(codes, _)| *codes) {
            assert!(known.contains(&format!("RT{number:04}")), "{number}");
        }
    }
}
