//! `puente metrics`: what each day came to, and the records behind a figure.

use std::process::ExitCode;

use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Map, Value, json};

use super::api::Bridge;

/// Shown by `--help`.
const HELP: &str = "\
Days are those of the tenant's time zone (`time_zone` in the configuration).
Each figure has a written definition, and is the sum over records that can be
listed.

  puente metrics --from 2026-11-01 --to 2026-11-30
  puente metrics --by agent
  puente metrics records first_response --from 2026-11-02 --to 2026-11-02
  puente metrics definitions --language es
  puente metrics recompute --from 2026-10-01 --to 2026-10-31";

#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_long_help = HELP
)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    shown: Option<Shown>,
}

#[derive(clap::Args)]
struct Shown {
    #[command(flatten)]
    days: Days,
    /// day, number, agent, template, code or source; the whole when left out.
    #[arg(long)]
    by: Option<String>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    bridge: Bridge,
}

#[derive(clap::Args)]
struct Days {
    /// First day: 2026-11-01. Thirty days when left out.
    #[arg(long)]
    from: Option<String>,
    /// Last day; the present one when left out.
    #[arg(long)]
    to: Option<String>,
}

#[derive(Subcommand)]
enum What {
    /// List the records behind a figure.
    Records {
        /// As `puente metrics definitions` names it.
        name: String,
        #[command(flatten)]
        days: Days,
        /// Records at most.
        #[arg(long, default_value_t = 1_000)]
        limit: usize,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// What each figure means.
    Definitions {
        /// en, es or pt.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Count days anew and take what is found, also where a day had settled.
    Recompute {
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        bridge: Bridge,
    },
}

impl Days {
    fn query(&self) -> String {
        let parts = [("from", &self.from), ("to", &self.to)];
        let given = parts.iter().filter_map(|(name, day)| Some((name, day.as_ref()?)));
        given.map(|(name, day)| format!("&{name}={day}")).collect()
    }
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match (args.what, args.shown) {
        (Some(What::Records { name, days, limit, json, bridge }), _) => {
            let items = records(&name, &days, limit, &bridge).await?;
            if json {
                anstream::println!("{}", serde_json::to_string_pretty(&items)?);
            } else {
                listed(&items);
            }
        }
        (Some(What::Definitions { language }), _) => definitions(&language)?,
        (Some(What::Recompute { days, bridge }), _) => {
            let mut body = Map::new();
            body.extend(days.from.map(|day| ("from".to_owned(), json!(day))));
            body.extend(days.to.map(|day| ("to".to_owned(), json!(day))));
            let answer = bridge.post("/api/v1/metrics/recompute", &[], &body.into()).await?;
            let word = |key: &str| answer[key].as_str().unwrap_or_default();
            let (from, to) = (word("from"), word("to"));
            anstream::println!("{} days are counted anew: {from} to {to}", answer["days"]);
        }
        (None, Some(shown)) => {
            let by = shown.by.as_ref().map(|by| format!("&by={by}")).unwrap_or_default();
            let path =
                format!("/api/v1/metrics?{}", (shown.days.query() + &by).trim_start_matches('&'));
            let answer = shown.bridge.get(path.trim_end_matches('?')).await?;
            if shown.json {
                anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
            } else {
                figures(&answer);
            }
        }
        (None, None) => {
            anyhow::bail!("--api-key: needed to ask a running bridge (`puente key create`)")
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header.to_vec());
    table
}

fn figures(answer: &Value) {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut table = table(&["metric", "", "count", "mean, sum"]);
    for figure in answer["figures"].as_array().into_iter().flatten() {
        let money = || figure["amount"].as_f64().map(|amount| format!("{amount:.2}"));
        let share = || figure["percent"].as_f64().map(|percent| format!("{percent} %"));
        let mean = figure["mean_seconds"].as_f64().map(spent).or_else(share).or_else(money);
        let mean = mean.unwrap_or_default();
        let count = figure["count"].to_string();
        table.add_row([word(&figure["metric"]), word(&figure["key"]), count, mean]);
    }
    anstream::println!("{table}");
    let days = [&answer["from"], &answer["to"], &answer["time_zone"]].map(word);
    anstream::println!("{} to {}, days of {}", days[0], days[1], days[2]);
    if let Some(day) = answer["changing_from"].as_str() {
        anstream::println!("figures from {day} on may still change");
    }
    let missing = answer["missing"].as_array().map(Vec::as_slice).unwrap_or_default();
    if let (Some(first), Some(last)) = (missing.first(), missing.last()) {
        let (n, first, last) = (missing.len(), word(first), word(last));
        anstream::println!(
            "{n} days between {first} and {last} are not counted; \
             `puente metrics recompute --from {first} --to {last}` does"
        );
    }
}

/// `42 s`, `5 min 3 s`, `7 h 12 min`, `3 d 4 h`.
fn spent(seconds: f64) -> String {
    let all = seconds.round() as i64;
    match all {
        ..60 => format!("{seconds:.1} s"),
        60..3_600 => format!("{} min {} s", all / 60, all % 60),
        3_600..86_400 => format!("{} h {} min", all / 3_600, all % 3_600 / 60),
        _ => format!("{} d {} h", all / 86_400, all % 86_400 / 3_600),
    }
}

async fn records(
    name: &str,
    days: &Days,
    limit: usize,
    bridge: &Bridge,
) -> anyhow::Result<Vec<Value>> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = (limit - items.len()).clamp(1, 200);
        let path = format!("/api/v1/metrics/{name}/records?limit={page}{}{cursor}", days.query());
        let answer = bridge.get(&path).await?;
        items.extend(answer["items"].as_array().cloned().unwrap_or_default());
        match answer["next"].as_str() {
            Some(next) if items.len() < limit => cursor = format!("&cursor={next}"),
            _ => return Ok(items),
        }
    }
}

fn listed(items: &[Value]) {
    let mut table =
        table(&["at (UTC)", "record", "number", "agent", "template", "why", "time, share, sum"]);
    for item in items {
        let word = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let money = || item["amount"].as_f64().map(|amount| format!("{amount:.2}"));
        let share = || item["percent"].as_i64().map(|percent| format!("{percent} %"));
        let time = item["seconds"].as_f64().map(spent).or_else(share).or_else(money);
        let time = time.unwrap_or_default();
        let words = ["at", "id", "number", "agent", "template", "code"].map(word);
        table.add_row(words.into_iter().chain([time]));
    }
    anstream::println!("{table}");
    anstream::println!("{} records", items.len());
}

fn definitions(language: &str) -> anyhow::Result<()> {
    for metric in rules::metrics::Metric::ALL {
        let texts = metric.definition();
        let found = texts.iter().find(|(known, _)| *known == language);
        let Some((_, text)) = found else {
            anyhow::bail!("--language: '{language}' is none of en, es, pt");
        };
        anstream::println!("{}\n  {text}", metric.as_str());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_two_units() {
        for (seconds, text) in [
            (0.25, "0.2 s"),
            (59.4, "59.4 s"),
            (60.0, "1 min 0 s"),
            (3_599.0, "59 min 59 s"),
            (3_600.0, "1 h 0 min"),
            (90_000.0, "1 d 1 h"),
        ] {
            assert_eq!(spent(seconds), text);
        }
    }

    #[test]
    fn a_query_names_what_was_given() {
        let days = Days { from: Some("2026-11-01".into()), to: None };
        assert_eq!(days.query(), "&from=2026-11-01");
        assert_eq!(Days { from: None, to: None }.query(), "");
    }
}
