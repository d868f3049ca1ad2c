//! Files that were set aside are dead letters: seen, cured, brought back once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::{Method, StatusCode};
use sandbox::TownOptions;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::files::scanner;
use crate::world::{Setting, World, phone};

const HOUR_MS: i64 = 3_600_000;

async fn call(world: &World, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    world.eye().call(method, path, None, &body).await.unwrap()
}

async fn letters(world: &World) -> Vec<Value> {
    let (status, answer) = call(world, Method::GET, "/api/v1/dead-letters", Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["items"].as_array().unwrap().clone()
}

async fn replay(world: &World, letter: &Value) -> Value {
    let path = format!("/api/v1/dead-letters/{}/replay", letter["id"].as_str().unwrap());
    call(world, Method::POST, &path, json!({})).await.1["outcome"].clone()
}

async fn metric(world: &World, name: &str) -> String {
    let request = http::Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = world.town.router.clone().oneshot(request).await.unwrap();
    let bytes = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.unwrap_or_else(|| panic!("no {name}")).to_owned()
}

/// The org refuses files from here on, for a reason that an administrator mends.
fn refuse_files(world: &World) {
    let no = json!([{ "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "no files" }]);
    let act = json!({ "answer": { "status": 400, "body": no.to_string() } });
    world.org_fault(json!({ "op": "row.create", "act": act }));
}

#[tokio::test(start_paused = true)]
async fn a_file_set_aside_is_seen_and_comes_back_once() {
    let world = World::quick().await;
    refuse_files(&world);
    let ana = world.customer("Ana");
    let (wamid, bytes) = world.sends_file(&ana, "image", 5_000);
    world.quiet(HOUR_MS).await;
    assert_eq!(world.message_row(&wamid)["Media_Status__c"], "Failed");
    let all = letters(&world).await;
    assert_eq!(all.len(), 1, "{all:?}");
    let letter = &all[0];
    assert_eq!(letter["kind"], "file");
    assert_eq!(letter["code"], "sf.FIELD_CUSTOM_VALIDATION_EXCEPTION");
    for (key, begins) in
        [("id", "med_"), ("message_id", "msg_"), ("person_id", "per_"), ("at", "20")]
    {
        assert!(letter[key].as_str().is_some_and(|t| t.starts_with(begins)), "{key}: {letter}");
    }
    assert!(letter["cause"].as_str().is_some_and(|text| text.contains("validation rule")));
    assert!(letter["cure"].as_str().is_some_and(|text| text.contains("replay")), "{letter}");
    assert_eq!(metric(&world, "puente_media_aside").await, "1");

    // there is nothing to correct in it
    let path = format!("/api/v1/dead-letters/{}", letter["id"].as_str().unwrap());
    let (status, open) = call(&world, Method::GET, &path, Value::Null).await;
    assert_eq!((status, open.get("body"), open.get("message")), (StatusCode::OK, None, None));
    let (status, problem) = call(&world, Method::PUT, &path, json!({ "body": {} })).await;
    assert_eq!(status.as_u16(), 422, "{problem}");
    let said = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
    assert!(said("detail").contains("a file has nothing to edit"), "{problem}");
    assert!(said("cure").contains("replay"), "{problem}");

    world.org().gate().faults.clear();
    for outcome in ["done", "settled"] {
        assert_eq!(replay(&world, letter).await, outcome);
        world.quiet(HOUR_MS).await;
        world.stands_once(&wamid, &bytes);
    }
    assert_eq!(world.org().count("ContentVersion"), 1);
    assert!(letters(&world).await.is_empty());
    assert_eq!(metric(&world, "puente_media_aside").await, "0");
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(alerts.is_empty(), "what was said of it ends with it: {alerts:?}");
    let trail = world.town.store.audit_after(&world.town.tenant, 0, 100).await.unwrap();
    assert_eq!(trail.iter().filter(|line| line.action == "letter.replayed").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn many_files_are_counted_and_come_back_each_once() {
    let world = World::quick().await;
    refuse_files(&world);
    let people: Vec<_> = (0..4).map(|n| world.customer(&format!("P{n}"))).collect();
    let sent: Vec<_> = (0..20).map(|n| world.sends_file(&people[n % 4], "image", 900)).collect();
    world.quiet(HOUR_MS).await;
    let path = "/api/v1/dead-letters/replay";
    let mut wish = json!({ "kind": "file" });
    let (_, counted) = call(&world, Method::POST, path, wish.clone()).await;
    assert_eq!((&counted["count"], &counted["by_kind"]["file"]), (&json!(20), &json!(20)));
    wish["dry_run"] = false.into();
    wish["until"] = counted["until"].clone();
    // not mended: they come back, later than what was counted
    let (_, done) = call(&world, Method::POST, path, wish.clone()).await;
    assert_eq!((&done["done"], &done["refused"]), (&json!(20), &json!(0)), "{done}");
    world.quiet(HOUR_MS).await;
    assert_eq!(letters(&world).await.len(), 20);
    let (_, done) = call(&world, Method::POST, path, wish.clone()).await;
    assert_eq!(done["done"], 0, "set aside anew: {done}");

    world.org().gate().faults.clear();
    wish.as_object_mut().unwrap().remove("until");
    let (_, done) = call(&world, Method::POST, path, wish).await;
    assert_eq!(done["done"], 20, "{done}");
    world.quiet(HOUR_MS).await;
    for (wamid, bytes) in &sent {
        world.stands_once(wamid, bytes);
    }
    assert!(letters(&world).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_discarded_file_stays_away_with_its_reason() {
    let world = World::quick().await;
    refuse_files(&world);
    let ana = world.customer("Ana");
    let (wamid, _) = world.sends_file(&ana, "image", 5_000);
    world.quiet(HOUR_MS).await;
    let letter = letters(&world).await.remove(0);
    let path = format!("/api/v1/dead-letters/{}/discard", letter["id"].as_str().unwrap());
    let (status, _) = call(&world, Method::POST, &path, json!({})).await;
    assert_eq!(status.as_u16(), 422, "not without a word");
    for outcome in ["done", "settled"] {
        let (_, answer) = call(&world, Method::POST, &path, json!({ "reason": "ours" })).await;
        assert_eq!(answer["outcome"], outcome);
    }
    assert!(letters(&world).await.is_empty());
    assert_eq!(replay(&world, &letter).await, "settled", "it is over");
    assert_eq!(metric(&world, "puente_media_aside").await, "0");
    world.org().gate().faults.clear();
    let before = world.org_calls();
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!((world.org_calls(), world.org().count("ContentVersion")), (before, 0));
    assert_eq!(world.message_row(&wamid)["Media_Status__c"], "Failed");
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(alerts.is_empty(), "{alerts:?}");
}

/// The file of a send is no letter of its own: its send is, and brings it back.
#[tokio::test(start_paused = true)]
async fn a_send_whose_file_could_not_be_had_comes_back_with_it() {
    static INFECTED: AtomicBool = AtomicBool::new(true);
    let says = |_: &[u8]| match INFECTED.load(Ordering::SeqCst) {
        true => "stream: Eicar FOUND\0",
        false => "stream: OK\0",
    };
    let town = TownOptions { scanner: scanner(says), ..TownOptions::default() };
    let world = World::new(Setting { town, ..Setting::default() }).await;
    let ana = world.writer("Ana").await;
    let version = world.org().add_file("Plan A.png", "a picture").unwrap();
    let part = json!({ "salesforce_file_id": version });
    let send = json!({ "to": phone(&ana), "type": "image", "image": part });
    let (status, accepted) =
        world.eye().call(Method::POST, "/send", Some("one"), &send).await.unwrap();
    assert_eq!(status, StatusCode::ACCEPTED, "{accepted}");
    world.quiet(HOUR_MS).await;
    let all = letters(&world).await;
    assert_eq!(all.len(), 1, "once, as a send: {all:?}");
    assert_eq!((&all[0]["kind"], &all[0]["id"]), (&json!("send"), &accepted["id"]));
    assert_eq!(all[0]["code"], "puente.media_infected");
    assert_eq!(metric(&world, "puente_media_aside").await, "0", "one count for one letter");
    let sends = world.calls("messages.send");

    INFECTED.store(false, Ordering::SeqCst);
    assert_eq!(replay(&world, &all[0]).await, "done");
    world.quiet(HOUR_MS).await;
    assert!(letters(&world).await.is_empty(), "{:?}", letters(&world).await);
    assert_eq!(world.calls("messages.send") - sends, 1);
    let standing = world.standing(accepted["id"].as_str().unwrap()).await;
    assert_eq!(standing["status"], "delivered", "{standing}");
}
