//! One run: a storm drawn from a seed, the calm after it, and what is left.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::Ambient;
use sim_disk::Disk;
use sim_kit::Seed;
use tokio::task::JoinSet;

use super::callers::{self, Book};
use super::check;
use super::disk;
use super::facts::Facts;
use super::fate::Fate;
use super::kind::Kind;
use super::outside::{Outside, TENANTS};
use super::process::{Birth, Process, Stillborn};
use super::trace::{self, Chronicle};
use super::watch::Watch;
use super::weather::{Gust, Weather};
use super::work::{Deed, Work};
use crate::time::SeededChance;

/// What a seed came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub seed: u64,
    /// Equal for two runs of one seed.
    pub trace: u64,
    pub fired: BTreeMap<Kind, u64>,
    pub wrongs: Vec<check::Wrong>,
    pub restarts: u64,
    /// Simulated time.
    pub took_ms: i64,
    /// What happened, line by line.
    pub story: Vec<String>,
}

/// How long what is left may take once nothing goes wrong any more.
const PATIENCE_MS: i64 = 45 * 60_000;
const LOOK: Duration = Duration::from_millis(100);
/// A body that is worked on when the process dies five times is set aside; in
/// the world that is never a body's own doing.
const DEATHS_MAX: u64 = 4;
/// Nothing kills so often.
const STARTS_MAX: u64 = 40;

enum Event {
    Deed(Deed),
    Gust(Gust),
}

pub(super) struct Run {
    pub(super) outside: Outside,
    pub(super) birth: Birth,
    pub(super) process: Option<Process>,
    pub(super) seed: Seed,
    pub(super) story: Chronicle,
    /// A copy of the database, made in the storm.
    pub(super) fate: Arc<Fate>,
    watch: Watch,
    restarts: u64,
}

/// Must be called within a paused runtime of one thread.
pub async fn run(seed: u64) -> Outcome {
    match Run::new(seed).await {
        Ok(run) => run.through(seed).await,
        Err(why) => broken(seed, "the world can be made", why),
    }
}

fn broken(seed: u64, name: check::Name, why: String) -> Outcome {
    let (wrongs, story) = (vec![(name, why)], Vec::new());
    Outcome { seed, trace: 0, fired: BTreeMap::new(), wrongs, restarts: 0, took_ms: 0, story }
}

impl Run {
    async fn new(number: u64) -> Result<Self, String> {
        disk::fresh().await.map_err(|e| e.to_string())?;
        let seed = Seed::new(number);
        let outside = Outside::new(&seed)?;
        let fate = Arc::new(Fate::new(outside.tally.clone(), outside.clock.clone()));
        let chance = Arc::new(SeededChance::new(&seed));
        let ambient = Ambient { clock: Arc::new(outside.ours.clone()), chance };
        let seed = seed.fork("run");
        let status_delay_ms = if seed.fork("delay").chance(0.5) { 100 } else { 1_500 };
        let birth = Birth { ambient, fate: fate.clone(), status_delay_ms, api_keys: Vec::new() };
        let story = Chronicle::new(outside.clock.clone());
        let (process, watch) = (None, Watch::default());
        let restarts = 0;
        let mut run = Self { outside, birth, process, seed, story, fate, watch, restarts };
        run.begin().await?;
        Ok(run)
    }

    async fn through(mut self, number: u64) -> Outcome {
        let storm_ms = self.seed.between(15_000, 30_000);
        let mut weather = Weather::drawn(&self.seed, storm_ms);
        let equal = weather.has(Kind::EqualRequests);
        let work = Work::drawn(&self.outside, &mut self.seed, storm_ms, equal);
        let book = Book::default();
        let callers =
            callers::start(&self.outside, &self.birth.api_keys, &book, work.errands.clone());
        let mut wrongs = Vec::new();
        let done = self.storm(&work, &mut weather, storm_ms).await;
        weather.calm(&self.outside, &self.fate);
        self.story.tell(|| "the storm is over".into());
        let drained = match done {
            Ok(()) => self.drain(callers).await,
            lost => lost,
        };
        match drained {
            Ok(()) => wrongs.extend(self.verdict(&work, &book).await),
            Err(why) => wrongs.push(("all drains once nothing goes wrong", why)),
        }
        let name = "a caller gets a proper answer";
        wrongs.extend(book.wrongs().into_iter().map(|what| (name, what)));
        let name = "a status only rises";
        wrongs.extend(self.watch.wrongs.drain(..).map(|what| (name, what)));
        self.count_disk();
        let took_ms = self.outside.clock.now_ms() - super::BEGAN_MS;
        let trace = trace::of(&self.outside, &self.fate, &self.story, &book);
        if let Some(process) = self.process.take() {
            sim_disk::with(Disk::power_off);
            process.kill().await.close().await;
        }
        let (fired, story) = (self.outside.tally.counts(), self.story.whole(&self.outside));
        Outcome { seed: number, trace, fired, wrongs, restarts: self.restarts, took_ms, story }
    }

    async fn storm(
        &mut self,
        work: &Work,
        weather: &mut Weather,
        storm_ms: i64,
    ) -> Result<(), String> {
        let deeds = work.deeds.iter().map(|(at, deed)| (*at, Event::Deed(deed.clone())));
        let gusts = weather.gusts.clone().into_iter().map(|(at, gust)| (at, Event::Gust(gust)));
        let mut events: Vec<(i64, Event)> = deeds.chain(gusts).collect();
        events.sort_by_key(|(at, _)| *at);
        for (at, event) in events {
            self.until(super::BEGAN_MS + at).await?;
            match event {
                Event::Deed(deed) => {
                    self.story.tell(|| format!("{deed:?}"));
                    deed.act(&self.outside)?;
                }
                Event::Gust(gust) => {
                    self.story.tell(|| format!("{gust:?}"));
                    if gust == Gust::Begins(Kind::Restored) {
                        self.fate.plan_copy();
                    }
                    weather.blow(&self.outside, &self.fate, gust);
                }
            }
        }
        self.until(super::BEGAN_MS + storm_ms).await
    }

    /// Lets time pass, and starts again what died.
    async fn until(&mut self, at_ms: i64) -> Result<(), String> {
        loop {
            let left = at_ms - self.outside.clock.now_ms();
            if left <= 0 {
                return Ok(());
            }
            self.step(LOOK.min(Duration::from_millis(left as u64))).await?;
        }
    }

    pub(super) async fn step(&mut self, time: Duration) -> Result<(), String> {
        let fate = self.fate.clone();
        let died = match &mut self.process {
            Some(process) => tokio::select! {
                biased;
                () = fate.died() => Some("killed".to_owned()),
                error = process.failed() => Some(error.to_string()),
                () = tokio::time::sleep(time) => None,
            },
            None => Some("not started".to_owned()),
        };
        let dark = sim_disk::with(|disk| disk.is_off());
        self.watch.look(&self.outside);
        if fate.spins() {
            return Err("a worker that never rests".to_owned());
        }
        if let Some(why) = died.or(dark.then(|| "the power went".to_owned())) {
            self.story.tell(|| why);
            if dark {
                self.outside.tally.count(Kind::PowerCut);
            }
            self.again().await?;
        }
        Ok(())
    }

    async fn again(&mut self) -> Result<(), String> {
        self.outside.front.shut();
        if let Some(process) = self.process.take() {
            let store = process.kill().await;
            disk::cut(store, &mut self.seed).await;
        }
        let longest = if self.seed.chance(0.5) { 200 } else { 3_000 };
        let down_ms = self.seed.below(longest);
        tokio::time::sleep(Duration::from_millis(down_ms)).await;
        self.begin().await
    }

    /// Starts a process; one that is killed while it starts is started again.
    pub(super) async fn begin(&mut self) -> Result<(), String> {
        loop {
            self.fate.reborn();
            self.restarts += 1;
            if (2..DEATHS_MAX).contains(&self.restarts) && self.seed.chance(0.15) {
                self.fate.plan_soon(&mut self.seed);
            }
            match Process::start(&self.outside, &mut self.birth).await {
                Ok(process) => {
                    self.process = Some(process);
                    self.story.tell(|| "a process starts".into());
                    return Ok(());
                }
                Err(Stillborn::Lost(why)) => return Err(why),
                Err(Stillborn::Killed(_, why)) if self.restarts > STARTS_MAX => {
                    return Err(format!("{STARTS_MAX} processes did not come up: {why}"));
                }
                Err(Stillborn::Killed(store, _)) => disk::cut(store, &mut self.seed).await,
            }
        }
    }

    async fn drain(&mut self, mut callers: JoinSet<()>) -> Result<(), String> {
        let began_ms = self.outside.clock.now_ms();
        loop {
            while callers.try_join_next().is_some() {}
            let Some(why) = self.unrest(callers.len()).await else {
                return Ok(());
            };
            let waited_ms = self.outside.clock.now_ms() - began_ms;
            if waited_ms > PATIENCE_MS {
                return Err(format!("after {} min there is still {why}", waited_ms / 60_000));
            }
            // who waits long is looked at less often
            let looks = (1 + waited_ms / 5_000).min(20) as u32;
            self.step(LOOK * looks).await?;
        }
    }

    async fn unrest(&self, callers: usize) -> Option<String> {
        let store = &self.process.as_ref()?.store;
        let busy = self.outside.meta.handle().busy();
        let depths = match store.depths(None).await {
            Ok(depths) => depths,
            Err(error) => return Some(error.to_string()),
        };
        let work = depths.journal
            + depths.outbox_queued
            + depths.sends_open
            + depths.sends_uncertain
            + depths.sync_due;
        let far = model::UnixMs(i64::MAX / 2);
        let mut links = Vec::new();
        for tenancy in &TENANTS {
            links.extend(store.record_links_due(&tenancy.id(), far, 10).await.unwrap_or_default());
        }
        (work > 0 || busy > 0 || callers > 0 || !links.is_empty()).then(|| {
            format!("{depths:?}, links {links:?}, {callers} callers, {busy} on the way to phones")
        })
    }

    async fn verdict(&mut self, work: &Work, book: &Book) -> Vec<check::Wrong> {
        let Some(process) = &self.process else {
            return vec![("all drains once nothing goes wrong", "no process runs".into())];
        };
        let (keys, accepted) = (&self.birth.api_keys, book.accepted());
        match Facts::read(&self.outside, process, keys, &work.deeds, accepted).await {
            Ok(facts) => {
                let mut wrongs = check::all(&facts);
                match self.restored(&facts).await {
                    Ok(more) => wrongs.extend(more),
                    Err(why) => wrongs.push(("a backup can be restored", why)),
                }
                wrongs
            }
            Err(why) => vec![("a caller gets a proper answer", why)],
        }
    }

    fn count_disk(&self) {
        let (full, failed) = sim_disk::with(|disk| (disk.refused(), disk.failed_syncs()));
        self.outside.tally.add(Kind::DiskFull, full);
        self.outside.tally.add(Kind::SyncFails, failed);
    }
}
