//! `puente cost`: what was delivered in a month, and what of it Meta charges.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use comfy_table::{Table, presets};
use rules::cost::{Card, Price};
use serde_json::{Value, json};

use super::api::Bridge;

/// Shown by `--help`.
const HELP: &str = "\
Counts are of delivered messages, each once, as Meta priced it. A month is a
month of UTC.

  puente cost
  puente cost --month 2026-11 --json
  puente cost --month 2026-11 --rates rates.toml

Amounts need your prices, in a file:
  currency = \"...\"
  [[rate]]
  category = \"service\"
  calling_code = \"52\"      # left out: everywhere else
  price = \"...\"            # of one message, digits and a point

What has no rate has no amount, and is named. docs/guides/cost.md says where the
prices are found.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    /// Year and month: 2026-11. The present one when left out.
    #[arg(long)]
    month: Option<String>,
    /// Prices of your rate card, TOML.
    #[arg(long, value_name = "FILE")]
    rates: Option<PathBuf>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    bridge: Bridge,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let card = args.rates.as_ref().map(read).transpose()?;
    let path = match &args.month {
        Some(month) => format!("/api/v1/cost?month={month}"),
        None => "/api/v1/cost".to_owned(),
    };
    let mut answer = args.bridge.get(&path).await?;
    let left_out = card.as_ref().map(|card| priced(&mut answer, card));
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        shown(&answer, left_out.unwrap_or_default());
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &PathBuf) -> anyhow::Result<Card> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Card::read(&text).with_context(|| file.display().to_string())
}

/// Puts amounts beside the counts. Answers how many charged messages have none.
fn priced(answer: &mut Value, card: &Card) -> i64 {
    let (mut total, mut left_out) = (Price::default(), 0);
    for count in answer["counts"].as_array_mut().into_iter().flatten() {
        let messages = count["messages"].as_i64().unwrap_or_default();
        if count["charged"] != true {
            continue;
        }
        let word = |key: &str| count[key].as_str().unwrap_or_default();
        match card.price(word("category"), word("calling_code")) {
            Some(price) => {
                let amount = price.times(messages);
                total = total.plus(amount);
                count["amount"] = amount.to_string().into();
            }
            None => left_out += messages,
        }
    }
    answer["amount"] = total.to_string().into();
    answer["currency"] = card.currency.clone().into();
    answer["without_rate"] = json!(left_out);
    left_out
}

fn shown(answer: &Value, left_out: i64) {
    let word = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let currency = answer["currency"].as_str();
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let mut header = vec!["number", "category", "type", "to", "charged", "messages"];
    header.extend(currency);
    table.set_header(header);
    for count in answer["counts"].as_array().into_iter().flatten() {
        let number = count["display"].as_str().or(count["number"].as_str()).unwrap_or_default();
        let to = count["calling_code"].as_str().map(|code| format!("+{code}")).unwrap_or_default();
        let charged = if count["charged"] == true { "yes" } else { "" };
        let mut row = vec![
            number.to_owned(),
            word(&count["category"]),
            word(&count["type"]),
            to,
            charged.to_owned(),
            word(&count["messages"]),
        ];
        row.extend(currency.map(|_| word(&count["amount"])));
        table.add_row(row);
    }
    anstream::println!("{table}");
    anstream::println!(
        "{}: {} delivered, {} of them charged",
        word(&answer["month"]),
        answer["delivered"],
        answer["charged"]
    );
    if let Some(currency) = currency {
        anstream::println!("{} {currency} by the prices of the file", word(&answer["amount"]));
    }
    if left_out > 0 {
        anstream::println!("{left_out} charged messages have no rate in the file, and no amount");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stand_beside_what_is_charged_and_has_a_rate() {
        let card = Card::read(
            "currency = 'XTS'\n[[rate]]\ncategory = 'service'\ncalling_code = '52'\nprice = '0.5'\n",
        )
        .unwrap();
        let count = |category: &str, charged: bool, messages: i64| {
            let code = "52";
            json!({ "category": category, "charged": charged, "calling_code": code,
                    "messages": messages })
        };
        let counts =
            [count("service", true, 3), count("service", false, 9), count("utility", true, 2)];
        let mut answer = json!({ "counts": counts });
        assert_eq!(priced(&mut answer, &card), 2);
        assert_eq!(answer["counts"][0]["amount"], "1.50");
        assert!(answer["counts"][1].get("amount").is_none());
        assert!(answer["counts"][2].get("amount").is_none());
        let ends = json!([answer["amount"], answer["currency"], answer["without_rate"]]);
        assert_eq!(ends, json!(["1.50", "XTS", 2]));
    }
}
