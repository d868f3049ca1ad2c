//! Files that are sent: by an upload, by a file of Salesforce, by an address.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Method, Request, StatusCode, header};
use model::{Carried, Exchange, Lost};
use parking_lot::Mutex;
use sandbox::{RouterExchange, TownOptions};
use serde_json::{Value, json};
use store::Probe;
use tower::ServiceExt;
use whatsapp_sim::{Customer, Direction};

use crate::files::Death;
use crate::world::{Setting, World, phone};

const HOUR_MS: i64 = 3_600_000;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n pixels";

impl World {
    async fn upload(&self, mime: &str, bytes: &'static [u8]) -> String {
        let request = Request::post("/media?filename=a.png")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.town.api_key))
            .header(header::CONTENT_TYPE, mime)
            .body(Body::from(bytes))
            .unwrap();
        let answer = self.town.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        body["id"].as_str().unwrap().to_owned()
    }

    async fn asks(&self, to: &Customer, key: &str, message: Value) -> (StatusCode, Value) {
        let mut body = message;
        body["to"] = phone(to).into();
        self.eye().call(Method::POST, "/send", Some(key), &body).await.unwrap()
    }

    async fn sends_file_of(&self, to: &Customer, key: &str, part: Value) -> String {
        let (status, answer) = self.asks(to, key, json!({ "type": "image", "image": part })).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    /// The bytes behind each picture that the customer's phone shows of us.
    fn pictures(&self, to: &Customer) -> Vec<Bytes> {
        self.phones().read(|w| {
            let ours = w.thread(&to.id).filter(|m| m.direction == Direction::Out);
            let ids = ours.filter_map(|m| m.content["id"].as_str());
            ids.map(|id| w.media[id].bytes.clone()).collect()
        })
    }

    fn uploads_to_meta(&self) -> u64 {
        self.phones().gate().log.count("media.upload")
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_is_sent_from_wherever_it_lies_and_uploaded_once() {
    let w = World::new(Setting { town: web(), ..Setting::default() }).await;
    let ana = w.writer("Ana").await;
    let version = w.org().add_file("Plan A.png", PNG).unwrap();
    let document = w.org().row(&version).unwrap()["ContentDocumentId"].clone();
    let upload = w.upload("image/png", PNG).await;
    for (n, part) in [
        json!({ "salesforce_file_id": version, "caption": "uno" }),
        json!({ "salesforce_file_id": document }),
        json!({ "upload_id": upload }),
        json!({ "upload_id": upload }),
        json!({ "fetch_url": "https://files.example.com/a.png" }),
        json!({ "fetch_url": "https://files.example.com/moved" }),
    ]
    .into_iter()
    .enumerate()
    {
        w.sends_file_of(&ana, &format!("file-{n}"), part).await;
    }
    w.quiet(HOUR_MS).await;
    assert_eq!(w.pictures(&ana), vec![Bytes::from_static(PNG); 6]);
    assert!(w.uploads_to_meta() <= 6 && w.uploads_to_meta() >= 1);
    let before = w.uploads_to_meta();
    w.sends_file_of(&ana, "again", json!({ "salesforce_file_id": version })).await;
    w.sends_file_of(&ana, "once-more", json!({ "upload_id": upload })).await;
    w.quiet(HOUR_MS).await;
    assert_eq!(w.pictures(&ana).len(), 8);
    assert_eq!(w.uploads_to_meta(), before, "Meta holds these bytes for a month");
    let held = w.options.spool.bytes_used();
    assert_eq!(held, PNG.len() as u64, "the upload alone is kept");
    tokio::time::sleep(std::time::Duration::from_secs(2 * 3600)).await;
    assert_eq!(w.options.spool.bytes_used(), 0, "for as long as the configuration says");
    let (status, told) =
        w.asks(&ana, "late", json!({ "type": "image", "image": { "upload_id": upload } })).await;
    assert_eq!(
        (status, &told["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("puente.media_gone"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_send_with_a_file_keeps_its_place() {
    let w = World::quick().await;
    let (ana, bo) = (w.writer("Ana").await, w.writer("Bo").await);
    w.phones().gate().faults.add(
        serde_json::from_value(json!({ "op": "media.upload", "act": { "delay": 20_000 } }))
            .unwrap(),
    );
    let upload = w.upload("image/png", PNG).await;
    w.sends_file_of(&ana, "file", json!({ "upload_id": upload })).await;
    w.sends(&ana, "text", "después").await;
    w.sends(&bo, "other", "ya").await;
    w.until("another person's message", 5_000, || (w.copies(&bo, "ya") == 1).then_some(())).await;
    assert!(w.heard(&ana).is_empty(), "the text waits for the picture before it");
    w.quiet(HOUR_MS).await;
    assert_eq!(w.heard(&ana), ["", "después"]);
}

#[tokio::test(start_paused = true)]
async fn whatever_becomes_of_the_upload_the_message_goes_once() {
    for (n, act) in [
        json!("cut_before"),
        json!("cut_after"),
        json!({ "answer": { "status": 500, "body": "no" } }),
        json!({ "answer_after": { "status": 500, "body": "no" } }),
    ]
    .into_iter()
    .enumerate()
    {
        let w = World::quick().await;
        let ana = w.writer("Ana").await;
        w.meta_fault(json!({ "op": "media.upload", "when": { "nth": 1 }, "act": act }));
        let upload = w.upload("image/png", PNG).await;
        w.sends_file_of(&ana, &format!("file-{n}"), json!({ "upload_id": upload })).await;
        w.quiet(HOUR_MS).await;
        assert_eq!(w.pictures(&ana), [Bytes::from_static(PNG)], "{act}");
    }
}

#[tokio::test(start_paused = true)]
async fn killed_around_every_step_of_a_file_the_message_goes_once() {
    let mut deaths = 0;
    for after in [false, true] {
        for n in 1..16 {
            let w = World::quick().await;
            let ana = w.writer("Ana").await;
            let version = w.org().add_file("a.png", PNG).unwrap();
            let death = Arc::new(Death { after, left: Mutex::new(n), dead: Mutex::new(false) });
            let w = w.restarted(Some(death.clone() as Arc<dyn Probe>)).await;
            // the death may come before the request is on disk: then it is made again
            let part = json!({ "type": "image", "image": { "salesforce_file_id": version } });
            let _ = w.asks(&ana, "file", part.clone()).await;
            for _ in 0..100 {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                if *death.dead.lock() {
                    break;
                }
            }
            deaths += u32::from(*death.dead.lock());
            let w = w.restarted(None).await;
            let (status, answer) = w.asks(&ana, "file", part).await;
            assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
            w.quiet(HOUR_MS).await;
            assert_eq!(w.pictures(&ana), [Bytes::from_static(PNG)], "died at {n}, after: {after}");
        }
    }
    assert!(deaths > 20, "{deaths} deaths");
}

#[tokio::test(start_paused = true)]
async fn what_meta_would_refuse_is_told_before_it_is_accepted_or_as_the_reason() {
    let w = World::new(Setting { town: web(), ..Setting::default() }).await;
    let ana = w.writer("Ana").await;
    let upload = w.upload("image/png", PNG).await;
    let audio = json!({ "type": "audio", "audio": { "upload_id": upload } });
    let (status, told) = w.asks(&ana, "audio", audio).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (&told["code"], &told["field"]),
        (&json!("puente.media_refused"), &json!("audio.upload_id"))
    );
    assert!(told["cure"].as_str().unwrap().contains("`image`"), "{told}");

    let large = w.org().add_file("large.png", vec![0x89; (5 << 20) + 1]).unwrap();
    let odd = w.org().add_file("tool.exe", &b"MZ"[..]).unwrap();
    for (n, (part, code)) in [
        (json!({ "salesforce_file_id": large }), "puente.media_refused"),
        (json!({ "salesforce_file_id": odd }), "puente.media_refused"),
        (json!({ "salesforce_file_id": "068000000000001AAA" }), "puente.media_gone"),
        (json!({ "fetch_url": "https://files.example.com/none" }), "puente.media_not_fetched"),
        (json!({ "fetch_url": "https://files.example.com/inside" }), "puente.media_not_fetched"),
        (json!({ "fetch_url": "https://files.example.com/circle" }), "puente.media_not_fetched"),
        (json!({ "fetch_url": "https://private.example.com/a.png" }), "puente.media_not_fetched"),
    ]
    .into_iter()
    .enumerate()
    {
        let outbox = w.sends_file_of(&ana, &format!("bad-{n}"), part.clone()).await;
        w.quiet(HOUR_MS).await;
        let standing = w.standing(&outbox).await;
        assert_eq!(
            (&standing["status"], &standing["code"]),
            (&json!("failed"), &json!(code)),
            "{part}: {standing}"
        );
    }
    assert_eq!(w.uploads_to_meta(), 0);
    w.sends(&ana, "text", "sigue").await;
    w.quiet(HOUR_MS).await;
    assert_eq!(w.copies(&ana, "sigue"), 1, "a failed file holds nobody");
}

/// The public web, and a name in it that leads into a private network.
struct Web(RouterExchange);

impl Exchange for Web {
    fn carry(&self, request: Request<model::Body>) -> BoxFuture<'_, Carried> {
        if request.uri().host() == Some("private.example.com") {
            return std::future::ready(Err(Lost::Barred)).boxed();
        }
        self.0.carry(request)
    }
}

fn web() -> TownOptions {
    let moved = |to: &'static str| (StatusCode::FOUND, [(header::LOCATION, to)]);
    let router = axum::Router::new()
        .route(
            "/a.png",
            axum::routing::get(|| async { ([(header::CONTENT_TYPE, "image/png")], PNG) }),
        )
        .route("/moved", axum::routing::get(move || async move { moved("/a.png") }))
        .route(
            "/inside",
            axum::routing::get(move || async move { moved("https://10.0.0.1/a.png") }),
        )
        .route("/circle", axum::routing::get(move || async move { moved("/circle") }));
    let media = engine::media::Limits { keep_ms: HOUR_MS, ..engine::media::Limits::default() };
    let web: Arc<dyn Exchange> = Arc::new(Web(RouterExchange(router)));
    TownOptions { web: Some(web), media, ..TownOptions::default() }
}
