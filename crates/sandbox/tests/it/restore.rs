//! A restored database, and a copy beside the original: nothing is sent twice.

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{Method, StatusCode};
use model::ids::Tracker;
use sandbox::Town;
use sandbox::scenarios::Eye;
use serde_json::{Value, json};
use store::op::{HeldDecision, HoldEnd, HoldRaised, Word};
use store::{Commit, HoldWhy, Op, OutboxState, Store};
use whatsapp_sim::Customer;

use crate::world::{Setting, World, open_file, status};

const HOUR_MS: i64 = 3_600_000;
/// Longer than anything here needs but a person.
const LONG: Duration = Duration::from_secs(180);
const QUEUED: [&str; 2] = ["dos", "tres"];

struct Scene {
    dir: tempfile::TempDir,
    world: World,
    ana: Customer,
}

impl Scene {
    fn copy(&self) -> PathBuf {
        self.dir.path().join("copy.db")
    }

    /// One message was sent; two wait, because Meta cannot be reached; and a
    /// backup is made.
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = Some(dir.path().join("puente.db"));
        let world = World::new(Setting { file, ..Setting::default() }).await;
        let ana = world.writer("Ana").await;
        world.sends(&ana, "uno", "uno").await;
        world.quiet(HOUR_MS).await;
        world.line.unreachable(u32::MAX);
        for text in QUEUED {
            world.sends(&ana, text, text).await;
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
        let scene = Self { dir, world, ana };
        scene.world.town.store.copy_to(&scene.copy()).await.unwrap();
        scene
    }

    /// Meta can be reached again: what waited goes out, and more.
    async fn goes_on(&self) {
        self.world.line.unreachable(0);
        self.world.sends(&self.ana, "cuatro", "cuatro").await;
        self.world.texts(&self.ana, "gracias");
        self.world.quiet(HOUR_MS).await;
        self.once().await;
    }

    async fn once(&self) {
        for text in ["uno", "dos", "tres", "cuatro"] {
            assert_eq!(self.world.copies(&self.ana, text), 1, "{text}");
        }
    }

    /// What `puente restore` does, and the start after it.
    async fn restored(self, plant: impl AsyncFnOnce(&Store)) -> Self {
        let Self { dir, world, ana } = self;
        world.town.store.close().await;
        let store = open_file(&dir.path().join("copy.db"), &world.town.ambient);
        let hold = HoldRaised { at: world.now(), why: HoldWhy::Restored };
        store.commit(Commit::of(vec![Op::Hold(hold)])).await.unwrap();
        plant(&store).await;
        Self { dir, world: world.over(store).await, ana }
    }
}

#[tokio::test(start_paused = true)]
async fn a_restored_backup_sends_nothing_twice() {
    let scene = Scene::new().await;
    scene.goes_on().await;
    let scene = scene.restored(async |_| ()).await;
    let before = scene.world.town.store.hold().await.unwrap();
    assert_eq!(before.map(|hold| hold.why), Some(HoldWhy::Restored));
    // receiving goes on meanwhile
    scene.world.texts(&scene.ana, "sigo aquí");
    scene.world.quiet(HOUR_MS).await;
    tokio::time::sleep(LONG).await;
    scene.once().await;
    // Salesforce knew both: nothing is left to ask a person about
    assert_eq!(scene.world.town.store.hold().await.unwrap(), None);
    let outbox = scene.world.sends(&scene.ana, "cinco", "cinco").await;
    scene.world.until_sent(&outbox).await;
    scene.world.quiet(HOUR_MS).await;
    assert_eq!(scene.world.copies(&scene.ana, "cinco"), 1);
    scene.once().await;
    // what the restored database writes is newer than what the lost one wrote
    let rows = scene.world.rows("Puente_Message__c", "Text__c", "cinco");
    assert_eq!(rows[0]["Status__c"], "delivered");
    for text in QUEUED {
        let rows = scene.world.rows("Puente_Message__c", "Text__c", text);
        assert_eq!((rows.len(), &rows[0]["Status__c"]), (1, &json!("delivered")), "{text}");
    }
}

/// A row that was to be written when the backup was made is older by now.
#[tokio::test(start_paused = true)]
async fn a_restored_backup_takes_no_status_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = Some(dir.path().join("puente.db"));
    let world = World::new(Setting { file, ..Setting::default() }).await;
    let ana = world.writer("Ana").await;
    world.quiet(HOUR_MS).await;
    let away = json!({ "op": "composite", "act": { "answer": { "status": 503, "body": "" } } });
    world.org_fault(away);
    let outbox = world.sends(&ana, "uno", "uno").await;
    world.until_sent(&outbox).await;
    let scene = Scene { dir, world, ana };
    scene.world.town.store.copy_to(&scene.copy()).await.unwrap();
    scene.world.org().gate().faults.clear();
    scene.world.quiet(HOUR_MS).await;
    let scene = scene.restored(async |_| ()).await;
    for second in 0..LONG.as_secs() {
        let rows = scene.world.rows("Puente_Message__c", "Text__c", "uno");
        assert_eq!((rows.len(), &rows[0]["Status__c"]), (1, &json!("delivered")), "{second} s");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    // and it is known here, too
    assert_eq!(scene.world.standing(&outbox).await["status"], "delivered");
    scene.world.quiet(HOUR_MS).await;
}

#[tokio::test(start_paused = true)]
async fn what_salesforce_does_not_know_waits_for_a_person() {
    let scene = Scene::new().await;
    // the database is lost before anything of it went out
    let scene = scene.restored(async |_| ()).await;
    scene.world.line.unreachable(0);
    tokio::time::sleep(LONG).await;
    let eye = scene.world.eye();
    let (_, told) = eye.call(Method::GET, "/api/v1/restore", None, &Value::Null).await.unwrap();
    assert_eq!(
        (&told["held"], &told["why"], &told["count"]),
        (&json!(true), &json!("restored"), &json!(2))
    );
    for text in QUEUED {
        assert_eq!(scene.world.copies(&scene.ana, text), 0, "{text}");
    }
    let decide = |body: Value| {
        let eye = scene.world.eye();
        async move { eye.call(Method::POST, "/api/v1/restore/decide", None, &body).await.unwrap() }
    };
    let first = told["items"][0]["id"].clone();
    let (status, answer) = decide(json!({ "word": "drop", "id": first })).await;
    assert_eq!(
        (status, &answer["decided"], &answer["held"]),
        (StatusCode::OK, &json!(1), &json!(true))
    );
    let (status, _) = decide(json!({ "word": "drop", "id": first })).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "it is held no more");
    let (_, answer) = decide(json!({ "word": "send" })).await;
    assert_eq!((&answer["decided"], &answer["held"]), (&json!(1), &json!(false)));
    scene.world.quiet(HOUR_MS).await;
    assert_eq!(scene.world.copies(&scene.ana, "dos"), 0, "a person said so");
    assert_eq!(scene.world.copies(&scene.ana, "tres"), 1);
}

/// Neither Salesforce nor the backup knows of the call; Meta's status does.
#[tokio::test(start_paused = true)]
async fn a_status_that_comes_later_settles_a_held_send() {
    let scene = Scene::new().await;
    let away = json!({ "op": "composite", "act": { "answer": { "status": 503, "body": "" } } });
    scene.world.org_fault(away);
    scene.world.line.unreachable(0);
    let heard = || QUEUED.iter().all(|text| scene.world.copies(&scene.ana, text) == 1);
    scene.world.until("both on the phone", HOUR_MS, || heard().then_some(())).await;
    // their ticks are told to the database that is about to be lost
    tokio::time::sleep(LONG).await;
    assert_eq!(scene.world.phones().busy(), 0);
    let town = &scene.world.town;
    let held = town.store.outbox_in_state(&town.tenant, OutboxState::Accepted, 9).await.unwrap();
    let outbox = held.last().unwrap().id;
    let standing = scene.world.standing(&outbox.to_string()).await;
    let attempt = town.store.attempts(&town.tenant, outbox).await.unwrap().pop().unwrap().id;
    let installation = town.store.installation().await.unwrap().id;
    let tracker = Tracker { installation, attempt, outbox: Some(outbox) }.to_string();

    let scene = scene.restored(async |_| ()).await;
    tokio::time::sleep(LONG).await;
    let town = &scene.world.town;
    assert_eq!(town.store.held_count(&town.tenant).await.unwrap(), 2);
    let mut body = status(standing["wamid"].as_str().unwrap(), "read", scene.world.now().secs());
    body["biz_opaque_callback_data"] = tracker.into();
    let body = crate::world::body(json!({ "statuses": [body] }));
    assert_eq!(scene.world.phones().post_raw(whatsapp_sim::Config::APP, &body).await, Some(200));
    tokio::time::sleep(LONG).await;
    assert_eq!(town.store.held_count(&town.tenant).await.unwrap(), 1);
    let row = town.store.outbox(&town.tenant, outbox).await.unwrap().unwrap();
    assert_eq!(row.state, OutboxState::Accepted);
    assert_eq!(scene.world.standing(&outbox.to_string()).await["status"], "read");
    for text in QUEUED {
        assert_eq!(scene.world.copies(&scene.ana, text), 1, "{text}");
    }
}

/// The same restore with its hold taken away: the checks above notice.
#[tokio::test(start_paused = true)]
async fn a_restore_that_resends_would_be_seen() {
    let scene = Scene::new().await;
    scene.goes_on().await;
    let tenant = scene.world.town.tenant.clone();
    let at = scene.world.now();
    let scene = scene
        .restored(async move |store: &Store| {
            let decision = HeldDecision { tenant, outbox: None, word: Word::Send, at };
            let end = HoldEnd { by_person: true };
            let ops = vec![Op::DecideHeld(decision), Op::EndHold(end)];
            store.commit(Commit::of(ops)).await.unwrap();
        })
        .await;
    scene.world.quiet(HOUR_MS).await;
    for text in QUEUED {
        assert_eq!(scene.world.copies(&scene.ana, text), 2, "{text}");
    }
}

async fn copy_of(scene: &Scene, path: &Path) -> Town {
    scene.world.beside(open_file(path, &scene.world.town.ambient)).await
}

#[tokio::test(start_paused = true)]
async fn a_copy_started_beside_the_original_sends_nothing() {
    let scene = Scene::new().await;
    let copy = copy_of(&scene, &scene.copy()).await;
    tokio::time::sleep(LONG).await;
    let hold = copy.store.hold().await.unwrap().unwrap();
    assert_eq!(hold.why, HoldWhy::Copied);
    for text in QUEUED {
        assert_eq!(scene.world.copies(&scene.ana, text), 0, "{text}: its line was free");
    }
    // a new send is taken, and waits
    let phone = format!("+{}", scene.ana.wa_id);
    let text = json!({ "type": "text", "text": { "body": "de la copia" } });
    Eye::new(&copy).send(&phone, "copy", &text).await.unwrap();
    tokio::time::sleep(LONG).await;
    assert_eq!(scene.world.copies(&scene.ana, "de la copia"), 0);
    let open = copy.store.alerts_open(&copy.tenant).await.unwrap();
    assert!(open.iter().any(|alert| alert.kind == "mark"), "{open:?}");
    // the original is not disturbed
    scene.goes_on().await;
    tokio::time::advance(Duration::from_secs(7_300)).await;
    tokio::time::sleep(LONG).await;
    assert_eq!(scene.world.town.store.hold().await.unwrap(), None);
    scene.once().await;
    copy.stop().await;
}

#[tokio::test(start_paused = true)]
async fn who_takes_over_by_a_persons_word_ends_the_other() {
    let scene = Scene::new().await;
    let copy = copy_of(&scene, &scene.copy()).await;
    tokio::time::sleep(LONG).await;
    let body = json!({ "word": "send" });
    let path = "/api/v1/restore/decide";
    let (_, answer) = Eye::new(&copy).call(Method::POST, path, None, &body).await.unwrap();
    assert_eq!(answer["held"], false);
    tokio::time::sleep(LONG).await;
    for text in QUEUED {
        assert_eq!(scene.world.copies(&scene.ana, text), 1, "{text}");
    }
    // within the hour the other one sees the mark and holds what it has
    tokio::time::advance(Duration::from_secs(3_700)).await;
    tokio::time::sleep(LONG).await;
    let hold = scene.world.town.store.hold().await.unwrap().unwrap();
    assert!(matches!(hold.why, HoldWhy::OtherProcess | HoldWhy::Ahead), "{hold:?}");
    scene.world.line.unreachable(0);
    tokio::time::sleep(LONG).await;
    for text in QUEUED {
        assert_eq!(scene.world.copies(&scene.ana, text), 1, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_was_stopped_in_order_may_be_moved() {
    let scene = Scene::new().await;
    let Scene { dir, world, ana } = scene;
    let copy = dir.path().join("moved.db");
    let world = world.moved(&dir.path().join("puente.db"), &copy).await;
    world.line.unreachable(0);
    tokio::time::sleep(LONG).await;
    assert_eq!(world.town.store.hold().await.unwrap(), None);
    for text in QUEUED {
        assert_eq!(world.copies(&ana, text), 1, "{text}");
    }
}

/// A start while Salesforce is away: a database that lies where it lay sends.
#[tokio::test(start_paused = true)]
async fn a_restart_does_not_wait_for_salesforce() {
    let world = World::quick().await;
    let ana = world.writer("Ana").await;
    world.org_fault(json!({ "op": "*", "act": { "answer": { "status": 503, "body": "" } } }));
    let world = world.restarted(None).await;
    let outbox = world.sends(&ana, "one", "buenas").await;
    world.until_sent(&outbox).await;
    assert_eq!(world.copies(&ana, "buenas"), 1);
}

/// The mark outside may be that of any start whose successors were killed
/// before theirs stood there.
#[tokio::test(start_paused = true)]
async fn starts_that_never_wrote_their_mark_leave_no_doubt() {
    let mut world = World::quick().await;
    let ana = world.writer("Ana").await;
    world.org_fault(json!({ "op": "collections.upsert", "act": "cut_before" }));
    for start in 0..5 {
        world = world.restarted(None).await;
        tokio::time::sleep(LONG).await;
        assert_eq!(world.town.store.hold().await.unwrap(), None, "start {start}");
    }
    let outbox = world.sends(&ana, "one", "buenas").await;
    world.until_sent(&outbox).await;
    assert_eq!(world.copies(&ana, "buenas"), 1);
}
