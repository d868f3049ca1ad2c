//! Every row of the speed table in its short form, one after another, each as
//! a process of its own: no row finds the memory or the threads of another.

mod read;

use std::process::{ExitCode, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::process::Command;

use super::instant;
use super::line::{Line, Outcome};

#[derive(clap::Args)]
pub struct AllArgs {
    /// Print the outcome as JSON: `lines` (what, aim, measured, beside, reached) and `notes`.
    #[arg(long)]
    json: bool,
}

/// One row: what it asks, the command of its short form, how its answer is read.
struct Row {
    asks: &'static str,
    command: &'static str,
    /// Where the command itself has nothing to be seen beside: what the same
    /// with these words is called, and the words.
    beside: Option<(&'static str, &'static str)>,
    read: fn(&Value) -> anyhow::Result<Vec<Line>>,
}

const ROWS: &[Row] = &[
    Row {
        asks: "webhooks taken and stored",
        command: "bench intake --seconds 5 --keys 1000000",
        beside: None,
        read: read::intake,
    },
    #[cfg(feature = "sandbox")]
    Row {
        asks: "API calls, row locks, how soon Salesforce shows a message",
        command: "bench economy --seconds 20",
        beside: None,
        read: read::lines,
    },
    #[cfg(feature = "sandbox")]
    Row {
        asks: "sends of one number, replies during a campaign",
        command: "bench sending --seconds 10 --campaign 30000",
        beside: None,
        read: read::lines,
    },
    #[cfg(feature = "sandbox")]
    Row {
        asks: "an outage of Salesforce",
        command: "drill salesforce-down --for 15m --people 1000",
        beside: Some(("without Bulk jobs", "--bulk-from-rows 4294967295")),
        read: read::drill,
    },
    Row {
        asks: "memory",
        command: "bench memory --seconds 10 --messages 300000",
        beside: None,
        read: read::lines,
    },
    Row {
        asks: "a start after kill -9",
        command: "bench start --backlog 200000 --log-mb 200",
        beside: None,
        read: read::lines,
    },
];

/// What a short form leaves out.
const SHORT: [&str; 3] = [
    "short forms: 1 million keys for 50 million, an outage of 15 minutes for 8 hours, 300,000 stored \
     messages for 10 million, a backlog of 200,000 for 1 million; each command alone has the options \
     for the whole length (docs/performance.md)",
    "lost and repeated events under kills and power cuts are no figure: `cargo xtask kill` and \
     `cargo xtask world`",
    "ratios and aims travel between machines, the other figures do not",
];

pub async fn run(args: AllArgs) -> anyhow::Result<ExitCode> {
    let mut all = Outcome::default();
    let mut code = ExitCode::SUCCESS;
    for (n, row) in ROWS.iter().enumerate() {
        anstream::eprintln!("[{}/{}] {}: puente {}", n + 1, ROWS.len(), row.asks, row.command);
        let began = instant();
        let lines = match measure(row, &mut all.notes).await {
            Ok(lines) => lines,
            Err(error) => {
                code = ExitCode::FAILURE;
                vec![Line::new(row.asks, format!("not measured: {error:#}"))]
            }
        };
        anstream::eprintln!("      took {:.0} s", began.elapsed().as_secs_f64());
        all.lines.extend(lines);
    }
    all.notes.sort();
    all.notes.dedup();
    all.notes.extend(SHORT.map(str::to_owned));
    all.print(args.json)?;
    Ok(code)
}

/// A row that cannot be measured does not keep the others from it.
async fn measure(row: &Row, notes: &mut Vec<String>) -> anyhow::Result<Vec<Line>> {
    let told = ask(row.command).await?;
    let told_notes = told["notes"].as_array().into_iter().flatten();
    notes.extend(told_notes.filter_map(|note| Some(note.as_str()?.to_owned())));
    let mut lines = (row.read)(&told)?;
    if let Some((name, words)) = row.beside {
        let others = (row.read)(&ask(&format!("{} {words}", row.command)).await?)?;
        for (line, other) in lines.iter_mut().zip(others) {
            if line.what == other.what && line.measured != other.measured {
                line.beside = format!("{name}: {}", other.measured);
            }
        }
    }
    Ok(lines)
}

/// What this binary answers to `words`, as JSON.
async fn ask(words: &str) -> anyhow::Result<Value> {
    let own = std::env::current_exe().context("the path of this binary")?;
    let mut command = Command::new(own);
    command.args(words.split(' ')).arg("--json").kill_on_drop(true);
    let output = command.stderr(Stdio::inherit()).output().await?;
    // a drill that missed a goal ends with 1, and has told what it measured
    let Ok(told) = serde_json::from_slice(&output.stdout) else {
        bail!("`puente {words}` ended with {}; its words are above", output.status);
    };
    Ok(told)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn every_short_form_is_a_command() {
        for row in ROWS {
            let more = row.beside.map_or("", |(_, words)| words).split_whitespace();
            let words = ["puente"].into_iter().chain(row.command.split(' ')).chain(more);
            let words = words.chain(["--json"]);
            assert!(crate::cli::Cli::try_parse_from(words).is_ok(), "{}", row.command);
        }
    }
}
