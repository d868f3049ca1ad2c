//! Media both ways.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use whatsapp_sim::Config;

use crate::scene::{Scene, code};

async fn upload(scene: &Scene, mime: &str, bytes: &[u8]) -> (u16, Value) {
    let mut form = Vec::new();
    let part = |form: &mut Vec<u8>, head: &str, body: &[u8]| {
        form.extend(format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n").bytes());
        form.extend(body);
        form.extend(b"\r\n");
    };
    part(&mut form, "name=\"messaging_product\"", b"whatsapp");
    part(&mut form, "name=\"type\"", mime.as_bytes());
    part(&mut form, &format!("name=\"file\"; filename=\"a\"\r\ncontent-type: {mime}"), bytes);
    form.extend(b"--b--\r\n");
    let request = Request::post(format!("https://graph.test/v25.0/{}/media", Config::NUMBER))
        .header("authorization", format!("Bearer {}", Config::TOKEN))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Bytes::from(form))
        .unwrap();
    let answer = scene.raw(request).await;
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn media_live_behind_short_addresses() {
    let scene = Scene::new();
    let jpeg = b"\xff\xd8\xff\xe0 pixels";
    let id = upload(&scene, "image/jpeg", jpeg).await.1["id"].as_str().unwrap().to_owned();
    assert_eq!(code(&upload(&scene, "image/png", jpeg).await), (400, 131053));
    let node = scene.get(&format!("/v25.0/{id}")).await.1;
    assert_eq!((&node["mime_type"], &node["file_size"]), (&json!("image/jpeg"), &json!(11)));
    let url = node["url"].as_str().unwrap().to_owned();
    let fetch = async |token: Option<&str>, url: &str| {
        let mut request = Request::get(url);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = scene.raw(request.body(Bytes::new()).unwrap()).await;
        (answer.status().as_u16(), answer.headers()["content-type"].clone(), answer.into_body())
    };
    let got = fetch(Some(Config::TOKEN), &url).await;
    assert_eq!((got.0, got.1.to_str().unwrap(), &got.2[..]), (200, "image/jpeg", &jpeg[..]));
    let bare = fetch(None, &url).await;
    assert_eq!((bare.0, bare.1.to_str().unwrap()), (401, "text/html; charset=utf-8"));
    assert_eq!(fetch(Some(Config::TOKEN), &url.replace("ext=1", "ext=2")).await.0, 404);
    scene.clock.sleep_ms(300_000).await;
    assert_eq!(fetch(Some(Config::TOKEN), &url).await.0, 404, "after five minutes");
    scene.ana();
    let send = json!({ "to": "+15550001111", "type": "image", "image": { "id": id } });
    assert_eq!(scene.send(send.clone()).await.0, 200);
    let wrong = scene.get(&format!("/v25.0/{id}?phone_number_id=1")).await;
    assert_eq!(code(&wrong), (400, 100));
    assert_eq!(scene.call(Method::DELETE, &format!("/v25.0/{id}"), None).await.0, 200);
    assert_eq!(scene.get(&format!("/v25.0/{id}")).await.1["error"]["error_subcode"], 33);
    assert_eq!(code(&scene.send(send).await), (400, 131009));
}

#[tokio::test(start_paused = true)]
async fn a_form_names_product_type_and_file() {
    let scene = Scene::new();
    let send = async |parts: &[(&str, &str)]| {
        let mut form = String::new();
        for (head, body) in parts {
            form += &format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n");
        }
        form += "--b--\r\n";
        let request = Request::post(format!("https://graph.test/v25.0/{}/media", Config::NUMBER))
            .header("authorization", format!("Bearer {}", Config::TOKEN))
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Bytes::from(form));
        let answer = scene.raw(request.unwrap()).await;
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
    };
    let product = ("name=\"messaging_product\"", "whatsapp");
    let kind = ("name=\"type\"", "application/pdf");
    let file = ("name=\"file\"; filename=\"a\"\r\ncontent-type: application/pdf", "%PDF-1.7");
    let text = ("name=\"file\"; filename=\"a\"\r\ncontent-type: text/plain", "hola");
    assert_eq!(send(&[product, kind, file]).await.0, 200);
    for parts in [&[kind, file][..], &[product, file], &[product, kind], &[product, kind, text]] {
        assert_eq!(code(&send(parts).await), (400, 100), "{parts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_customers_send_can_be_fetched_for_a_week() {
    let scene = Scene::new();
    let ana = scene.ana();
    let say = serde_json::from_value(json!({ "type": "image" })).unwrap();
    scene.sim.says(&ana.id, Config::NUMBER, &say).unwrap();
    scene.sim.settled().await;
    let id = scene.items("messages")[0]["image"]["id"].as_str().unwrap().to_owned();
    assert_eq!(scene.get(&format!("/v25.0/{id}")).await.0, 200);
    scene.clock.sleep_ms(7 * 86_400_000).await;
    assert_eq!(code(&scene.get(&format!("/v25.0/{id}")).await), (400, 100));
}
