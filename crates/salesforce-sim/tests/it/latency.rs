//! Time, locks and races.

use std::sync::Arc;

use salesforce_sim::{Config, Latency};
use serde_json::json;

use crate::client::{Answer, BASE, Client, START_MS};

async fn busy() -> Arc<Client> {
    Arc::new(Client::with(Config { latency: Latency::USUAL, ..Config::default() }).await)
}

fn elapsed(c: &Client) -> i64 {
    c.sim.gate().clock.now_ms() - START_MS
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_its_base_and_its_rows() {
    let c = busy().await;
    c.upsert("Puente_Person__c", (0..50).map(|i| json!({ "Key__c": i.to_string() })).collect())
        .await;
    assert_eq!(elapsed(&c), 120 + 50 * 8);
    let part = |n: usize| json!({ "method": "POST", "url": format!("{BASE}/sobjects/Case"), "referenceId": format!("r{n}"), "body": {} });
    for (all_or_none, before) in [(false, 520), (true, 520 + 136)] {
        c.call(
            "POST",
            "/composite",
            json!({ "allOrNone": all_or_none, "compositeRequest": [part(1), part(2)] }),
        )
        .await;
        assert_eq!(elapsed(&c), before + 136, "one base for the whole call");
    }
    c.get("/limits").await;
    assert_eq!(elapsed(&c), 520 + 272);
}

#[tokio::test(start_paused = true)]
async fn of_two_upserts_of_a_new_key_one_loses() {
    let c = busy().await;
    let one = |c: Arc<Client>| {
        tokio::spawn(
            async move { c.upsert("Puente_Person__c", vec![json!({ "Key__c": "p" })]).await },
        )
    };
    let (a, b) = (one(c.clone()), one(c.clone()));
    let items: Vec<Answer> = vec![a.await.unwrap(), b.await.unwrap()];
    let losers = items.iter().filter(|a| a.item(0) == "DUPLICATE_VALUE").count();
    assert_eq!((losers, c.sim.count("Puente_Person__c")), (1, 1));
    let again = c.upsert("Puente_Person__c", vec![json!({ "Key__c": "p" })]).await;
    assert_eq!(again.body[0]["created"], false, "the loser's repetition finds the row");
}

#[tokio::test(start_paused = true)]
async fn children_wait_for_their_parent() {
    let c = busy().await;
    let parent = c.sim.create("Puente_Conversation__c", json!({ "Key__c": "c" })).unwrap();
    let other = c.sim.create("Puente_Conversation__c", json!({ "Key__c": "d" })).unwrap();
    let child = |c: &Arc<Client>, key: &str, parent: &str| {
        let (c, record) = (c.clone(), json!({ "Key__c": key, "Conversation__c": parent }));
        tokio::spawn(async move { c.upsert("Puente_Message__c", vec![record]).await })
    };
    let all = [child(&c, "m1", &parent), child(&c, "m2", &parent), child(&c, "m3", &other)];
    for answer in all {
        assert_eq!(answer.await.unwrap().item(0), "");
    }
    assert_eq!(elapsed(&c), 256, "two of one parent follow each other; the third went beside them");
}

#[tokio::test(start_paused = true)]
async fn cases_of_one_account_follow_each_other() {
    let c = busy().await;
    let account = c.sim.create("Account", json!({ "Name": "a" })).unwrap();
    let contact = |account: Option<&str>| {
        let contact = json!({ "LastName": "a", "AccountId": account });
        c.sim.create("Contact", contact).unwrap()
    };
    let people = [contact(Some(&account)), contact(Some(&account)), contact(None)];
    let calls = people.map(|id| {
        let c = c.clone();
        tokio::spawn(
            async move { c.call("POST", "/sobjects/Case", json!({ "ContactId": id })).await },
        )
    });
    for call in calls {
        assert_eq!(call.await.unwrap().status, 201);
    }
    assert_eq!(elapsed(&c), 256, "two of one Account in turn; the third beside them");
    let seen = c.sim.traffic();
    assert_eq!((seen.in_flight_max, seen.lock_errors), (3, 0));
    assert_eq!((seen.in_flight_mean, seen.waiting_mean), (2.0, 0.5));
}

/// A call is slow while it holds its rows, as a trigger or a flow makes it.
#[tokio::test(start_paused = true)]
async fn a_slow_call_keeps_others_from_its_rows() {
    let c = Arc::new(
        Client::with(Config {
            latency: Latency { tail_max_ms: 60_000, ..Latency::USUAL },
            ..Config::default()
        })
        .await,
    );
    let parent = c.sim.create("Puente_Conversation__c", json!({ "Key__c": "c" })).unwrap();
    let url = format!("{BASE}/composite/sobjects/Puente_Message__c/Key__c");
    for n in 0..300 {
        let call = |key: String| {
            let record = json!({ "attributes": { "type": "Puente_Message__c" },
                                 "Key__c": key, "Conversation__c": parent });
            let part = json!({ "method": "PATCH", "referenceId": "m", "url": url,
                               "body": { "records": [record] } });
            let c = c.clone();
            tokio::spawn(async move {
                c.call("POST", "/composite", json!({ "compositeRequest": [part] })).await
            })
        };
        for call in [call(format!("{n}a")), call(format!("{n}b"))] {
            assert_eq!(call.await.unwrap().status, 200);
        }
    }
    assert!((1..20).contains(&c.sim.traffic().lock_errors), "{:?}", c.sim.traffic());
}

#[tokio::test(start_paused = true)]
async fn ten_seconds_of_waiting_are_the_most() {
    let c = busy().await;
    let account = c.sim.create("Account", json!({ "Name": "a" })).unwrap();
    let held = c.sim.hold([account.clone()]).await;
    let contact = |account: Option<&str>| json!({ "attributes": { "type": "Contact" }, "LastName": "a", "AccountId": account });
    let records = json!([contact(Some(&account)), contact(None)]);
    let answer = c.call("POST", "/composite/sobjects", json!({ "records": records })).await;
    assert_eq!((answer.item(0), answer.item(1)), ("UNABLE_TO_LOCK_ROW", ""));
    let message = answer.body[0]["errors"][0]["message"].as_str().unwrap();
    assert_eq!(
        message,
        format!("unable to obtain exclusive access to this record or 1 records: {account}")
    );
    assert!(elapsed(&c) >= 10_000);
    let row =
        c.call("PATCH", &format!("/sobjects/Account/{account}"), json!({ "Name": "b" })).await;
    assert_eq!(row.code(), (400, "UNABLE_TO_LOCK_ROW"));
    drop(held);
    assert_eq!(
        c.call("PATCH", &format!("/sobjects/Account/{account}"), json!({ "Name": "b" }))
            .await
            .status,
        204
    );
}

#[tokio::test(start_paused = true)]
async fn the_tail_is_rare_bounded_and_repeats_with_the_seed() {
    let run = async || {
        let c = Client::with(Config {
            latency: Latency::TAILED,
            daily_api_requests: 100_000,
            ..Config::default()
        })
        .await;
        let mut waits = Vec::new();
        for _ in 0..1_000 {
            let before = elapsed(&c);
            c.call("POST", "/sobjects/Case", json!({})).await;
            waits.push(elapsed(&c) - before);
        }
        waits
    };
    let waits = run().await;
    let slow = waits.iter().filter(|w| **w > 128).count();
    assert!((2..=30).contains(&slow), "{slow}");
    assert!(waits.iter().all(|w| (128..10_128).contains(w)));
    assert_eq!(waits, run().await);
}
