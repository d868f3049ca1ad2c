//! What a message costs of an org's API calls, and how soon the org shows it.
//!
//! The whole bridge and both simulators in one process, in real time. The org
//! is as slow as a busy one (120 ms a call, 8 ms a row, one call in a hundred
//! up to ten seconds more) and locks rows as a real one does. What is measured
//! is the simulators' own truth: calls they counted, rows they refused, the
//! moment at which a row was there.

mod steps;

use std::process::ExitCode;

use super::line::{Line, Outcome};

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
    /// Print the outcome as JSON: `lines` (what, aim, measured, beside, reached) and `notes`.
    #[arg(long)]
    json: bool,
}

/// A line whose figure is at most or at least its aim.
fn most(what: impl Into<String>, aim: f64, measured: f64) -> Line {
    Line::new(what, figure(measured)).aim(format!("<= {aim}"), measured <= aim)
}

fn least(what: impl Into<String>, aim: f64, measured: f64) -> Line {
    Line::new(what, figure(measured)).aim(format!(">= {aim}"), measured >= aim)
}

fn figure(measured: f64) -> String {
    let text = format!("{measured:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    anstream::eprintln!("economy: one message after the other");
    let (mut lines, alone) = steps::one_by_one().await?;
    anstream::eprintln!("economy: {} messages at once", args.burst);
    lines.extend(steps::burst(args.burst as usize, &alone).await?);
    anstream::eprintln!("economy: {} messages/s for {} s", args.rate, args.seconds);
    lines.extend(steps::steady(args.rate, args.seconds, &alone).await?);
    Outcome { lines, notes: Vec::new() }.print(args.json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_held_against_their_aims() {
        let line = most("calls a message", 0.05, 0.041);
        assert_eq!((line.measured.as_str(), line.aim.as_str()), ("0.041", "<= 0.05"));
        assert_eq!(
            (line.reached, least("calls at work", 3.0, 2.0).reached),
            (Some(true), Some(false))
        );
        assert_eq!(figure(2.0), "2");
    }
}
