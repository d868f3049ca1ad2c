//! `puente send`.

use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::api::Bridge;

/// Examples:
///   puente send +525512345678 --text "Hola"
///   puente send 003... --template order_update --language es_MX --param Ana --param A-17
///   puente send US.1349... --message '{"type":"location","location":{...}}'
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Phone number with country code, user id, Contact or Lead id, or person id.
    to: String,
    /// A text; needs an open 24-hour window.
    #[arg(long, conflicts_with_all = ["template", "message"])]
    text: Option<String>,
    /// An approved template, by name.
    #[arg(long, requires = "language", conflicts_with = "message")]
    template: Option<String>,
    /// Language of the template, such as es_MX.
    #[arg(long)]
    language: Option<String>,
    /// Value of a body variable, in order; repeat it.
    #[arg(long = "param", requires = "template")]
    params: Vec<String>,
    /// Any message, as Meta's own JSON object.
    #[arg(long)]
    message: Option<String>,
    /// Business number to send from: its phone_number_id.
    #[arg(long)]
    number: Option<String>,
    /// Your own reference, shown by `puente status`.
    #[arg(long)]
    reference: Option<String>,
    /// Repeating a call with the same key sends once. Drawn by chance otherwise.
    #[arg(long)]
    idempotency_key: Option<String>,
    #[command(flatten)]
    bridge: Bridge,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut body = message(&args)?;
    body["to"] = args.to.as_str().into();
    for (key, value) in [("number", &args.number), ("reference", &args.reference)] {
        if let Some(value) = value {
            body[key] = value.as_str().into();
        }
    }
    let key = match args.idempotency_key {
        Some(key) => key,
        None => {
            let ambient = crate::ambient::system();
            format!("cli-{:016x}{:016x}", ambient.chance.u64(), ambient.chance.u64())
        }
    };
    let answer = args.bridge.post("/send", &[("Idempotency-Key", &key)], &body).await?;
    let word = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
    anstream::println!("{} {}", word("id"), word("status"));
    Ok(ExitCode::SUCCESS)
}

fn message(args: &Args) -> anyhow::Result<Value> {
    if let Some(text) = &args.text {
        return Ok(json!({ "type": "text", "text": { "body": text } }));
    }
    if let (Some(name), Some(language)) = (&args.template, &args.language) {
        let mut template = json!({ "name": name, "language": { "code": language } });
        if !args.params.is_empty() {
            let values: Vec<_> =
                args.params.iter().map(|p| json!({ "type": "text", "text": p })).collect();
            template["components"] = json!([{ "type": "body", "parameters": values }]);
        }
        return Ok(json!({ "type": "template", "template": template }));
    }
    match &args.message {
        Some(text) => {
            let value: Value = serde_json::from_str(text).context("--message is not JSON")?;
            if !value.is_object() {
                bail!("--message: a JSON object is needed, such as {{\"type\":\"text\",...}}");
            }
            Ok(value)
        }
        None => bail!("give --text, --template or --message"),
    }
}
