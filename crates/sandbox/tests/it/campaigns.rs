//! One template to many people, from the file to the phones: planned, checked,
//! paced, paused, stopped; what the phones show is what counts.

use std::time::Duration;

use http::Method;
use model::ConsentPolicy;
use serde_json::{Value, json};
use whatsapp_sim::{Customer, NewCustomer, Outcome, Tick};

use crate::world::{World, phone};

pub const CAMPAIGNS: &str = "/api/v1/campaigns";
const HOUR_MS: i64 = 3_600_000;
const DAY: Duration = Duration::from_secs(86_400);

/// Mexicans whom nobody wrote to yet.
pub fn crowd(world: &World, people: usize) -> Vec<Customer> {
    let one = |n: usize| {
        let new = NewCustomer::named(&format!("C{n}"), &format!("+52558{n:07}"));
        world.phones().customer(new).unwrap()
    };
    (0..people).map(one).collect()
}

pub fn marketing() -> Value {
    json!({ "name": "spring_offer", "language": { "code": "en_US" }, "components": [
        { "type": "header", "parameters": [{ "type": "image",
            "image": { "link": "https://example.com/spring.jpg" } }] },
        { "type": "body", "parameters": [{ "type": "text", "text": "{{name|amigo}}" }] },
        { "type": "button", "sub_type": "copy_code", "index": "1",
            "parameters": [{ "type": "coupon_code", "coupon_code": "SPRING25" }] },
    ] })
}

pub fn utility() -> Value {
    json!({ "name": "hello_world", "language": { "code": "en_US" } })
}

pub fn file(people: &[Customer]) -> String {
    let lines = people.iter().map(|one| format!("{},{}\n", phone(one), one.name));
    format!("phone,name\n{}", lines.collect::<String>())
}

/// The templates are known, as they are some seconds after a start.
pub async fn knows_templates(world: &World) {
    for _ in 0..600 {
        if world
            .eye()
            .call(Method::GET, "/api/v1/templates/hello_world", None, &Value::Null)
            .await
            .unwrap()
            .0
            .is_success()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the list of templates was not read");
}

pub async fn step(world: &World, id: &str, step: &str) -> Value {
    let path = format!("{CAMPAIGNS}/{id}/{step}");
    let (status, answer) = world.eye().call(Method::POST, &path, None, &json!({})).await.unwrap();
    assert!(status.is_success(), "{step}: {status} {answer}");
    answer
}

/// A campaign with its audience, checked.
pub async fn planned(world: &World, plan: Value, audience: &str) -> (String, Value) {
    knows_templates(world).await;
    let wish = json!({ "name": "Rebajas", "plan": plan });
    let made = world.eye().call(Method::POST, CAMPAIGNS, None, &wish).await.unwrap();
    assert!(made.0.is_success(), "{}", made.1);
    let id = made.1["id"].as_str().unwrap().to_owned();
    let path = format!("{CAMPAIGNS}/{id}/audience");
    world.eye().file(&path, "text/csv", audience.to_owned()).await.unwrap();
    let checked = step(world, &id, "check").await;
    (id, checked)
}

pub async fn shown(world: &World, id: &str) -> Value {
    let path = format!("{CAMPAIGNS}/{id}");
    world.eye().call(Method::GET, &path, None, &Value::Null).await.unwrap().1
}

/// Waits until the campaign is in this state.
pub async fn until_state(world: &World, id: &str, state: &str, patience_ms: i64) -> Value {
    let end = world.now().plus(patience_ms);
    loop {
        let shown = shown(world, id).await;
        if shown["campaign"]["state"] == state {
            return shown;
        }
        assert!(world.now() < end, "not {state}: {shown}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Waits for its end. It settles when the last message is an hour old, which is
/// jumped over.
pub async fn done(world: &World, id: &str) -> Value {
    let end = world.now().plus(HOUR_MS);
    loop {
        let shown = shown(world, id).await;
        if people(&shown, "waiting", None) + people(&shown, "queued", None) == 0 {
            break;
        }
        assert!(world.now() < end, "some still wait: {shown}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    world.quiet(HOUR_MS).await;
    tokio::time::advance(Duration::from_secs(3_700)).await;
    until_state(world, id, "done", HOUR_MS).await
}

/// Of members in this state, with this code.
pub fn people(shown: &Value, state: &str, code: Option<&str>) -> u64 {
    let counts = shown["members"].as_array().unwrap().iter();
    let these = counts.filter(|c| c["state"] == state && code.is_none_or(|code| c["code"] == code));
    these.map(|c| c["people"].as_u64().unwrap()).sum()
}

/// Templates of ours that reached this phone.
pub fn got(world: &World, customer: &Customer) -> usize {
    world.phones().read(|sim| {
        let thread = sim.thread(&customer.id);
        thread.filter(|m| m.kind == "template" && m.tick >= Tick::Delivered).count()
    })
}

fn all_got(world: &World, crowd: &[Customer]) -> Vec<usize> {
    crowd.iter().map(|one| got(world, one)).collect()
}

#[tokio::test(start_paused = true)]
async fn everybody_gets_it_once_and_who_wants_none_gets_none() {
    let world = World::asking(ConsentPolicy::IMPLIED).await;
    let crowd = crowd(&world, 300);
    // one said no by word, one by Meta's own switch, which we hear of; and one
    // of them lives where no marketing is delivered
    world.texts(&crowd[0], "BAJA");
    world.phones().prefers(&crowd[1].id, world.town.number.as_str(), true).unwrap();
    world.quiet(HOUR_MS).await;
    let american = world.phones().customer(NewCustomer::named("Sam", "+12025550123")).unwrap();
    let mut audience = file(&crowd);
    audience.push_str(&format!("{},Sam\n", phone(&american)));
    // a line twice is one person
    audience.push_str(&format!("{},Otra vez\n", phone(&crowd[7])));
    let plan = json!({ "template": marketing(), "tier": "UNLIMITED", "per_second": 20 });
    let (id, checked) = planned(&world, plan, &audience).await;
    let check = &checked["check"];
    assert_eq!(check["taken"], 298, "{check}");
    assert_eq!(check["left_out"], json!({ "opted_out": 2, "united_states": 1 }), "{check}");

    let before = all_got(&world, &crowd);
    assert_eq!(before.iter().sum::<usize>(), 0, "a check sends nothing");
    step(&world, &id, "start").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    step(&world, &id, "pause").await;
    // what was called when it was paused ends
    tokio::time::sleep(Duration::from_secs(5)).await;
    let held: usize = all_got(&world, &crowd).iter().sum();
    assert!((20..250).contains(&held), "{held} at the pause");
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(all_got(&world, &crowd).iter().sum::<usize>(), held, "paused is paused");

    step(&world, &id, "resume").await;
    let done = done(&world, &id).await;
    assert_eq!(all_got(&world, &crowd)[..2], [0, 0], "who wants none");
    assert_eq!(all_got(&world, &crowd)[2..], vec![1; 298]);
    assert_eq!(got(&world, &american), 0);
    assert_eq!(people(&done, "sent", None), 298, "{done}");
    assert_eq!(people(&done, "left_out", Some("puente.opted_out")), 2, "{done}");
    assert_eq!(people(&done, "left_out", Some("puente.united_states")), 1, "{done}");
}

#[tokio::test(start_paused = true)]
async fn who_says_no_while_it_runs_gets_none_by_the_phones_own_ledger() {
    let world = World::asking(ConsentPolicy::IMPLIED).await;
    let crowd = crowd(&world, 120);
    let plan = json!({ "template": marketing(), "tier": "UNLIMITED", "per_second": 4 });
    let (id, _) = planned(&world, plan, &file(&crowd)).await;
    step(&world, &id, "start").await;
    let mut said = Vec::new();
    for (n, one) in crowd.iter().enumerate().skip(60).step_by(6) {
        tokio::time::sleep(Duration::from_millis(700)).await;
        if n % 12 == 0 {
            world.texts(one, "stop");
        } else {
            world.phones().prefers(&one.id, world.town.number.as_str(), true).unwrap();
        }
        // a second for the word to be heard
        tokio::time::sleep(Duration::from_secs(1)).await;
        said.push((one, got(&world, one)));
    }
    done(&world, &id).await;
    for (one, then) in said {
        assert_eq!(got(&world, one), then, "{} got one after their no", one.name);
    }
    assert!(all_got(&world, &crowd).iter().all(|n| *n <= 1));
}

#[tokio::test(start_paused = true)]
async fn what_meta_holds_back_is_tried_again_after_a_day() {
    let world = World::asking(ConsentPolicy::IMPLIED).await;
    let crowd = crowd(&world, 20);
    world.phones().change(|sim| {
        let held = sim.customers.get_mut(&crowd[3].id).unwrap();
        held.script.push_back(Outcome::Fail(131_049));
    });
    let plan = json!({ "template": marketing(), "tier": "UNLIMITED",
        "pause_at": { "failed": 100, "opted_out": 100, "after": 50 } });
    let (id, _) = planned(&world, plan, &file(&crowd)).await;
    step(&world, &id, "start").await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    let meanwhile = shown(&world, &id).await;
    assert_eq!(people(&meanwhile, "held_back", Some("wa.131049")), 1, "{meanwhile}");
    let calls = || world.phones().gate().log.counts().get("messages.send").copied();
    assert_eq!(calls(), Some(20), "nobody is called twice within the day");
    tokio::time::advance(DAY - Duration::from_secs(3 * 3_600)).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(calls(), Some(20), "nor before it is over");
    tokio::time::advance(Duration::from_secs(3 * 3_600)).await;
    let end = world.now().plus(3 * HOUR_MS);
    while calls() != Some(21) && world.now() < end {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let done = done(&world, &id).await;
    assert_eq!(calls(), Some(21));
    assert_eq!(people(&done, "sent", None), 20, "{done}");
    assert_eq!(got(&world, &crowd[3]), 1);
}

#[tokio::test(start_paused = true)]
async fn it_pauses_by_itself_when_too_many_fail() {
    let world = World::quick().await;
    let crowd = crowd(&world, 200);
    world.phones().change(|sim| {
        for one in crowd.iter().step_by(4) {
            let one = sim.customers.get_mut(&one.id).unwrap();
            one.usually = Outcome::Fail(131_026);
        }
    });
    let plan = json!({ "template": utility(), "tier": "UNLIMITED", "per_second": 10 });
    let (id, _) = planned(&world, plan, &file(&crowd)).await;
    step(&world, &id, "start").await;
    let paused = until_state(&world, &id, "paused", HOUR_MS).await;
    let explained = paused["campaign"]["explained"].as_str().unwrap();
    assert!(!explained.is_empty(), "{paused}");
    let sent: usize = all_got(&world, &crowd).iter().sum();
    assert!(sent < 150, "it stopped after {sent}");
    // a person has seen it and goes on: nobody gets a second one
    step(&world, &id, "resume").await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(all_got(&world, &crowd).iter().all(|n| *n <= 1));
}

#[tokio::test(start_paused = true)]
async fn a_reply_does_not_wait_for_a_campaign() {
    let world = World::quick().await;
    let ana = world.writer("Ana").await;
    let crowd = crowd(&world, 600);
    let plan = json!({ "template": utility(), "tier": "UNLIMITED" });
    let (id, _) = planned(&world, plan, &file(&crowd)).await;
    step(&world, &id, "start").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut waits = Vec::new();
    for n in 0..10 {
        let (began, text) = (world.now(), format!("respuesta {n}"));
        let outbox = world.sends(&ana, &format!("r{n}"), &text).await;
        world.until("the reply", 10_000, || (world.copies(&ana, &text) == 1).then_some(())).await;
        waits.push(world.now().since(began));
        world.until_sent(&outbox).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert!(people(&shown(&world, &id).await, "sent", None) < 600, "it was under way");
    assert!(waits.iter().all(|ms| *ms <= 250), "{waits:?} ms");
}
