//! What was answered 200 or 202 arrives, or is visibly set aside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use bytes::Bytes;
use model::ids::{AppId, PersonId, RecordId};
use serde_json::json;
use store::op::PersonLink;
use store::{Commit, MasterKey, Op, Probe, SqliteOptions, Store};
use whatsapp_sim::{Config, Dirt};

use crate::world::{Setting, World, ambient, body, message};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What stands between us and the org for an hour.
#[derive(Clone, Copy, Debug)]
enum Down {
    Cut,
    Html,
    Sessions,
    Quota,
    SignIn,
}

fn goes_down(world: &World, down: Down) {
    let quota =
        r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#;
    let html =
        json!({ "status": 503, "body": "<html>maintenance</html>", "content_type": "text/html" });
    let ended = r#"[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]"#;
    let rule = match down {
        Down::Cut => json!({ "op": "composite", "act": "cut_before" }),
        Down::Html => json!({ "op": "*", "act": { "answer": html } }),
        Down::Sessions => {
            json!({ "op": "composite", "act": { "answer": { "status": 401, "body": ended } } })
        }
        Down::Quota => {
            json!({ "op": "composite", "act": { "answer": { "status": 403, "body": quota } } })
        }
        Down::SignIn => {
            world.org().invalidate_sessions();
            json!({ "op": "token", "act": { "answer": { "status": 400, "body": r#"{"error":"invalid_client"}"# } } })
        }
    };
    world.org_fault(rule);
}

#[tokio::test(start_paused = true)]
async fn an_hour_without_salesforce_loses_nothing() {
    for down in [Down::Cut, Down::Html, Down::Sessions, Down::Quota, Down::SignIn] {
        let world = World::quick().await;
        let known = world.writer("Paz").await;
        goes_down(&world, down);
        let mut people = vec![known];
        people.extend((0..4).map(|n| world.customer(&format!("S{n}"))));
        let began = world.now();
        let mut wamids = Vec::new();
        let mut n = 0;
        while world.now().since(began) < HOUR_MS {
            wamids.push(world.texts(&people[n % people.len()], &format!("m{n}")));
            if n % 5 == 0 {
                world.sends(&people[0], &format!("s{n}"), &format!("s{n}")).await;
            }
            n += 1;
            tokio::time::sleep(std::time::Duration::from_millis(2 * MINUTE_MS as u64)).await;
        }
        let calls = world.org_calls();
        assert!(calls < 400, "{down:?}: {calls} calls at a closed door in an hour");
        assert!(world.phones().deliveries().iter().all(|d| d.status == Some(200)), "{down:?}");
        let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
        let told = |kind: &str| alerts.iter().any(|alert| alert.kind == kind);
        assert!(told("breaker") && told("backlog"), "{down:?}: {alerts:?}");
        world.org().gate().faults.clear();
        world.quiet(HOUR_MS).await;
        let rows = world.org().rows("Puente_Message__c");
        for person in 0..people.len() {
            let said: Vec<_> = wamids.iter().skip(person).step_by(people.len()).collect();
            let mut shown: Vec<_> =
                rows.iter().filter(|r| said.iter().any(|w| r["Wamid__c"] == w.as_str())).collect();
            shown.sort_by_key(|r| r["Sent_At__c"].as_str().unwrap().to_owned());
            let shown: Vec<_> = shown.iter().map(|r| r["Wamid__c"].as_str().unwrap()).collect();
            assert_eq!(shown, said, "{down:?}");
        }
        assert_eq!(world.depths().await.sync_aside, 0, "{down:?}");
        assert_eq!(world.org().count("Lead"), people.len(), "{down:?}");
        // how old the queue is, is looked at every half minute
        tokio::time::sleep(std::time::Duration::from_secs(40)).await;
        assert!(
            world.town.store.alerts_open(&world.town.tenant).await.unwrap().is_empty(),
            "{down:?}: the alert ends"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn every_odd_webhook_is_registered() {
    let world = World::quick().await;
    let customer = world.customer("Dix");
    for dirt in Dirt::ALL {
        let before = world.org().count("Puente_Message__c");
        assert!(world.phones().dirty(dirt, &customer.id, world.town.number.as_str()), "{dirt:?}");
        world.quiet(HOUR_MS).await;
        let made = world.org().count("Puente_Message__c") - before;
        let depths = world.depths().await;
        let want = match dirt {
            Dirt::UnknownField | Dirt::Dashboard => 0,
            _ => 1,
        };
        assert_eq!(made, want, "{dirt:?}: {depths:?}");
        assert_eq!((depths.items_aside, depths.sync_aside), (0, 0), "{dirt:?}");
        assert_eq!(depths.items_unclaimed, u64::from(dirt == Dirt::Dashboard), "{dirt:?}");
    }
    assert!(world.phones().deliveries().iter().all(|d| d.status == Some(200)));
}

/// Dies whenever the work of one body is about to be kept.
#[derive(Default)]
struct Poison {
    seq: AtomicI64,
    dead: AtomicBool,
    deaths: AtomicI64,
}

/// One process' share of it.
struct Dose(Arc<Poison>);

impl Probe for Dose {
    fn before_commit(&self, commit: &Commit) -> bool {
        let seq = self.0.seq.load(Ordering::Relaxed);
        let hit =
            commit.ops.iter().any(|op| matches!(op, Op::JournalDone { seq: s, .. } if *s == seq));
        if hit {
            self.0.dead.store(true, Ordering::Relaxed);
            self.0.deaths.fetch_add(1, Ordering::Relaxed);
        }
        hit
    }

    fn after_commit(&self, _: bool) -> bool {
        false
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_kills_the_process_is_set_aside_and_its_neighbours_go_on() {
    let poison = Arc::new(Poison { seq: AtomicI64::new(-1), ..Poison::default() });
    let dose = || -> Option<Arc<dyn Probe>> { Some(Arc::new(Dose(poison.clone()))) };
    let mut world = World::new(Setting { probe: dose(), ..Setting::default() }).await;
    let at = world.now().secs();
    for n in 0..9 {
        let one = message(&format!("wamid.p{n}"), &format!("1555010700{n}"), "hola", at);
        let post = Bytes::from(body(json!({ "messages": [one] })).to_string());
        let seq = world.town.engine.inbox.append(&AppId::new("main"), post).await.unwrap();
        if n == 4 {
            poison.seq.store(seq, Ordering::Relaxed);
        }
    }
    let began = world.now();
    loop {
        if poison.dead.swap(false, Ordering::Relaxed) {
            world = world.restarted(dose()).await;
        }
        if world.org().count("Puente_Message__c") == 8 && world.depths().await.journal == 0 {
            break;
        }
        assert!(world.now().since(began) < HOUR_MS, "{:?}", world.depths().await);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(poison.deaths.load(Ordering::Relaxed) <= 5, "it is tried five times at most");
    let seq = poison.seq.load(Ordering::Relaxed);
    assert!(world.town.store.journal_body(seq).await.unwrap().is_some(), "the body is kept");
    assert!(world.rows("Puente_Message__c", "Wamid__c", "wamid.p4").is_empty());
}

/// A disk that is full for a while: what was answered 200 is worked off when
/// there is room, and no worker gives up.
#[tokio::test(start_paused = true)]
async fn a_full_disk_refuses_and_forgets_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("puente.db");
    let options = SqliteOptions { bytes_max: Some(1_000_000), ..SqliteOptions::default() };
    let open = |options: SqliteOptions, world: &World| {
        let seed = sim_kit::Seed::new(77);
        let ambient = ambient(&world.town.sims.clock, &seed);
        Store::open_sqlite_inline(&path, options, MasterKey::from_bytes([7; 32]), ambient).unwrap()
    };
    let world = World::quick().await;
    let small = open(options, &world);
    let mut world = world.over(small).await;
    let (phones, at) = (world.phones(), world.now().secs());
    let mut kept = Vec::new();
    let mut refused = 0;
    for n in 0..900 {
        let wamid = format!("wamid.full{n}");
        let from = format!("155501{:05}", 70_000 + n % 40);
        let post = body(json!({ "messages": [message(&wamid, &from, &"x".repeat(900), at)] }));
        match phones.post_raw(Config::APP, &post).await {
            Some(200) => kept.push(wamid),
            _ => refused += 1,
        }
        if refused > 60 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert!(refused > 60 && kept.len() > 40, "{refused} refused, {} kept", kept.len());
    let ended = tokio::time::timeout(std::time::Duration::from_secs(60), world.town.failed()).await;
    assert!(ended.is_err(), "a worker gave up: {ended:?}");
    world.town.store.close().await;
    let roomy = open(SqliteOptions::default(), &world);
    let world = world.over(roomy).await;
    world.quiet(HOUR_MS).await;
    let there: std::collections::BTreeSet<String> = world
        .org()
        .rows("Puente_Message__c")
        .iter()
        .map(|row| row["Wamid__c"].as_str().unwrap().to_owned())
        .collect();
    let lost: Vec<_> = kept.iter().filter(|wamid| !there.contains(*wamid)).collect();
    assert!(lost.is_empty(), "answered 200 and not there: {lost:?}");
}

/// Kills a process that commits without rest.
#[derive(Default)]
struct Restless(AtomicI64);

impl Probe for Restless {
    fn before_commit(&self, _: &Commit) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) > 5_000
    }

    fn after_commit(&self, _: bool) -> bool {
        false
    }
}

/// No room at all, and rows on their way to Salesforce: every worker tries
/// again at its own pace, and goes on when there is room.
#[tokio::test(start_paused = true)]
async fn without_room_no_worker_spins() {
    sim_disk::register();
    sim_disk::with(|disk| *disk = sim_disk::Disk::default());
    let world = World::quick().await;
    let vfs = Some(sim_disk::NAME.to_owned());
    let options = SqliteOptions { vfs, ..SqliteOptions::default() };
    let (master, seed) = (MasterKey::from_bytes([7; 32]), sim_kit::Seed::new(78));
    let ambient = ambient(&world.town.sims.clock, &seed);
    let store = Store::open_sqlite_inline("/spin.db", options, master, ambient).unwrap();
    let commits = Arc::new(Restless::default());
    let world = world.over(store.with_probe(commits.clone())).await;
    world.org_fault(json!({ "op": "composite", "act": "cut_before" }));
    let customer = world.customer("Ada");
    let wamid = world.texts(&customer, "hola");
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    sim_disk::with(|disk| disk.room(0));
    world.org().gate().faults.clear();
    let before = commits.0.load(Ordering::Relaxed);
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let tried = commits.0.load(Ordering::Relaxed) - before;
    assert!((10..1_000).contains(&tried), "{tried} commits in a minute without room");
    sim_disk::with(|disk| disk.room(u64::MAX));
    world.quiet(HOUR_MS).await;
    assert_eq!(world.rows("Puente_Message__c", "Wamid__c", &wamid).len(), 1);
}

/// The person's Contact was found while a conversation of theirs was being
/// opened: neither side saw the other, and the case is asked for all the same.
#[tokio::test(start_paused = true)]
async fn a_conversation_opened_beside_the_look_up_gets_its_case() {
    let world = World::quick().await;
    let ana = world.writer("Ana").await;
    let contact = world.org().create("Contact", json!({ "LastName": "Ana" })).unwrap();
    let person = world.eye().person_of(&ana).unwrap();
    let link = PersonLink {
        tenant: world.town.tenant.clone(),
        id: PersonId::parse(person["Key__c"].as_str().unwrap()).unwrap(),
        lead: None,
        contact: Some(RecordId::new(&contact)),
        account: None,
    };
    world.town.store.commit(Commit::of(vec![Op::LinkPerson(link)])).await.unwrap();
    world.texts(&ana, "¿hola?");
    world.quiet(HOUR_MS).await;
    let cases = world.rows("Case", "ContactId", &contact);
    assert_eq!(cases.len(), 1);
    let id = cases[0]["Id"].as_str().unwrap();
    assert_eq!(world.rows("Puente_Conversation__c", "Case__c", id).len(), 1);
}
