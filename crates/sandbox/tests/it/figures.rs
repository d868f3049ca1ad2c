//! What is counted, against what the phones and the org themselves know.

use std::collections::BTreeMap;

use http::Method;
use rules::metrics::Metric;
use serde_json::{Value, json};
use whatsapp_sim::{Direction, Message, Outcome, Tick};

use crate::world::World;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

async fn get(world: &World, path: &str) -> Value {
    world.eye().call(Method::GET, path, None, &Value::Null).await.unwrap().1
}

/// Has the present day counted anew, and waits until it is.
async fn counted(world: &World, day: &str) {
    let wish = json!({ "from": day, "to": day });
    let path = "/api/v1/metrics/recompute";
    let (status, asked) = world.eye().call(Method::POST, path, None, &wish).await.unwrap();
    assert_eq!(status, 202, "{asked}");
    let store = &world.town.store;
    for _ in 0..1_000 {
        if store.metric_days_asked(&world.town.tenant, 1).await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the day is not counted");
}

fn figures(answer: &Value) -> BTreeMap<String, i64> {
    let all = answer["figures"].as_array().unwrap().iter();
    all.map(|figure| {
        let metric = figure["metric"].as_str().unwrap();
        let key = figure["key"].as_str().unwrap_or_default();
        (format!("{metric}{key}"), figure["count"].as_i64().unwrap())
    })
    .collect()
}

/// The phones' truth: how many messages are so.
fn phones(world: &World, is: impl Fn(&Message) -> bool) -> i64 {
    world.phones().read(|phones| phones.messages.iter().filter(|m| is(m)).count() as i64)
}

fn ours(message: &Message) -> bool {
    message.direction == Direction::Out
}

fn arrived(message: &Message) -> bool {
    message.took(Tick::Delivered) || message.took(Tick::Read)
}

#[tokio::test(start_paused = true)]
async fn every_figure_is_what_the_simulators_know() {
    let world = World::quick().await;
    let fates = [
        Outcome::Deliver,
        Outcome::SentOnly,
        Outcome::Fail(131_026),
        Outcome::SentThenFail(131_049),
        Outcome::FailThenDeliver(131_026),
        Outcome::Silence,
        Outcome::Deliver,
        Outcome::Deliver,
    ];
    let mut replies = 0;
    for (n, fate) in fates.into_iter().enumerate() {
        // half of them are known to the org, and get a Case
        let name = format!("Cifra {n}");
        let customer = if n % 2 == 0 { world.contact(&name).0 } else { world.customer(&name) };
        world.phones().change(|phones| {
            let phone = phones.customers.get_mut(&customer.id).unwrap();
            phone.usually = fate;
            phone.reads_after_ms = (n % 3 == 0).then_some(5_000);
        });
        world.texts(&customer, "hola");
        world.texts(&customer, "¿están?");
        world.quiet(HOUR_MS).await;
        tokio::time::sleep(std::time::Duration::from_secs(90)).await;
        let outbox = world.sends(&customer, &format!("figure-{n}"), "sí").await;
        world.until_sent(&outbox).await;
        world.quiet(HOUR_MS).await;
        if n >= 6 {
            world.texts(&customer, "gracias");
            replies += 1;
            world.quiet(HOUR_MS).await;
        }
    }
    // everything is told twice, and in the wrong order
    let again: Vec<_> = world.phones().read(|phones| {
        let told = phones.messages.iter().filter(|m| ours(m) && arrived(m));
        told.map(|m| (m.wamid.clone(), m.at_ms / 1_000)).collect()
    });
    for (wamid, at_s) in again {
        for word in ["delivered", "sent"] {
            let post = crate::world::body(
                json!({ "statuses": [crate::world::status(&wamid, word, at_s + 60)] }),
            );
            let answer = world.phones().post_raw(whatsapp_sim::Config::APP, &post).await;
            assert_eq!(answer, Some(200));
        }
    }
    world.quiet(HOUR_MS).await;
    let day = "2026-01-01";
    counted(&world, day).await;
    let range = format!("from={day}&to={day}");
    let shown = figures(&get(&world, &format!("/api/v1/metrics?{range}")).await);
    let count = |metric: Metric| shown.get(metric.as_str()).copied().unwrap_or_default();

    let inbound = phones(&world, |m| !ours(m));
    let sent = |m: &Message| ours(m) && (m.took(Tick::Sent) || arrived(m));
    let failed = |m: &Message| ours(m) && m.took(Tick::Failed) && !arrived(m);
    for (metric, truth) in [
        (Metric::Received, inbound),
        (Metric::Asked, phones(&world, ours)),
        (Metric::Accepted, phones(&world, ours)),
        (Metric::Sent, phones(&world, sent)),
        (Metric::Delivered, phones(&world, |m| ours(m) && arrived(m))),
        (Metric::Read, phones(&world, |m| ours(m) && m.took(Tick::Read))),
        (Metric::Failed, phones(&world, failed)),
        (Metric::Replied, replies),
        (Metric::ConversationsOpened, 8),
        (Metric::ConversationsActive, 8),
        (Metric::FirstResponse, 8),
        (Metric::Response, 8),
        (Metric::CasesCreated, world.org().rows("Case").len() as i64),
    ] {
        assert_eq!(count(metric), truth, "{}: {shown:?}", metric.as_str());
        assert!(truth > 0, "{}: the test shows nothing", metric.as_str());
    }
    // why they failed, by the phones' own codes
    let codes = figures(&get(&world, &format!("/api/v1/metrics?{range}&by=code")).await);
    let by_code = |code: u32| phones(&world, |m| failed(m) && m.error == Some(code));
    for code in [131_026, 131_049] {
        assert_eq!(codes.get(&format!("failedwa.{code}")), Some(&by_code(code)), "{codes:?}");
    }
    // the records behind a figure are those very messages
    let path = format!("/api/v1/metrics/failed/records?{range}");
    let records = get(&world, &path).await["items"].as_array().unwrap().len() as i64;
    assert_eq!(records, phones(&world, failed));
    // who was answered after ninety seconds waited for at least so long
    let whole = get(&world, &format!("/api/v1/metrics?{range}")).await;
    let mean = whole["figures"].as_array().unwrap().iter();
    let mean = mean.clone().find(|f| f["metric"] == "response").unwrap()["mean_seconds"].as_f64();
    assert!(mean.is_some_and(|seconds| (90.0..3_600.0).contains(&seconds)), "{mean:?}");
    world.town.stop().await;
}
