//! The command line.
//!
//! Units: as the help says. Frame: none.

mod network;

pub(crate) use network::{
    CaseArgs, FindArgs, NodeArgs, QueueAction, QueueArgs, ReleaseArgs, SendArgs, TestArgs, VerifyArgs,
};

use crate::config::Layer;
use clap::{Args, Parser, Subcommand};
use rt_model::matching::{DoseScope, Selection};
use rt_model::uid::Uid;
use rt_model::units::Gy;
use std::path::PathBuf;

/// A plan's dose as objects that any PACS can show.
///
/// Takes a folder of RTPLAN, RTSTRUCT, RTDOSE and planning images and makes colour-wash pictures, a report,
/// the dose in gray on the images and isodose volumes of it. Not a medical device; not for treatment
/// decisions.
#[derive(Debug, Parser)]
#[command(name = "rt-push", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Configuration file [default: ./dosebridge.toml, else the one in the platform's configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print the configuration in effect, secrets left out, and stop
    #[arg(long, global = true)]
    pub(crate) print_config: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    everything was done; what was sent is confirmed by the node
  1    the case was refused or is held, or not all that was sent is confirmed
  2    usage or configuration
  3    the run itself stopped";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a case's products to a folder
    Export(ExportArgs),
    /// Ask whether a node is there and lets us in
    Echo(NodeArgs),
    /// Ask which SOP classes and transfer syntaxes a node accepts
    Probe(NodeArgs),
    /// List what a node has: studies of a patient, series of a study, instances of a series
    Find(FindArgs),
    /// Send DICOM files and prove that they arrived
    Send(SendArgs),
    /// Put a case's products into the queue, held, with a contact sheet to look at
    Prepare(CaseArgs),
    /// Release a held job and send it
    Release(ReleaseArgs),
    /// Prepare a case, show it, ask, and send it on a yes
    Case(CaseArgs),
    /// List, show, retry or drop jobs
    Queue(QueueArgs),
    /// Ask again for the proof that jobs arrived
    Verify(VerifyArgs),
    /// Put a phantom into the queue, under the PACS team's own test patient
    Test(TestArgs),
    /// Print one page for the hospital's IT department
    Sheet(NodeArgs),
}

/// `rt-push export`
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Folder with one matched plan; with several, choose with --plan
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
    /// Folder the products are written to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Options on the case
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// Options on products
    #[command(flatten)]
    pub(crate) products: ProductArgs,
    /// Take files without a patient's identity, for research and teaching
    #[arg(long)]
    pub(crate) allow_deidentified: bool,
}

/// Which case.
#[derive(Debug, Default, Args)]
pub(crate) struct SourceArgs {
    /// SOP Instance UID of the plan
    #[arg(long, value_name = "UID")]
    pub(crate) plan: Option<String>,
    /// Take this object where references do not settle it; repeatable
    #[arg(long, value_name = "structures=UID|dose=UID")]
    pub(crate) select: Vec<Selection>,
    /// What a dose covers, where the total-dose check can't tell; repeatable
    #[arg(long, value_name = "UID=total|fraction", value_parser = rt_cli::dose_scope::stated)]
    pub(crate) dose_is: Vec<(Uid, DoseScope)>,
    /// The prescription of the plan.
    #[arg(
        long,
        value_name = "PLAN_UID=DOSE",
        value_parser = rt_cli::prescription::stated,
        help = "The prescription of the plan, total, whatever its files say: 2.25.7=60Gy; products say that it is the user's"
    )]
    pub(crate) rx: Option<(Uid, Gy)>,
    /// Take a plan that is not approved: UNAPPROVED PLAN is burned across each picture
    #[arg(long)]
    pub(crate) allow_unapproved: bool,
}

/// What is made of it.
#[derive(Debug, Default, Args)]
pub(crate) struct ProductArgs {
    /// Products.
    #[arg(
        long = "product",
        value_name = "P",
        value_delimiter = ',',
        help = "wash, wash-multiframe, quant, pdf, isodose, png, svg, csv; repeatable [default: wash,pdf]"
    )]
    pub(crate) products: Vec<String>,
    /// Levels such as 95%,20Gy; the palette's own by default
    #[arg(long, value_name = "LIST")]
    pub(crate) levels: Option<String>,
    /// standard, mim3 or colour-blind
    #[arg(long, value_name = "NAME")]
    pub(crate) palette: Option<String>,
    /// Opacity of the wash, 0 to 1 [default: 0.4]
    #[arg(long, value_name = "PART")]
    pub(crate) opacity: Option<f64>,
    /// Window of the anatomy [default: the images' own]
    #[arg(long, value_name = "CENTRE/WIDTH", allow_hyphen_values = true)]
    pub(crate) window: Option<String>,
    /// ROIs that are outlined: targets, all, none, or names parted by commas [default: targets]
    #[arg(long, value_name = "WHICH")]
    pub(crate) rois: Option<String>,
    /// Every slice, not only those the dose reaches
    #[arg(long)]
    pub(crate) all_slices: bool,
    /// Encoding of pictures: rle or none [default: rle]
    #[arg(long, value_name = "HOW")]
    pub(crate) compression: Option<String>,
    /// pacs: one page as a DICOM object; physics: the full report as a file [default: pacs]
    #[arg(long, value_name = "KIND")]
    pub(crate) pdf: Option<String>,
    /// a4 or letter [default: a4]
    #[arg(long, value_name = "SIZE")]
    pub(crate) paper: Option<String>,
    /// One unit of the dose series: power-of-ten, or full for the finest steps of 16 bits
    /// [default: power-of-ten]
    #[arg(long, value_name = "HOW")]
    pub(crate) slope: Option<String>,
    /// What the dose series is in: gy, or cgy for viewers of whole numbers [default: gy]
    #[arg(long, value_name = "UNIT")]
    pub(crate) units: Option<String>,
    /// Holes of isodose volumes: separate, keyhole or xor [default: separate]
    #[arg(long, value_name = "HOW")]
    pub(crate) holes: Option<String>,
    /// Names of isodose volumes of at most 16 characters
    #[arg(long)]
    pub(crate) short_names: bool,
}

impl Cli {
    /// What the flags say, as the uppermost layer of configuration.
    pub(crate) fn layer(&self) -> Layer {
        let mut layer = Layer::default();
        let (products, source) = match &self.command {
            Some(Command::Export(args)) => (&args.products, &args.source),
            Some(Command::Prepare(args) | Command::Case(args)) => (&args.products, &args.source),
            _ => return layer,
        };
        let export = &mut layer.export;
        export.products = (!products.products.is_empty()).then(|| products.products.clone());
        export.levels.clone_from(&products.levels);
        export.palette.clone_from(&products.palette);
        export.opacity = products.opacity;
        export.window.clone_from(&products.window);
        export.rois.clone_from(&products.rois);
        export.all_slices = products.all_slices.then_some(true);
        export.compression.clone_from(&products.compression);
        export.pdf.clone_from(&products.pdf);
        export.paper.clone_from(&products.paper);
        export.slope.clone_from(&products.slope);
        export.units.clone_from(&products.units);
        export.holes.clone_from(&products.holes);
        export.short_names = products.short_names.then_some(true);
        export.allow_unapproved = source.allow_unapproved.then_some(true);
        layer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_make_the_uppermost_layer() {
        let cli = Cli::parse_from([
            "rt-push",
            "export",
            "case",
            "--out",
            "o",
            "--product",
            "wash,quant",
            "--window",
            "-600/1500",
        ]);
        let layer = cli.layer();
        assert_eq!(layer.export.products, Some(vec!["wash".into(), "quant".into()]));
        assert_eq!((layer.export.window.as_deref(), layer.export.all_slices), (Some("-600/1500"), None));
    }
}
