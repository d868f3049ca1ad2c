use std::time::Duration;

use axum::Router;
use axum::routing::get;
use serde_json::json;
use server::auth::Scope;
use server::{Known, router_with};

use crate::world::{World, request};

#[tokio::test]
async fn a_problem_says_what_where_and_how_to_cure_it() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let mut asked = request("POST", "/send", &key, r#"{"to":5,"type":"text"}"#);
    asked.headers_mut().insert("idempotency-key", "k".parse().unwrap());
    asked.headers_mut().insert("x-request-id", "mine-1".parse().unwrap());
    let answer = world.ask(asked).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.head("x-request-id"), "mine-1");
    assert_eq!(answer.head("cache-control"), "no-store");
    assert_eq!(
        answer.json(),
        json!({
            "type": "/docs/faults/puente.field",
            "title": "A value cannot be accepted",
            "status": 422,
            "detail": "It is a number.",
            "code": "puente.field",
            "cure": "Send a text of 1 to 256 characters, or leave the field out.",
            "field": "to",
            "instance": "mine-1",
        })
    );
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Read]).await;
    for (method, path, status, code) in [
        ("GET", "/api/v1/nothing", 404, "puente.not_found"),
        ("GET", "/api", 404, "puente.not_found"),
        ("GET", "/webhook", 404, "puente.not_found"),
        ("DELETE", "/healthz", 405, "puente.method"),
        ("POST", "/", 405, "puente.method"),
        ("GET", "/gone.js", 404, "puente.not_found"),
    ] {
        let answer = world.ask(request(method, path, &key, "")).await;
        let (got, word, _) = answer.problem();
        assert_eq!((got, word.as_str()), (status, code), "{method} {path}");
        assert!(answer.json()["instance"].as_str().unwrap().starts_with("req_"));
    }
}

#[tokio::test]
async fn request_ids_that_could_forge_a_log_line_are_replaced() {
    let world = World::new().await;
    for bad in ["", "a b", "<x>", &"x".repeat(65)] {
        let mut asked = request("GET", "/healthz", "", "");
        asked.headers_mut().insert("x-request-id", bad.parse().unwrap());
        let answer = world.ask(asked).await;
        assert!(answer.head("x-request-id").starts_with("req_"), "{bad}");
    }
}

#[tokio::test]
async fn the_page_of_each_code_is_where_its_type_points() {
    let world = World::new().await;
    for known in Known::ALL {
        let answer = world.get(&format!("/docs/faults/{}", known.code), "").await;
        assert_eq!(answer.status, 200, "{}", known.code);
        assert!(answer.text().contains(known.code), "{}", known.code);
    }
    // Meta's and Salesforce's codes stand in answers too
    for code in ["wa.131047", "sf.UNABLE_TO_LOCK_ROW"] {
        assert_eq!(world.get(&format!("/docs/faults/{code}"), "").await.status, 200, "{code}");
    }
    assert_eq!(world.get("/docs/faults/wa.0000", "").await.status, 404);
}

#[tokio::test(start_paused = true)]
async fn a_defect_or_a_stall_costs_one_request_and_shows_nothing_of_itself() {
    async fn broken() -> String {
        panic!("a secret of the inside")
    }
    async fn stalled() {
        std::future::pending().await
    }
    let mut world = World::with(|o| o.request_time_max = Duration::from_secs(3)).await;
    let extra = Router::new().route("/x/broken", get(broken)).route("/x/stalled", get(stalled));
    world.router = router_with(world.state.clone(), extra);
    let answer = world.get("/x/broken", "").await;
    assert_eq!(answer.problem().1, "puente.internal");
    assert!(!answer.text().contains("secret"));
    let answer = world.get("/x/stalled", "").await;
    assert_eq!(answer.problem().1, "puente.timeout");
    assert_eq!((answer.status.as_u16(), answer.head("retry-after")), (503, "2"));
    assert!(answer.head("x-request-id").starts_with("req_"));
    assert_eq!(world.get("/healthz", "").await.status, 200);
}
