//! The contact sheet as a page that needs nothing beside itself: pictures and fonts are in it.
//!
//! Units: none. Frame: none.

use super::{ContactSheet, legend, summary};
use crate::draw::png::data_uri;
use crate::draw::shrunk;
use crate::draw::typeface::{Weight, bytes};
use crate::labels::{NOT_DELIVERED, REFERENCE_ONLY, round};
use crate::report::svg::escaped;
use crate::report::{dvh_plot, svg};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rt_model::finding::Severity;
use std::fmt::Write;

/// Pixels of a picture's width: enough to read its words where it is enlarged.
const PICTURE: usize = 400;

const STYLE: &str = "\
body{font:15px/1.45 'Noto Sans',sans-serif;color:#1c2026;margin:28px auto;max-width:1280px;padding:0 28px}\
h1{font-size:24px;color:#104e77;margin:0}h2{font-size:15px;color:#104e77;border-bottom:1px solid #d0d5db;margin:26px 0 10px}\
.head{display:flex;justify-content:space-between;align-items:end;border-bottom:2px solid #104e77;padding-bottom:6px}\
.warn{color:#b22222;font-size:12.5px;text-align:right}.burn{background:#b22222;color:#fff;font-weight:bold;text-align:center;\
font-size:18px;padding:5px;margin:12px 0}.who b{font-size:18px;margin-right:18px}.who span{color:#69707a;margin:0 4px 0 14px}\
dl{columns:2;margin:8px 0}dl div{display:flex;break-inside:avoid}dt{color:#69707a;flex:0 0 150px}dd{margin:0;overflow-wrap:anywhere}\
.plot{display:flex;gap:24px;align-items:start}.plot svg{flex:1;min-width:0}\
.legend td{padding:1px 8px;text-align:right}.legend i{display:inline-block;width:26px;height:14px;vertical-align:-2px}\
.findings td{padding:2px 14px 2px 0;vertical-align:top}.warning,.error{color:#b22222;font-weight:bold}.info{color:#69707a}\
.slices{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:12px}\
figure{margin:0}figure img{width:100%;display:block}figure img:hover{transform:scale(1.7);position:relative;z-index:1}figcaption{font-size:12.5px;color:#69707a}";

/// The sheet as one HTML file that contains its fonts and pictures and no script.
///
/// ```
/// use rt_draw::example;
/// use rt_draw::report::{ContactSheet, sheet_html};
///
/// let (report, style) = (example::report(), example::style());
/// let sheet = ContactSheet { report: &report, style: &style, slices: &report.key_slices, sent: 57 };
/// let html = sheet_html(&sheet);
/// assert!(html.contains("<h2>1 of 57 slices</h2>") && !html.contains("<script"));
/// ```
#[must_use]
pub fn sheet_html(sheet: &ContactSheet<'_>) -> String {
    let report = sheet.report;
    let mut html = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Contact sheet</title><style>\n",
    );
    for (weight, name) in [(Weight::Regular, "normal"), (Weight::Bold, "bold")] {
        let font = STANDARD.encode(bytes(weight));
        let _ = writeln!(
            html,
            "@font-face{{font-family:'Noto Sans';font-weight:{name};src:url(data:font/ttf;base64,{font}) format('truetype')}}"
        );
    }
    html += STYLE;
    let _ = write!(
        html,
        "\n</style></head><body>\n<div class=\"head\"><h1>Contact sheet: check before release</h1>\
         <div class=\"warn\"><b>{REFERENCE_ONLY}</b><br>{NOT_DELIVERED}</div></div>\n"
    );
    identity(&mut html, sheet);
    for word in report.labels.burned() {
        let _ = writeln!(html, "<div class=\"burn\">{word}</div>");
    }
    facts(&mut html, &report.plan);
    let plot = svg::encode(&dvh_plot::alone(report, [900.0, 430.0]), "Cumulative dose-volume histograms");
    let _ = writeln!(html, "<h2>Dose</h2>\n<div class=\"plot\">{plot}{}</div>", legend(sheet));
    findings(&mut html, sheet);
    let _ = writeln!(html, "<h2>{}</h2>\n<div class=\"slices\">", super::slices_heading(sheet));
    for slice in sheet.slices {
        let caption = escaped(&slice.caption);
        let picture = data_uri(&shrunk(&slice.canvas, PICTURE));
        let _ = writeln!(
            html,
            "<figure><img alt=\"{caption}\" src=\"{picture}\"><figcaption>{caption}</figcaption></figure>"
        );
    }
    html += "</div>\n<h2>Provenance</h2>\n";
    facts(&mut html, &report.provenance);
    html + "</body></html>\n"
}

fn identity(html: &mut String, sheet: &ContactSheet<'_>) {
    let who = &sheet.report.identity;
    let birth = who.birth_date.as_deref().unwrap_or("not stated");
    let sex = who.sex.map_or_else(|| "not stated".to_owned(), String::from);
    let _ = writeln!(
        html,
        "<p class=\"who\"><b>{}</b><span>ID</span>{}<span>born</span>{}<span>sex</span>{}</p>",
        escaped(&who.printed_name()),
        escaped(&who.id),
        escaped(birth),
        escaped(&sex)
    );
}

fn facts(html: &mut String, facts: &[(String, String)]) {
    html.push_str("<dl>");
    for (label, value) in facts {
        let _ = write!(html, "<div><dt>{}</dt><dd>{}</dd></div>", escaped(label), escaped(value));
    }
    html.push_str("</dl>\n");
}

fn legend(sheet: &ContactSheet<'_>) -> String {
    let labels = &sheet.report.labels;
    let mut table = format!(
        "<table class=\"legend\"><tr><td colspan=\"3\">max {} {}</td></tr>",
        round(labels.maximum),
        labels.unit
    );
    for row in legend::rows(sheet.report, sheet.style) {
        let [red, green, blue] = row.colour;
        let _ = write!(
            table,
            "<tr><td><i style=\"background:rgb({red},{green},{blue})\"></i></td><td>{}</td><td>{}</td></tr>",
            row.dose, row.percent
        );
    }
    if let Some(lowest) = sheet.style.levels.first() {
        let _ = write!(table, "<tr><td colspan=\"3\">{}</td></tr>", labels.threshold_text(lowest.dose));
    }
    table + "</table>"
}

fn findings(html: &mut String, sheet: &ContactSheet<'_>) {
    let all = &sheet.report.findings;
    let heavy = all.iter().filter(|finding| finding.severity > Severity::Info).count();
    let _ = writeln!(
        html,
        "<h2>Findings</h2>\n<p>{}</p>\n<table class=\"findings\">",
        summary(heavy, all.len() - heavy)
    );
    for finding in all {
        let _ = writeln!(
            html,
            "<tr class=\"{0}\"><td>{1}</td><td>{0}</td><td>{2}</td></tr>",
            finding.severity,
            finding.code,
            escaped(&finding.text)
        );
    }
    html.push_str("</table>\n");
}
