//! Writes of one parent never meet: rows are locked as in a real org, where
//! others that want the same row wait, and fail after ten seconds.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use model::Exchange;
use salesforce_sim::{Latency, SalesforceSim, Traffic};
use sandbox::{RouterExchange, Sims, Sites};
use serde_json::{Value, json};
use sim_kit::{Seed, SimClock};
use whatsapp_sim::Customer;

use crate::world::{BEGAN, Setting, World, salesforce_config};

const ACCOUNTS: usize = 50;
const MESSAGES: usize = 10_000;
const HOUR_MS: i64 = 3_600_000;

/// Two people at each of fifty Accounts: who writes for one of them locks the
/// Account of both.
fn staff(world: &World) -> Vec<Customer> {
    let mut people = Vec::new();
    for n in 0..ACCOUNTS {
        let account = world.org().create("Account", json!({ "Name": format!("A{n}") })).unwrap();
        for m in 0..2 {
            let (customer, contact) = world.contact(&format!("C{n}.{m}"));
            world.org().update(&contact, json!({ "AccountId": account })).unwrap();
            people.push(customer);
        }
    }
    people
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_messages_on_fifty_parents_meet_no_lock() {
    for seed in 1..=3 {
        let setting = Setting {
            seed,
            status_delay_ms: 60_000,
            latency: Latency::TAILED,
            ..Setting::default()
        };
        let world = World::new(setting).await;
        let people = staff(&world);
        world.org().forget_traffic();
        let before = world.org_calls();
        for n in 0..MESSAGES / people.len() {
            for person in &people {
                world.texts(person, &format!("m{n}"));
            }
        }
        world.quiet(HOUR_MS).await;
        let (seen, calls) = (world.org().traffic(), world.org_calls() - before);
        let each = calls as f64 / MESSAGES as f64;
        println!("seed {seed}: {calls} calls, {each} a message, {seen:?}");
        assert_eq!(world.org().count("Puente_Message__c"), MESSAGES);
        assert_eq!(world.org().count("Case"), people.len());
        assert_eq!(seen.lock_errors, 0, "seed {seed}: {seen:?}");
        assert!(seen.waiting_mean < 0.001, "seed {seed}: a call waited for another: {seen:?}");
        assert!(at_work(&seen) >= 3.0, "seed {seed}: {seen:?}");
        assert!(each <= 0.05, "seed {seed}: {each} calls a message");
    }
}

/// The same work by a writer that shares messages out without a look at their
/// parents: the simulator must make it fail.
#[tokio::test(start_paused = true)]
async fn who_does_not_look_at_parents_meets_locks() {
    for seed in 1..=3 {
        let (four, eight) = (careless(seed, 4).await, careless(seed, 8).await);
        println!("seed {seed}: four calls at once {four:?}, eight {eight:?}");
        assert!(at_work(&four) < 1.5, "seed {seed}: three of four calls only wait: {four:?}");
        assert!(eight.lock_errors > 0, "seed {seed}: they wait for ten seconds: {eight:?}");
    }
}

/// Calls in flight that do not only wait for a row.
fn at_work(seen: &Traffic) -> f64 {
    seen.in_flight_mean - seen.waiting_mean
}

async fn careless(seed: u64, at_once: usize) -> Traffic {
    let (seed, clock, sites) = (Seed::new(seed), SimClock::starting_at(BEGAN), Sites::within());
    let config = salesforce_config("", Latency::TAILED, &sites);
    let org = SalesforceSim::new(config, clock, &seed).unwrap();
    let parents: Vec<_> = (0..ACCOUNTS)
        .map(|n| org.handle().create("Puente_Conversation__c", json!({ "Key__c": n.to_string() })))
        .collect::<Result<_, _>>()
        .unwrap();
    let door = Arc::new(RouterExchange(org.router()));
    let token = sign_in(&*door, &sites).await;
    let rows: Vec<_> = (0..MESSAGES)
        .map(|n| {
            json!({ "attributes": { "type": "Puente_Message__c" }, "Key__c": n.to_string(),
                    "Conversation__c": parents[n % ACCOUNTS] })
        })
        .collect();
    let calls: Vec<_> = rows.chunks(200).map(<[Value]>::to_vec).collect();
    let mut hands = tokio::task::JoinSet::new();
    for hand in 0..at_once {
        let mine: Vec<_> = calls.iter().skip(hand).step_by(at_once).cloned().collect();
        let (door, token, sites) = (door.clone(), token.clone(), sites.clone());
        hands.spawn(async move {
            for records in mine {
                let path = "services/data/v66.0/composite/sobjects/Puente_Message__c/Key__c";
                let request = Request::patch(format!("{}/{path}", sites.salesforce_url))
                    .header("authorization", format!("Bearer {token}"))
                    .header("content-type", "application/json")
                    .body(Bytes::from(json!({ "records": records }).to_string()))
                    .unwrap();
                assert_eq!(door.send(request).await.unwrap().status(), 200);
            }
        });
    }
    while let Some(hand) = hands.join_next().await {
        hand.unwrap();
    }
    org.handle().traffic()
}

async fn sign_in(door: &dyn Exchange, sites: &Sites) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        Sims::CONSUMER_KEY,
        Sims::CONSUMER_SECRET
    );
    let request = Request::post(format!("{}/services/oauth2/token", sites.salesforce_url))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(form))
        .unwrap();
    let answer = door.send(request).await.unwrap();
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}
