//! The memory of a real `puente serve`: idle, under load, and again with many
//! messages stored; beside the same server that stores nothing.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use super::bridge::Bridge;
use super::child::{Server, command, free_port};
use super::line::{Line, Outcome, unpinned};
use super::load::{WEBHOOKS, load};
use super::peak::Peak;
use super::plain;

const IDLE_MB: f64 = 64.0;
const LOAD_MB: f64 = 150.0;
/// From the start until the idle memory is read.
const SETTLE: Duration = Duration::from_secs(5);
/// Messages that come in the usual way before they are copied.
const SAMPLE: u64 = 1_000;

#[derive(clap::Args)]
pub struct Args {
    /// How long each server is under load.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// Webhooks a second.
    #[arg(long, default_value_t = 3_300, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    rate: u64,
    /// Messages in the large database, made before the clock runs: about 1 GB
    /// and half a minute for each million.
    #[arg(long, default_value_t = 1_000_000)]
    messages: u64,
    /// Keys of earlier webhooks in the large database.
    #[arg(long, default_value_t = 1_000_000)]
    keys: u64,
    /// Where the databases are made, on the disk to be measured.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Print the outcome as JSON: `lines` (what, aim, measured, beside, reached) and `notes`.
    #[arg(long)]
    json: bool,
}

/// Megabytes (1,048,576 bytes), each the most since the start.
struct Memory {
    idle: f64,
    load: f64,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let bridge = Bridge::new(args.dir.as_deref(), None)?;
    anstream::eprintln!("memory: a server that stores nothing");
    let plain = not_storing(&bridge, &args).await?;
    anstream::eprintln!("memory: `puente serve` on a new database");
    let (small, pages) = storing(&bridge, &args).await?;
    anstream::eprintln!("memory: the same with {} messages stored before", args.messages);
    fill(&bridge, &args).await?;
    let size = std::fs::metadata(bridge.database())?.len() as f64 / 1e9;
    let (large, _) = storing(&bridge, &args).await?;

    let line = |what: String, most: f64, mb: f64, beside: String| {
        let aim = format!("<= {most:.0} MB");
        Line::new(what, format!("{mb:.0} MB")).aim(aim, mb <= most).beside(beside)
    };
    let (rate, stored) = (args.rate, args.messages);
    let idle =
        if pages { "memory, idle with the console" } else { "memory, idle, no console built" };
    let lines = vec![
        line(idle.into(), IDLE_MB, small.idle, format!("not storing: {:.0} MB", plain.idle)),
        line(
            format!("memory at {rate} webhooks/s"),
            LOAD_MB,
            small.load,
            format!("not storing: {:.0} MB", plain.load),
        ),
        line(
            format!("memory, idle, {stored} messages stored"),
            IDLE_MB,
            large.idle,
            format!("none stored: {:.0} MB", small.idle),
        ),
        line(
            format!("memory at {rate} webhooks/s, {stored} messages stored"),
            LOAD_MB,
            large.load,
            format!("none stored: {:.0} MB", small.load),
        ),
    ];
    let mut notes = vec![
        format!("memory: {}", Peak::new().told()),
        format!("memory: the large database has {size:.1} GB; each load ran {} s", args.seconds),
    ];
    notes.extend(unpinned());
    Outcome { lines, notes }.print(args.json)
}

async fn not_storing(bridge: &Bridge, args: &Args) -> anyhow::Result<Memory> {
    let (address, peak) = (free_port()?, Peak::new());
    let plain = command(0, ["bench", "plain", "--listen", &address.to_string()])?;
    let server = Server::start(peak.counted(plain), address, &bridge.log("plain.log")).await?;
    measure(server, &peak, plain::PATH, args).await
}

/// The bridge on the database as it is; whether it has the console's pages.
async fn storing(bridge: &Bridge, args: &Args) -> anyhow::Result<(Memory, bool)> {
    let peak = Peak::new();
    let serve = peak.counted(bridge.command(&["serve"])?);
    let server = Server::start(serve, bridge.listen(), &bridge.log("serve.log")).await?;
    let pages = console(&server).await?;
    Ok((measure(server, &peak, WEBHOOKS, args).await?, pages))
}

async fn measure(server: Server, peak: &Peak, path: &str, args: &Args) -> anyhow::Result<Memory> {
    let mb = |bytes: u64| bytes as f64 / 1_048_576.0;
    tokio::time::sleep(SETTLE).await;
    let idle = mb(peak.read(server.pid()?)?);
    load(server.address, path, args.seconds, args.rate).await?;
    let load = mb(peak.read(server.pid()?)?);
    server.end().await?;
    Ok(Memory { idle, load })
}

/// Opens the console as a browser does: the page and every file it names.
async fn console(server: &Server) -> anyhow::Result<bool> {
    let page = server.get("/").await?;
    let files: Vec<_> = page.split('"').filter(|text| text.starts_with("/assets/")).collect();
    for file in &files {
        server.get(file).await.with_context(|| format!("the console's {file}"))?;
    }
    Ok(!files.is_empty())
}

/// A database in which `args.messages` are stored: some come in as webhooks
/// do, the others are copies of them.
async fn fill(bridge: &Bridge, args: &Args) -> anyhow::Result<()> {
    bridge.forget();
    bridge.migrate().await?;
    let server = bridge.serve().await?;
    load(server.address, WEBHOOKS, 1, SAMPLE).await?;
    for _ in 0..600 {
        let metrics = server.get("/metrics").await?;
        if metrics.lines().any(|line| line == "puente_journal_depth 0") {
            server.end().await?;
            let today = crate::ambient::system().now();
            store::prefill_keys(&bridge.database(), today, args.keys)?;
            store::prefill_messages(&bridge.database(), args.messages, |made| {
                if made % 1_000_000 == 0 {
                    anstream::eprintln!("memory: {made} messages are there");
                }
            })?;
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the webhooks that came first were not worked off within 60 s")
}
