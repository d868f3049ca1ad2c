//! Salesforce is away for hours while messages come and go; then it is back.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::bulk::Options as BulkOptions;
use model::UnixMs;
use salesforce_sim::{Latency, SalesforceSim};
use sim_kit::{Act, Outlet, Rule, Seed, SimClock, When};
use store::{MasterKey, Store};
use whatsapp_sim::WhatsappSim;

use super::report::{Report, percentile, time};
use super::traffic::{Traffic, rest_of_second};
use super::watch::Watch;
use crate::door::{LateOutlet, RouterExchange};
use crate::sims::{Sims, Sites};
use crate::time::ambient;
use crate::town::{Town, TownOptions, Wires};

const SECOND_MS: i64 = 1_000;
/// How long the backlog may take, from the moment Salesforce is back.
const DRAIN_MS: i64 = 15 * 60 * SECOND_MS;
const LIVE_MS: i64 = 5 * SECOND_MS;
/// An Enterprise org with 50 users has so many calls a day.
const CALLS_A_DAY: u64 = 150_000;

#[derive(Clone, Debug)]
pub struct Outage {
    pub seconds: u64,
    /// Messages a second, both directions, before and after Salesforce is back.
    pub rate: usize,
    /// People who write during the outage; as many others come after it.
    pub people: usize,
    pub bulk: BulkOptions,
    pub latency: Latency,
    /// Calls to the org for each message, at most. Where few messages come, few
    /// share a call.
    pub calls_per_message: f64,
    pub seed: u64,
}

impl Default for Outage {
    fn default() -> Self {
        Self {
            seconds: 8 * 3_600,
            rate: 20,
            people: 20_000,
            bulk: BulkOptions::default(),
            latency: Latency::USUAL,
            calls_per_message: 0.05,
            seed: 1,
        }
    }
}

/// `told` hears of each ten minutes that passed.
pub async fn salesforce_down(
    plan: &Outage,
    mut told: impl FnMut(String),
) -> Result<Report, String> {
    let town = town(plan).await?;
    let org = town.sims.salesforce.handle();
    let mut watch = Watch::new(org.clone());
    let mut traffic = Traffic::new(&town, plan.people)?;
    // a town in good order: it has looked at its mark
    while !town.engine.gate.is_open() {
        rest_of_second().await;
    }
    org.gate().faults.add(Rule::new("*", When::Always, Act::CutBefore));
    for second in 1..=plan.seconds {
        traffic.outage_second(plan.rate).await?;
        rest_of_second().await;
        if second % 600 == 0 {
            let depths = town.store.depths(None).await.map_err(|e| e.to_string())?;
            let at = time(second as i64 * SECOND_MS);
            told(format!("{at} without Salesforce: {} rows wait", depths.sync_due));
        }
    }
    let waiting = traffic.sent.len();
    let tally = town.sims.whatsapp.handle().tally();
    let back = town.ambient.now();
    let calls = org.api_calls();
    org.gate().faults.clear();
    told(format!("Salesforce is back; {waiting} messages were taken without it"));
    let mut drained_ms = None;
    while town.ambient.now().since(back) < 4 * DRAIN_MS {
        traffic.live_second(plan.rate).await?;
        rest_of_second().await;
        watch.look();
        let passed = town.ambient.now().since(back);
        if passed / SECOND_MS % 5 == 0 && watch.shown.len() >= waiting {
            let depths = town.store.depths(None).await.map_err(|e| e.to_string())?;
            let old = depths.sync_oldest.is_some_and(|at| at < back);
            if !old && depths.bulk_jobs == 0 {
                drained_ms = Some(passed);
                break;
            }
        }
        if passed / SECOND_MS % 60 == 0 {
            told(format!(
                "{} since it is back: {} messages shown",
                time(passed),
                watch.shown.len()
            ));
        }
    }
    let spent = org.api_calls() - calls;
    let while_draining = traffic.sent.len();
    quiet(&town, &mut watch, traffic.sent.len()).await?;
    let mut report = Report::default();
    told_of_intake(&mut report, plan, waiting, &tally);
    let measured = drained_ms.map_or_else(|| "not in an hour".to_owned(), time);
    let in_time = drained_ms.is_some_and(|ms| ms <= DRAIN_MS);
    report.goal("backlog drained, live traffic going on", "<= 15 min", measured, in_time);
    told_of_truth(&mut report, &town, &watch, &traffic);
    told_of_calls(&mut report, plan, spent, while_draining);
    told_of_live(&mut report, &watch, &traffic, back);
    told_of_jobs(&mut report, &town);
    town.stop().await;
    Ok(report)
}

async fn town(plan: &Outage) -> Result<Town, String> {
    let seed = Seed::new(plan.seed);
    let clock = SimClock::starting_at(1_767_225_600_000);
    let outlet = Arc::new(LateOutlet::default());
    let hook: Arc<dyn Outlet> = outlet.clone();
    let sites = Sites::within();
    let config = whatsapp_sim::Config::one_number(&sites.graph_url, Some(&sites.webhook_url));
    let whatsapp = WhatsappSim::new(config, clock.clone(), &seed, hook);
    let config = salesforce_sim::Config {
        my_domain: sites.salesforce_url.clone(),
        daily_api_requests: CALLS_A_DAY,
        latency: plan.latency,
        ..salesforce_sim::Config::default()
    };
    let salesforce = SalesforceSim::new(config, clock.clone(), &seed)?;
    let sims = Sims { whatsapp, salesforce, sites, clock };
    let ambient = ambient(&sims.clock, &seed);
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient.clone())
        .map_err(|e| e.to_string())?;
    let wires = Wires {
        meta: Arc::new(RouterExchange(sims.whatsapp.router())),
        salesforce: Arc::new(RouterExchange(sims.salesforce.router())),
    };
    let options = TownOptions {
        seed: plan.seed,
        status_delay_ms: 60 * SECOND_MS,
        bulk: plan.bulk,
        ..TownOptions::default()
    };
    let town = Town::build(sims, wires, store, ambient, options).await?;
    outlet.connect(town.router.clone());
    Ok(town)
}

/// Until the live messages and the last statuses are there, too.
async fn quiet(town: &Town, watch: &mut Watch, messages: usize) -> Result<(), String> {
    for _ in 0..600 {
        rest_of_second().await;
        watch.look();
        let depths = town.store.depths(None).await.map_err(|e| e.to_string())?;
        let travelling = town.sims.whatsapp.handle().busy();
        let waiting = travelling as u64 + depths.outbox_queued + depths.journal + depths.sync_due;
        if watch.shown.len() >= messages && waiting == 0 {
            return Ok(());
        }
    }
    Ok(())
}

fn told_of_intake(report: &mut Report, plan: &Outage, waiting: usize, tally: &whatsapp_sim::Tally) {
    let outage = time(plan.seconds as i64 * SECOND_MS);
    report.told("outage", format!("{outage} at {} messages/s, {} people", plan.rate, plan.people));
    report.told("taken meanwhile", format!("{waiting} messages"));
    let lost = tally.dropped;
    report.goal("webhooks that Meta gave up on", "0", lost, lost == 0);
}

fn told_of_truth(report: &mut Report, town: &Town, watch: &Watch, traffic: &Traffic<'_>) {
    let org = town.sims.salesforce.handle();
    let mut there = vec![0_u8; traffic.sent.len()];
    for shown in &watch.shown {
        if let Some(times) = there.get_mut(shown.number) {
            *times = times.saturating_add(1);
        }
    }
    let lost = there.iter().filter(|times| **times == 0).count();
    report.goal("messages lost", "0", lost, lost == 0);
    let rows = org.count("Puente_Message__c");
    let twice =
        there.iter().filter(|times| **times > 1).count() + rows.saturating_sub(traffic.sent.len());
    report.goal("messages shown twice", "0", twice, twice == 0);
    let wrong = watch.out_of_order;
    report.goal("messages out of order in their conversation", "0", wrong, wrong == 0);
    let undelivered = watch.undelivered();
    let count: usize = undelivered.values().sum();
    let measured = match count {
        0 => "0".to_owned(),
        _ => format!("{count} {undelivered:?}"),
    };
    report.goal("sends whose last status is missing", "0", measured, count == 0);
    let people = town.sims.whatsapp.handle().read(|world| {
        world.customers.keys().filter(|id| world.thread(id).next().is_some()).count()
    });
    let persons = org.count("Puente_Person__c");
    report.goal("people shown", &people.to_string(), persons, persons == people);
}

fn told_of_calls(report: &mut Report, plan: &Outage, spent: u64, messages: usize) {
    let per_message = spent as f64 / messages.max(1) as f64;
    let measured = format!("{spent} ({per_message:.4} a message)");
    let days = 1 + plan.seconds / 86_400;
    let within = per_message <= plan.calls_per_message && spent <= CALLS_A_DAY * days;
    let goal = format!("<= {} a message, <= {CALLS_A_DAY} a day", plan.calls_per_message);
    report.goal("calls to Salesforce while draining", &goal, measured, within);
}

/// From the moment a message was written, or asked for, to its row in
/// Salesforce; of messages that came once puente had noticed that it is back.
/// Whoever had something waiting by then is of the backlog.
fn told_of_live(report: &mut Report, watch: &Watch, traffic: &Traffic<'_>, back: UnixMs) {
    let first = watch.shown.iter().map(|shown| shown.at_ms).min().unwrap_or(back.0);
    report.told("noticed after", time(first - back.0));
    let waited: BTreeSet<usize> =
        traffic.sent.iter().filter(|sent| sent.at_ms < first).map(|sent| sent.person).collect();
    let took = |of_backlog: bool| -> Vec<i64> {
        let live = watch.shown.iter().filter_map(|shown| {
            let sent = traffic.sent.get(shown.number).filter(|sent| sent.at_ms >= first)?;
            let theirs = waited.contains(&sent.person) == of_backlog;
            theirs.then_some(shown.at_ms - sent.at_ms)
        });
        live.collect()
    };
    let told = |took: &mut Vec<i64>| {
        let (p50, p99) = (percentile(took, 0.5), percentile(took, 0.99));
        let (max, count) = (took.last().copied().unwrap_or(0), took.len());
        (p99, format!("{} (p50 {}, max {}, {count} messages)", time(p99), time(p50), time(max)))
    };
    let mut live = took(false);
    let (p99, text) = told(&mut live);
    let reached = p99 <= LIVE_MS && !live.is_empty();
    report.goal("live messages of people without a backlog, p99", "<= 5 s", text, reached);
    let (_, text) = told(&mut took(true));
    report.told("live messages of people with a backlog, p99", text);
}

fn told_of_jobs(report: &mut Report, town: &Town) {
    let org = town.sims.salesforce.handle();
    let counts = org.gate().log.counts();
    let of = |op: &str| counts.get(op).copied().unwrap_or(0);
    let steps: u64 = counts.iter().filter(|(op, _)| op.starts_with("bulk.")).map(|(_, n)| n).sum();
    let text =
        format!("{} jobs in {steps} calls; {} composite", of("bulk.create"), of("composite"));
    report.told("how", text);
    let left = org.bulk_jobs().len();
    report.goal("jobs left with Salesforce", "0", left, left == 0);
}
