//! What Meta hands over.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{join, join_all};
use http::Method;
use serde_json::{Value, json};
use store::Op;
use whatsapp_sim::Config;

use super::{Count, HOUR_MS, after, probe};
use crate::kill::Fate;
use crate::world::{Setting, World, body, message, phone, words};

const DAY_MS: i64 = 24 * HOUR_MS;

/// One message of ten is broken, each in turn and each in several ways.
#[tokio::test(start_paused = true)]
async fn rest_of_a_batch_dropped() {
    let mut count = Count::of("rest of a batch dropped");
    let world = World::quick().await;
    let at = world.now().secs();
    let broken = [
        json!({ "from": "15550107001", "timestamp": at.to_string(), "type": "text" }),
        json!({ "id": null, "from": "15550107001", "timestamp": "soon", "type": "text" }),
        json!("a message"),
        Value::Null,
        json!([]),
    ];
    // one that comes again is the one it was
    let mut distinct = BTreeSet::new();
    for (kind, broken) in broken.iter().enumerate() {
        for place in 0..10 {
            let wamid = |n: usize| format!("wamid.batch{kind}.{place}.{n}");
            let one = |n: usize| message(&wamid(n), "15550107001", &format!("m{n}"), at);
            let mut messages: Vec<_> = (0..10).map(one).collect();
            messages[place] = broken.clone();
            if broken.is_object() {
                messages[place]["text"] = json!({ "body": format!("broken {place}") });
            }
            distinct.insert(messages[place].to_string());
            let post = body(json!({ "messages": messages }));
            let answer = world.phones().post_raw(Config::APP, &post).await;
            assert_eq!(answer, Some(200));
            world.quiet(HOUR_MS).await;
            for n in (0..10).filter(|n| *n != place) {
                let rows = world.rows("Puente_Message__c", "Wamid__c", &wamid(n));
                count.tried(rows.len() == 1, || format!("{}: {} rows", wamid(n), rows.len()));
            }
            let aside = world.depths().await.items_aside;
            let shown = aside == distinct.len() as u64;
            count.tried(shown, || format!("{broken} at {place}: {aside} set aside"));
        }
    }
    send_batches(&world, &mut count).await;
    count.closed(500);
}

/// The same of `POST /send/batch`.
async fn send_batches(world: &World, count: &mut Count) {
    let customer = world.writer("Ana").await;
    for place in 0..10 {
        let mut messages: Vec<Value> = (0..10)
            .map(|n| {
                let mut one = words(&format!("b{place}.{n}"));
                one["to"] = phone(&customer).into();
                one["idempotency_key"] = format!("batch-{place}-{n}").into();
                one
            })
            .collect();
        messages[place]["text"] = json!({ "body": "x".repeat(5_000) });
        let batch = json!({ "messages": messages });
        let answer = world.eye().call(Method::POST, "/send/batch", None, &batch).await.unwrap().1;
        for (n, result) in answer["results"].as_array().unwrap().iter().enumerate() {
            let want = if n == place { 422 } else { 202 };
            count.tried(result["status"] == want, || format!("{n} of {place}: {result}"));
        }
        world.quiet(HOUR_MS).await;
        for n in (0..10).filter(|n| *n != place) {
            let copies = world.copies(&customer, &format!("b{place}.{n}"));
            count.tried(copies == 1, || format!("b{place}.{n}: {copies} copies"));
        }
    }
}

/// The process dies right before or right after a delivery is on disk.
#[tokio::test(start_paused = true)]
async fn two_hundred_before_durable() {
    let mut count = Count::of("200 before durable");
    for nth in 1..=12 {
        for late in [false, true] {
            let fate = Fate::at(|op| matches!(op, Op::AppendWebhook(_)), nth, late);
            let world = World::new(Setting { probe: probe(&fate), ..Setting::default() }).await;
            let at = world.now().secs();
            let mut answered = Vec::new();
            for n in 0..nth + 2 {
                let wamid = format!("wamid.d{n}");
                let post = body(json!({ "messages": [message(&wamid, "15550107003", "m", at)] }));
                if world.phones().post_raw(Config::APP, &post).await == Some(200) {
                    answered.push(wamid);
                }
            }
            assert!(fate.struck() && answered.len() < nth as usize, "it was killed in time");
            let world = world.restarted(None).await;
            world.quiet(HOUR_MS).await;
            for wamid in answered {
                let rows = world.rows("Puente_Message__c", "Wamid__c", &wamid).len();
                count.tried(rows == 1, || format!("{nth}, {late}: {wamid} has {rows} rows"));
            }
        }
    }
    for late in [false, true] {
        let fate = Fate::at(|op| matches!(op, Op::Accept(_)), 1, late);
        let world = World::new(Setting { probe: probe(&fate), ..Setting::default() }).await;
        let customer = world.writer("Eva").await;
        let mut request = words("una");
        request["to"] = phone(&customer).into();
        let answer = world.eye().call(Method::POST, "/send", Some("durable"), &request).await;
        let status = answer.unwrap().0;
        count.tried(!status.is_success(), || format!("202 from a dying process: {status}"));
        let world = Box::pin(after(world, &fate, 1_000)).await;
        let answer = world.eye().call(Method::POST, "/send", Some("durable"), &request).await;
        assert!(answer.unwrap().0.is_success(), "the caller's second try");
        world.quiet(HOUR_MS).await;
        let copies = world.copies(&customer, "una");
        count.tried(copies == 1, || format!("{late}: {copies} copies"));
    }
    count.closed(100);
}

/// The same message, tick and request many times at one moment, from somebody
/// new: two of everything could be made.
#[tokio::test(start_paused = true)]
async fn duplicate_under_a_race() {
    const TIMES: usize = 40;
    let mut count = Count::of("duplicate under a race");
    let world = World::quick().await;
    for round in 0..25 {
        let customer = world.writer(&format!("R{round}")).await;
        let (from, at) = (customer.wa_id.clone(), world.now().secs());
        let stranger = format!("155502{round:05}");
        let wamid = |n: usize| format!("wamid.race{round}.{n}");
        let post = |n: usize| {
            let mut messages = vec![message(&wamid(0), &from, "igual", at)];
            // in other company each time, and once in another order
            messages.push(message(&wamid(1 + n % 3), &stranger, "nuevo", at));
            if n % 2 == 1 {
                messages.reverse();
            }
            body(json!({ "messages": messages }))
        };
        let posts: Vec<_> = (0..TIMES).map(post).collect();
        let phones = world.phones();
        let text = format!("carrera {round}");
        let mut request = words(&text);
        request["to"] = phone(&customer).into();
        let (eye, key) = (world.eye(), format!("race-{round}"));
        let sends = (0..TIMES).map(|_| eye.call(Method::POST, "/send", Some(&key), &request));
        let webhooks = posts.iter().map(|post| phones.post_raw(Config::APP, post));
        let (posted, sent) = join(join_all(webhooks), join_all(sends)).await;
        assert!(posted.iter().all(|answer| *answer == Some(200)));
        assert!(sent.iter().all(|answer| answer.as_ref().unwrap().0.is_success()));
        world.quiet(HOUR_MS).await;
        for n in 0..4 {
            let rows = world.rows("Puente_Message__c", "Wamid__c", &wamid(n)).len();
            count.tried(rows == 1, || format!("{}: {rows} rows", wamid(n)));
        }
        let copies = world.copies(&customer, &text);
        count.tried(copies == 1, || format!("{text}: {copies} copies"));
        let people = world.org().count("Puente_Person__c");
        count.tried(people == 2 * (round + 1), || format!("round {round}: {people} people"));
        let leads = world.org().count("Lead");
        count.tried(leads == 2 * (round + 1), || format!("round {round}: {leads} leads"));
    }
    count.closed(150);
}

/// Meta redelivers for days; a caller may repeat a request after a week.
#[tokio::test(start_paused = true)]
async fn duplicate_after_eight_days() {
    let mut count = Count::of("duplicate after eight days");
    let world = World::quick().await;
    let customer = world.writer("Ida").await;
    let at = world.now().secs();
    let posts: Vec<_> = (0..10)
        .map(|n| {
            let one = message(&format!("wamid.old{n}"), &customer.wa_id, &format!("viejo {n}"), at);
            body(json!({ "messages": [one] }))
        })
        .collect();
    let mut request = words("una vez");
    request["to"] = phone(&customer).into();
    let mut first = None;
    let mut passed = 0;
    // the last one is long after the bodies themselves were purged
    for day in [0, 1, 8, 12, 60, 390] {
        tokio::time::advance(Duration::from_millis(((day - passed) * DAY_MS) as u64)).await;
        passed = day;
        // time for the purge
        tokio::time::sleep(Duration::from_secs(60)).await;
        for post in &posts {
            assert_eq!(world.phones().post_raw(Config::APP, post).await, Some(200));
        }
        let answer = world.eye().call(Method::POST, "/send", Some("again"), &request).await;
        let answer = answer.unwrap().1["id"].clone();
        let first = first.get_or_insert_with(|| answer.clone());
        count.tried(*first == answer, || format!("day {day}: another send, {answer}"));
        world.quiet(HOUR_MS).await;
        for n in 0..10 {
            let wamid = format!("wamid.old{n}");
            let rows = world.rows("Puente_Message__c", "Wamid__c", &wamid).len();
            count.tried(rows == 1, || format!("day {day}: {wamid} has {rows} rows"));
        }
        let copies = world.copies(&customer, "una vez");
        count.tried(copies == 1, || format!("day {day}: {copies} copies"));
    }
    count.closed(70);
}
