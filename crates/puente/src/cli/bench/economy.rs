//! What a message costs of an org's API calls, and how soon the org shows it.
//!
//! The whole bridge and both simulators in one process, in real time. The org
//! is as slow as a busy one (120 ms a call, 8 ms a row, one call in a hundred
//! up to ten seconds more) and locks rows as a real one does. What is measured
//! is the simulators' own truth: calls they counted, rows they refused, the
//! moment at which a row was there.

mod steps;

use std::process::ExitCode;

use comfy_table::{Table, presets};
use serde::Serialize;

#[derive(clap::Args)]
pub struct Args {
    /// How long messages come in at the rate.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(2..=3_600))]
    seconds: u64,
    /// Messages a second for the latency.
    #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    rate: u64,
    /// Messages at once, on fifty Accounts, for the row locks.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(100..=100_000))]
    burst: u64,
    #[arg(long)]
    json: bool,
}

/// One goal beside what was measured.
#[derive(Serialize)]
struct Row {
    what: String,
    goal: String,
    measured: f64,
    met: bool,
}

impl Row {
    fn most(what: impl Into<String>, goal: f64, measured: f64) -> Self {
        let met = measured <= goal;
        Self { what: what.into(), goal: format!("<= {goal}"), measured, met }
    }

    fn least(what: impl Into<String>, goal: f64, measured: f64) -> Self {
        let met = measured >= goal;
        Self { what: what.into(), goal: format!(">= {goal}"), measured, met }
    }
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut rows = steps::one_by_one().await?;
    rows.extend(steps::burst(args.burst as usize).await?);
    rows.extend(steps::steady(args.rate, args.seconds).await?);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        show(&rows);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(rows: &[Row]) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(["what", "goal", "measured", "met"]);
    for row in rows {
        let measured = format!("{:.4}", row.measured);
        let measured = measured.trim_end_matches('0').trim_end_matches('.').to_owned();
        let met = if row.met { "yes" } else { "no" };
        table.add_row([row.what.clone(), row.goal.clone(), measured, met.to_owned()]);
    }
    anstream::println!("{table}");
}
