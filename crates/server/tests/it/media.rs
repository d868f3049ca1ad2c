//! Uploads to be sent later.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use server::auth::Scope;

use crate::world::World;

async fn upload(w: &World, query: &str, mime: &str, body: Body) -> (u16, Value) {
    let key = w.key("one", &[Scope::Send]).await;
    let request = Request::post(format!("/media{query}"))
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", mime)
        .body(body)
        .unwrap();
    let answer = w.ask(request).await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn an_upload_is_kept_and_a_send_may_name_it() {
    let w = World::new().await;
    let jpeg = b"\xff\xd8\xff pixels";
    let (status, kept) = upload(&w, "?filename=a.jpg", "image/jpeg", Body::from(&jpeg[..])).await;
    assert_eq!(status, 201, "{kept}");
    assert_eq!((&kept["bytes"], &kept["mime_type"]), (&json!(10), &json!("image/jpeg")));
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, jpeg);
    let hex: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(kept["sha256"], hex);
    let id = kept["id"].as_str().unwrap();
    assert!(id.starts_with("med_"));
    assert_eq!(w.state.keeper.spool.bytes_used(), 10);
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_its_field_and_leaves_nothing() {
    let w = World::new().await;
    for (query, mime, body, field) in [
        ("", "application/octet-stream", "x", "Content-Type"),
        ("", "multipart/form-data; boundary=b", "x", "Content-Type"),
        ("", "image", "x", "Content-Type"),
        ("", "image/jpeg", "", "body"),
        ("?file=a", "image/jpeg", "x", "query"),
    ] {
        let (status, told) = upload(&w, query, mime, Body::from(body)).await;
        assert_eq!((status, &told["field"]), (422, &json!(field)), "{told}");
        assert!(!told["cure"].as_str().unwrap().is_empty());
    }
    let pieces = futures_util::stream::iter([
        Ok(bytes::Bytes::from_static(b"half")),
        Err(std::io::Error::other("gone")),
    ]);
    let (status, told) = upload(&w, "", "image/jpeg", Body::from_stream(pieces)).await;
    assert_eq!((status, &told["code"]), (422, &json!("puente.media_cut")), "{told}");
    assert_eq!(w.state.keeper.spool.bytes_used(), 0);
}

#[tokio::test]
async fn without_room_the_sender_is_asked_to_come_again() {
    let w = World::new().await;
    let held = w.state.keeper.spool.reserve(w.state.keeper.spool.bytes_max()).unwrap();
    let (status, told) = upload(&w, "", "image/jpeg", Body::from("x")).await;
    assert_eq!((status, &told["code"]), (503, &json!("puente.spool_full")));
    drop(held);
    assert_eq!(upload(&w, "", "image/jpeg", Body::from("x")).await.0, 201);
    let request = Request::post("/media").header("content-type", "image/jpeg");
    let answer = w.ask(request.body(Body::from("x")).unwrap()).await;
    assert_eq!(answer.status, 401);
}
