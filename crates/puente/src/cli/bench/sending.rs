//! Sends of one busy number, measured where Meta stands.
//!
//! Two questions: does a number use what it may, and never more; and how soon
//! does an agent's reply leave while a campaign takes all it can. People write
//! all the while, and ticks come back.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use hdrhistogram::Histogram;
use serde::Serialize;
use serde_json::json;
use store::Class;
use tokio::time::Instant;

use super::bridge::Bridge;
use super::child::{can_pin, command, free_port};
use super::far::{Far, LIMIT, Person};
use super::fill::fill;
use super::instant;

/// People who write and are answered.
const PEOPLE: u64 = 400;
/// From the start until the measurement.
const WARM_UP: Duration = Duration::from_secs(5);
const REPLY: &str = "respuesta ";

#[derive(clap::Args)]
pub struct Args {
    /// How long each of the two loads is measured.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(5..=3_600))]
    seconds: u64,
    /// Messages that wait in the campaign.
    #[arg(long, default_value_t = 100_000)]
    campaign: u64,
    /// Customers' messages a second.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=500))]
    inbound: u64,
    /// Agents' replies a second during the campaign.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=60))]
    replies: u64,
    /// Where the database is made, on the disk to be measured.
    #[arg(long)]
    dir: Option<PathBuf>,
    #[arg(long)]
    json: bool,
    /// This process holds its core already.
    #[arg(long, hide = true)]
    placed: bool,
}

#[derive(Serialize)]
struct Report {
    /// Most messages of any second, in and out, as Meta's side counts them.
    peak: u64,
    /// Sends refused there because the second was full.
    throttled: u64,
    sent_per_second: f64,
    received_per_second: f64,
    /// Sent, of what the limit leaves beside what was received.
    share: f64,
    replies: u64,
    p50: u64,
    p99: u64,
    max: u64,
    campaign_per_second: f64,
    pinned: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if !args.placed && can_pin() {
        // the far side and the callers on the other core than the bridge
        let own = std::env::args_os().skip(1);
        let status = command(1, own.chain(["--placed".into()]))?.status().await?;
        return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let busy = load(&args, Class::Live, args.seconds * LIMIT * 11 / 10, 0).await?;
    let campaign = load(&args, Class::Campaign, args.campaign, args.replies).await?;
    let room = (LIMIT * args.seconds) as f64 - busy.received;
    let report = Report {
        peak: busy.peak.max(campaign.peak),
        throttled: busy.throttled + campaign.throttled,
        sent_per_second: busy.sent / args.seconds as f64,
        received_per_second: busy.received / args.seconds as f64,
        share: busy.sent / room,
        replies: campaign.latency.len(),
        p50: campaign.latency.value_at_quantile(0.5),
        p99: campaign.latency.value_at_quantile(0.99),
        max: campaign.latency.max(),
        campaign_per_second: campaign.sent / args.seconds as f64,
        pinned: can_pin(),
    };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        show(&report);
    }
    Ok(ExitCode::SUCCESS)
}

/// What one load came to.
struct Load {
    sent: f64,
    received: f64,
    peak: u64,
    throttled: u64,
    /// Milliseconds from the moment a reply was meant to be asked for to the
    /// moment it stood at Meta.
    latency: Histogram<u64>,
}

async fn load(args: &Args, class: Class, waiting: u64, replies: u64) -> anyhow::Result<Load> {
    let graph = free_port()?;
    let bridge = Bridge::new(args.dir.as_deref(), Some(graph))?;
    bridge.migrate().await?;
    fill(&bridge.database(), class, 3_000_000, waiting).await?;
    let caller =
        Caller { key: bridge.api_key().await?, url: format!("http://{}/send", bridge.listen()) };
    let server = bridge.serve().await?;
    let far = Far::start(graph, bridge.listen()).await?;
    let people = (0..PEOPLE).map(|n| far.person(1_000_000 + n)).collect::<Result<Vec<_>, _>>()?;
    tokio::time::sleep(WARM_UP).await;

    let (began, from_ms) = (instant(), far.clock.now_ms());
    let end = Duration::from_secs(args.seconds);
    let spoken = write(&far, &people, args.inbound, began.into(), end);
    let asked = caller.ask(&far, &people, replies, began.into(), end);
    let (spoken, asked) = tokio::join!(spoken, asked);
    spoken?;
    let until_ms = from_ms + end.as_millis() as i64;
    let asked = asked?;
    let latency = arrived(&far, &asked).await?;
    let traffic = far.traffic(from_ms, until_ms);
    let (throttled, peak) = far.throttled_and_peak();
    server.end().await?;
    Ok(Load {
        sent: traffic.sent as f64,
        received: traffic.received as f64,
        peak,
        throttled,
        latency,
    })
}

/// Customers write, one after another.
async fn write(
    far: &Far,
    people: &[Person],
    rate: u64,
    began: Instant,
    end: Duration,
) -> anyhow::Result<()> {
    let mut n = 0;
    while let Some(at) = nth(n, rate, end) {
        tokio::time::sleep_until(began + at).await;
        far.writes(&people[n as usize % people.len()])?;
        n += 1;
    }
    Ok(())
}

/// When the `n`-th of `rate` a second is due; none when the time is over.
fn nth(n: u64, rate: u64, end: Duration) -> Option<Duration> {
    let at = Duration::from_nanos(n * 1_000_000_000 / rate);
    (at < end).then_some(at)
}

struct Caller {
    key: String,
    url: String,
}

impl Caller {
    /// Asks for replies at their moments, each on its own; when each was meant.
    async fn ask(
        &self,
        far: &Far,
        people: &[Person],
        rate: u64,
        began: Instant,
        end: Duration,
    ) -> anyhow::Result<Vec<i64>> {
        if rate == 0 {
            return Ok(Vec::new());
        }
        let client = crate::http::toward_meta()?;
        let (mut meant, mut calls) = (Vec::new(), tokio::task::JoinSet::new());
        while let Some(at) = nth(meant.len() as u64, rate, end) {
            tokio::time::sleep_until(began + at).await;
            let n = meant.len();
            let late = (instant() - (began + at).into_std()).as_millis() as i64;
            meant.push(far.clock.now_ms() - late);
            let body = json!({
                "to": people[n % people.len()].phone,
                "type": "text",
                "text": { "body": format!("{REPLY}{n}") },
            });
            let request = http::Request::post(&self.url)
                .header("authorization", format!("Bearer {}", self.key))
                .header("content-type", "application/json")
                .header("idempotency-key", format!("reply-{n}"))
                .body(bytes::Bytes::from(body.to_string()))?;
            let client = client.clone();
            calls.spawn(async move { client.send(request).await });
        }
        while let Some(answer) = calls.join_next().await {
            let answer = answer?.map_err(|lost| anyhow::anyhow!("POST /send: {lost:?}"))?;
            if answer.status() != http::StatusCode::ACCEPTED {
                let said = String::from_utf8_lossy(answer.body()).into_owned();
                bail!("POST /send answered {}: {said}", answer.status());
            }
        }
        Ok(meant)
    }
}

/// Waits until every reply stands at Meta.
async fn arrived(far: &Far, meant: &[i64]) -> anyhow::Result<Histogram<u64>> {
    let mut latency = Histogram::new(3).expect("three digits are a valid precision");
    for _ in 0..300 {
        let arrivals = far.arrivals(REPLY);
        if arrivals.len() == meant.len() {
            for (n, at_ms) in arrivals {
                let meant = meant.get(n).context("a reply that nobody asked for")?;
                latency.record((at_ms - meant).max(0) as u64)?;
            }
            return Ok(latency);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("30 s after the last reply was asked for, not all stand at Meta")
}

fn show(report: &Report) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(["what", "goal", "measured"]);
    let rows = [
        (
            "messages in the fullest second, in and out",
            format!("<= {LIMIT}"),
            report.peak.to_string(),
        ),
        ("sends refused for that", "0".into(), report.throttled.to_string()),
        (
            "sent, of what the limit leaves beside what came in",
            ">= 99 %".into(),
            format!(
                "{:.1} % ({:.0}/s out, {:.0}/s in)",
                report.share * 100.0,
                report.sent_per_second,
                report.received_per_second
            ),
        ),
        (
            "an agent's reply to Meta during a campaign, p99",
            "<= 250 ms".into(),
            format!(
                "{} ms (p50 {}, max {}, {} replies)",
                report.p99, report.p50, report.max, report.replies
            ),
        ),
        (
            "the campaign meanwhile",
            "about 90 %".into(),
            format!("{:.0}/s", report.campaign_per_second),
        ),
    ];
    for (what, goal, measured) in rows {
        table.add_row([what.to_owned(), goal, measured]);
    }
    anstream::println!("{table}");
    if !report.pinned {
        anstream::println!("not held on a core each: that needs two cores and `taskset`");
    }
}
