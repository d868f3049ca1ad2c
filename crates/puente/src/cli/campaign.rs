//! `puente campaign`: one template to many people.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::api::Bridge;

mod source;

/// Shown by `--help`.
const HELP: &str = "\
A campaign is planned, filled, checked and then started. Nothing is sent before
`start`, and nobody gets the same campaign twice, whatever is killed meanwhile.

PLAN is a JSON object: Meta's template object, with {{column}} or
{{column|fallback}} where the audience's values go, and when to send:

  { \"template\": { \"name\": \"spring\", \"language\": { \"code\": \"es_MX\" },
      \"components\": [{ \"type\": \"body\",
        \"parameters\": [{ \"type\": \"text\", \"text\": \"{{name|amigo}}\" }] }] },
    \"zone\": \"America/Bogota\", \"quiet\": \"21:00-08:00\", \"tier\": \"2K\" }

  puente campaign new Rebajas --plan plan.json --audience people.csv
  puente campaign new Rebajas --plan plan.json --from 7015500000ABCdeAAH
  puente campaign check cmp_...
  puente campaign start cmp_... --at 2026-12-01T09:00
  puente campaign show cmp_... --follow

With --from the audience comes out of Salesforce: a campaign (701...), a list view
(00B...) or a report (00O...), by its id or its address in the browser. Then the
columns are fields: {{FirstName|amigo}}, {{Account.Name}}. Of a campaign the members
show who was sent to and who answered.

docs/guides/campaigns.md explains the plan, the file and the states.";

/// Lines of an audience in one request.
const LINES: usize = 2_000;
const LOOK: Duration = Duration::from_secs(2);

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Plan one, and add an audience where a file is given.
    New {
        name: String,
        /// A JSON file with the plan.
        #[arg(long)]
        plan: PathBuf,
        /// A CSV file with phone, wa_id or user_id, and the columns of the plan.
        #[arg(long, conflicts_with = "from")]
        audience: Option<PathBuf>,
        /// A campaign, list view or report in Salesforce: its id or its address.
        #[arg(long)]
        from: Option<String>,
        /// The campaign in Salesforce whose members show what became of these;
        /// the one of --from when left out.
        #[arg(long)]
        results: Option<String>,
        /// Show nothing in Salesforce.
        #[arg(long, conflicts_with = "results")]
        no_results: bool,
        /// Meta's id of the number; needed where there are several.
        #[arg(long)]
        number: Option<String>,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Add people to a draft, from a CSV file or out of Salesforce; the same ones
    /// again add nobody.
    ///
    /// Ends with 2 when lines or records were refused.
    Add {
        id: String,
        #[arg(required_unless_present = "from", conflicts_with = "from")]
        audience: Option<PathBuf>,
        /// A campaign, list view or report in Salesforce: its id or its address.
        #[arg(long)]
        from: Option<String>,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Tell who would get it, who not and why, and when it would end.
    Check(Which),
    /// Begin now, or at a time on the wall of the plan's zone.
    Start {
        #[command(flatten)]
        which: Which,
        /// For instance 2026-12-01T09:00
        #[arg(long)]
        at: Option<String>,
    },
    /// Hold what was not called yet.
    Pause(Which),
    /// Go on with a paused one.
    Resume(Which),
    /// End it for good: what was not called stays unsent.
    Stop(Which),
    /// Tell where it stands, and its people by state.
    Show {
        #[command(flatten)]
        which: Which,
        /// Tell it again every two seconds until it rests.
        #[arg(long)]
        follow: bool,
        /// Print the answer as JSON.
        #[arg(long, conflicts_with = "follow")]
        json: bool,
    },
    /// List campaigns, newest first.
    List {
        #[command(flatten)]
        bridge: Bridge,
    },
}

#[derive(clap::Args)]
struct Which {
    id: String,
    #[command(flatten)]
    bridge: Bridge,
}

impl Which {
    async fn step(&self, step: &str, body: &Value) -> anyhow::Result<Value> {
        self.bridge.post(&format!("/api/v1/campaigns/{}/{step}", self.id), &[], body).await
    }
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::New { name, plan, audience, from, results, no_results, number, bridge } => {
            let text =
                std::fs::read_to_string(&plan).with_context(|| plan.display().to_string())?;
            let mut read: Value = serde_json::from_str(&text)
                .with_context(|| format!("{} is no JSON", plan.display()))?;
            let source = from.as_deref().map(source::named).transpose()?;
            let shown = match &results {
                Some(text) => Some(source::named(text)?),
                None => source.clone().filter(|_| !no_results && read["results"].is_null()),
            };
            if let Some(shown) = shown.filter(|shown| shown.kind == "campaign") {
                read["results"]["campaign"] = shown.id.into();
            }
            let mut body = json!({ "name": name, "plan": read });
            if let Some(number) = number {
                body["phone_number_id"] = number.into();
            }
            let made = bridge.post("/api/v1/campaigns", &[], &body).await?;
            let id = made["id"].as_str().unwrap_or_default();
            anstream::println!("{id} is a draft");
            if let Some(source) = source {
                return source::add(&bridge, id, &source).await;
            }
            if let Some(file) = audience {
                return add(&bridge, id, &file).await;
            }
        }
        What::Add { id, audience, from, bridge } => {
            return match (audience, from) {
                (Some(file), _) => add(&bridge, &id, &file).await,
                (None, from) => {
                    let source = source::named(from.as_deref().unwrap_or_default())?;
                    source::add(&bridge, &id, &source).await
                }
            };
        }
        What::Check(which) => checked(&which.step("check", &json!({})).await?["check"]),
        What::Start { which, at } => {
            let body = at.map_or_else(|| json!({}), |at| json!({ "starts_at": at }));
            stands(&which.step("start", &body).await?);
        }
        What::Pause(which) => stands(&which.step("pause", &json!({})).await?),
        What::Resume(which) => stands(&which.step("resume", &json!({})).await?),
        What::Stop(which) => stands(&which.step("stop", &json!({})).await?),
        What::Show { which, follow, json } => return show(&which, follow, json).await,
        What::List { bridge } => listed(&bridge.get("/api/v1/campaigns?limit=200").await?),
    }
    Ok(ExitCode::SUCCESS)
}

/// In parts, each with the first line, so that a file may be of any length.
async fn add(bridge: &Bridge, id: &str, file: &Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let (mut new, mut known, mut refused) = (0, 0, 0);
    for (before, part) in parts(&text) {
        let path = format!("/api/v1/campaigns/{id}/audience");
        let answer = bridge.post_text(&path, "text/csv", part).await?;
        let count = |key: &str| answer[key].as_u64().unwrap_or_default();
        new += count("new");
        known += count("known");
        refused += count("refused");
        for one in answer["complaints"].as_array().into_iter().flatten() {
            let word = |key: &str| one[key].as_str().unwrap_or_default();
            let line = one["line"].as_u64().unwrap_or_default() + before as u64;
            let (field, why, cure) = (word("field"), word("why"), word("cure"));
            anstream::println!("line {line}, {field}: {why}\n  cure: {cure}");
        }
        anstream::println!("{new} added, {known} were in it, {refused} lines refused");
    }
    Ok(if refused > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// Each part with the number of lines that are left out above its second one.
fn parts(text: &str) -> Vec<(usize, String)> {
    let mut lines = text.split_inclusive('\n');
    let head = lines.next().unwrap_or_default();
    let rows: Vec<_> = lines.collect();
    if rows.is_empty() {
        return vec![(0, head.to_owned())];
    }
    let parts = rows.chunks(LINES).enumerate();
    parts.map(|(n, rows)| (n * LINES, format!("{head}{}", rows.concat()))).collect()
}

async fn show(which: &Which, follow: bool, json: bool) -> anyhow::Result<ExitCode> {
    let path = format!("/api/v1/campaigns/{}", which.id);
    loop {
        let answer = which.bridge.get(&path).await?;
        if json {
            anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
            return Ok(ExitCode::SUCCESS);
        }
        let campaign = &answer["campaign"];
        stands(campaign);
        anstream::println!("{}", progress(&answer["members"]));
        let rests =
            !matches!(campaign["state"].as_str(), Some("scheduled" | "running" | "stopping"));
        if !follow || rests {
            people(&answer["members"]);
            return Ok(ExitCode::SUCCESS);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A bar of those of whom it is known what became of them.
fn progress(members: &Value) -> String {
    const WIDTH: u64 = 40;
    let (mut all, mut ended) = (0, 0);
    for count in members.as_array().into_iter().flatten() {
        let people = count["people"].as_u64().unwrap_or_default();
        all += people;
        if !matches!(count["state"].as_str(), Some("waiting" | "queued" | "held_back")) {
            ended += people;
        }
    }
    let full = ended * WIDTH / all.max(1);
    let bar: String = (0..WIDTH).map(|n| if n < full { '#' } else { '.' }).collect();
    format!("[{bar}] {ended} of {all}")
}

fn people(members: &Value) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["state", "code", "people", "answered"]);
    for count in members.as_array().into_iter().flatten() {
        let word = |key: &str| count[key].as_str().unwrap_or_default().to_owned();
        let answered = count["answered"].as_u64().unwrap_or_default().to_string();
        table.add_row([word("state"), word("code"), count["people"].to_string(), answered]);
    }
    anstream::println!("{table}");
}

/// Where one stands, in a line.
fn stands(campaign: &Value) {
    let word = |key: &str| campaign[key].as_str();
    let (name, state) = (word("name").unwrap_or_default(), word("state").unwrap_or_default());
    let why = word("explained").or(word("why")).map(|why| format!(": {why}"));
    let waits = word("wait_for")
        .map(|what| format!(", waits for {what} until {}", word("wait_until").unwrap_or_default()));
    let starts = word("start_at").filter(|_| state == "scheduled").map(|at| format!(" for {at}"));
    let rest: String = [starts, why, waits].into_iter().flatten().collect();
    anstream::println!("{name} is {state}{rest}");
}

fn checked(check: &Value) {
    anstream::println!("{} people would get it", check["taken"]);
    for (reason, people) in check["left_out"].as_object().into_iter().flatten() {
        let known = rules::campaign::Reason::parse(reason);
        let (cause, cure) = known.map(rules::campaign::Reason::explain).unwrap_or_default();
        anstream::println!("{people} would not, {reason}: {cause}\n  cure: {cure}");
    }
    if let Some(left) = check["tier_left"].as_u64() {
        anstream::println!("the portfolio may open {left} more people today");
    }
    match (check["ends_at"].as_str(), check["by_tier"].as_bool()) {
        (Some(at), Some(true)) => {
            anstream::println!("it would end at {at}, by the messaging limit")
        }
        (Some(at), _) => anstream::println!("it would end at {at}"),
        (None, _) => anstream::println!("it would not end within a year"),
    }
    let word = |key: &str| check[key].as_str().unwrap_or("not known here");
    anstream::println!("template: {}, quality {}", word("category"), word("quality"));
}

fn listed(answer: &Value) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["id", "name", "state", "made"]);
    for campaign in answer["items"].as_array().into_iter().flatten() {
        let word = |key: &str| campaign[key].as_str().unwrap_or_default().to_owned();
        table.add_row(["id", "name", "state", "made_at"].map(word));
    }
    anstream::println!("{table}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_file_has_its_first_line_and_lines_keep_their_numbers() {
        let rows = |n: usize| (0..n).map(|n| format!("+52{n}\n")).collect::<String>();
        for (lines, parts_of) in [(0, 1), (1, 1), (LINES, 1), (LINES + 1, 2), (3 * LINES, 3)] {
            let text = format!("phone\n{}", rows(lines));
            let parts = parts(&text);
            assert_eq!(parts.len(), parts_of, "{lines}");
            assert!(parts.iter().all(|(_, part)| part.starts_with("phone\n")));
            let all: String = parts.iter().map(|(_, part)| &part["phone\n".len()..]).collect();
            assert_eq!(all, rows(lines));
        }
        let text = format!("phone\n{}", rows(LINES + 1));
        let (before, part) = parts(&text).remove(1);
        // line 2 of the part is this line of the file
        assert_eq!(text.lines().nth(before + 2 - 1), part.lines().nth(1));
    }

    #[test]
    fn a_bar_is_as_full_as_people_are_done() {
        let members = json!([
            { "state": "waiting", "people": 5 }, { "state": "sent", "people": 4 },
            { "state": "left_out", "code": "puente.opted_out", "people": 1 },
        ]);
        let bar = progress(&members);
        assert!(bar.ends_with("] 5 of 10") && bar.matches('#').count() == 20, "{bar}");
        assert!(progress(&json!([])).ends_with("0 of 0"));
    }
}
