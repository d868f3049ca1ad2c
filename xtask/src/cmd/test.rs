//! `cargo xtask test`: every check, one after the other, each timed.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use crate::report::{Outcome, Report, Row};
use crate::steps::{Context, Kind, STEPS, Step};
use crate::stopwatch::{Stopwatch, words};

#[derive(clap::Args)]
#[command(after_help = "Checks have a budget of wall time: 3 minutes with --fast, 30 without. \
                        Builds and installs are timed apart.\nA step that cannot run says why and \
                        counts neither as passed nor as failed.")]
pub struct Args {
    /// Only what answers within about three minutes; installs no system package
    #[arg(long)]
    fast: bool,
    /// Only the steps whose name contains this (may be repeated)
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Print the steps and what each is for, and run none
    #[arg(long)]
    list: bool,
}

impl Args {
    fn wants(&self, step: &Step) -> bool {
        let named = self.only.is_empty() || self.only.iter().any(|part| step.name.contains(part));
        named && (step.fast || !self.fast)
    }

    fn budget(&self) -> Duration {
        Duration::from_secs(if self.fast { 3 * 60 } else { 30 * 60 })
    }
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let steps: Vec<&Step> = STEPS.iter().filter(|step| args.wants(step)).collect();
    if args.list {
        for step in steps {
            println!("{:28} {:8} {}", step.name, step.kind.word(), step.why);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut context = Context::new(args.fast);
    let mut report = Report::default();
    for (at, step) in steps.iter().enumerate() {
        println!("[{}/{}] {}: {}", at + 1, steps.len(), step.name, step.why);
        let watch = Stopwatch::start();
        let outcome =
            (step.run)(&mut context).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")));
        report.add(Row { name: step.name, kind: step.kind, outcome, took: watch.elapsed() });
    }
    let checking = report.checking();
    if checking > args.budget() {
        let (took, allowed) = (words(checking), words(args.budget()));
        let why = format!("checks took {took}, allowed are {allowed}: make the slowest faster");
        let outcome = Outcome::Failed(why);
        report.add(Row { name: "wall budget", kind: Kind::Build, outcome, took: Duration::ZERO });
    }
    drop(context);
    print!("{}", report.closing(args.budget()));
    Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
