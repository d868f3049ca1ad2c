//! A start after kill -9, with a full log and a long backlog, beside the same
//! start on an empty database.

use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use anyhow::bail;
use store::HeldLog;

use super::backlog::queue;
use super::bridge::Bridge;
use super::child::Server;
use super::line::{Line, Outcome, unpinned};
use super::load::{WEBHOOKS, generator};
use super::wire::Wire;
use super::{instant, payload};

const AIM_S: f64 = 1.0;
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(clap::Args)]
pub struct Args {
    /// Webhooks in the journal that nobody has read, of one message each.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    backlog: u64,
    /// How large the log (SQLite's WAL) is at the kill. Without a reader that holds
    /// it the bridge starts it over at 256 MB.
    #[arg(long, default_value_t = 480, value_parser = clap::value_parser!(u64).range(1..=4_000))]
    log_mb: u64,
    /// Where the database is made, on the disk to be measured.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Print the outcome as JSON: `lines` (what, aim, measured, beside, reached) and `notes`.
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let bridge = Bridge::new(args.dir.as_deref(), None)?;
    bridge.migrate().await?;
    anstream::eprintln!("start: on an empty database");
    let (server, empty) = first_answer(&bridge).await?;
    server.end().await?;

    bridge.forget();
    bridge.migrate().await?;
    let began = instant();
    queue(&bridge.database(), args.backlog).await?;
    let prepared = began.elapsed().as_secs_f64();
    let log = kill_with_full_log(&bridge, args.log_mb).await?;
    let (server, full) = first_answer(&bridge).await?;
    let metrics = server.get("/metrics").await?;
    let left = metrics.lines().find_map(|line| line.strip_prefix("puente_journal_depth "));
    let left = left.unwrap_or("an unknown number").to_owned();
    server.end().await?;

    let seconds = |s: f64| format!("{s:.2} s");
    let line = Line::new("start after kill -9, to the first webhook answered", seconds(full))
        .aim(format!("<= {AIM_S} s"), full <= AIM_S)
        .beside(format!("empty database: {}", seconds(empty)));
    let mut notes = vec![
        format!("start: a log of {log} MB; unread just after the start: {left}"),
        format!(
            "start: {} were written in {prepared:.0} s before; all files were in the page cache",
            args.backlog
        ),
    ];
    notes.extend(unpinned());
    Outcome { lines: vec![line], notes }.print(args.json)
}

/// Serves under load until the log has its size, then kills it. Megabytes of
/// the log that is left.
async fn kill_with_full_log(bridge: &Bridge, log_mb: u64) -> anyhow::Result<u64> {
    let server = bridge.serve().await?;
    let held = HeldLog::of(&bridge.database())?;
    anstream::eprintln!("start: under load until the log has {log_mb} MB");
    let seconds = PATIENCE.as_secs();
    // it is cut off in the middle, and complains
    let mut load = generator(server.address, WEBHOOKS, seconds, 0)?;
    let mut load = load.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let size = || std::fs::metadata(bridge.log("puente.db-wal")).map_or(0, |log| log.len() >> 20);
    let began = instant();
    while size() < log_mb {
        if began.elapsed() > PATIENCE || load.try_wait()?.is_some() {
            bail!(
                "the log came to {} MB only within {seconds} s: ask for less with --log-mb",
                size()
            );
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.end().await?;
    drop(held);
    load.kill().await?;
    Ok(size())
}

/// Starts `puente serve`: from there to the first webhook that is answered
/// with 200, in seconds.
async fn first_answer(bridge: &Bridge) -> anyhow::Result<(Server, f64)> {
    let ambient = crate::ambient::system();
    let (run, at) = (ambient.chance.u64(), ambient.now().secs());
    let request = payload::request(WEBHOOKS, run, 0, at);
    let (command, log) = (bridge.command(&["serve"])?, bridge.log("serve.log"));
    let began = instant();
    let mut server = Server::spawn(command, bridge.listen(), &log)?;
    while began.elapsed() < PATIENCE {
        if let Ok(mut wire) = Wire::connect(server.address).await
            && let Ok((200, _)) = wire.ask(&request).await
        {
            return Ok((server, began.elapsed().as_secs_f64()));
        }
        if server.ended()? {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let said = std::fs::read_to_string(log).unwrap_or_default();
    bail!("no webhook was answered within {} s of the start: {said}", PATIENCE.as_secs())
}
