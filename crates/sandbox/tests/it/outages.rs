//! An outage is a mode: receiving goes on, a long backlog goes by Bulk jobs, in
//! order and whatever happens to them, and others do not wait for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use engine::bulk::Options;
use parking_lot::Mutex;
use salesforce_sim::{Latency, TriggerFailure};
use serde_json::{Value, json};
use store::{Commit, Op, Probe};
use whatsapp_sim::{Config, Customer};

use crate::world::{Setting, World, body, message};

const HOUR_MS: i64 = 3_600_000;
const MESSAGE: &str = "Puente_Message__c";

fn small() -> Options {
    Options { backlog_rows: 40, jobs_max: 2, rows_max: 60 }
}

/// What people wrote and heard, in order, by their place in the crowd.
struct Crowd {
    people: Vec<Customer>,
    wrote: Vec<Vec<String>>,
    heard: Vec<Vec<String>>,
}

impl Crowd {
    fn of(world: &World, people: usize) -> Self {
        let people: Vec<_> = (0..people).map(|n| world.customer(&format!("C{n}"))).collect();
        let none = || people.iter().map(|_| Vec::new()).collect();
        Self { wrote: none(), heard: none(), people }
    }

    /// Each writes once; every third is answered.
    async fn round(&mut self, world: &World, n: usize) {
        for (at, person) in self.people.iter().enumerate() {
            self.wrote[at].push(world.texts(person, &format!("m{n} of {at}")));
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        for (at, person) in self.people.iter().enumerate().filter(|(at, _)| at % 3 == n % 3) {
            let text = format!("s{n} to {at}");
            world.sends(person, &text.replace(' ', "-"), &text).await;
            self.heard[at].push(text);
        }
        tokio::time::sleep(Duration::from_secs(8)).await;
    }

    fn kept_order(&self, world: &World, what: &str) {
        let (wrote, texts) = created(world);
        for at in 0..self.people.len() {
            assert_eq!(only(&wrote, &self.wrote[at]), self.wrote[at], "{what}: {at} wrote");
            assert_eq!(only(&texts, &self.heard[at]), self.heard[at], "{what}: {at} heard");
        }
    }

    /// Everything is there once, and came to be in order.
    async fn is_whole(&self, world: &World, what: &str) {
        self.kept_order(world, what);
        for at in 0..self.people.len() {
            for text in &self.heard[at] {
                let row = &world.rows(MESSAGE, "Text__c", text)[0];
                assert_eq!(row["Status__c"], "delivered", "{what}: {text}");
                assert_eq!(world.copies(&self.people[at], text), 1, "{what}: {text}");
            }
        }
        let count = |object| world.org().count(object);
        assert_eq!(count("Puente_Person__c"), self.people.len(), "{what}");
        assert_eq!(count("Puente_Conversation__c"), self.people.len(), "{what}");
        assert_eq!(count("Lead"), self.people.len(), "{what}");
        let linked = world.org().rows("Puente_Conversation__c");
        assert!(linked.iter().all(|c| c["Person__c"].is_string()), "{what}");
        let depths = world.depths().await;
        assert_eq!((depths.sync_aside, depths.bulk_jobs), (0, 0), "{what}");
        let left = world.org().bulk_jobs();
        assert!(left.iter().all(|job| job["state"] != "Open"), "{what}: {left:?}");
    }
}

/// Wamids and texts of message rows, in the order in which they were created.
fn created(world: &World) -> (Vec<String>, Vec<String>) {
    let org = world.org();
    let changes = org.changes(0, 100_000);
    let made = changes.iter().filter(|c| c.object == MESSAGE && c.kind == "create");
    let rows: Vec<Value> = made.filter_map(|c| org.row(&c.id)).collect();
    let text = |field: &str| {
        rows.iter().filter_map(|r| Some(r.get(field)?.as_str()?.to_owned())).collect()
    };
    (text("Wamid__c"), text("Text__c"))
}

fn only(all: &[String], these: &[String]) -> Vec<String> {
    all.iter().filter(|one| these.contains(one)).cloned().collect()
}

fn down(world: &World) {
    world.org_fault(json!({ "op": "*", "act": "cut_before" }));
}

fn up(world: &World) {
    world.org().gate().faults.clear();
}

fn jobs_made(world: &World) -> u64 {
    world.org().gate().log.counts().get("bulk.create").copied().unwrap_or(0)
}

/// Some minutes without Salesforce, until there is a backlog.
async fn outage(world: &World, people: usize, rounds: usize) -> Crowd {
    down(world);
    let mut crowd = Crowd::of(world, people);
    for n in 0..rounds {
        crowd.round(world, n).await;
    }
    // all of it is older than what counts as fresh
    tokio::time::sleep(Duration::from_secs(45)).await;
    crowd
}

#[tokio::test(start_paused = true)]
async fn a_long_backlog_goes_by_jobs_in_order_and_others_do_not_wait() {
    for namespace in ["", "ns__"] {
        let setting =
            Setting { bulk: small(), latency: Latency::USUAL, namespace, ..Setting::default() };
        let world = World::new(setting).await;
        if !namespace.is_empty() {
            // names with a prefix: the way there is what differs
            let crowd = outage(&world, 3, 20).await;
            up(&world);
            world.quiet(HOUR_MS).await;
            assert!(jobs_made(&world) >= 3);
            assert_eq!(world.org().count("ns__Puente_Message__c"), 60 + crowd.heard.concat().len());
            continue;
        }
        let crowd = outage(&world, 9, 12).await;
        let (calls, began) = (world.org_calls(), world.now());
        up(&world);
        let mut strangers = Vec::new();
        while world.depths().await.sync_due > 0 || world.now().since(began) < 60_000 {
            let stranger = world.customer(&format!("N{}", strangers.len()));
            let wamid = world.texts(&stranger, "hola");
            strangers.push((wamid, world.now()));
            assert!(world.now().since(began) < HOUR_MS, "{:?}", world.depths().await);
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
        world.quiet(HOUR_MS).await;
        assert!(jobs_made(&world) >= 6, "persons, conversations and messages of two shares");
        let spent = world.org_calls() - calls;
        assert!(spent < 400, "{spent} calls");
        let at: BTreeMap<String, i64> = world
            .org()
            .changes(0, 100_000)
            .iter()
            .filter(|c| c.object == MESSAGE && c.kind == "create")
            .map(|c| (world.org().row(&c.id).unwrap()["Wamid__c"].to_string(), c.at_ms))
            .collect();
        // the first minute is what it takes to notice that the org is back
        let noticed = began.plus(60_000);
        let late: Vec<_> = strangers
            .iter()
            .filter(|(_, sent)| *sent > noticed)
            .map(|(wamid, sent)| at[&format!("\"{wamid}\"")] - sent.0)
            .filter(|took| *took > 5_000)
            .collect();
        assert!(late.is_empty(), "{late:?}");
        let (strange, theirs) = (strangers.len(), world.org().count("Puente_Person__c"));
        assert_eq!(theirs, crowd.people.len() + strange);
        crowd.kept_order(&world, "beside strangers");
        assert!(world.org().bulk_jobs().is_empty(), "what is done is forgotten there");
    }
}

/// Kills the process at the n-th commit that moves a job or settles its rows.
struct Strike {
    after: bool,
    left: Mutex<u32>,
    dead: Mutex<bool>,
}

fn moves_a_job(op: &Op) -> bool {
    matches!(
        op,
        Op::BulkClaim(_) | Op::BulkBegin(_) | Op::BulkStep(_) | Op::BulkClose(_) | Op::SyncEnd(_)
    )
}

impl Probe for Strike {
    fn before_commit(&self, commit: &Commit) -> bool {
        let mut left = self.left.lock();
        if *left == 0 || !commit.ops.iter().any(moves_a_job) {
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

#[tokio::test(start_paused = true)]
async fn killed_at_any_step_of_a_job_it_goes_on() {
    let mut deaths = 0;
    for step in 2..=37 {
        let (nth, after) = (step / 2, step % 2 == 0);
        let setting = Setting {
            seed: u64::from(step),
            bulk: Options { jobs_max: 1, rows_max: 1_000, ..small() },
            latency: Latency::USUAL,
            ..Setting::default()
        };
        let mut world = World::new(setting).await;
        let crowd = outage(&world, 5, 12).await;
        let strike = Arc::new(Strike { after, left: Mutex::new(nth), dead: Mutex::new(false) });
        world = world.restarted(Some(strike.clone())).await;
        up(&world);
        let began = world.now();
        while !*strike.dead.lock() && world.now().since(began) < 300_000 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        deaths += u32::from(*strike.dead.lock());
        world = world.restarted(None).await;
        world.quiet(HOUR_MS).await;
        crowd.is_whole(&world, &format!("killed at step {nth}, after it: {after}")).await;
    }
    assert!(deaths >= 20, "{deaths}: a checker that saw nothing proves nothing");
}

#[tokio::test(start_paused = true)]
async fn a_lost_or_refused_step_of_a_job_loses_and_repeats_nothing() {
    let html =
        json!({ "answer": { "status": 503, "body": "<html>", "content_type": "text/html" } });
    let odd = json!({ "answer_after": { "status": 200, "body": "odd" } });
    let ended = r#"[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]"#;
    let ended = json!({ "answer": { "status": 401, "body": ended } });
    let acts = [json!("cut_before"), json!("cut_after"), html, odd, ended];
    for op in
        ["bulk.create", "bulk.upload", "bulk.patch", "bulk.get", "bulk.results", "bulk.delete"]
    {
        for (nth, act) in acts.iter().enumerate().flat_map(|(n, act)| [(1 + n % 3, act), (3, act)])
        {
            let setting = Setting {
                bulk: Options { jobs_max: 1, rows_max: 1_000, ..small() },
                ..Setting::default()
            };
            let world = World::new(setting).await;
            let crowd = outage(&world, 4, 12).await;
            up(&world);
            world.org_fault(json!({ "op": op, "when": { "nth": nth }, "act": act }));
            world.quiet(HOUR_MS).await;
            crowd.is_whole(&world, &format!("{op} {nth} {act}")).await;
            assert!(jobs_made(&world) >= 3, "{op} {nth} {act}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_job_cannot_write_goes_by_calls() {
    let setting = Setting { bulk: small(), ..Setting::default() };
    let world = World::new(setting).await;
    let crowd = outage(&world, 4, 14).await;
    let odd = world.customer("Odd");
    for text in ["one\r\ntwo", "#N/A", "three"] {
        world.texts(&odd, text);
    }
    world.org().set_knobs(|knobs| {
        knobs.trigger_failures.push(TriggerFailure {
            object: MESSAGE.into(),
            rows_max: 10,
            message: "Slow: execution of BeforeInsert caused by: System.LimitException: Too many"
                .into(),
        });
    });
    tokio::time::sleep(Duration::from_secs(45)).await;
    up(&world);
    world.quiet(HOUR_MS).await;
    assert!(jobs_made(&world) >= 3);
    for text in ["one\r\ntwo", "#N/A", "three"] {
        assert_eq!(world.rows(MESSAGE, "Text__c", text).len(), 1, "{text:?}");
    }
    let sent = crowd.wrote.concat().len() + crowd.heard.concat().len();
    assert_eq!(world.org().count(MESSAGE), sent + 3);
    assert_eq!(world.depths().await.sync_aside, 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_ahead_of_what_a_job_cannot_write() {
    let world = World::new(Setting { bulk: small(), ..Setting::default() }).await;
    down(&world);
    let odd = world.customer("Odd");
    let told = ["one", "two\r\nlines", "three", "#N/A", "four"].map(String::from);
    for text in &told {
        world.texts(&odd, text);
    }
    let crowd = outage(&world, 4, 14).await;
    up(&world);
    world.quiet(HOUR_MS).await;
    assert_eq!(only(&created(&world).1, &told), told);
    crowd.kept_order(&world, "beside one that goes by call");
}

#[tokio::test(start_paused = true)]
async fn an_org_that_takes_no_jobs_gets_everything_by_calls() {
    let setting =
        Setting { bulk: small(), org: |config| config.bulk_batches_max = 0, ..Setting::default() };
    let world = World::new(setting).await;
    let crowd = outage(&world, 5, 12).await;
    up(&world);
    world.quiet(HOUR_MS).await;
    crowd.is_whole(&world, "no batches").await;
    assert!(jobs_made(&world) < 6, "it is not asked again and again");
}

/// An administrator sees a job that they did not start.
#[tokio::test(start_paused = true)]
async fn a_job_that_somebody_ends_goes_on_by_calls() {
    let setting = Setting {
        bulk: Options { jobs_max: 1, rows_max: 1_000, ..small() },
        latency: Latency { base_ms: 120, per_row_ms: 100, tail_max_ms: 0 },
        ..Setting::default()
    };
    let world = World::new(setting).await;
    let crowd = outage(&world, 25, 12).await;
    up(&world);
    let under_way = |job: &Value| job["object"] == MESSAGE && job["state"] == "InProgress";
    world
        .until("a job with messages", HOUR_MS, || {
            world.org().bulk_jobs().iter().any(under_way).then_some(())
        })
        .await;
    assert_eq!(world.org().abort_bulk_jobs(), 1);
    world.quiet(HOUR_MS).await;
    crowd.is_whole(&world, "ended by hand").await;
    let jobs = jobs_made(&world);
    assert!(jobs < 12, "{jobs}: what it did not reach goes by calls");
}

/// Messages of one webhook are stored in one instant: their ids say nothing
/// about their order, and it is kept all the same, by jobs and by calls.
#[tokio::test(start_paused = true)]
async fn messages_of_one_instant_keep_their_order() {
    for backlog_rows in [20, u32::MAX] {
        let bulk = Options { backlog_rows, ..small() };
        let world = World::new(Setting { bulk, ..Setting::default() }).await;
        down(&world);
        let (mut said, at) = (Vec::new(), world.now().secs());
        for person in 0..6 {
            let from = format!("155501{:05}", 40_000 + person);
            let wamids: Vec<_> = (0..8).map(|n| format!("wamid.{person}x{n}")).collect();
            let messages: Vec<_> =
                wamids.iter().map(|wamid| message(wamid, &from, "hola", at)).collect();
            let post = body(json!({ "messages": messages }));
            assert_eq!(world.phones().post_raw(Config::APP, &post).await, Some(200));
            said.push(wamids);
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
        up(&world);
        world.quiet(HOUR_MS).await;
        let (shown, _) = created(&world);
        for wamids in said {
            assert_eq!(only(&shown, &wamids), wamids, "jobs from {backlog_rows} rows on");
        }
        assert_eq!(jobs_made(&world) > 0, backlog_rows == 20);
    }
}

/// The org's calls of a day are used up, and come back the next day.
#[tokio::test(start_paused = true)]
async fn a_spent_budget_waits_for_the_next_day_and_drains_in_order() {
    let world = World::new(Setting { bulk: small(), ..Setting::default() }).await;
    let first = world.writer("Ana").await;
    world.org().set_daily_calls(1);
    let mut crowd = Crowd::of(&world, 4);
    for n in 0..14 {
        crowd.round(&world, n).await;
    }
    assert!(world.phones().deliveries().iter().all(|d| d.status == Some(200)));
    tokio::time::sleep(Duration::from_secs(6 * 3_600)).await;
    let calls = world.org_calls();
    assert!(calls < 200, "{calls} calls at a closed door in six hours");
    world.org().set_daily_calls(1_000_000);
    world.quiet(HOUR_MS).await;
    crowd.people.insert(0, first);
    crowd.wrote.insert(0, Vec::new());
    crowd.heard.insert(0, Vec::new());
    crowd.is_whole(&world, "budget").await;
    assert!(jobs_made(&world) >= 3);
}
