//! Exact requests out, answers in, and nothing secret in between.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use http::{Request, Response};
use model::ids::{AttemptId, InstallationId, PhoneNumberId, Tracker, WabaId, Wamid};
use model::{Act, Body, Carried, Exchange, Fault, Lost, Stage};
use serde_json::Value;

use super::{Client, Token};
use crate::wire::send::{Address, Message, request_body};

const SECRET: &str = "EAAGsecretTOKENsecretTOKEN0123456789";

/// A remote that keeps what it was asked and answers always the same.
struct Remote {
    asked: Mutex<Vec<Request<Bytes>>>,
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    lost: Option<Lost>,
}

impl Exchange for Remote {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        let (head, body) = request.into_parts();
        let whole = body.whole().now_or_never().unwrap().unwrap();
        self.asked.lock().unwrap().push(Request::from_parts(head, whole));
        let mut answer = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            answer = answer.header(*name, value);
        }
        let answer = answer.body(Body::Whole(self.body.clone().into())).unwrap();
        Box::pin(std::future::ready(self.lost.map_or(Ok(answer), Err)))
    }
}

fn remote(status: u16, body: &str) -> Remote {
    let asked = Mutex::default();
    Remote { asked, status, headers: Vec::new(), body: body.into(), lost: None }
}

fn client(remote: &Arc<Remote>) -> Client {
    Client::new(remote.clone(), "https://graph.test/", Token::new(SECRET))
}

/// `METHOD url` of the only request, which carries the bearer token.
fn line(remote: &Remote, token: &str) -> String {
    let asked = remote.asked.lock().unwrap();
    let [request] = asked.as_slice() else { panic!("{} requests", asked.len()) };
    let bearer = &request.headers()["authorization"];
    assert!(bearer.is_sensitive());
    assert_eq!(bearer.to_str().unwrap(), format!("Bearer {token}"));
    format!("{} {}", request.method(), request.uri())
}

fn body(remote: &Remote) -> Value {
    let asked = remote.asked.lock().unwrap();
    assert_eq!(asked[0].headers()["content-type"], "application/json");
    serde_json::from_slice(asked[0].body()).unwrap()
}

fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540000000001")
}

async fn send(remote: &Arc<Remote>) -> Result<super::Sent, Fault> {
    let tracker = Tracker {
        installation: InstallationId::from_bytes([1; 16]),
        attempt: AttemptId::from_bytes([2; 16]),
        outbox: None,
    };
    let to = Address::phone("15550001111").unwrap();
    client(remote).send(&number(), &request_body(&to, &Message::text("hi"), &tracker)).await
}

#[tokio::test]
async fn sending_is_one_post() {
    let remote = Arc::new(remote(
        200,
        r#"{"messaging_product":"whatsapp",
        "contacts":[{"input":"+15550001111","wa_id":"15550001111","user_id":"US.1"}],
        "messages":[{"id":"wamid.1","message_status":"accepted"}]}"#,
    ));
    let sent = send(&remote).await.unwrap();
    assert_eq!(sent.wamid.as_str(), "wamid.1");
    assert_eq!(sent.wa_id.as_deref(), Some("15550001111"));
    assert_eq!(sent.bsuid.as_deref(), Some("US.1"));
    assert_eq!(sent.message_status.as_deref(), Some("accepted"));
    let want = "POST https://graph.test/v25.0/106540000000001/messages";
    assert_eq!(line(&remote, SECRET), want);
    assert_eq!(body(&remote)["to"], "+15550001111");
}

/// A success that does not name the message leaves it open whether it was sent.
#[tokio::test]
async fn a_success_without_a_wamid_is_unknown() {
    for answer in ["", "ok", "{}", r#"{"messages":[]}"#, r#"{"messages":[{"id":""}]}"#, "[]"] {
        let fault = send(&Arc::new(remote(200, answer))).await.unwrap_err();
        assert_eq!(
            (fault.stage, fault.code.as_str()),
            (Stage::Unknown, "wa.unreadable"),
            "{answer}"
        );
    }
    let refused = r#"{"error":{"code":131047,"message":"re-engage"}}"#;
    let fault = send(&Arc::new(remote(200, refused))).await.unwrap_err();
    assert_eq!((fault.stage, fault.act), (Stage::Answered, Act::Reject));
}

#[tokio::test]
async fn losses_and_hints() {
    for (lost, stage) in [(Lost::BeforeWrite, Stage::NotSent), (Lost::AfterWrite, Stage::Unknown)] {
        let lost = Remote { lost: Some(lost), ..remote(200, "") };
        assert_eq!(send(&Arc::new(lost)).await.unwrap_err().stage, stage);
    }
    let usage = r#"{"1":[{"type":"x","estimated_time_to_regain_access":3}]}"#.to_owned();
    let busy = |code: u32| Remote {
        headers: vec![("x-business-use-case-usage", usage.clone())],
        ..remote(400, &format!(r#"{{"error":{{"code":{code}}}}}"#))
    };
    let after = Some(std::time::Duration::from_secs(180));
    let fault = send(&Arc::new(busy(80007))).await.unwrap_err();
    assert_eq!(fault.act, Act::Retry { after });
    let fault = send(&Arc::new(busy(131047))).await.unwrap_err();
    assert_eq!(fault.act, Act::Reject, "a hint makes no refusal repeatable");
}

#[tokio::test]
async fn tokens_are_nowhere() {
    let words =
        format!(r#"{{"error":{{"code":190,"message":"Malformed access token {SECRET}"}}}}"#);
    let remote = Arc::new(remote(401, &words));
    let client = client(&remote);
    let fault = client.number(&number()).await.unwrap_err();
    assert_eq!(fault.act, Act::Renew);
    let short = Client { token: Token::new("shorty-1"), ..client.clone() };
    let shown = format!("{fault:?} {fault} {client:?} {:?} {short:?}", client.token);
    assert!(!shown.contains("secretTOKEN") && !shown.contains("shorty"), "{shown}");
    for bad in ["", "two\nlines"] {
        let client = Client { token: Token::new(bad), ..client.clone() };
        let fault = client.number(&number()).await.unwrap_err();
        assert_eq!(fault.code.as_str(), "wa.no_token");
    }
    assert_eq!(remote.asked.lock().unwrap().len(), 1, "nothing goes out without a token");
}

#[tokio::test]
async fn read_and_typing() {
    for typing in [false, true] {
        let remote = Arc::new(remote(200, r#"{"success":true}"#));
        client(&remote).mark_read(&number(), &Wamid::new("wamid.9"), typing).await.unwrap();
        assert_eq!(line(&remote, SECRET), "POST https://graph.test/v25.0/106540000000001/messages");
        assert_eq!(body(&remote)["message_id"], "wamid.9");
        assert_eq!(body(&remote).get("typing_indicator").is_some(), typing);
    }
    let no = Arc::new(remote(200, r#"{"success":false}"#));
    client(&no).mark_read(&number(), &Wamid::new("w"), false).await.unwrap_err();
}

#[tokio::test]
async fn lists_are_paged_by_cursor() {
    let waba = WabaId::new("1022");
    let more = r#"{"data":[{"id":"1","name":"a","language":"es","status":"APPROVED","components":[{}]},7],
        "paging":{"cursors":{"before":"B","after":"A"},"next":"https://elsewhere.test/?access_token=x"}}"#;
    let first = Arc::new(remote(200, more));
    let page = client(&first).templates(&waba, None).await.unwrap();
    assert_eq!((page.data.len(), page.after.as_deref()), (1, Some("A")));
    assert!(page.data[0].is_sendable());
    let last = Arc::new(remote(200, &more.replace("next", "previous")));
    let page = client(&last).templates(&waba, Some("A b")).await.unwrap();
    assert_eq!(page.after, None);
    assert!(line(&last, SECRET).ends_with("&limit=100&after=A%20b"));
    let numbers = Arc::new(remote(200, r#"{"data":[{"id":1,"throughput":{"level":"HIGH"}}]}"#));
    let page = client(&numbers).numbers(&waba, None).await.unwrap();
    assert_eq!(page.data[0].id.as_deref(), Some("1"));
    assert!(
        line(&numbers, SECRET)
            .starts_with("GET https://graph.test/v25.0/1022/phone_numbers?fields=id%2C")
    );
}

#[tokio::test]
async fn accounts_and_their_apps() {
    let waba = WabaId::new("1022");
    let apps = Arc::new(remote(
        200,
        r#"{"data":[
        {"whatsapp_business_api_data":{"id":"634","name":"puente"},"override_callback_uri":"https://x"},
        {"id":"635","name":"flat"}]}"#,
    ));
    let found = client(&apps).subscribed_apps(&waba).await.unwrap();
    let ids: Vec<_> = found.iter().map(|app| app.id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["634", "635"]);
    assert_eq!(found[0].override_callback_uri.as_deref(), Some("https://x"));
    let ok = Arc::new(remote(200, r#"{"success":true}"#));
    client(&ok).subscribe(&waba, Some(("https://a.test/m", "tok"))).await.unwrap();
    assert_eq!(line(&ok, SECRET), "POST https://graph.test/v25.0/1022/subscribed_apps");
    assert_eq!(body(&ok)["override_callback_uri"], "https://a.test/m");
    let node =
        Arc::new(remote(200, r#"{"id":"1022","name":"Cafe","owner_business_info":{"id":"5"}}"#));
    assert_eq!(client(&node).waba(&waba).await.unwrap().name.as_deref(), Some("Cafe"));
}

#[tokio::test]
async fn the_app_is_asked_with_its_own_token() {
    let app = Token::of_app("634", "hush");
    let debug = Arc::new(remote(
        200,
        r#"{"data":{"app_id":"634","is_valid":true,"expires_at":0,
        "scopes":["whatsapp_business_messaging"],"granular_scopes":[{"scope":"s","target_ids":["1"]}]}}"#,
    ));
    let token = client(&debug).debug_token(&app).await.unwrap();
    assert_eq!(token.is_valid, Some(true));
    assert_eq!(token.expires_at, None, "0 is never");
    assert!(token.has_scope("whatsapp_business_messaging") && !token.has_scope("s"));
    let want = format!("GET https://graph.test/v25.0/debug_token?input_token={SECRET}");
    assert_eq!(line(&debug, "634|hush"), want);
    let hooks = Arc::new(remote(
        200,
        r#"{"data":[{"object":"whatsapp_business_account",
        "callback_url":"https://a.test/m","active":true,"fields":[{"name":"messages","version":"v25.0"}]}]}"#,
    ));
    let found = client(&hooks).app_subscriptions("634", &app).await.unwrap();
    assert_eq!(found[0].fields[0].name.as_deref(), Some("messages"));
    assert_eq!(line(&hooks, "634|hush"), "GET https://graph.test/v25.0/634/subscriptions");
    let node = Arc::new(remote(200, r#"{"id":"634","name":"puente"}"#));
    assert_eq!(client(&node).app("634", &app).await.unwrap().name.as_deref(), Some("puente"));
}

#[tokio::test]
async fn media_in_two_steps() {
    let info = r#"{"url":"https://lookaside.fbsbx.com/x?mid=1","mime_type":"image/jpeg","file_size":"303833","id":1}"#;
    let step = Arc::new(remote(200, info));
    let media = client(&step).media("1013/../me", Some(&number())).await.unwrap();
    assert_eq!(media.file_size, Some(303_833));
    let want = "GET https://graph.test/v25.0/1013%2F..%2Fme?phone_number_id=106540000000001";
    assert_eq!(line(&step, SECRET), want);

    let file =
        Remote { headers: vec![("content-type", "image/jpeg".into())], ..remote(200, "JPEG") };
    let file = Arc::new(file);
    let download = client(&file).download(media.url.as_deref().unwrap()).await.unwrap();
    assert_eq!(download.mime_type.as_deref(), Some("image/jpeg"));
    assert_eq!(download.body.whole().await.unwrap(), "JPEG");
    assert_eq!(line(&file, SECRET), "GET https://lookaside.fbsbx.com/x?mid=1");

    for (status, code) in [(404, "wa.media_expired"), (401, "wa.190"), (500, "wa.unreadable")] {
        let gone = Arc::new(remote(status, "<html>"));
        let fault = client(&gone).download("https://lookaside.fbsbx.com/x").await.unwrap_err();
        assert_eq!(fault.code.as_str(), code);
    }
    let never = Arc::new(remote(200, ""));
    let fault = client(&never).download("https://example.com/x").await.unwrap_err();
    assert_eq!(fault.code.as_str(), "wa.foreign_media");
    assert!(never.asked.lock().unwrap().is_empty(), "the token did not travel");
}

#[tokio::test]
async fn an_upload_is_one_form() {
    let taken = Arc::new(remote(200, r#"{"id":"10370001"}"#));
    let pieces = futures_util::stream::iter([Ok(Bytes::from_static(b"JPEG"))]);
    let file = model::Flow { length: Some(4), pieces: pieces.boxed() };
    let id = client(&taken).upload(&number(), "image/jpeg", "a\"\r\nX: y.jpg", "med_1", file).await;
    assert_eq!(id.unwrap(), "10370001");
    assert_eq!(line(&taken, SECRET), "POST https://graph.test/v25.0/106540000000001/media");
    let asked = taken.asked.lock().unwrap();
    assert_eq!(asked[0].headers()["content-type"], "multipart/form-data; boundary=med_1");
    let form = std::str::from_utf8(asked[0].body()).unwrap();
    let parts: Vec<_> = form.split("--med_1").map(str::trim).collect();
    assert_eq!(parts.len(), 5, "{form}");
    assert!(parts[1].ends_with("name=\"messaging_product\"\r\n\r\nwhatsapp"));
    assert!(parts[2].ends_with("name=\"type\"\r\n\r\nimage/jpeg"));
    assert!(parts[3].contains("filename=\"a___X: y.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nJPEG"));
    assert_eq!(parts[4], "--");
}
