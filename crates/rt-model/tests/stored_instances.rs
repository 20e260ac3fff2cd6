//! Files as they are carried: in every encoding the place, length and transfer syntax of the data set.

use rt_model::encoded::Body;
use rt_model::read::encoded_instance;
use rt_phantom::case::{CaseBuilder, Role};
use rt_phantom::{Encoding, TransferSyntax};

#[test]
fn the_data_set_of_a_file_is_found_in_every_transfer_syntax() {
    let folder = tempfile::tempdir().unwrap();
    for syntax in TransferSyntax::ALL {
        let case = CaseBuilder::new("stored").encoding(Encoding::of(syntax)).build().unwrap();
        for file in case.files_of(Role::Plan).chain(case.files_of(Role::Dose)) {
            let path = folder.path().join("x.dcm");
            std::fs::write(&path, file.bytes()).unwrap();
            let found = encoded_instance(&path).unwrap();
            let bytes = file.bytes();
            let meta = u32::from_le_bytes(bytes[140..144].try_into().unwrap()) as u64;
            let Body::File { offset, len, .. } = found.body else { panic!("in its file") };
            assert_eq!((offset, len), (144 + meta, bytes.len() as u64 - 144 - meta), "{syntax:?}");
            let stated = String::from_utf8_lossy(&bytes[..144 + meta as usize]).into_owned();
            assert!(stated.contains(found.transfer_syntax.as_str()), "{syntax:?} {}", found.transfer_syntax);
            assert!(
                stated.contains(found.sop_instance.as_str()) && stated.contains(found.sop_class.as_str())
            );
        }
    }
}
