//! Webhooks taken: `puente serve` as it is, beside the same server that stores
//! nothing, in turns of one run.
//!
//! Two questions: how many are answered when the server has a core for itself,
//! and how long an answer takes at a rate that a busy number brings. All
//! workers are on. Salesforce cannot be reached, so that what the writer owes
//! stays in the database: taking webhooks must not depend on it.

use std::path::PathBuf;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use serde::Serialize;

use super::bridge::Bridge;
use super::child::{Server, can_pin, command, free_port};
use super::generate::Load;
use super::plain;

#[derive(clap::Args)]
pub struct Args {
    /// How long each server is measured, at full load and again at the rate.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(2..=3_600))]
    seconds: u64,
    /// How long the full load and the server that stores nothing are measured, where that is to
    /// be shorter: ten minutes at full load take some 20 GB of disk.
    #[arg(long, value_parser = clap::value_parser!(u64).range(2..=3_600))]
    full_seconds: Option<u64>,
    /// Webhooks a second for the latency.
    #[arg(long, default_value_t = 3_300, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    rate: u64,
    /// Connections that stay open.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    connections: u64,
    /// Keys of earlier webhooks in the database.
    #[arg(long, default_value_t = 0)]
    keys: u64,
    /// Where the database is made, on the disk to be measured.
    #[arg(long)]
    dir: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

/// One server under one load.
#[derive(Serialize)]
struct Row {
    server: &'static str,
    load: &'static str,
    #[serde(flatten)]
    figures: Load,
    per_second: f64,
    cpu_us_each: f64,
    /// Stored and not worked off when the load ended, and the oldest's age.
    #[serde(skip_serializing_if = "Option::is_none")]
    backlog: Option<(u64, u64)>,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let bench = Bench::new(args)?;
    let seconds = bench.args.seconds;
    let full = bench.args.full_seconds.unwrap_or(seconds);
    let half = full.div_ceil(2);
    // before and after, so that a machine that grows slower favours neither
    let plain = bench.plain().await?;
    let first = bench.load(&plain, plain::PATH, "full", half, 0).await?;
    let stored = bench.measured("full", full, 0).await?;
    let second = bench.load(&plain, plain::PATH, "full", half, 0).await?;
    let rate = bench.args.rate;
    let plain_at_rate = bench.load(&plain, plain::PATH, "rate", full, rate).await?;
    plain.end().await?;
    let stored_at_rate = bench.measured("rate", seconds, rate).await?;

    let without = (first.per_second + second.per_second) / 2.0;
    let ratio = stored.per_second / without;
    let rows = [first, second, stored, plain_at_rate, stored_at_rate];
    if bench.args.json {
        let report = serde_json::json!({
            "ratio": ratio, "keys": bench.args.keys, "pinned": can_pin(), "rows": rows,
        });
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        show(&rows, rate, ratio);
    }
    Ok(ExitCode::SUCCESS)
}

struct Bench {
    args: Args,
    bridge: Bridge,
}

impl Bench {
    fn new(args: Args) -> anyhow::Result<Self> {
        Ok(Self { bridge: Bridge::new(args.dir.as_deref(), None)?, args })
    }

    async fn plain(&self) -> anyhow::Result<Server> {
        let address = free_port()?;
        let command = command(0, ["bench", "plain", "--listen", &address.to_string()])?;
        Server::start(command, address, &self.bridge.log("plain.log")).await
    }

    /// `puente serve` on a new database.
    async fn storing(&self) -> anyhow::Result<Server> {
        self.bridge.forget();
        if self.args.keys > 0 {
            self.bridge.migrate().await?;
            let today = crate::ambient::system().now();
            store::prefill_keys(&self.bridge.database(), today, self.args.keys)?;
        }
        self.bridge.serve().await
    }

    /// The storing server under one load, from its start to its end.
    async fn measured(&self, load: &'static str, seconds: u64, rate: u64) -> anyhow::Result<Row> {
        let server = self.storing().await?;
        let mut row = self.load(&server, "/messages", load, seconds, rate).await?;
        row.server = "storing";
        let metrics = server.get("/metrics").await?;
        row.backlog = Some((
            gauge(&metrics, "puente_journal_depth")?,
            gauge(&metrics, "puente_journal_oldest_seconds")?,
        ));
        server.end().await?;
        Ok(row)
    }

    async fn load(
        &self,
        server: &Server,
        path: &str,
        load: &'static str,
        seconds: u64,
        rate: u64,
    ) -> anyhow::Result<Row> {
        let before = server.cpu_us()?;
        let args = [
            "bench",
            "generate",
            "--path",
            path,
            "--to",
            &server.address.to_string(),
            "--seconds",
            &seconds.to_string(),
            "--rate",
            &rate.to_string(),
            "--connections",
            &self.args.connections.to_string(),
        ];
        let output = command(1, args)?.stderr(Stdio::inherit()).output().await?;
        if !output.status.success() {
            bail!("the generator failed");
        }
        let spent = server.cpu_us()? - before;
        let figures: Load = serde_json::from_slice(&output.stdout).context("the generator")?;
        if figures.refused > 0 || figures.answered == 0 {
            bail!("{} webhooks were refused: {figures:?}", figures.refused);
        }
        Ok(Row {
            server: "not storing",
            load,
            per_second: figures.per_second(),
            cpu_us_each: spent as f64 / figures.answered as f64,
            figures,
            backlog: None,
        })
    }
}

fn gauge(metrics: &str, name: &str) -> anyhow::Result<u64> {
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|v| v.parse().ok()).with_context(|| format!("/metrics has no {name}"))
}

fn show(rows: &[Row], rate: u64, ratio: f64) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header([
        "server",
        "load",
        "webhooks/s",
        "CPU us each",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "max ms",
        "unread",
        "oldest s",
    ]);
    let ms = |us: u64| format!("{:.2}", us as f64 / 1_000.0);
    for row in rows {
        let load = match row.load {
            "rate" => format!("{rate}/s"),
            _ => "full".to_owned(),
        };
        let (unread, oldest) = row
            .backlog
            .map_or_else(Default::default, |(depth, age)| (depth.to_string(), age.to_string()));
        table.add_row([
            row.server.to_owned(),
            load,
            format!("{:.0}", row.per_second),
            format!("{:.1}", row.cpu_us_each),
            ms(row.figures.p50),
            ms(row.figures.p99),
            ms(row.figures.p999),
            ms(row.figures.max),
            unread,
            oldest,
        ]);
    }
    anstream::println!("{table}");
    anstream::println!(
        "storing / not storing at full load: {:.0} % (at least 50 %)",
        ratio * 100.0
    );
    if !can_pin() {
        anstream::println!("not held on a core each: that needs two cores and `taskset`");
    }
}
