//! The conformance statement: what this program speaks on the network.
//!
//! Units: none. Frame: none.

use rt_deliver::{OTHER_CLASSES, PRODUCT_CLASSES, Product, SERVICES, SYNTAXES, class_name};
use rt_model::uid::sop_class::{STORAGE_COMMITMENT, STUDY_ROOT_FIND, VERIFICATION};
use rt_model::uid::transfer_syntax::RLE;
use std::fmt::Write;

/// The conformance statement as Markdown (PS3.2 annex A, shortened to what applies).
#[must_use]
pub(crate) fn statement() -> String {
    let (limits, timeouts) = (rt_net::Limits::default(), rt_net::Timeouts::default());
    let mut page = String::from(
        "# DICOM conformance\n\nGenerated from the tables of the program: `UPDATE_DOCS=1 cargo test -p rt-push --bin rt-push conformance`.\n\n\
         `rt-push` sends instances to a PACS and proves that they arrived. It is not a medical device.\n\n\
         ## Implementation\n\n",
    );
    let mut row = |name: &str, value: String| {
        let _ = writeln!(page, "- {name}: {value}");
    };
    row("Implementation Class UID", format!("`{}`", rt_net::uids::IMPLEMENTATION_CLASS));
    row("Implementation Version Name", "`DOSEBRIDGE_` and the version".to_owned());
    row("Application context", format!("`{}`", rt_net::uids::APPLICATION_CONTEXT));
    row("Calling AE title", format!("`{}` unless configured", crate::config::CALLING_AE));
    row("Longest P-DATA received", format!("{} bytes", limits.receive));
    row("Longest P-DATA sent", format!("what the peer announces, at most {} bytes", limits.send));
    row(
        "Associations",
        "one at a time, up to four where configured; asynchronous operations are not negotiated".to_owned(),
    );
    row(
        "Time limits",
        format!(
            "connection {} s, association {} s, response {} s, writing {} s",
            timeouts.connect.as_secs(),
            timeouts.association.as_secs(),
            timeouts.response.as_secs(),
            timeouts.write.as_secs()
        ),
    );
    row("Character set", "as in the files sent; queries use identifiers only".to_owned());
    page += "\n## As a user (SCU)\n\n| SOP class | UID | transfer syntaxes | used by |\n|---|---|---|---|\n";
    for (uid, name) in SERVICES {
        let by = match uid {
            VERIFICATION => "`echo`",
            STUDY_ROOT_FIND => "`find`, before a push, verification",
            _ => "verification (N-ACTION)",
        };
        let _ = writeln!(page, "| {name} | `{uid}` | Implicit VR Little Endian | {by} |");
    }
    for (uid, name, product) in PRODUCT_CLASSES {
        let _ = writeln!(
            page,
            "| {name} | `{uid}` | {} | product `{}` |",
            syntaxes_of(product),
            product.as_str()
        );
    }
    let others: Vec<&str> = OTHER_CLASSES.iter().map(|(_, name)| *name).collect();
    let _ = writeln!(
        page,
        "| any storage class, such as {} | that of the file | that of the file; Implicit VR Little Endian instead of a plain one that is refused | `send` |",
        others.join(", ")
    );
    page += "\n## As a provider (SCP)\n\nWhile it waits for the answer to storage commitment, and only then, it listens on the port that is configured.\n\n\
             | SOP class | UID | transfer syntaxes |\n|---|---|---|\n";
    for uid in [VERIFICATION, STORAGE_COMMITMENT] {
        let _ = writeln!(page, "| {} | `{uid}` | Implicit VR Little Endian |", class_name(uid));
    }
    page += "\nThe association with the answer (N-EVENT-REPORT) has to call our AE title; role selection with the SCP role is accepted.\n\n\
             ## Statuses of C-STORE\n\n| status | meaning | what is done |\n|---|---|---|\n";
    for status in [
        0x0000, 0xB000, 0xB006, 0xB007, 0x0110, 0x0111, 0x0112, 0x0117, 0x0122, 0x0124, 0x0210, 0x0211,
        0x0212, 0xA700, 0xA900, 0xC000,
    ] {
        use rt_net::status::StoreVerdict;
        let status = rt_net::status::Status(status);
        let done = match status.store_verdict() {
            StoreVerdict::Taken => "sent",
            StoreVerdict::TakenWithWarning => "sent, with a warning in the report",
            StoreVerdict::Duplicate => "verified by a query before it counts",
            StoreVerdict::Later => "sent again after 2, 4, 8 ... 60 s",
            StoreVerdict::Again => "sent again, three times at most",
            StoreVerdict::Refused => "fails; the others are sent",
            StoreVerdict::Stop => "fails; the run stops",
        };
        let _ = writeln!(page, "| {status} | {} | {done} |", status.meaning());
    }
    page += "\nOther warnings (Bxxx) count as warnings, anything else as a failure of the instance.\n\n## Security\n\n\
             TLS 1.2 and 1.3 (PS3.15 B.12, BCP 195), with a certificate of our own where configured. The peer's certificate has to be signed by \
             the authority that is configured, and to hold its name unless the check of the name is switched off. There is no falling back to plain \
             text. User identity is not negotiated.\n";
    page
}

/// The transfer syntaxes that a product is made in.
fn syntaxes_of(product: Product) -> String {
    let pictures = matches!(product, Product::Wash | Product::WashMultiframe);
    let made = SYNTAXES.iter().rev().filter(|(uid, _)| pictures || *uid != RLE).map(|(_, name)| *name);
    made.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_DOCS=1 cargo test -p rt-push --bin rt-push` writes the page anew.
    #[test]
    fn the_statement_is_what_the_program_does() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/dicom-conformance.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, statement()).unwrap();
        }
        let page = std::fs::read_to_string(path).unwrap_or_default();
        assert!(page == statement(), "docs/dicom-conformance.md is out of date: run with UPDATE_DOCS=1");
    }
}
