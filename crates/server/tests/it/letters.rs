use model::ids::{AttemptId, OutboxId};
use serde_json::{Value, json};
use server::auth::Scope;
use store::op::{BeginSend, FinishSend, SendEnd};
use store::{Commit, Did, Op};

use crate::world::{START, World, request, tenant};

const EACH: [Scope; 3] = [Scope::Send, Scope::Read, Scope::Admin];

fn template() -> Value {
    json!({ "to": "+525550100123", "type": "template",
            "template": { "name": "order_ready", "language": { "code": "es_MX" } } })
}

/// A send of tenant one, called and ended like this.
async fn ended(world: &World, key: &str, idempotency: &str, end: SendEnd) -> String {
    let id =
        world.send(key, idempotency, &template()).await.json()["id"].as_str().unwrap().to_owned();
    let begin = BeginSend {
        tenant: tenant("one"),
        outbox: OutboxId::parse(&id).unwrap(),
        attempt: AttemptId::new(&world.ambient),
        at: START,
        deadline: START.plus(10_000),
        sync_due_at: START,
        policy: model::ConsentPolicy::IMPLIED,
    };
    let did = world.store.commit(Commit::of(vec![Op::BeginSend(begin)])).await.unwrap();
    let Did::Permit(permit) = did[0].clone() else { panic!("{did:?}") };
    let finish = FinishSend { permit, at: START, end, sync_due_at: START };
    world.store.commit(Commit::of(vec![Op::FinishSend(finish)])).await.unwrap();
    id
}

async fn refused(world: &World, key: &str, idempotency: &str) -> String {
    let end = SendEnd::Refused { code: "wa.131026".into(), detail: "undeliverable".into() };
    ended(world, key, idempotency, end).await
}

#[tokio::test]
async fn a_letter_is_listed_shown_edited_replayed_and_audited() {
    let world = World::new().await;
    let key = world.key("one", &EACH).await;
    let id = refused(&world, &key, "k").await;
    let list = world.get("/api/v1/dead-letters?kind=send", &key).await.json();
    let letter = &list["items"][0];
    assert_eq!((&letter["id"], &letter["code"]), (&json!(id), &json!("wa.131026")));
    for said in ["cause", "cure", "at", "detail"] {
        assert!(letter[said].as_str().is_some_and(|text| !text.is_empty()), "{said}: {letter}");
    }
    assert!(letter.get("message").is_none(), "the list shows no content");
    let path = format!("/api/v1/dead-letters/{id}");
    let open = world.get(&path, &key).await.json();
    assert_eq!(open["message"]["template"]["name"], "order_ready");

    let mut other = open["message"].clone();
    other["template"]["name"] = "order_late".into();
    let put = |body: &Value| request("PUT", &path, &key, &body.to_string());
    let edited = world.ask(put(&json!({ "message": other }))).await;
    assert_eq!(edited.json()["outcome"], "done", "{}", edited.text());
    let bad = world.ask(put(&json!({ "message": { "type": "text" } }))).await;
    assert_eq!(bad.problem().0, 422);
    assert!(bad.json()["cure"].as_str().is_some_and(|cure| !cure.is_empty()));
    assert_eq!(world.get(&path, &key).await.json()["message"]["template"]["name"], "order_late");

    for outcome in ["done", "settled"] {
        let answer = world.post(&format!("{path}/replay"), &key, &json!({})).await;
        assert_eq!(answer.json()["outcome"], outcome);
    }
    assert_eq!(world.get(&path, &key).await.problem().0, 404, "it is no letter any more");
    let standing = world.get(&format!("/status/{id}"), &key).await.json();
    assert_eq!((&standing["status"], &standing["out_of_order"]), (&json!("queued"), &json!(true)));
    let trail = world.get("/api/v1/audit", &key).await.json();
    let told: Vec<_> = trail["items"].as_array().unwrap().iter().map(|l| &l["action"]).collect();
    assert_eq!(told, ["send.accepted", "letter.edited", "letter.replayed"]);
}

#[tokio::test]
async fn tenants_never_meet_over_letters_and_uncertain_sends() {
    let world = World::new().await;
    let (one, two) = (world.key("one", &EACH).await, world.key("two", &EACH).await);
    let letter = refused(&world, &one, "a").await;
    let lost = SendEnd::Uncertain { code: "wa.no_answer".into(), detail: "".into(), until: START };
    let asked = ended(&world, &one, "b", lost).await;
    world.store.commit(Commit::of(vec![Op::AskUncertain { at: START }])).await.unwrap();
    world.clock.forward(60_000);
    for path in ["/api/v1/dead-letters", "/api/v1/uncertain-sends"] {
        assert_eq!(world.get(path, &two).await.json()["items"], json!([]), "{path}");
        assert_eq!(world.get(path, &one).await.json()["items"].as_array().unwrap().len(), 1);
    }
    let path = format!("/api/v1/dead-letters/{letter}");
    assert_eq!(world.get(&path, &two).await.problem().0, 404);
    let body = json!({ "message": { "type": "text", "text": { "body": "mine" } } });
    let edit = world.ask(request("PUT", &path, &two, &body.to_string())).await;
    assert_eq!(edit.problem().0, 404);
    for act in ["replay", "discard"] {
        let reason = if act == "replay" { json!({}) } else { json!({ "reason": "mine" }) };
        let answer = world.post(&format!("{path}/{act}"), &two, &reason).await;
        assert_eq!(answer.json()["outcome"], "settled", "{act}");
        let mut many = reason.clone();
        many["dry_run"] = false.into();
        let answer = world.post(&format!("/api/v1/dead-letters/{act}"), &two, &many).await;
        assert_eq!(answer.json()["done"], 0, "{act}");
    }
    for (act, body) in [("resend", json!({})), ("drop", json!({ "reason": "mine" }))] {
        let path = format!("/api/v1/uncertain-sends/{asked}/{act}");
        assert_eq!(world.post(&path, &two, &body).await.problem().0, 404, "{act}");
    }
    assert_eq!(world.get(&path, &one).await.status, 200, "nothing was touched");
    let resend = format!("/api/v1/uncertain-sends/{asked}/resend");
    assert_eq!(world.post(&resend, &one, &json!({})).await.json()["outcome"], "done");
}

#[tokio::test]
async fn reading_needs_read_deciding_needs_send_and_content_needs_admin() {
    let world = World::new().await;
    let all = world.key("one", &EACH).await;
    let id = refused(&world, &all, "a").await;
    let letter = format!("/api/v1/dead-letters/{id}");
    let resend = format!("/api/v1/uncertain-sends/{id}/resend");
    for (scope, open) in [
        (Scope::Read, [200, 200, 403, 403]),
        (Scope::Send, [403, 403, 403, 200]),
        (Scope::Admin, [403, 403, 200, 403]),
    ] {
        let key = world.key("one", &[scope]).await;
        let answers = [
            world.get("/api/v1/dead-letters", &key).await,
            world.get("/api/v1/uncertain-sends", &key).await,
            world.get(&letter, &key).await,
            world.post(&resend, &key, &json!({})).await,
        ];
        let statuses = answers.map(|answer| answer.status.as_u16());
        assert_eq!(statuses, open, "{scope:?}");
    }
}

#[tokio::test]
async fn many_are_counted_first_and_a_reason_is_required() {
    let world = World::new().await;
    let key = world.key("one", &EACH).await;
    for n in 0..3 {
        refused(&world, &key, &format!("k{n}")).await;
    }
    world.clock.forward(1_000);
    let (replay, discard) = ("/api/v1/dead-letters/replay", "/api/v1/dead-letters/discard");
    let counted = world.post(replay, &key, &json!({ "kind": "send" })).await.json();
    assert_eq!((&counted["count"], &counted["by_kind"]), (&json!(3), &json!({ "send": 3 })));
    for (path, body, field) in [
        (discard, json!({}), "reason"),
        (discard, json!({ "reason": "" }), "reason"),
        (replay, json!({ "kind": "letter" }), "kind"),
        (replay, json!({ "until": "yesterday" }), "until"),
        (replay, json!({ "dry_run": "no" }), "dry_run"),
        (replay, json!({ "kinds": "send" }), "kinds"),
    ] {
        let (status, _, named) = world.post(path, &key, &body).await.problem();
        assert_eq!((status, named.as_str()), (422, field), "{path} {body}");
    }
    let wish = json!({ "code": "wa.131026", "reason": "a test", "dry_run": false });
    let done = world.post(discard, &key, &wish).await.json();
    assert_eq!((&done["done"], &done["refused"]), (&json!(3), &json!(0)), "{done}");
    assert_eq!(world.post(discard, &key, &wish).await.json()["done"], 0);
    assert_eq!(world.get("/api/v1/dead-letters", &key).await.json()["items"], json!([]));
}

#[tokio::test]
async fn the_list_is_read_page_by_page() {
    let world = World::new().await;
    let key = world.key("one", &EACH).await;
    let mut want = Vec::new();
    for n in 0..5 {
        want.push(refused(&world, &key, &format!("k{n}")).await);
    }
    let (mut got, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/dead-letters?limit=2{cursor}");
        let page = world.get(&path, &key).await.json();
        let items = page["items"].as_array().unwrap().clone();
        got.extend(items.iter().map(|l| l["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    want.sort();
    got.sort();
    assert_eq!(got, want);
    let (status, _, field) = world.get("/api/v1/dead-letters?cursor=x", &key).await.problem();
    assert_eq!((status, field.as_str()), (422, "cursor"));
}
