//! One round: set up, fill, kill, start again, drain, look.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sim_kit::{Outlet, Seed};
use store::Depths;
use tokio::sync::watch;

use crate::bridge::Bridge;
use crate::post::{Custody, Ledger};
use crate::sends::Sender;
use crate::truth::{self, Expected};
use crate::world::World;

const JOURNAL_MIN: u64 = 20;
const OPEN_MIN: u64 = 10;
/// Share of the POSTs that must be answered, and unanswered, at the kill.
const SHARE_MIN: usize = 10;
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Clone, Copy)]
pub struct Size {
    pub webhooks: usize,
    /// People who wrote before, each of whom is answered.
    pub people: usize,
}

impl Size {
    pub const WHOLE: Self = Self { webhooks: 5_000, people: 500 };
    pub const SMALL: Self = Self { webhooks: 1_500, people: 150 };
}

pub enum Played {
    Valid(String),
    /// The kill did not meet enough work under way.
    Void(String),
}

pub async fn play(binary: &Path, size: Size, seed: u64, attempt: u64) -> Result<Played, String> {
    let seed = Seed::new(seed).fork(&format!("attempt {attempt}"));
    let (custody, postmen) = Custody::new();
    let outlet: Arc<dyn Outlet> = custody.clone();
    let (is_up, up) = watch::channel(true);
    let (killed, line) = watch::channel(());
    let world = World::start(&seed, outlet, line).await?;
    let mut bridge = Bridge::install(binary, &world)?;
    bridge.start().await?;
    postmen.set_out(&bridge.client, &bridge.url, &up);

    // Everybody writes once, which opens the windows.
    let people = world.people(size.people)?;
    let mut wamids = greet(&world, &people)?;
    let ledger = &postmen.ledger;
    until("the greetings are worked off", &bridge, async || {
        ledger.answered(&wamids) == wamids.len() && depth(&bridge, "journal_depth").await == Some(0)
    })
    .await?;

    // What will be under way at the kill.
    custody.hold();
    let flood: Vec<String> = (0..size.webhooks)
        .map(|n| world.writes(&people[n % people.len()].0, &format!("message {n}")))
        .collect::<Result<_, _>>()?;
    until("all webhooks are written", &bridge, async || custody.held() == flood.len()).await?;
    let phones = people.iter().map(|(_, phone)| phone.clone()).collect();
    let sends = tokio::spawn(Sender::new(&bridge, &up).all(phones));
    until("calls to Meta are under way", &bridge, async || {
        depth(&bridge, "sends_open").await >= Some(2 * OPEN_MIN)
    })
    .await?;
    custody.release();

    let after = seed.fork("moment").between(15, 75) as usize * flood.len() / 100;
    moment(&bridge, ledger, &flood, after).await?;
    bridge.kill()?;
    is_up.send_replace(false);
    killed.send_replace(());
    let answered = ledger.answered(&flood);
    let left = bridge.left().await?;
    if let Some(why) = void(answered, flood.len(), &left) {
        return Ok(Played::Void(why));
    }

    bridge.start().await?;
    is_up.send_replace(true);
    let sends = sends.await.map_err(|e| e.to_string())??;
    until("everything is worked off", &bridge, async || drained(&world, &bridge, ledger).await)
        .await?;

    wamids.extend(flood);
    let expected = Expected { wamids, sends, calls_open: left.sends_open };
    let found = truth::check(&world, &bridge, &expected).await?;
    Ok(Played::Valid(format!(
        "killed with {answered} of {} webhooks answered, {} unread, {} calls open; {found}",
        size.webhooks, left.journal, left.sends_open
    )))
}

fn greet(world: &World, people: &[(String, String)]) -> Result<Vec<String>, String> {
    people.iter().map(|(id, _)| world.writes(id, "hola")).collect()
}

/// Returns when so many are answered and enough is under way; at the latest
/// when too few would be left.
async fn moment(
    bridge: &Bridge,
    ledger: &Ledger,
    flood: &[String],
    after: usize,
) -> Result<(), String> {
    let too_late = flood.len() * (100 - SHARE_MIN) / 100;
    until("the moment of the kill", bridge, async || {
        let answered = ledger.answered(flood);
        if answered < after {
            return false;
        }
        let gauges = bridge.gauges().await.unwrap_or_default();
        let enough = |name: &str, min| gauges.get(name).is_some_and(|n| *n >= min);
        let busy = enough("journal_depth", JOURNAL_MIN) && enough("sends_open", OPEN_MIN);
        busy || answered > too_late
    })
    .await
}

fn void(answered: usize, of: usize, left: &Depths) -> Option<String> {
    let share = answered * 100 / of;
    if !(SHARE_MIN..=100 - SHARE_MIN).contains(&share) {
        return Some(format!("{share} % of the webhooks were answered"));
    }
    if left.journal < JOURNAL_MIN || left.sends_open < OPEN_MIN {
        let (unread, open) = (left.journal, left.sends_open);
        return Some(format!("{unread} webhooks unread, {open} calls open"));
    }
    None
}

async fn depth(bridge: &Bridge, name: &str) -> Option<u64> {
    bridge.gauges().await?.get(name).copied()
}

/// No message travels, no webhook waits, and the bridge has nothing left to do.
async fn drained(world: &World, bridge: &Bridge, ledger: &Ledger) -> bool {
    let still = || world.phones.busy() == 0 && ledger.open.load(Ordering::SeqCst) == 0;
    if !still() {
        return false;
    }
    let gauges = bridge.gauges().await.unwrap_or_default();
    let work = ["journal_depth", "outbox_depth", "sends_open", "sync_due"];
    work.iter().all(|name| gauges.get(*name) == Some(&0)) && still()
}

async fn until(what: &str, bridge: &Bridge, met: impl AsyncFn() -> bool) -> Result<(), String> {
    let wait = async {
        while !met().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let Err(_) = tokio::time::timeout(PATIENCE, wait).await else {
        return Ok(());
    };
    let gauges = bridge.gauges().await;
    let log = bridge.log();
    Err(format!("not within {PATIENCE:?}: {what}\nmetrics: {gauges:?}\nlog:\n{log}"))
}
