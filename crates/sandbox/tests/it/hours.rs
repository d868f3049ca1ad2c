//! Who writes when nobody answers is told so: once, in the commit of their message,
//! and never late.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Op, Probe};
use whatsapp_sim::Customer;

use crate::kill::Fate;
use crate::routing_used::writes;
use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);
const HOUR_MS: i64 = 3_600_000;

/// The world begins on Thursday 1 January 2026 at 00:00 UTC, which is 18:00 of the
/// day before in Mexico City.
const FILE: &str = "format = 1\ntime_zone = 'America/Mexico_City'\n\
    [week]\nthursday = ['09:00-14:00']\nfriday = ['09:00-14:00']\n\
    [reply]\nlanguage = 'es'\nes = 'Volvemos el {opens}.'\nagain_after_hours = 12\n";
const SAID: &str = "Volvemos el jueves 09:00.";

async fn call(world: &World, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/hours{path}");
    world.eye().call(method, &path, None, &body).await.unwrap()
}

async fn keep(world: &World, text: &str) {
    let (status, answer) = call(world, Method::POST, "", json!({ "text": text })).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}

fn told(world: &World, customer: &Customer) -> usize {
    world.heard(customer).iter().filter(|text| text.starts_with("Volvemos")).count()
}

#[tokio::test(start_paused = true)]
async fn who_writes_out_of_hours_is_told_once_in_twelve_hours() {
    let world = World::quick().await;
    let ana = world.customer("Ana");
    writes(&world, &ana, "hola").await;
    assert_eq!(told(&world, &ana), 0, "by itself puente says nothing");
    keep(&world, FILE).await;
    for text in ["¿hay alguien?", "¿hola?"] {
        writes(&world, &ana, text).await;
    }
    assert_eq!(world.copies(&ana, SAID), 1, "{:?}", world.heard(&ana));
    let shown = world.rows("Puente_Message__c", "Direction__c", "Outbound");
    assert_eq!((shown.len(), &shown[0]["Text__c"]), (1, &json!(SAID)));
    let conversation = world.org().rows("Puente_Conversation__c").pop().unwrap();
    assert_eq!(conversation["First_Response_At__c"], Value::Null, "it is no first response");
    // by ten in the morning there it is open, and the next night it is said again
    tokio::time::advance(HOUR * 16).await;
    writes(&world, &ana, "buenos días").await;
    assert_eq!(told(&world, &ana), 1);
    tokio::time::advance(HOUR * 12).await;
    writes(&world, &ana, "buenas noches").await;
    assert_eq!(told(&world, &ana), 2);
    // who leaves is told that, and no more
    let leo = world.customer("Leo");
    writes(&world, &leo, "BAJA").await;
    assert_eq!((told(&world, &leo), world.heard(&leo).len()), (0, 1), "{:?}", world.heard(&leo));
}

#[tokio::test(start_paused = true)]
async fn killed_around_any_commit_it_is_said_once() {
    let aim = |op: &Op| {
        matches!(op, Op::JournalDone { .. } | Op::BeginSend(_) | Op::FinishSend(_) | Op::Item(_))
    };
    let mut struck = 0;
    for after in [false, true] {
        for nth in 1..=5 {
            let world = World::quick().await;
            keep(&world, FILE).await;
            let ana = world.customer("Ana");
            let fate = Fate::at(aim, nth, after);
            let world = world.restarted(Some(fate.clone() as Arc<dyn Probe>)).await;
            world.texts(&ana, "hola");
            world.texts(&ana, "¿hola?");
            let patience = world.now().plus(30_000);
            while !fate.struck() && world.now() < patience {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            struck += u32::from(fate.struck());
            let world = world.restarted(None).await;
            world.quiet(HOUR_MS).await;
            tokio::time::sleep(Duration::from_secs(180)).await;
            world.quiet(HOUR_MS).await;
            assert!(told(&world, &ana) <= 1, "{nth} {after}: {:?}", world.heard(&ana));
            let shown = world.rows("Puente_Message__c", "Direction__c", "Outbound");
            assert_eq!(shown.len(), 1, "{nth} {after}: it is in Salesforce, sent or uncertain");
        }
    }
    assert!(struck >= 5, "{struck} kills");
}

#[tokio::test(start_paused = true)]
async fn a_rule_of_the_routing_asks_for_the_hours() {
    let world = World::quick().await;
    keep(&world, FILE).await;
    let text = "format = 1\n\
        [[newcomer]]\nname = 'night'\nhours = 'out'\nmake = 'nothing'\n\
        [[newcomer]]\nname = 'day'\nmake = 'lead'\n";
    crate::routing_used::apply(&world, text.trim_start_matches("format = 1\n")).await;
    let (ana, eva) = (world.customer("Ana"), world.customer("Eva"));
    writes(&world, &ana, "hola").await;
    assert_eq!(world.org().count("Lead"), 0, "it is night");
    tokio::time::advance(HOUR * 16).await;
    writes(&world, &eva, "hola").await;
    assert_eq!(world.org().count("Lead"), 1);
}

#[tokio::test(start_paused = true)]
async fn versions_are_checked_kept_and_taken_back() {
    let world = World::quick().await;
    let (_, own) = call(&world, Method::GET, "", Value::Null).await;
    assert_eq!((&own["version"], &own["text"]), (&json!(0), &json!(rules::hours::DEFAULT)));
    let (_, found) = call(&world, Method::POST, "/check", json!({ "text": FILE })).await;
    assert_eq!((&found["good"], &found["active"]), (&json!(true), &json!(0)), "{found}");
    let changes = found["changes"].as_array().unwrap();
    assert!(changes.iter().any(|one| one["field"] == "week.monday"), "{found}");
    let broken = FILE.replace("09:00-14:00", "9-14");
    let (status, refused) = call(&world, Method::POST, "", json!({ "text": broken })).await;
    assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("puente.hours_broken")));
    keep(&world, FILE).await;
    let (status, back) = call(&world, Method::POST, "/rollback", json!({})).await;
    assert_eq!((status.as_u16(), &back["version"]), (200, &json!(0)));
    let ana = world.customer("Ana");
    writes(&world, &ana, "hola").await;
    assert_eq!(told(&world, &ana), 0);
}
