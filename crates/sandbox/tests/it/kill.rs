//! Killed between any two commits and started again: nothing lost, nothing
//! twice, and a seed means one run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use model::ids::OutboxId;
use parking_lot::Mutex;
use salesforce_sim::Latency;
use serde_json::{Value, json};
use sim_kit::Seed;
use store::{Commit, Op, OutboxState, Probe};
use whatsapp_sim::{Customer, Direction};

use crate::world::{Setting, World, phone, words};

const SEEDS: u64 = 100;
const DEATHS: usize = 3;
const HOUR_MS: i64 = 3_600_000;
const LOOK: Duration = Duration::from_millis(100);

/// Which commits a kill is aimed at: any, or those around a call.
const AIMS: [fn(&Op) -> bool; 6] = [
    |_| true,
    |op| matches!(op, Op::BeginSend(_)),
    |op| matches!(op, Op::FinishSend(_)),
    |op| matches!(op, Op::SyncBegin(_)),
    |op| matches!(op, Op::SyncEnd(_)),
    |op| matches!(op, Op::JournalDone { .. }),
];

/// Kills the process at the n-th of these commits, before it or after it.
pub struct Fate {
    aim: fn(&Op) -> bool,
    after: bool,
    left: Mutex<u64>,
    dead: Mutex<bool>,
}

impl Fate {
    fn drawn(seed: &mut Seed) -> Arc<Self> {
        let aim = seed.below(AIMS.len() as u64) as usize;
        let nth = if aim == 0 { 20 + seed.below(60) } else { 1 + seed.below(4) };
        Self::at(AIMS[aim], nth, seed.chance(0.5))
    }

    pub fn at(aim: fn(&Op) -> bool, nth: u64, after: bool) -> Arc<Self> {
        Arc::new(Self { aim, after, left: Mutex::new(nth), dead: Mutex::new(false) })
    }

    pub fn struck(&self) -> bool {
        *self.dead.lock()
    }
}

impl Probe for Fate {
    fn before_commit(&self, commit: &Commit) -> bool {
        let mut left = self.left.lock();
        if *left == 0 || !commit.ops.iter().any(self.aim) {
            return false;
        }
        *left -= 1;
        let hit = *left == 0;
        *self.dead.lock() |= hit;
        hit && !self.after
    }

    fn after_commit(&self, _: bool) -> bool {
        *self.dead.lock()
    }
}

/// What the two sides hold in the end.
#[derive(Debug, PartialEq)]
struct Truth {
    org: BTreeMap<&'static str, Vec<Value>>,
    changes: u64,
    calls: u64,
    phones: Vec<Vec<(String, String)>>,
    sends: Vec<(String, OutboxState)>,
    ended_ms: i64,
    deaths: usize,
}

struct Run {
    world: World,
    seed: Seed,
    fate: Option<Arc<Fate>>,
    deaths: usize,
    sends: BTreeMap<String, (usize, OutboxId)>,
}

impl Run {
    /// A supervisor: starts again what died.
    async fn alive(self) -> Self {
        let Self { mut world, mut seed, mut fate, mut deaths, sends } = self;
        if fate.as_ref().is_some_and(|fate| fate.struck()) {
            deaths += 1;
            fate = (deaths < DEATHS).then(|| Fate::drawn(&mut seed));
            let probe = fate.clone().map(|fate| fate as Arc<dyn Probe>);
            // a town's start is large, and is in each step of the supervisor
            world = Box::pin(world.restarted(probe)).await;
        }
        Self { world, seed, fate, deaths, sends }
    }

    /// A caller that repeats its request until it has an answer.
    async fn sends(mut self, to: usize, customers: &[Customer], text: &str) -> Self {
        let key = text.replace(' ', "-");
        let mut body = words(text);
        body["to"] = phone(&customers[to]).into();
        loop {
            let answer = self.world.eye().call(Method::POST, "/send", Some(&key), &body).await;
            match answer.unwrap() {
                (StatusCode::ACCEPTED, answer) => {
                    let id = OutboxId::parse(answer["id"].as_str().unwrap()).unwrap();
                    self.sends.insert(text.to_owned(), (to, id));
                    return self;
                }
                // nobody wrote yet, as far as we know
                (StatusCode::UNPROCESSABLE_ENTITY, _) => {}
                (status, answer) => assert!(status.is_server_error(), "{status} {answer}"),
            }
            tokio::time::sleep(LOOK).await;
            self = self.alive().await;
        }
    }
}

async fn run(seed: u64) -> Truth {
    let mut draw = Seed::new(seed).fork("kill");
    let fate = Fate::drawn(&mut draw);
    let setting =
        Setting { seed, latency: Latency::USUAL, probe: Some(fate.clone()), ..Setting::default() };
    let world = World::new(setting).await;
    let mut run = Run { world, seed: draw, fate: Some(fate), deaths: 0, sends: BTreeMap::new() };
    // calls that take their time are the ones that a kill finds under way
    for nth in 1..=6 {
        let ms = run.seed.below(900);
        let act = if run.seed.chance(0.5) { "delay" } else { "delay_after" };
        run.world.meta_fault(
            json!({ "op": "messages.send", "when": { "nth": nth }, "act": { act: ms } }),
        );
    }
    let mut customers = vec![run.world.customer("Uno"), run.world.customer("Dos")];
    let (known, contact) = run.world.contact("Tres");
    customers.push(known);
    let mut said = Vec::new();
    for n in 0..9 {
        said.push(run.world.texts(&customers[n % 3], &format!("dice {n}")));
        if n % 2 == 1 {
            run = Box::pin(run.sends(n % 3, &customers, &format!("responde {n}"))).await;
        }
        let pause = run.seed.below(1_500);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        run = run.alive().await;
    }
    // what has not struck by now strikes while the rest drains
    let began = run.world.now();
    while run.world.now().since(began) < 30_000 {
        tokio::time::sleep(LOOK).await;
        run = run.alive().await;
    }
    if run.fate.take().is_some() {
        run.world = run.world.restarted(None).await;
    }
    run.world.quiet(HOUR_MS).await;
    verify(&run, &customers, &contact, &said, seed).await;
    truth(&run, &customers).await
}

async fn verify(run: &Run, customers: &[Customer], contact: &str, said: &[String], seed: u64) {
    let world = &run.world;
    for wamid in said {
        let rows = world.rows("Puente_Message__c", "Wamid__c", wamid);
        assert_eq!(rows.len(), 1, "seed {seed}: {wamid}");
    }
    let org = world.org();
    let count = |object| org.count(object);
    assert_eq!((count("Lead"), count("Contact"), count("Case")), (2, 1, 1), "seed {seed}");
    assert_eq!(count("Puente_Person__c"), 3, "seed {seed}");
    assert_eq!(count("Puente_Conversation__c"), 3, "seed {seed}");
    assert_eq!(count("Puente_Message__c"), said.len() + run.sends.len(), "seed {seed}");
    let case = &world.rows("Case", "ContactId", contact)[0]["Id"];
    let of_case = world.rows("Puente_Conversation__c", "Case__c", case.as_str().unwrap());
    assert_eq!(of_case.len(), 1, "seed {seed}");
    for person in org.rows("Puente_Person__c") {
        let home = person["Lead__c"].is_string() || person["Contact__c"].is_string();
        assert!(home, "seed {seed}: {person}");
    }
    for (text, (to, id)) in &run.sends {
        let copies = world.copies(&customers[*to], text);
        let row = world.town.store.outbox(&world.town.tenant, *id).await.unwrap().unwrap();
        let shown = &world.rows("Puente_Message__c", "Text__c", text)[0]["Status__c"];
        match copies {
            1 => assert_eq!(
                (row.state, shown),
                (OutboxState::Accepted, &json!("delivered")),
                "seed {seed}: {text}"
            ),
            // a kill between the permit and the call: a person is asked
            0 => assert_eq!(
                (row.state, shown),
                (OutboxState::Asked, &json!("uncertain")),
                "seed {seed}: {text}"
            ),
            more => panic!("seed {seed}: {text} is {more} times on the phone"),
        }
    }
    assert_eq!(world.depths().await.sync_aside, 0, "seed {seed}");
}

async fn truth(run: &Run, customers: &[Customer]) -> Truth {
    let world = &run.world;
    let objects =
        ["Lead", "Case", "Puente_Person__c", "Puente_Conversation__c", "Puente_Message__c"];
    let thread = |customer: &Customer| {
        world.phones().read(|w| {
            let ours = w.thread(&customer.id).filter(|m| m.direction == Direction::Out);
            ours.map(|m| (m.wamid.clone(), format!("{:?}", m.steps))).collect()
        })
    };
    let mut sends = Vec::new();
    for (text, (_, id)) in &run.sends {
        let row = world.town.store.outbox(&world.town.tenant, *id).await.unwrap().unwrap();
        sends.push((text.clone(), row.state));
    }
    Truth {
        org: objects.into_iter().map(|object| (object, world.org().rows(object))).collect(),
        changes: world.org().last_change(),
        calls: world.org_calls(),
        phones: customers.iter().map(thread).collect(),
        sends,
        ended_ms: world.now().0,
        deaths: run.deaths,
    }
}

fn alone<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(true).build().unwrap();
    runtime.block_on(future)
}

#[test]
fn killed_anywhere_it_goes_on_and_a_seed_means_one_run() {
    let half = |first: u64| {
        move || {
            let mut truths = Vec::new();
            for seed in (first..SEEDS).step_by(2) {
                let (once, again) = (alone(run(seed)), alone(run(seed)));
                assert_eq!(once, again, "seed {seed} ran in two ways");
                truths.push(once);
            }
            truths
        }
    };
    let other = std::thread::spawn(half(1));
    let mut truths = half(0)();
    truths.extend(other.join().unwrap());
    // a checker that saw nothing proves nothing
    let deaths: usize = truths.iter().map(|truth| truth.deaths).sum();
    let asked = |truth: &Truth| truth.sends.iter().any(|(_, state)| *state == OutboxState::Asked);
    let asked = truths.iter().filter(|truth| asked(truth)).count();
    println!("{deaths} deaths in {SEEDS} runs, {asked} with a send that a person was asked about");
    assert!(deaths as u64 >= 2 * SEEDS && asked >= 4, "{deaths} deaths, {asked} asked");
}
