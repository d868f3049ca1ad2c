//! `puente consent`: who may be written to, and what proves it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use comfy_table::{Table, presets};
use serde_json::{Map, Value, json};

use super::api::Bridge;
use super::status::encoded;

mod csv;

/// Shown by `--help`.
const HELP: &str = "\
What a person said about being written to is only ever added to. What happened
last holds; of two at the same time the opt-out does.

  puente consent show +525512345678
  puente consent record +525512345678 --opt-in --purpose marketing \\
    --channel web --source 'spring form' --evidence https://example.com/f/7
  puente consent import opt-ins.csv
  puente consent export +525512345678 > evidence.json

A CSV has a first line of names: to, purpose, kind and happened_at, and where
there is something to say channel, source, wording and evidence. Lines with
mistakes are named and left out, all others are recorded; the same file again
records nothing twice.

docs/guides/consent.md explains the rest.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Where a person stands, and all that they said.
    Show {
        /// Phone with country code, user id, Contact or Lead id, person id.
        of: String,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Record one opt-in or opt-out.
    Record(Record),
    /// Record the lines of a CSV file. Ends with 2 when lines have mistakes.
    Import {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Print all that a person said, with its proof, as JSON.
    Export {
        /// Phone with country code, user id, Contact or Lead id, person id.
        of: String,
        #[command(flatten)]
        bridge: Bridge,
    },
}

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("kind").required(true))]
struct Record {
    /// Phone with country code, user id, Contact or Lead id, person id.
    to: String,
    /// They want these messages.
    #[arg(long, group = "kind")]
    opt_in: bool,
    /// They want no more of them.
    #[arg(long, group = "kind")]
    opt_out: bool,
    #[arg(long, value_enum)]
    purpose: Purpose,
    /// When they said it, RFC 3339; now when left out.
    #[arg(long)]
    happened_at: Option<String>,
    /// Where: web, paper, phone ...
    #[arg(long)]
    channel: Option<String>,
    /// What told you: a form, a campaign ...
    #[arg(long)]
    source: Option<String>,
    /// The words they agreed to.
    #[arg(long)]
    wording: Option<String>,
    /// What proves it: an address, the id of a form, a file's name.
    #[arg(long)]
    evidence: Option<String>,
    #[command(flatten)]
    bridge: Bridge,
}

#[derive(Clone, Copy, ValueEnum)]
enum Purpose {
    Marketing,
    Utility,
    Service,
}

const PATH: &str = "/api/v1/consent";

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Show { of, bridge } => show(&bridge.get(&address(&of)).await?),
        What::Export { of, bridge } => {
            let answer = bridge.get(&address(&of)).await?;
            anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
        }
        What::Record(record) => {
            let answer = record.bridge.post(PATH, &[], &record.body()).await?;
            told(&answer);
        }
        What::Import { file, bridge } => return import(&file, &bridge).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn address(of: &str) -> String {
    format!("{PATH}?of={}", encoded(of))
}

impl Record {
    fn body(&self) -> Value {
        let purpose = match self.purpose {
            Purpose::Marketing => "marketing",
            Purpose::Utility => "utility",
            Purpose::Service => "service",
        };
        let kind = if self.opt_in { "opt_in" } else { "opt_out" };
        json!({
            "to": self.to, "purpose": purpose, "kind": kind, "happened_at": self.happened_at,
            "channel": self.channel, "source": self.source, "wording": self.wording,
            "evidence": self.evidence,
        })
    }
}

fn told(answer: &Value) {
    let person = answer["person_id"].as_str().unwrap_or_default();
    let what = if answer["new"] == true { "recorded" } else { "was recorded before" };
    anstream::println!("{person}: {what}");
}

async fn import(file: &std::path::Path, bridge: &Bridge) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let (mut new, mut known, mut wrong) = (0, 0, 0);
    for (line, read) in csv::lines(&text).with_context(|| file.display().to_string())? {
        let recorded = match read {
            Ok(fields) => bridge.post(PATH, &[], &Value::Object(body(fields))).await,
            Err(why) => Err(anyhow::anyhow!(why)),
        };
        match recorded {
            Ok(answer) if answer["new"] == true => new += 1,
            Ok(_) => known += 1,
            Err(why) => {
                wrong += 1;
                anstream::eprintln!("{}:{line}: {why:#}", file.display());
            }
        }
    }
    anstream::println!("{new} recorded, {known} were recorded before, {wrong} with mistakes");
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// What is empty is left out.
fn body(fields: Vec<(String, String)>) -> Map<String, Value> {
    let filled = fields.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(name, value)| (name, value.into())).collect()
}

fn show(answer: &Value) {
    let word = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let list = |key: &str| answer[key].as_array().cloned().unwrap_or_default();
    anstream::println!("{}", word(answer, "person_id"));
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["purpose", "stands", "since (UTC)", "source"]);
    for one in list("purposes") {
        table.add_row(["purpose", "kind", "since", "source"].map(|key| word(&one, key)));
    }
    anstream::println!("{table}");
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["happened (UTC)", "purpose", "said", "channel", "source", "evidence"]);
    for one in list("events") {
        let keys = ["happened_at", "purpose", "kind", "channel", "source", "evidence"];
        table.add_row(keys.map(|key| word(&one, key)));
    }
    anstream::println!("{table}");
}
