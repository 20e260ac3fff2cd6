//! Tables: the jobs of a queue; a job's series and what to mind.
//!
//! Units: MB, instances and MB per second. Frame: none.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use rt_deliver::{Job, State, class_name};
use rt_report::deliver::{PushOutcome, PushReport};
use std::fmt::Write;

/// One line between header and rows, nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Problems that are named one by one.
const NAMED: usize = 10;

/// A table with `headers`; columns named in `numbers` are aligned to the right.
#[must_use]
pub(crate) fn table(headers: &[&str], numbers: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Disabled).set_header(headers);
    for (at, column) in table.column_iter_mut().enumerate() {
        if numbers.contains(&at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The report of a push.
#[must_use]
pub(crate) fn push(report: &PushReport) -> String {
    let mut text = format!("job {} · {} · {}\n\n", report.job, report.title, report.address);
    let mut rows = table(&["series", "class", "instances", "MB", "state"], &[2, 3]);
    for series in &report.series {
        let states: Vec<String> =
            series.states.iter().map(|(state, count)| format!("{count} {state}")).collect();
        rows.add_row([
            series.series_instance_uid.clone().unwrap_or_else(|| "-".to_owned()),
            class_name(&series.sop_class_uid).to_owned(),
            series.instances.to_string(),
            format!("{:.1}", series.bytes as f64 / 1e6),
            states.join(", "),
        ]);
    }
    text += &rows.trim_fmt();
    text += "\n\n";
    for problem in report.problems.iter().take(NAMED) {
        let status = problem.status.as_deref().unwrap_or("----");
        let _ = writeln!(text, "  {} {status} {}: {}", problem.state, problem.sop_instance_uid, problem.text);
    }
    if report.problems.len() > NAMED {
        let _ = writeln!(text, "  and {} more; the JSON report lists all", report.problems.len() - NAMED);
    }
    for warning in &report.warnings {
        let _ = writeln!(text, "  warning: {warning}");
    }
    if let Some(reason) = &report.reason {
        let _ = writeln!(text, "  {reason}");
    }
    if report.sent_now > 0 {
        let seconds = report.seconds.max(1e-3);
        let rates = (report.sent_now as f64 / seconds, report.sent_now_mb / seconds);
        let _ = writeln!(
            text,
            "sent {} instance{}, {:.1} MB in {seconds:.1} s: {:.0} instances/s, {:.1} MB/s",
            report.sent_now,
            if report.sent_now == 1 { "" } else { "s" },
            report.sent_now_mb,
            rates.0,
            rates.1
        );
    }
    text += match report.outcome {
        PushOutcome::Confirmed => "arrived: the node confirms every instance\n",
        PushOutcome::Sent => "sent; verification is switched off (verify = \"none\")\n",
        PushOutcome::Unverified => {
            "sent, not verified: nothing proves that the node kept all of it; rt-push verify asks again\n"
        }
        PushOutcome::Held => "held: nothing more is sent until it is released\n",
        PushOutcome::Failed => {
            "not all of it was taken; a further run sends what is pending, rt-push queue retry what failed\n"
        }
    };
    text
}

/// The jobs of a queue.
#[must_use]
pub(crate) fn jobs(jobs: &[Job]) -> String {
    let mut rows = table(&["job", "queued (UTC)", "node", "what", "instances", "state"], &[0, 4]);
    for job in jobs {
        let counts = State::ALL.into_iter().filter(|state| job.count(*state) > 0);
        let counts: Vec<String> =
            counts.map(|state| format!("{} {}", job.count(state), state.as_str())).collect();
        rows.add_row([
            job.id.to_string(),
            job.created.chars().take(16).collect(),
            job.node.clone(),
            job.title.clone(),
            job.total().to_string(),
            counts.join(", "),
        ]);
    }
    format!("{}\n", rows.trim_fmt())
}
