//! `puente dedupe report`: records of the org that share a phone.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Subcommand;
use comfy_table::{Table, presets};
use engine::duplicates::{Report, report};
use rules::duplicates::{Candidate, Group, Kind};
use rules::phone::{self, Country};
use serde_json::{Value, json};

use super::org::Beside;

/// Groups that are printed; the file names all.
const SHOWN: usize = 50;

/// Shown by `--help`.
const HELP: &str = "\
Reads every Contact and every Lead that is not converted, in whatever way their
phones are written, and lists those that share a line, the one that is proposed to
stay first: a Contact before a Lead, then the one with more open cases, with more
fields filled, the older one. Where the names have no word in common it may be one
line of several people.

Nothing is changed, here or in Salesforce: merge there what you find to be one.
It costs an API call for 2,000 records.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List Contacts and Leads that share a phone.
    Report {
        /// Which tenant of the configuration; may be left out when there is one.
        #[arg(long)]
        tenant: Option<String>,
        /// Write all groups to this CSV file.
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(args: Args, config: &Path) -> anyhow::Result<ExitCode> {
    let What::Report { tenant, csv, json } = args.what;
    let beside = Beside::open(config).await?;
    let tenant = beside.tenant(tenant.as_deref())?;
    let client = beside.client(tenant).await?;
    let digits = tenant.numbers.first().and_then(|number| phone::digits(&number.display));
    let home = digits.as_deref().and_then(Country::of);
    let found = report(&client, home, |read| anstream::eprint!("\r{read} records read")).await;
    anstream::eprintln!();
    let found = found.map_err(|fault| anyhow!("{fault}"))?;
    if let Some(file) = &csv {
        std::fs::write(file, sheet(&found)).with_context(|| file.display().to_string())?;
    }
    if json {
        anstream::println!("{}", serde_json::to_string_pretty(&document(&found))?);
    } else {
        shown(&found);
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(found: &Report) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["line", "", "record", "name", "open cases", "made (UTC)", ""]);
    for group in found.groups.iter().take(SHOWN) {
        for (n, one) in group.records.iter().enumerate() {
            let line = if n == 0 { format!("+{}", group.line) } else { String::new() };
            let note = match (n, group.may_be_several) {
                (0, true) => format!("{}; several people?", group.why.as_str()),
                (0, false) => group.why.as_str().to_owned(),
                _ => String::new(),
            };
            let stays = if n == 0 { "stays" } else { "" };
            let cases = one.open_cases.to_string();
            table.add_row([&line, stays, &one.id, &one.name, &cases, &day(one), &note]);
        }
    }
    if !found.groups.is_empty() {
        anstream::println!("{table}");
    }
    if found.groups.len() > SHOWN {
        anstream::println!("and {} more groups: --csv FILE names all", found.groups.len() - SHOWN);
    }
    anstream::println!(
        "{} records read with {} API calls, {} groups share a line; {} records have no phone that \
         surely is one. Nothing was changed.",
        found.records,
        found.calls,
        found.groups.len(),
        found.unread
    );
}

fn day(one: &Candidate) -> String {
    salesforce::time::to_text(one.made_at).chars().take(10).collect()
}

const fn object(kind: Kind) -> &'static str {
    match kind {
        Kind::Contact => "Contact",
        Kind::Lead => "Lead",
    }
}

fn document(found: &Report) -> Value {
    let record = |one: &Candidate| {
        json!({ "id": one.id, "object": object(one.kind), "name": one.name,
            "open_cases": one.open_cases, "made_at": salesforce::time::to_text(one.made_at) })
    };
    let group = |group: &Group| {
        json!({ "line": format!("+{}", group.line), "stays": group.records[0].id,
            "why": group.why.as_str(), "may_be_several_people": group.may_be_several,
            "records": group.records.iter().map(record).collect::<Vec<_>>() })
    };
    json!({ "records": found.records, "unread": found.unread, "calls": found.calls,
        "groups": found.groups.iter().map(group).collect::<Vec<_>>() })
}

/// One line a record, groups by number.
fn sheet(found: &Report) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut out = String::from("group,line,stays,object,id,name,open_cases,made,why,several\n");
    for (n, group) in found.groups.iter().enumerate() {
        for (at, one) in group.records.iter().enumerate() {
            let why = if at == 0 { group.why.as_str() } else { "" };
            let fields = [
                (n + 1).to_string(),
                format!("+{}", group.line),
                (at == 0).to_string(),
                object(one.kind).to_owned(),
                one.id.clone(),
                quoted(&one.name),
                one.open_cases.to_string(),
                day(one),
                why.to_owned(),
                group.may_be_several.to_string(),
            ];
            out.push_str(&fields.join(","));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::UnixMs;
    use rules::duplicates::groups;

    #[test]
    fn a_sheet_has_a_line_for_each_record_and_quotes_names() {
        let one = |id: &str, name: &str| Candidate {
            id: id.into(),
            kind: Kind::Lead,
            name: name.into(),
            lines: vec!["525512345678".into()],
            made_at: UnixMs(0),
            open_cases: 0,
            filled: 1,
        };
        let found = vec![one("00Q1", "Ruiz, \"Ana\""), one("00Q2", "Leo")];
        let report = Report { groups: groups(found), records: 2, unread: 0, calls: 1 };
        let sheet = sheet(&report);
        let lines: Vec<_> = sheet.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[1],
            "1,+525512345678,true,Lead,00Q1,\"Ruiz, \"\"Ana\"\"\",0,1970-01-01,is older,true"
        );
        assert_eq!(document(&report)["groups"][0]["stays"], "00Q1");
    }
}
