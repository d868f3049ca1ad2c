//! What we hand to Meta.

use serde_json::{Value, json};
use store::{Op, OutboxState};
use whatsapp_sim::{Customer, Outcome};

use super::{Count, HOUR_MS, after, probe};
use crate::kill::Fate;
use crate::world::{World, phone, words};

fn error(status: u16, code: i64) -> Value {
    let body = json!({ "error": { "message": "no", "type": "OAuthException", "code": code } });
    json!({ "status": status, "body": body.to_string() })
}

async fn state(world: &World, outbox: &str) -> OutboxState {
    let id = model::ids::OutboxId::parse(outbox).unwrap();
    world.town.store.outbox(&world.town.tenant, id).await.unwrap().unwrap().state
}

/// Nothing will tell the bridge what became of a message to this phone.
fn silence(world: &World, customer: &Customer) {
    world.phones().change(|w| {
        w.customers.get_mut(&customer.id).unwrap().usually = Outcome::Silence;
    });
}

/// The message went out and its answer is lost, late or unreadable; with ticks
/// that tell what became of it, and without.
#[tokio::test(start_paused = true)]
async fn repeated_send_after_a_time_out() {
    let html =
        json!({ "status": 502, "body": "<html>bad gateway</html>", "content_type": "text/html" });
    let acts = [
        json!("cut_after"),
        json!({ "answer_after": { "status": 503, "body": "" } }),
        json!({ "answer_after": { "status": 504, "body": "upstream request timeout" } }),
        json!({ "answer_after": html }),
        json!({ "answer_after": error(500, 131_000) }),
        json!({ "answer_after": error(500, 1) }),
        json!({ "answer_after": error(503, 2) }),
        json!({ "answer_after": error(500, 131_016) }),
        json!({ "answer_after": error(400, 131_000) }),
        json!({ "answer_after": { "status": 200, "body": "{}" } }),
        json!({ "answer_after": { "status": 200, "body": "<html>ok</html>" } }),
        json!({ "answer_after": { "status": 429, "body": "slow down" } }),
    ];
    let mut count = Count::of("repeated send after a time-out");
    let world = World::quick().await;
    for (n, act) in acts.iter().enumerate() {
        for silent in [false, true] {
            let customer = world.writer(&format!("T{n}{silent}")).await;
            if silent {
                silence(&world, &customer);
            }
            let before = world.phones().gate().log.count("messages.send");
            world.meta_fault(json!({ "op": "messages.send", "when": { "nth": 1 }, "act": act }));
            let text = format!("una sola {n} {silent}");
            let outbox = world.sends(&customer, &text.replace(' ', "-"), &text).await;
            world.quiet(6 * HOUR_MS).await;
            world.phones().gate().faults.clear();
            let calls = world.phones().gate().log.count("messages.send") - before;
            let copies = world.copies(&customer, &text);
            let state = state(&world, &outbox).await;
            count.tried(copies == 1 && calls == 1, || {
                format!("{act}: {calls} calls, {copies} copies")
            });
            // nobody knows: then a person is asked, and it is not called sent
            let want = if silent { OutboxState::Asked } else { OutboxState::Accepted };
            count.tried(state == want, || format!("{act}, silent {silent}: {state:?}"));
        }
    }
    count.closed(48);
}

/// Meta refuses the whole account or Salesforce the whole sign-in for a while.
/// What comes in meanwhile, on either side, is kept and worked off.
#[tokio::test(start_paused = true)]
async fn events_dropped_while_a_channel_is_marked_broken() {
    let meta = |code| json!({ "op": "messages.send", "act": { "answer": error(401, code) } });
    let org = |status: u16, body: &str| json!({ "op": "composite", "act": { "answer": { "status": status, "body": body } } });
    let quota =
        r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#;
    let ended = r#"[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]"#;
    let disabled = r#"[{"errorCode":"API_DISABLED_FOR_ORG","message":"API is disabled"}]"#;
    let broken = [
        (true, meta(190)),
        (true, meta(0)),
        (true, meta(131_031)),
        (true, meta(368)),
        (true, meta(131_042)),
        (false, org(401, ended)),
        (false, org(403, quota)),
        (false, org(403, disabled)),
    ];
    let mut count = Count::of("events dropped while a channel is marked broken");
    for (of_meta, rule) in broken {
        let world = World::quick().await;
        let customer = world.writer("Luz").await;
        if of_meta {
            world.meta_fault(rule.clone())
        } else {
            world.org_fault(rule.clone())
        }
        let mut said = Vec::new();
        for n in 0..12 {
            let text = format!("respuesta {n}");
            world.sends(&customer, &format!("broken-{n}"), &text).await;
            said.push(world.texts(&customer, &format!("sigue {n}")));
            tokio::time::sleep(std::time::Duration::from_secs(150)).await;
        }
        let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
        assert!(!alerts.is_empty(), "{rule}: somebody must be told");
        world.phones().gate().faults.clear();
        world.org().gate().faults.clear();
        world.quiet(6 * HOUR_MS).await;
        for wamid in &said {
            let rows = world.rows("Puente_Message__c", "Wamid__c", wamid).len();
            count.tried(rows == 1, || format!("{rule}: {wamid} has {rows} rows"));
        }
        let want: Vec<_> = (0..12).map(|n| format!("respuesta {n}")).collect();
        let heard = world.heard(&customer);
        for (n, text) in want.iter().enumerate() {
            let at = heard.iter().filter(|heard| *heard == text).count();
            count.tried(at == 1 && heard.get(n) == Some(text), || format!("{rule}: {heard:?}"));
        }
    }
    count.closed(190);
}

/// A send that Meta put off is due again; the process dies around each commit
/// of the first and of the second try.
#[tokio::test(start_paused = true)]
async fn retry_repeated_after_a_crash() {
    type Aim = fn(&Op) -> bool;
    let aims: [(&str, Aim); 4] = [
        ("BeginSend", |op| matches!(op, Op::BeginSend(_))),
        ("FinishSend", |op| matches!(op, Op::FinishSend(_))),
        ("ReleaseLane", |op| matches!(op, Op::ReleaseLane(_))),
        ("ClaimLanes", |op| matches!(op, Op::ClaimLanes(_))),
    ];
    let mut count = Count::of("retry repeated after a crash");
    for code in [130_429, 131_056, 80_007] {
        for (name, aim) in aims {
            for nth in 1..=3 {
                for late in [false, true] {
                    let case = format!("{code}, {name} {nth}, {late}");
                    let (copies, state) = Box::pin(put_off_and_killed(code, aim, nth, late)).await;
                    let told = state == OutboxState::Asked;
                    count.tried(copies <= 1, || format!("{case}: {copies} copies"));
                    count.tried(copies == 1 || told, || format!("{case}: {state:?} and no copy"));
                }
            }
        }
    }
    count.closed(140);
}

async fn put_off_and_killed(
    code: i64,
    aim: fn(&Op) -> bool,
    nth: u64,
    late: bool,
) -> (usize, OutboxState) {
    let world = World::quick().await;
    let customer = world.writer("Rut").await;
    silence(&world, &customer);
    world.meta_fault(json!({ "op": "messages.send", "when": { "nth": 1 },
                             "act": { "answer": error(400, code) } }));
    let fate = Fate::at(aim, nth, late);
    let world = world.restarted(probe(&fate)).await;
    // `ClaimLanes` comes by the clock: then the kill may strike before the request
    let sent = world.eye().send(&phone(&customer), "retry", &words("otra vez")).await;
    assert!(sent.is_ok() || fate.struck(), "{sent:?}");
    let world = Box::pin(after(world, &fate, 30_000)).await;
    // a caller without an answer asks again
    let outbox = match sent {
        Ok(outbox) => outbox,
        Err(_) => world.sends(&customer, "retry", "otra vez").await,
    };
    world.quiet(6 * HOUR_MS).await;
    (world.copies(&customer, "otra vez"), state(&world, &outbox).await)
}
