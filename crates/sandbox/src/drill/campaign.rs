//! A campaign to many people, killed in its midst, while an agent answers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use sim_kit::{Act, Outlet, Rule, Seed, SimClock, When};
use store::{MasterKey, Store};
use whatsapp_sim::state::Throughput;
use whatsapp_sim::{Customer, NewCustomer, WhatsappSim};

use super::report::{Report, percentile, time};
use crate::door::{LateOutlet, RouterExchange};
use crate::scenarios::Eye;
use crate::sims::{Sims, Sites};
use crate::time::ambient;
use crate::town::{Town, TownOptions, Wires};

const CAMPAIGNS: &str = "/api/v1/campaigns";
/// Lines of an audience in one request.
const LINES: usize = 2_000;
/// Who is answered meanwhile: more than a few messages in a minute is too much
/// for one person, by Meta's pace of a pair.
const WRITERS: usize = 50;
/// How long Meta takes for an answer: a kill finds calls that are open.
const CALL_MS: u64 = 60;
const REPLY_MS: i64 = 250;
const PER_SECOND: i64 = 1_000;

#[derive(Clone, Debug)]
pub struct Campaign {
    pub people: usize,
    /// How often the process dies while it runs.
    pub kills: usize,
    pub seed: u64,
}

struct Drill {
    town: Town,
    outlet: Arc<LateOutlet>,
    seed: u64,
    /// Calls that were open when it died.
    open: u64,
}

/// `told` hears of each kill, and of each tenth of the people.
pub async fn campaign(plan: &Campaign, mut told: impl FnMut(String)) -> Result<Report, String> {
    let mut drill = Drill::new(plan.seed).await?;
    let people = crowd(&drill.town, plan.people)?;
    let writers = drill.writers().await?;
    let id = drill.plan_it(&people).await?;
    told(format!("{} people are in the campaign and checked", people.len()));
    drill.step(&id, "start").await?;
    let began = drill.town.ambient.now();
    let (mut kills, mut tenth, mut replies, mut n) = (0, 0, Vec::new(), 0);
    loop {
        let sent = drill.sent();
        if kills < plan.kills && sent >= (kills + 1) * plan.people / (plan.kills + 1) {
            kills += 1;
            drill = drill.dies().await?;
            told(format!("killed at {sent} messages; {} calls were open so far", drill.open));
        }
        if sent * 10 / plan.people.max(1) > tenth {
            tenth = sent * 10 / plan.people.max(1);
            told(format!("{sent} messages after {}", drill.since(began)));
        }
        if !drill.waits(&id).await? {
            break;
        }
        n += 1;
        replies.push(drill.replies(&writers[n % WRITERS], n).await?);
        tokio::time::sleep(Duration::from_millis(500)).await;
        if drill.town.ambient.now().since(began) > 24 * 3_600_000 {
            return Err("it did not end within a day".into());
        }
    }
    let took = drill.since(began);
    // what is uncertain is settled by its status, or is left to a person
    tokio::time::sleep(Duration::from_secs(300)).await;
    let report = drill.report(plan, &id, &people, took, &mut replies).await?;
    drill.town.stop().await;
    Ok(report)
}

fn crowd(town: &Town, people: usize) -> Result<Vec<Customer>, String> {
    let phones = town.sims.whatsapp.handle();
    let one = |n: usize| phones.customer(NewCustomer::named("P", &format!("+52558{n:07}")));
    (0..people).map(one).collect()
}

impl Drill {
    async fn new(seed: u64) -> Result<Self, String> {
        let (clock, draw) = (SimClock::starting_at(1_767_225_600_000), Seed::new(seed));
        let outlet = Arc::new(LateOutlet::default());
        let hook: Arc<dyn Outlet> = outlet.clone();
        let sites = Sites::within();
        let config = whatsapp_sim::Config::one_number(&sites.graph_url, Some(&sites.webhook_url));
        let whatsapp = WhatsappSim::new(config, clock.clone(), &draw, hook);
        let config = salesforce_sim::Config {
            my_domain: sites.salesforce_url.clone(),
            daily_api_requests: 1_000_000,
            latency: salesforce_sim::Latency::USUAL,
            ..salesforce_sim::Config::default()
        };
        let salesforce = salesforce_sim::SalesforceSim::new(config, clock.clone(), &draw)?;
        let sims = Sims { whatsapp, salesforce, sites, clock };
        let phones = sims.whatsapp.handle();
        phones.change(|sim| {
            sim.numbers.values_mut().for_each(|number| number.throughput = Throughput::High);
        });
        let slow = Rule::new("messages.send", When::Always, Act::DelayAfter(CALL_MS));
        phones.gate().faults.add(slow);
        let ambient = ambient(&sims.clock, &draw);
        let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient.clone());
        let store = store.map_err(|e| e.to_string())?;
        let town = build(sims, store, ambient, seed).await?;
        outlet.connect(town.router.clone());
        Ok(Self { town, outlet, seed, open: 0 })
    }

    /// As `kill -9` and a start: what ran is gone, the rows and the phones stay.
    async fn dies(self) -> Result<Self, String> {
        let Self { town, outlet, seed, open } = self;
        let (store, ambient) = (town.store.restarted(), town.ambient.clone());
        let Town { sims, .. } = town;
        let depths = store.depths(None).await.map_err(|e| e.to_string())?;
        let town = Box::pin(build(sims, store, ambient, seed)).await?;
        outlet.connect(town.router.clone());
        Ok(Self { town, outlet, seed, open: open + depths.sends_open })
    }

    fn since(&self, began: model::UnixMs) -> String {
        time(self.town.ambient.now().since(began))
    }

    /// Templates that Meta took.
    fn sent(&self) -> usize {
        let count = self.town.sims.whatsapp.handle().gate().log.count("messages.send");
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    /// People who wrote, so that they can be answered; and the templates are known.
    async fn writers(&self) -> Result<Vec<Customer>, String> {
        let eye = Eye::new(&self.town);
        let mut writers = Vec::new();
        for n in 0..WRITERS {
            let new = NewCustomer::named("Ana", &format!("+52557{n:07}"));
            let one = eye.phones().customer(new)?;
            eye.phones().texts(&one.id, eye.number(), "hola")?;
            writers.push(one);
        }
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let path = "/api/v1/templates/hello_world";
            let known = eye.call(Method::GET, path, None, &Value::Null).await?.0.is_success();
            if known && writers.iter().all(|one| eye.person_of(one).is_some()) {
                return Ok(writers);
            }
        }
        Err("the templates were not read within a minute".into())
    }

    async fn plan_it(&self, people: &[Customer]) -> Result<String, String> {
        let eye = Eye::new(&self.town);
        let template = json!({ "name": "hello_world", "language": { "code": "en_US" } });
        let wish =
            json!({ "name": "drill", "plan": { "template": template, "tier": "UNLIMITED" } });
        let (status, made) = eye.call(Method::POST, CAMPAIGNS, None, &wish).await?;
        let id = made["id"].as_str().ok_or_else(|| format!("{status} {made}"))?.to_owned();
        for part in people.chunks(LINES) {
            let lines: String = part.iter().map(|one| format!("+{}\n", one.wa_id)).collect();
            let path = format!("{CAMPAIGNS}/{id}/audience");
            eye.file(&path, "text/csv", format!("phone\n{lines}")).await?;
        }
        self.step(&id, "check").await?;
        Ok(id)
    }

    async fn step(&self, id: &str, step: &str) -> Result<(), String> {
        let path = format!("{CAMPAIGNS}/{id}/{step}");
        let (status, answer) =
            Eye::new(&self.town).call(Method::POST, &path, None, &json!({})).await?;
        if status.is_success() { Ok(()) } else { Err(format!("{step}: {status} {answer}")) }
    }

    /// Members by state.
    async fn members(&self, id: &str) -> Result<BTreeMap<String, u64>, String> {
        let path = format!("{CAMPAIGNS}/{id}");
        let (_, shown) = Eye::new(&self.town).call(Method::GET, &path, None, &Value::Null).await?;
        let mut members = BTreeMap::new();
        for count in shown["members"].as_array().into_iter().flatten() {
            let state = count["state"].as_str().unwrap_or_default().to_owned();
            *members.entry(state).or_default() += count["people"].as_u64().unwrap_or_default();
        }
        Ok(members)
    }

    async fn waits(&self, id: &str) -> Result<bool, String> {
        let members = self.members(id).await?;
        Ok(members.contains_key("waiting") || members.contains_key("queued"))
    }

    /// From the request of an agent's answer to the call to Meta, in ms.
    async fn replies(&self, ana: &Customer, n: usize) -> Result<i64, String> {
        let (eye, text) = (Eye::new(&self.town), format!("r{n}"));
        let began = eye.now();
        let message = json!({ "type": "text", "text": { "body": text } });
        eye.send(&format!("+{}", ana.wa_id), &format!("reply-{n}"), &message).await?;
        for _ in 0..10_000 {
            let at = eye.phones().read(|sim| {
                let ours = |m: &&whatsapp_sim::Message| m.content["body"] == text.as_str();
                sim.thread(&ana.id).find(ours).map(|m| m.at_ms)
            });
            if let Some(at) = at {
                return Ok(at - began.0);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(format!("{text} was not called within 50 s"))
    }

    async fn report(
        &self,
        plan: &Campaign,
        id: &str,
        people: &[Customer],
        took: String,
        replies: &mut [i64],
    ) -> Result<Report, String> {
        let phones = self.town.sims.whatsapp.handle();
        let copies: Vec<usize> = phones.read(|sim| {
            let ours =
                |one: &Customer| sim.thread(&one.id).filter(|m| m.kind == "template").count();
            people.iter().map(ours).collect()
        });
        let members = self.members(id).await?;
        let of = |state: &str| members.get(state).copied().unwrap_or(0);
        let mut report = Report::default();
        report.told("people", people.len());
        report.told("killed", format!("{} times, {} calls open", plan.kills, self.open));
        report.told("took", took);
        let twice = copies.iter().filter(|n| **n > 1).count();
        report.goal("people who got it twice", "0", twice, twice == 0);
        let without = copies.iter().filter(|n| **n == 0).count() as u64;
        let goal = format!("<= {}, the calls open at the kills", self.open);
        report.goal("people without it", &goal, without, without <= self.open);
        let uncertain = of("uncertain");
        let goal = format!("{without}: exactly those");
        report.goal("shown as uncertain", &goal, uncertain, uncertain == without);
        let known = of("sent") + uncertain;
        report.goal("people accounted for", &people.len().to_string(), known, {
            known == people.len() as u64
        });
        let (p50, p99) = (percentile(replies, 0.5), percentile(replies, 0.99));
        let max = replies.last().copied().unwrap_or(0);
        let text = format!("{p99} ms (p50 {p50}, max {max}, {} replies)", replies.len());
        let good = p99 <= REPLY_MS && !replies.is_empty();
        report.goal("an agent's reply meanwhile, p99 to the call", "<= 250 ms", text, good);
        Ok(report)
    }
}

async fn build(
    sims: Sims,
    store: Store,
    ambient: model::Ambient,
    seed: u64,
) -> Result<Town, String> {
    let wires = Wires {
        meta: Arc::new(RouterExchange(sims.whatsapp.router())),
        salesforce: Arc::new(RouterExchange(sims.salesforce.router())),
    };
    let options = TownOptions { seed, status_delay_ms: 60_000, ..TownOptions::default() };
    let town = Town::build(sims, wires, store, ambient, options).await?;
    town.engine.pace.set_rate(&town.number, PER_SECOND);
    Ok(town)
}
