//! One round: set up, fill, kill, start again, drain, look.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sim_kit::{Outlet, Seed};
use store::Depths;
use tokio::sync::watch;

use crate::bridge::Bridge;
use crate::database::Kind;
use crate::post::{Custody, Ledger};
use crate::sends::Sender;
use crate::tally::Tally;
use crate::truth::{self, Expected};
use crate::world::World;

/// Webhooks under way at the first blow, and people who are answered meanwhile.
const SIZE: (usize, usize) = (2_000, 250);
/// The same of the first rounds on SQLite, which are large.
const LARGE: (usize, usize) = (5_000, 500);
const LARGE_ROUNDS: u64 = 5;
const JOURNAL_MIN: u64 = 20;
const OPEN_MIN: u64 = 10;
/// Share of the POSTs that must be answered, and unanswered, at the kill.
const SHARE_MIN: usize = 10;
/// Longer than an attempt may be open without anybody who knows of it.
const PATIENCE: Duration = Duration::from_secs(150);

pub enum Played {
    Valid(Tally),
    /// The kill did not meet enough work under way.
    Void(String),
}

/// What is done to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blow {
    Kill,
    StopDatabase,
}

/// What a seed chooses.
struct Plan {
    /// Share of the POSTs that are answered at the first blow, in percent.
    after: usize,
    /// No tick comes before the bridge has recovered.
    statuses_late: bool,
    first: Blow,
    /// After the first, each so many milliseconds into the start before it.
    more: Vec<(Blow, u64)>,
}

impl Plan {
    fn drawn(seed: &Seed, may_stop: bool) -> Self {
        let mut seed = seed.fork("plan");
        let blow = |seed: &mut Seed| {
            let stop = may_stop && seed.chance(0.5);
            if stop { Blow::StopDatabase } else { Blow::Kill }
        };
        let (after, statuses_late) = (seed.between(12, 60) as usize, seed.chance(0.5));
        let first = blow(&mut seed);
        let more = (0..seed.below(3)).map(|_| (blow(&mut seed), seed.below(400))).collect();
        Self { after, statuses_late, first, more }
    }
}

pub async fn play(kind: Kind, number: u64, attempt: u64) -> Result<Played, String> {
    let seed = Seed::new(number).fork(&format!("attempt {attempt}"));
    let (custody, postmen) = Custody::new();
    let outlet: Arc<dyn Outlet> = custody.clone();
    let (is_up, up) = watch::channel(true);
    let (killed, line) = watch::channel(());
    let world = World::start(&seed, outlet, line).await?;
    let bridge = Bridge::install(kind, &format!("{number}_{attempt}"), &world)?;
    let plan = Plan::drawn(&seed, bridge.database.may_be_stopped());
    bridge.spawn()?;
    bridge.up().await?;
    postmen.set_out(&bridge.client, &bridge.url, &up);

    // Everybody writes once, which opens the windows.
    let large = kind == Kind::Sqlite && number <= LARGE_ROUNDS;
    let (webhooks, people) = if large { LARGE } else { SIZE };
    let people = world.people(people)?;
    let mut wamids = greet(&world, &people)?;
    let ledger = &postmen.ledger;
    until("the greetings are worked off", &bridge, async || {
        ledger.answered(&wamids) == wamids.len() && depth(&bridge, "journal_depth").await == Some(0)
    })
    .await?;

    // What will be under way at the kill.
    custody.hold_messages();
    if plan.statuses_late {
        custody.hold_statuses();
    }
    let flood: Vec<String> = (0..webhooks)
        .map(|n| world.writes(&people[n % people.len()].0, &format!("message {n}")))
        .collect::<Result<_, _>>()?;
    until("all webhooks are written", &bridge, async || custody.held() == flood.len()).await?;
    let phones = people.iter().map(|(_, phone)| phone.clone()).collect();
    let sender = Sender::new(&bridge, &up);
    let accepted = sender.accepted.clone();
    let sends = tokio::spawn(sender.all(phones));
    until("calls to Meta are under way", &bridge, async || {
        depth(&bridge, "sends_open").await >= Some(2 * OPEN_MIN)
    })
    .await?;
    custody.release_messages();
    moment(&bridge, ledger, &flood, plan.after * flood.len() / 100).await?;

    let blows = Blows { bridge: &bridge, is_up: &is_up, killed: &killed };
    let mut tally = Tally::default();
    let (answered, before) = match plan.first {
        Blow::Kill => {
            bridge.kill()?;
            (ledger.answered(&flood), ledger.acknowledged())
        }
        Blow::StopDatabase => {
            let counts = (ledger.answered(&flood), ledger.acknowledged());
            bridge.database.stop()?;
            counts
        }
    };
    tally.before = before + accepted.load(Ordering::SeqCst);
    let left = blows.struck(plan.first, &mut tally).await?;
    if let Some(why) = void(answered, flood.len(), left.as_ref()) {
        bridge.kill()?;
        bridge.database.remove()?;
        return Ok(Played::Void(why));
    }
    let mut calls_open = left.map(|left| left.sends_open);
    for (blow, ms) in plan.more {
        blows.start(blow == Blow::Kill).await?;
        tokio::time::sleep(Duration::from_millis(ms)).await;
        match blow {
            Blow::Kill => bridge.kill()?,
            Blow::StopDatabase => bridge.database.stop()?,
        }
        let left = blows.struck(blow, &mut tally).await?;
        calls_open = calls_open.zip(left).map(|(open, left)| open + left.sends_open);
    }
    blows.start(false).await?;

    let sends = sends.await.map_err(|e| e.to_string())??;
    // A call whose answer was not heard is told to nobody but by a tick: what
    // would send again does so now.
    until("the sends are worked off", &bridge, async || {
        let gauges = bridge.gauges().await.unwrap_or_default();
        ["outbox_depth", "sends_open"].iter().all(|name| gauges.get(*name) == Some(&0))
    })
    .await?;
    custody.release_statuses();
    until("everything is worked off", &bridge, async || drained(&world, &bridge, ledger).await)
        .await?;

    wamids.extend(flood);
    tally.events = ledger.all.load(Ordering::SeqCst) + sends.len();
    tally.acknowledged = ledger.acknowledged() + sends.len();
    truth::check(&world, &bridge, &Expected { wamids, sends, calls_open }, &mut tally).await?;
    bridge.kill()?;
    bridge.database.remove()?;
    Ok(Played::Valid(tally))
}

struct Blows<'a> {
    bridge: &'a Bridge,
    is_up: &'a watch::Sender<bool>,
    killed: &'a watch::Sender<()>,
}

impl Blows<'_> {
    /// What follows from a blow. What the dead process left, if it was killed.
    async fn struck(&self, blow: Blow, tally: &mut Tally) -> Result<Option<Depths>, String> {
        if blow == Blow::StopDatabase {
            tally.stops += 1;
            self.bridge.database.back().await?;
            return Ok(None);
        }
        tally.kills += 1;
        self.is_up.send_replace(false);
        self.killed.send_replace(());
        self.bridge.database.left().await.map(Some)
    }

    /// Begins the process if nobody did. `early`: it is not waited for.
    async fn start(&self, early: bool) -> Result<(), String> {
        if !*self.is_up.borrow() {
            self.bridge.spawn()?;
        }
        if !early {
            self.bridge.up().await?;
        }
        self.is_up.send_replace(true);
        Ok(())
    }
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

fn void(answered: usize, of: usize, left: Option<&Depths>) -> Option<String> {
    let share = answered * 100 / of;
    if !(SHARE_MIN..=100 - SHARE_MIN).contains(&share) {
        return Some(format!("{share} % of the webhooks were answered"));
    }
    let left = left?;
    if left.journal < JOURNAL_MIN || left.sends_open < OPEN_MIN {
        let (unread, open) = (left.journal, left.sends_open);
        return Some(format!("{unread} webhooks unread, {open} calls open"));
    }
    None
}

pub async fn depth(bridge: &Bridge, name: &str) -> Option<u64> {
    bridge.gauges().await?.get(name).copied()
}

/// No message travels, no webhook waits, and the bridge has nothing left to do.
pub async fn drained(world: &World, bridge: &Bridge, ledger: &Ledger) -> bool {
    let still = || world.phones.busy() == 0 && ledger.open.load(Ordering::SeqCst) == 0;
    if !still() {
        return false;
    }
    let gauges = bridge.gauges().await.unwrap_or_default();
    let work = ["journal_depth", "outbox_depth", "sends_open", "sync_due"];
    work.iter().all(|name| gauges.get(*name) == Some(&0)) && still()
}

pub async fn until(what: &str, bridge: &Bridge, met: impl AsyncFn() -> bool) -> Result<(), String> {
    let wait = async {
        while !met().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
            bridge.mind()?;
        }
        Ok::<(), String>(())
    };
    if let Ok(done) = tokio::time::timeout(PATIENCE, wait).await {
        return done;
    }
    let gauges = bridge.gauges().await;
    let log = bridge.log();
    Err(format!("not within {PATIENCE:?}: {what}\nmetrics: {gauges:?}\nlog:\n{log}"))
}
