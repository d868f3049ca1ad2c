//! One load: the bridge and both far sides, from a new database to its end.

use std::time::Duration;

use anyhow::{Context, bail};
use hdrhistogram::Histogram;
use store::Class;

use super::Args;
use super::caller::{Caller, write};
use crate::cli::bench::bridge::Bridge;
use crate::cli::bench::child::free_port;
use crate::cli::bench::far::{Far, Org, Person};
use crate::cli::bench::fill::fill;
use crate::cli::bench::instant;

/// People who write and are answered.
const PEOPLE: u64 = 400;
/// They come within this time.
const ARRIVAL: Duration = Duration::from_secs(5);
/// From then until the measurement.
const WARM_UP: Duration = Duration::from_secs(5);
/// From the start until the measurement, and as long again for a slow machine.
pub const BEFORE: Duration = Duration::from_secs(20);
pub const REPLY: &str = "respuesta ";

/// What one load came to.
pub struct Load {
    pub sent: f64,
    pub received: f64,
    /// Most messages of any second, in and out, as Meta's side counts them.
    pub peak: u64,
    /// Sends refused there because the second was full.
    pub throttled: u64,
    /// Milliseconds from the moment a reply was meant to be asked for to the
    /// moment it stood at Meta.
    pub latency: Histogram<u64>,
}

/// `waiting` sends of `class` wait when it begins, and `replies` a second come.
pub async fn load(args: &Args, class: Class, waiting: u64, replies: u64) -> anyhow::Result<Load> {
    let (graph, org) = (free_port()?, free_port()?);
    let bridge = Bridge::between(args.dir.as_deref(), graph, org)?;
    bridge.migrate().await?;
    fill(&bridge.database(), class, 3_000_000, waiting).await?;
    let caller =
        Caller { key: bridge.api_key().await?, url: format!("http://{}/send", bridge.listen()) };
    // nothing is sent before the mark in Salesforce was read
    Org::start(org).await?;
    let server = bridge.serve().await?;
    let far = Far::start(graph, bridge.listen()).await?;
    let people = come(&far).await?;
    tokio::time::sleep(WARM_UP).await;

    let (began, from_ms) = (instant(), far.clock.now_ms());
    let end = Duration::from_secs(args.seconds);
    let spoken = write(&far, &people, args.inbound, began.into(), end);
    let asked = caller.ask(&far, &people, replies, began.into(), end);
    let (spoken, asked) = tokio::join!(spoken, asked);
    spoken?;
    let until_ms = from_ms + end.as_millis() as i64;
    tokio::time::sleep_until((began + end).into()).await;
    let latency = arrived(&far, &asked?).await?;
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

/// Everybody writes once, one after another: all in one second would fill that
/// second at Meta before the bridge can know.
async fn come(far: &Far) -> anyhow::Result<Vec<Person>> {
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(far.person(1_000_000 + n)?);
        tokio::time::sleep(ARRIVAL / PEOPLE as u32).await;
    }
    Ok(people)
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
    bail!(
        "30 s after the last reply was asked for, {} of {} stand at Meta",
        far.arrivals(REPLY).len(),
        meant.len()
    )
}
