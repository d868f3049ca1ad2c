//! `puente templates`: what Meta has, and what is done about it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::api::Bridge;

/// Shown by `--help`.
const HELP: &str = "\
A template is sent only while Meta has it APPROVED, in the category that a
person knows of. When Meta changes the category, it is not sent until somebody
agrees.

FILE is the JSON object that Meta's API takes: name, language, category,
components, with an example for each variable.

  puente templates check order.json
  puente templates create order.json
  puente templates list
  puente templates preview order_update --language es_MX --components values.json
  puente templates agree order_update --language es_MX

docs/guides/templates.md explains the file.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List the templates with state, category and quality.
    List {
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Show one as Meta has it, as JSON.
    Show(Which),
    /// Hold a file against Meta's rules: each mistake with field and cure. Asks nobody.
    ///
    /// Ends with 2 when there are mistakes.
    Check { file: PathBuf },
    /// Submit a file for Meta's review.
    Create {
        file: PathBuf,
        /// The account; the first one when left out.
        #[arg(long)]
        waba: Option<String>,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Replace the components by those of a file; it goes back into review.
    Edit {
        #[command(flatten)]
        which: Which,
        /// The file, as for `create`: its components are taken.
        #[arg(long)]
        file: PathBuf,
    },
    /// Delete one language at Meta. The name of an approved one is blocked for 30 days.
    Delete(Which),
    /// Agree to the category that Meta put it into; then it is sent again.
    Agree(Which),
    /// Show it with values in place, as people will see it.
    ///
    /// Ends with 2 when a send could not give these.
    Preview {
        #[command(flatten)]
        which: Which,
        /// A file with the components that a send gives, a JSON list.
        #[arg(long)]
        components: Option<PathBuf>,
    },
}

#[derive(clap::Args)]
struct Which {
    name: String,
    /// As the list shows it; needed where there are several.
    #[arg(long)]
    language: Option<String>,
    /// The account; needed where several have this name.
    #[arg(long)]
    waba: Option<String>,
    #[command(flatten)]
    bridge: Bridge,
}

impl Which {
    fn path(&self, verb: &str) -> String {
        let pairs = [("language", &self.language), ("waba_id", &self.waba)];
        let query: Vec<_> = pairs
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}={}", value.as_ref()?)))
            .collect();
        format!("/api/v1/templates/{}{verb}?{}", self.name, query.join("&"))
    }
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::List { json, bridge } => {
            let answer = bridge.get("/api/v1/templates").await?;
            if json {
                anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
            } else {
                listed(&answer);
            }
        }
        What::Show(which) => {
            let answer = which.bridge.get(&which.path("")).await?;
            anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
        }
        What::Check { file } => return checked(&file),
        What::Create { file, waba, bridge } => {
            let mut body = json!({ "definition": read(&file)? });
            if let Some(waba) = waba {
                body["waba_id"] = waba.into();
            }
            stands(&bridge.post("/api/v1/templates", &[], &body).await?);
        }
        What::Edit { which, file } => {
            let body = json!({ "components": read(&file)?["components"] });
            stands(&which.bridge.put(&which.path(""), &body).await?);
        }
        What::Delete(which) => {
            which.bridge.delete(&which.path("")).await?;
            anstream::println!("{} is gone", which.name);
        }
        What::Agree(which) => {
            stands(&which.bridge.post(&which.path("/agree"), &[], &json!({})).await?);
        }
        What::Preview { which, components } => {
            let given = components.map_or_else(|| Ok(json!([])), |file| read(&file))?;
            let body = json!({ "components": given });
            let answer = which.bridge.post(&which.path("/preview"), &[], &body).await?;
            shown(&answer);
            if answer["good"] != true {
                complaints(&answer["complaints"]);
                return Ok(ExitCode::from(2));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))
}

fn checked(file: &Path) -> anyhow::Result<ExitCode> {
    let found = rules::template::check(&read(file)?);
    if found.is_empty() {
        anstream::println!("{}: nothing speaks against submitting it", file.display());
        return Ok(ExitCode::SUCCESS);
    }
    for complaint in found {
        told(&complaint.field, &complaint.why, &complaint.cure);
    }
    Ok(ExitCode::from(2))
}

fn told(field: &str, why: &str, cure: &str) {
    anstream::println!("{field}: {why}\n  cure: {cure}");
}

fn complaints(all: &Value) {
    for complaint in all.as_array().into_iter().flatten() {
        let word = |key: &str| complaint[key].as_str().unwrap_or_default();
        told(word("field"), word("why"), word("cure"));
    }
}

/// Where one stands, in a line.
fn stands(template: &Value) {
    let word = |key: &str| template[key].as_str().unwrap_or_default();
    anstream::println!(
        "{} {} is {}, {}",
        word("name"),
        word("language"),
        word("state"),
        word("category")
    );
}

fn listed(answer: &Value) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["name", "language", "state", "category", "quality", "note"]);
    for template in answer["items"].as_array().into_iter().flatten() {
        let word = |key: &str| template[key].as_str().unwrap_or_default().to_owned();
        let changed =
            word("category") != word("agreed_category") && !word("agreed_category").is_empty();
        let note = match (changed, template["announced_category"].as_str()) {
            (true, _) => format!("was {}: agree to it", word("agreed_category")),
            (false, Some(next)) => format!("will be {next}"),
            (false, None) => word("reason"),
        };
        let row = ["name", "language", "state", "category", "quality"].map(word);
        table.add_row(row.into_iter().chain([note]));
    }
    anstream::println!("{table}");
}

fn shown(preview: &Value) {
    let word = |key: &str| preview[key].as_str().filter(|text| !text.is_empty());
    for part in ["header", "body", "footer"] {
        if let Some(text) = word(part) {
            anstream::println!("{text}\n");
        }
    }
    for button in preview["buttons"].as_array().into_iter().flatten() {
        let value = button["value"].as_str().map(|value| format!(" -> {value}"));
        let text = button["text"].as_str().unwrap_or_default();
        anstream::println!("[{text}]{}", value.unwrap_or_default());
    }
    for card in preview["cards"].as_array().into_iter().flatten() {
        anstream::println!("---");
        shown(card);
    }
}
