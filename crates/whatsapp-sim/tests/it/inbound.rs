//! What customers do, and the shapes in which it is told.

use serde_json::{Value, json};
use whatsapp_sim::state::Throughput;
use whatsapp_sim::{Config, Dirt, NewCustomer, Utterance};

use crate::scene::Scene;

#[tokio::test(start_paused = true)]
async fn bad_days_are_signed_too() {
    let scene = Scene::new();
    let ana = scene.ana();
    for dirt in Dirt::ALL {
        assert!(scene.sim.dirty(dirt, &ana.id, Config::NUMBER));
        scene.sim.settled().await;
        let got = scene.inbox.got.lock().pop().unwrap();
        let body = got.json();
        let value = &body["entry"][0]["changes"][0]["value"];
        let message = &value["messages"][0];
        match dirt {
            Dirt::UnknownField => assert_eq!(body["entry"][0]["changes"][0]["field"], "holograms"),
            Dirt::UnknownType => assert_eq!(message["type"], "hologram"),
            Dirt::Numbers => assert!(message["timestamp"].is_number()),
            Dirt::Milliseconds => assert_eq!(message["timestamp"].as_str().unwrap().len(), 13),
            Dirt::MissingContacts => assert!(value.get("contacts").is_none()),
            Dirt::Nul => assert!(message["text"]["body"].as_str().unwrap().contains('\0')),
            Dirt::Huge => assert!((3_140_000..=3_145_728).contains(&got.bytes.len())),
            Dirt::Hollow => assert_eq!(value["errors"][0]["code"], 131000),
            Dirt::Dashboard => assert_eq!(body["entry"][0]["id"], "0"),
        }
    }
    assert!(!scene.sim.dirty(Dirt::Nul, "nobody", Config::NUMBER));
}

#[tokio::test(start_paused = true)]
async fn inbound_types_have_their_documented_shapes() {
    let scene = Scene::new();
    let ana = scene.ana();
    let says = |body: Value| {
        let utterance: Utterance = serde_json::from_value(body).unwrap();
        scene.sim.says(&ana.id, Config::NUMBER, &utterance).unwrap()
    };
    let table = [
        (json!({ "type": "image", "caption": "x" }), "image", "/image/sha256"),
        (json!({ "type": "audio", "voice": true }), "audio", "/audio/voice"),
        (json!({ "type": "document", "filename": "a.pdf" }), "document", "/document/filename"),
        (json!({ "type": "sticker" }), "sticker", "/sticker/animated"),
        (json!({ "type": "video" }), "video", "/video/url"),
        (
            json!({ "type": "location", "latitude": 1.5, "longitude": 2.5 }),
            "location",
            "/location/latitude",
        ),
        (
            json!({ "type": "contacts", "contacts": [{ "name": {} }] }),
            "contacts",
            "/contacts/0/name",
        ),
        (
            json!({ "type": "reaction", "message_id": "wamid.x", "emoji": "👍" }),
            "reaction",
            "/reaction/emoji",
        ),
        (json!({ "type": "button", "payload": "P", "text": "T" }), "button", "/button/payload"),
        (
            json!({ "type": "button_reply", "id": "a", "title": "A" }),
            "interactive",
            "/interactive/button_reply/id",
        ),
        (
            json!({ "type": "list_reply", "id": "a", "title": "A" }),
            "interactive",
            "/interactive/list_reply/title",
        ),
        (
            json!({ "type": "form", "response": { "k": "v" } }),
            "interactive",
            "/interactive/nfm_reply/response_json",
        ),
        (
            json!({ "type": "order", "catalog_id": "1", "product_items": [] }),
            "order",
            "/order/catalog_id",
        ),
        (json!({ "type": "unsupported", "kind": "poll" }), "unsupported", "/unsupported/type"),
        (json!({ "type": "request_welcome" }), "request_welcome", "/id"),
        (json!({ "type": "raw", "message": { "type": "ephemeral" } }), "ephemeral", "/id"),
    ];
    for (body, kind, pointer) in table {
        says(body);
        scene.sim.settled().await;
        let message = scene.items("messages").pop().unwrap();
        assert_eq!(message["type"], kind);
        assert!(message.pointer(pointer).is_some_and(|v| !v.is_null()), "{message}");
        assert_eq!(message["from"], "15550001111");
    }
}

#[tokio::test(start_paused = true)]
async fn taps_answer_the_message_they_belong_to() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    let buttons = json!({ "to": "+15550001111", "type": "interactive", "interactive": {
        "type": "button", "body": { "text": "?" }, "action": { "buttons": [
            { "type": "reply", "reply": { "id": "yes", "title": "Yes" } },
            { "type": "reply", "reply": { "id": "no", "title": "No" } }] } } });
    let id = crate::scene::wamid(&scene.send(buttons).await);
    scene.sim.taps(&ana.id, &id, 1).unwrap();
    scene.sim.settled().await;
    let tap = scene.items("messages").pop().unwrap();
    assert_eq!(tap["interactive"]["button_reply"], json!({ "id": "no", "title": "No" }));
    assert_eq!(tap["context"], json!({ "from": "15550009999", "id": id }));
    assert!(scene.sim.taps(&ana.id, &id, 2).is_err());
    assert!(scene.sim.taps("c9", &id, 0).is_err());
}

#[tokio::test(start_paused = true)]
async fn edits_and_deletions_are_told_to_coexistence_numbers_only() {
    for (throughput, want) in [
        (Throughput::Coexistence, vec!["text", "edit", "revoke"]),
        (Throughput::Standard, vec!["text", "unsupported"]),
    ] {
        let scene = Scene::with(|config| config.numbers[0].throughput = throughput);
        let ana = scene.ana();
        let id = scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
        scene.sim.edits(&ana.id, &id, "hello").unwrap();
        scene.sim.deletes(&ana.id, &id).unwrap();
        scene.sim.settled().await;
        let types: Vec<_> = scene.items("messages").iter().map(|m| m["type"].clone()).collect();
        assert_eq!(types, want);
        assert!(scene.sim.read(|w| w.message(&id).unwrap().deleted));
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_number_is_told_from_the_old_one() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.moves(&ana.id, "+15550003333").unwrap();
    scene.sim.settled().await;
    let system = scene.items("messages").into_iter().find(|m| m["type"] == "system").unwrap();
    assert_eq!(system["from"], "15550001111");
    assert_eq!(system["system"]["wa_id"], "15550003333");
    let update = &scene.items("user_id_update")[0]["user_id"];
    assert_eq!(update["previous"], json!(ana.bsuids[Config::BUSINESS]));
    assert_ne!(update["previous"], update["current"]);
    let bo = NewCustomer::named("Bo", "+15550001111");
    assert!(scene.sim.customer(bo).is_ok(), "the old number is free");
}
