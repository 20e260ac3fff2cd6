use crate::orthanc::{self, Orthanc};

#[test]
fn it_starts() {
    if orthanc::in_own_network("peers::it_starts") {
        let Some(server) = Orthanc::start("") else { return };
        let said = server.text("/system");
        assert!(said.contains("ORTHANC"), "{said}");
        assert!(server.text("/plugins").contains("dicom-web"));
    }
}
