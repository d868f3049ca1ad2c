//! `puente mapping`: which fields of Salesforce are filled, and from what.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use comfy_table::{Table, presets};
use rules::mapping::{DEFAULT, PATHS};
use serde_json::{Value, json};

use super::api::Bridge;
use super::file::{self, list, read};

const PATH: &str = "/api/v1/mapping";

/// Shown by `--help`.
const HELP: &str = "\
A mapping is one file of a tenant: entries that say to which field of which
object what is written, with type, default, condition and length. It is held
against the org before it is used, and each version is kept.

Start from what puente does by itself:
  puente mapping default > mapping.toml
  puente mapping check mapping.toml
  puente mapping dry-run mapping.toml --last 1000
  puente mapping apply mapping.toml
  puente mapping rollback

docs/guides/mapping.md explains the file.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Hold a file against the org: each mistake with line, field and cure. Changes nothing.
    ///
    /// Ends with 2 when there are mistakes.
    Check {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// What a file does otherwise than the version in use.
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
    /// Try a file on messages that came: what would be written otherwise. Writes nothing.
    DryRun {
        file: PathBuf,
        /// So many of the customers' newest messages, at most 5000.
        #[arg(long, default_value_t = 1_000)]
        last: u32,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
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
    /// Print what puente fills by itself: version 0, and a good file to begin with.
    Default,
    /// What values may be taken from, by name.
    Paths,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Check { file, bridge } => return file::check(PATH, &file, &bridge).await,
        What::Diff { file, bridge } => file::diff(PATH, &file, &bridge).await?,
        What::Apply { file, bridge } => file::apply(PATH, &file, &bridge).await?,
        What::DryRun { file, last, json, bridge } => {
            let body = json!({ "text": read(&file)?, "last": last });
            let answer = bridge.post("/api/v1/mapping/dry-run", &[], &body).await?;
            if json {
                anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
            } else {
                tried(&answer);
            }
        }
        What::Rollback { to, bridge } => file::roll_back(PATH, to, &bridge).await?,
        What::Show(show) => file::show(PATH, show).await?,
        What::Default => anstream::print!("{DEFAULT}"),
        What::Paths => paths(),
    }
    Ok(ExitCode::SUCCESS)
}

fn tried(answer: &Value) {
    let fields = list(answer, "fields");
    anstream::println!(
        "{} messages looked at, {} fields would differ; nothing was written",
        answer["messages"],
        fields.len()
    );
    if !fields.is_empty() {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(["field", "messages", "for instance", "before", "after"]);
        let value = |value: &Value| match value {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        for field in fields {
            let (name, count) = (value(&field["field"]), field["messages"].to_string());
            for (n, one) in list(field, "examples").iter().enumerate() {
                let lead = if n == 0 { [name.clone(), count.clone()] } else { Default::default() };
                let row = ["message_id", "before", "after"].map(|key| value(&one[key]));
                table.add_row(lead.into_iter().chain(row));
            }
        }
        anstream::println!("{table}");
    }
    for misfit in list(answer, "misfits") {
        let word = |key: &str| misfit[key].as_str().unwrap_or_default();
        anstream::println!("{}: {} ({} messages)", word("field"), word("why"), misfit["messages"]);
    }
}

fn paths() {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["path", "kind", "always there", "what it is"]);
    for path in PATHS {
        let always = if path.always { "yes" } else { "" };
        table.add_row([path.path, path.kind, always, path.about]);
    }
    anstream::println!("{table}");
}
