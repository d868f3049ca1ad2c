//! `puente survey`: what customers are asked once their case is closed, and what
//! they answered.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use comfy_table::{Table, presets};
use rules::survey::DEFAULT;
use serde_json::Value;

use super::api::Bridge;
use super::file;

const PATH: &str = "/api/v1/survey";

/// Shown by `--help`.
const HELP: &str = "\
A survey is one file of a tenant: what customers are asked once their case is
closed (1 to 5, or 0 to 10), with which answers, and which fields of the Case
keep what they answer. Without a file nobody is asked.

  puente survey check survey.toml
  puente survey apply survey.toml
  puente survey cases --state answered
  puente metrics --by day
  puente survey rollback --to 0          (asks nobody any more)

docs/guides/survey.md explains the file.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Read a file: each mistake with line, field and cure. Changes nothing.
    ///
    /// Ends with 2 when there are mistakes.
    Check {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// What a file says otherwise than the one in use.
    Diff {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Keep a file as a new version and put it to use.
    Apply {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Put an earlier version to use.
    Rollback {
        /// The version; the one before the version in use when left out, 0 for puente's own.
        #[arg(long)]
        to: Option<u32>,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Print the file in use, with `--list` which versions there are.
    Show(file::Show),
    /// List closed cases: who is to be asked, was asked, answered, or was not asked and why.
    Cases {
        /// waiting, asked, answered or skipped; all when left out.
        #[arg(long)]
        state: Option<String>,
        /// Cases at most, the newest first.
        #[arg(long, default_value_t = 200)]
        limit: usize,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Print what puente does by itself: the file that asks nobody.
    Default,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Check { file, bridge } => return file::check(PATH, &file, &bridge).await,
        What::Diff { file, bridge } => file::diff(PATH, &file, &bridge).await?,
        What::Apply { file, bridge } => file::apply(PATH, &file, &bridge).await?,
        What::Rollback { to, bridge } => file::roll_back(PATH, to, &bridge).await?,
        What::Show(show) => file::show(PATH, show).await?,
        What::Cases { state, limit, json, bridge } => {
            let items = cases(state.as_deref(), limit, &bridge).await?;
            match json {
                true => anstream::println!("{}", serde_json::to_string_pretty(&items)?),
                false => listed(&items),
            }
        }
        What::Default => anstream::print!("{DEFAULT}"),
    }
    Ok(ExitCode::SUCCESS)
}

async fn cases(state: Option<&str>, limit: usize, bridge: &Bridge) -> anyhow::Result<Vec<Value>> {
    let state = state.map(|state| format!("&state={state}")).unwrap_or_default();
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = (limit - items.len()).clamp(1, 200);
        let answer = bridge.get(&format!("{PATH}/cases?limit={page}{state}{cursor}")).await?;
        items.extend(answer["items"].as_array().cloned().unwrap_or_default());
        match answer["next"].as_str() {
            Some(next) if items.len() < limit => cursor = format!("&cursor={next}"),
            _ => return Ok(items),
        }
    }
}

fn listed(items: &[Value]) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "closed (UTC)",
        "case",
        "state",
        "score",
        "why not, or comment",
        "in the case",
    ]);
    for item in items {
        let word = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let score = item["score"].as_u64().map(|score| score.to_string()).unwrap_or_default();
        let told = [word("reason"), word("comment")].concat();
        let in_case = if item["in_case"] == true { "yes" } else { "" };
        let [closed, case, state] = ["closed_at", "case_id", "state"].map(word);
        table.add_row([closed, case, state, score, told, in_case.into()]);
    }
    anstream::println!("{table}");
    anstream::println!("{} cases", items.len());
}
