//! One page for the hospital's IT department: everything they have to enter, and what to expect.
//!
//! Units: MB. Frame: none.

use rt_deliver::{NodeKind, PRODUCT_CLASSES, Product, SERVICES, SYNTAXES, StudyRule, Target, VerifyRule};
use rt_model::uid::sop_class::{STORAGE_COMMITMENT, STUDY_ROOT_FIND, VERIFICATION};
use std::fmt::Write;
use std::net::IpAddr;

/// Series descriptions as the products carry them; `{...}` stands for the case's own values.
const DESCRIPTIONS: [(Product, &str); 5] = [
    (Product::Wash, "RTDOSE PLANNED {prescription}Gy/{fractions}fx {plan}"),
    (Product::WashMultiframe, "RTDOSE PLANNED {prescription}Gy/{fractions}fx {plan}"),
    (Product::Pdf, "RTDOSE PLANNED {prescription}Gy/{fractions}fx {plan} (report)"),
    (Product::Quant, "RTDOSE PLANNED {prescription}Gy/{fractions}fx {plan} (dose)"),
    (Product::Isodose, "RTDOSE PLANNED {prescription}Gy/{fractions}fx {plan} (isodose)"),
];

/// The page for a node; `address` is our own as the node will see it.
#[must_use]
pub(crate) fn page(target: &Target, products: &[Product], address: Option<IpAddr>) -> String {
    let node = &target.destination;
    let mut page = format!("DoseBridge (rt-push {}) -> {}\n\n", env!("CARGO_PKG_VERSION"), target.name);
    let mut row = |name: &str, value: String| {
        let _ = writeln!(page, "{name:22} {value}");
    };
    row("Our AE title", node.calling.to_string());
    row(
        "Our IP address",
        address.map_or_else(|| "(could not be told)".to_owned(), |address| address.to_string()),
    );
    row(
        "Our port",
        match &target.commitment {
            Some(rule) => format!("{} (answers to storage commitment)", rule.listen.port()),
            None => "none: we only open connections".to_owned(),
        },
    );
    row("Your AE title", node.called.to_string());
    row("Your host and port", format!("{}:{}", node.host, node.port));
    row(
        "Security",
        if node.tls.is_some() {
            "TLS 1.2 or 1.3, certificates as agreed".into()
        } else {
            "plain text".to_owned()
        },
    );
    row(
        "Associations",
        match target.associations {
            1 => "one at a time".to_owned(),
            count => format!("up to {count} at a time"),
        },
    );
    row("Size", format!("at most {:.0} MB per case", target.max_mb_per_case));
    row(
        "Kind",
        match target.kind {
            NodeKind::Pacs => "PACS".to_owned(),
            NodeKind::Router => "router".to_owned(),
            NodeKind::PlanningSystem => "planning system: nothing is sent to it".to_owned(),
        },
    );
    row(
        "Study",
        match &target.study {
            Some(StudyRule::Same) => "that of the planning images, which has to be there".to_owned(),
            Some(StudyRule::New { accession }) if accession.is_empty() => {
                "one of its own, without accession number".to_owned()
            }
            Some(StudyRule::New { accession }) => format!("one of its own, accession number {accession}"),
            None => "not configured yet".to_owned(),
        },
    );
    page += "\nStorage\n";
    for (uid, name, product) in PRODUCT_CLASSES.iter().filter(|(_, _, product)| products.contains(product)) {
        let description = DESCRIPTIONS.iter().find(|(one, _)| one == product).map_or("", |(_, text)| text);
        let _ = writeln!(page, "  {name}\n    {uid}\n    series description: {description}");
    }
    page += "\nTransfer syntaxes\n";
    for (uid, name) in SYNTAXES.iter().filter(|(uid, _)| target.offers(uid)) {
        let _ = writeln!(page, "  {name}  {uid}");
    }
    page += "\nOther services\n";
    for (uid, name) in SERVICES {
        let used = match uid {
            VERIFICATION => true,
            STUDY_ROOT_FIND => target.verify != VerifyRule::None || target.study == Some(StudyRule::Same),
            STORAGE_COMMITMENT => target.commitment.is_some(),
            _ => false,
        };
        if used {
            let _ = writeln!(page, "  {name}  {uid}");
        }
    }
    page += "\nPlease enter our AE title with our IP address, allow the services above, and tell us of any rule that routes CT images on.\n";
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_holds_what_has_to_be_entered() {
        let text = "[main]\nae = 'PACS'\nhost = 'pacs'\nport = 104\ncalling_ae = 'RT'\nstudy = 'same'\ncommitment = { listen = '0.0.0.0:11112' }";
        let target = crate::config::find_target("main", &toml::from_str(text).unwrap(), false).unwrap();
        let page = page(&target, &[Product::Wash, Product::Pdf], Some([10, 1, 2, 3].into()));
        for part in [
            "RT",
            "10.1.2.3",
            "11112",
            "PACS",
            "pacs:104",
            "Encapsulated PDF Storage",
            "RLE Lossless",
            "(report)",
            "FIND",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("CT Image Storage"), "the dose as CT is not sent there");
        assert!(page.lines().count() < 60, "one page");
    }
}
