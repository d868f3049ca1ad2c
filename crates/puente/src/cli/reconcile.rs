//! `puente reconcile`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Subcommand;
use comfy_table::{Table, presets};
use engine::Nudges;
use engine::reconcile::{Failed, Reconcile, Scope, signer};
use futures_util::FutureExt;
use jiff::{Span, Timestamp};
use model::UnixMs;
use model::ids::{ReportId, TenantId};
use rules::signed;
use serde_json::Value;
use store::op::{NewReport, ReportEnd, TenantRow};
use store::{Commit, Op};

use super::org::Beside;

/// Differences that are printed; the document names more.
const SHOWN: usize = 50;

/// Shown by `--help`.
const HELP: &str = "\
     Looks at every row that either side has: persons, conversations and messages of this \
     database, and the rows of Puente_Person__c, Puente_Conversation__c and Puente_Message__c \
     in the org. What differs is looked at twice and named one by one: `missing` (somebody \
     deleted it there), `lower` (somebody changed its status), `extra` (not ours), `higher` \
     (this database is older), `waiting`, `aside`. A running bridge does the same each night; \
     this works beside it.\n\n\
     It costs one API call for 2,000 rows. Nothing in Salesforce is changed, except with \
     --repair, and never deleted.\n\n\
     Ends with 0 when both sides agree, with 2 when they differ.";

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    run: Run,
}

#[derive(clap::Args)]
struct Run {
    /// Which tenant of the configuration; may be left out when there is one.
    #[arg(long)]
    tenant: Option<String>,
    /// Only what puente learned of since then: 2026-11-01T00:00:00Z, or 7d, 12h before now.
    #[arg(long, value_parser = since)]
    since: Option<Since>,
    /// Write again what is missing or lowered in Salesforce, by the usual way.
    #[arg(long)]
    repair: bool,
    /// Print the signed document instead of a table.
    #[arg(long)]
    json: bool,
    /// Write the signed document to this file.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Subcommand)]
enum What {
    /// Print the public key that this installation signs its reports with.
    Key,
    /// Check that a document is signed by this installation and unaltered.
    Verify {
        file: PathBuf,
        /// Check against this public key instead of the store's own: 64 hex digits.
        #[arg(long)]
        key: Option<String>,
    },
}

#[derive(Clone, Debug)]
enum Since {
    At(UnixMs),
    Ago(i64),
}

fn since(text: &str) -> Result<Since, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Since::At(UnixMs(at.as_millisecond())));
    }
    let cure = "write 2026-11-01T00:00:00Z, or a number of days or hours such as 7d or 12h";
    let span: Span = text.parse().map_err(|_| cure.to_owned())?;
    let hours = i64::from(span.get_days()) * 24 + i64::from(span.get_hours());
    if hours > 0 { Ok(Since::Ago(hours * 3_600_000)) } else { Err(cure.into()) }
}

pub async fn run(args: Args, path: &Path) -> anyhow::Result<ExitCode> {
    match args.what {
        None => compare(args.run, path).await,
        Some(What::Key) => {
            let beside = Beside::open(path).await?;
            anstream::println!("{}", signer(&beside.store).public_key());
            beside.store.close().await;
            Ok(ExitCode::SUCCESS)
        }
        Some(What::Verify { file, key }) => verify(&file, key, path).await,
    }
}

async fn compare(args: Run, path: &Path) -> anyhow::Result<ExitCode> {
    let beside = Beside::open(path).await?;
    let tenant = beside.tenant(args.tenant.as_deref())?;
    let run = Reconcile {
        tenant: TenantId::new(&tenant.id),
        store: beside.store.clone(),
        ambient: beside.ambient.clone(),
        client: beside.client(tenant).await?,
        nudges: Nudges::default(),
    };
    let until = beside.ambient.now();
    let since = args.since.map(|since| match since {
        Since::At(at) => at,
        Since::Ago(ms) => until.plus(-ms),
    });
    let scope = Scope { since, until, repair: args.repair };
    let id = ReportId::new(&beside.ambient);
    let go_on = || std::future::ready(Ok::<(), Failed>(())).boxed();
    let (signed, sentence) = run.run(id, scope, &go_on).await.map_err(|why| anyhow!("{why}"))?;
    keep(&run, id, scope, &signed, &sentence).await?;
    beside.store.close().await;
    let text = serde_json::to_string_pretty(&signed)?;
    if let Some(file) = &args.out {
        std::fs::write(file, format!("{text}\n"))
            .with_context(|| format!("--out {}", file.display()))?;
    }
    if args.json {
        anstream::println!("{text}");
    } else {
        show(&signed["report"], &sentence);
    }
    Ok(if is_clean(&signed["report"]) { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Among the reports that the API lists.
async fn keep(
    run: &Reconcile,
    id: ReportId,
    scope: Scope,
    signed: &Value,
    sentence: &str,
) -> anyhow::Result<()> {
    let tenant = run.tenant.clone();
    let ask = NewReport {
        tenant: tenant.clone(),
        id,
        asked_at: scope.until,
        asked_by: "command line".into(),
        since: scope.since,
        repair: scope.repair,
    };
    let end = ReportEnd {
        tenant,
        id,
        at: run.ambient.now(),
        summary: sentence.into(),
        body: Some(signed.to_string().into_bytes()),
    };
    // a tenant that was never served is made known, as a start does it
    let known = TenantRow { tenant: run.tenant.clone(), org: None, at: scope.until };
    let ops = vec![Op::PutTenant(known), Op::AskReport(ask), Op::EndReport(end)];
    run.store.commit(Commit::of(ops)).await?;
    Ok(())
}

/// What is under way or set aside is no difference.
fn is_clean(report: &Value) -> bool {
    let differs = |entry: &Value| !matches!(entry["what"].as_str(), Some("waiting" | "aside"));
    let entries = report["differences"].as_array().into_iter().flatten();
    report["items"]["lost"] == 0 && !entries.into_iter().any(differs)
}

fn show(report: &Value, sentence: &str) {
    anstream::println!("{sentence}");
    let entries = report["differences"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !entries.is_empty() {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(["what", "object", "record", "id", "here", "there"]);
        for entry in entries.iter().take(SHOWN) {
            let word = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            table.add_row(["what", "object", "record", "id", "here", "there"].map(word));
        }
        anstream::println!("{table}");
    }
    let more = entries.len().saturating_sub(SHOWN) as u64;
    let more = more + report["differences_not_named"].as_u64().unwrap_or_default();
    if more > 0 {
        anstream::println!("and {more} more; --out FILE names them");
    }
    anstream::println!(
        "{} API calls; {}",
        report["api_calls"],
        report["id"].as_str().unwrap_or_default()
    );
}

async fn verify(file: &Path, key: Option<String>, path: &Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let signed: Value =
        serde_json::from_str(&text).with_context(|| format!("{}: no JSON", file.display()))?;
    let key = match key {
        Some(key) => key,
        None => {
            let beside = Beside::open(path).await?;
            let key = signer(&beside.store).public_key();
            beside.store.close().await;
            key
        }
    };
    let report = match signed::verify(&signed, &key) {
        Ok(report) => report,
        Err(why) => bail!("{}: {why}", file.display()),
    };
    let word = |name: &str| report[name].as_str().unwrap_or_default();
    anstream::println!("signed by {key} and unaltered");
    anstream::println!("{} of {}: {}", word("id"), word("began_at"), word("sentence"));
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_or_a_span_before_now() {
        assert!(matches!(since("2026-11-01T00:00:00Z"), Ok(Since::At(at)) if at.0 > 0));
        assert!(matches!(since("7d"), Ok(Since::Ago(ms)) if ms == 7 * 86_400_000));
        assert!(matches!(since("12h"), Ok(Since::Ago(ms)) if ms == 12 * 3_600_000));
        for wrong in ["", "yesterday", "0h", "-3d"] {
            assert!(since(wrong).unwrap_err().contains("7d"), "{wrong}");
        }
    }
}
