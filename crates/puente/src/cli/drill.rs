//! `puente drill`.

use std::process::ExitCode;

use anyhow::{anyhow, bail};
use comfy_table::{Table, presets};
use sandbox::drill::{self, Outage, Report};
use serde_json::json;

/// Each runs the whole bridge against simulators of both sides, in one process,
/// in memory and in simulated time, prints goals and what was measured, and
/// ends with 0 when every goal was reached.
#[derive(clap::Subcommand)]
pub enum Drill {
    /// Salesforce is away while messages come and go; then it is back.
    ///
    /// Half of the messages come in and half are answers, each with its statuses.
    /// When Salesforce is back, as many go on coming, nine of ten from people who
    /// were not there during the outage. The backlog must be drained in order
    /// within 15 minutes, with at most 0.05 calls a message, while the messages of
    /// other people are in Salesforce within 5 seconds (p99).
    ///
    /// Example: puente drill salesforce-down --for 30m --rate 10 --people 1000
    SalesforceDown(Args),
    /// A campaign runs and the process is killed in its midst, again and again.
    ///
    /// Everybody must get the message once; who has none may only be somebody whose
    /// call was open when the process died, and is shown as uncertain. Meanwhile an
    /// agent's reply must be at Meta within 250 ms (p99).
    ///
    /// Example: puente drill campaign --people 5000 --kills 3
    Campaign(CampaignArgs),
}

#[derive(clap::Args)]
pub struct CampaignArgs {
    /// People of the campaign.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(10..=1_000_000))]
    people: u64,
    /// How often the process dies while it runs.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(0..=100))]
    kills: u64,
    /// Another seed is another day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct Args {
    /// How long Salesforce is away: 8h, 30m, 900s.
    #[arg(long = "for", value_name = "TIME", default_value = "8h", value_parser = seconds)]
    outage: u64,
    /// Messages a second, both directions together.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=70))]
    rate: u64,
    /// People who write during the outage; as many others come after it.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    people: u64,
    /// Rows that wait from which on a backlog goes by Bulk jobs.
    #[arg(long, default_value_t = 10_000)]
    bulk_from_rows: u32,
    /// Bulk jobs at once.
    #[arg(long, default_value_t = 8)]
    bulk_jobs: usize,
    /// One call in a hundred takes up to ten seconds longer.
    #[arg(long)]
    tail: bool,
    /// Another seed is another day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(drill: Drill) -> anyhow::Result<ExitCode> {
    // the machine's own time: how long the drill itself takes
    let clock = crate::ambient::system().clock;
    let elapsed_s = || clock.mono() as f64 / 1_000.0;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build()?;
    let told = |line| anstream::eprintln!("{:>6.0} s  {line}", elapsed_s());
    let (report, json) = match drill {
        Drill::SalesforceDown(args) => {
            (runtime.block_on(drill::salesforce_down(&outage(&args), told)), args.json)
        }
        Drill::Campaign(args) => {
            let plan = drill::Campaign {
                people: args.people as usize,
                kills: args.kills as usize,
                seed: args.seed,
            };
            (runtime.block_on(Box::pin(drill::campaign(&plan, told))), args.json)
        }
    };
    let (report, took_s) = (report.map_err(|e| anyhow!(e))?, elapsed_s());
    if json {
        print_json(&report, took_s)?;
    } else {
        print_table(&report, took_s);
    }
    Ok(if report.reached() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn outage(args: &Args) -> Outage {
    Outage {
        seconds: args.outage,
        rate: args.rate as usize,
        people: args.people as usize,
        bulk: engine::bulk::Options {
            backlog_rows: args.bulk_from_rows,
            jobs_max: args.bulk_jobs.max(1),
            ..engine::bulk::Options::default()
        },
        latency: if args.tail {
            salesforce_sim::Latency::TAILED
        } else {
            salesforce_sim::Latency::USUAL
        },
        seed: args.seed,
        ..Outage::default()
    }
}

fn print_table(report: &Report, took_s: f64) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(["what", "goal", "measured", ""]);
    for line in &report.lines {
        let verdict = match (line.goal.as_str(), line.reached) {
            ("", _) => "",
            (_, true) => "ok",
            (_, false) => "MISSED",
        };
        table.add_row([&*line.what, &*line.goal, &*line.measured, verdict]);
    }
    anstream::println!("{table}");
    let memory = peak_mb().map_or(String::new(), |mb| format!(", {mb} MB of memory at most"));
    anstream::println!("{took_s:.0} s of real time{memory}, both simulators included");
    let verdict = if report.reached() { "every goal was reached" } else { "a goal was MISSED" };
    anstream::println!("{verdict}");
}

fn print_json(report: &Report, took_s: f64) -> anyhow::Result<()> {
    let lines: Vec<_> = report
        .lines
        .iter()
        .map(|l| json!({ "what": l.what, "goal": l.goal, "measured": l.measured, "reached": l.reached }))
        .collect();
    let all = json!({ "reached": report.reached(), "lines": lines,
                      "real_seconds": took_s, "memory_mb": peak_mb() });
    anstream::println!("{}", serde_json::to_string_pretty(&all)?);
    Ok(())
}

/// The most this process ever had in memory, where Linux tells.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

fn seconds(text: &str) -> anyhow::Result<u64> {
    let unit = text.chars().last().filter(|c| c.is_ascii_alphabetic());
    let number: u64 = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse()?;
    let seconds = match unit {
        Some('h') => number * 3_600,
        Some('m') => number * 60,
        Some('s') | None => number,
        Some(other) => bail!("'{other}' is no unit: use h, m or s, e.g. 8h"),
    };
    if !(60..=7 * 86_400).contains(&seconds) {
        bail!("between 1m and 168h");
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_have_units() {
        assert_eq!(seconds("8h").unwrap(), 28_800);
        assert_eq!(seconds("30m").unwrap(), 1_800);
        assert_eq!(seconds("90").unwrap(), 90);
        for wrong in ["", "h", "8d", "10s", "-1h", "200h"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
