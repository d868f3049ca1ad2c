//! A mapping of the tenant's own decides what is written, and one that the org
//! would refuse is not put to use.

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};

use super::Scenario;
use super::eye::{Eye, check};

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("mapping: an expression fills a field of the Lead", |eye| {
        fills_a_field(eye).boxed()
    }),
    Scenario::new("mapping: a broken one is refused before it touches a record", |eye| {
        broken_is_refused(eye).boxed()
    }),
];

/// What puente does by itself, and a field more.
const OWN: &str = r#"
[[field]]
to = "Lead.Description"
expr = '"Wrote: " ~ (message.text | upper) ~ " (" ~ message.type ~ ")"'
max_length = 60
"#;

async fn put(eye: &Eye<'_>, path: &str, body: Value) -> Result<(StatusCode, Value), String> {
    eye.call(Method::POST, path, None, &body).await
}

async fn fills_a_field(eye: &Eye<'_>) -> Result<(), String> {
    let (_, before) = eye.call(Method::GET, "/api/v1/mapping", None, &Value::Null).await?;
    let text = format!("{}{OWN}", before["text"].as_str().unwrap_or_default());
    let (status, applied) = put(eye, "/api/v1/mapping", json!({ "text": text })).await?;
    check(status == StatusCode::CREATED, format!("applied: {applied}"))?;
    let seen = written(eye, &applied["version"]).await;
    // what comes after is written as before, whatever was seen
    let (status, back) = put(eye, "/api/v1/mapping/rollback", json!({})).await?;
    check(status == StatusCode::OK, format!("rolled back: {back}"))?;
    check(back["version"] == before["version"], format!("rolled back to {back}"))?;
    seen
}

async fn written(eye: &Eye<'_>, version: &Value) -> Result<(), String> {
    let gil = eye.customer("Gil Mapa")?;
    let wamid = eye.phones().texts(&gil.id, eye.number(), "quiero dos")?;
    let message = eye.row_of(&wamid).await?;
    let same = message["Mapping_Version__c"].as_f64() == version.as_f64();
    check(same, format!("version {version} on the message: {message}"))?;
    let person = eye
        .until("the person linked with a Lead", || {
            eye.person_of(&gil).filter(|p| p["Lead__c"].is_string())
        })
        .await?;
    let lead = person["Lead__c"].as_str().and_then(|id| eye.org().row(id)).ok_or("no lead row")?;
    check(lead["Description"] == "Wrote: QUIERO DOS (text)", format!("description: {lead}"))?;
    check(lead["LastName"] == "Mapa" && lead["FirstName"] == "Gil", format!("name: {lead}"))
}

async fn broken_is_refused(eye: &Eye<'_>) -> Result<(), String> {
    let (_, before) = eye.call(Method::GET, "/api/v1/mapping", None, &Value::Null).await?;
    let own = before["text"].as_str().unwrap_or_default();
    let text = format!("{own}\n[[field]]\nto = \"Lead.Fax_Nr\"\nfrom = \"person.phone\"\n");
    let (status, refused) = put(eye, "/api/v1/mapping", json!({ "text": text })).await?;
    check(status == StatusCode::UNPROCESSABLE_ENTITY, format!("{status}: {refused}"))?;
    check(refused["field"] == "Lead.Fax_Nr", format!("field: {refused}"))?;
    let cure = refused["cure"].as_str().unwrap_or_default();
    check(cure.contains("API name"), format!("cure: {refused}"))?;
    let (_, after) = eye.call(Method::GET, "/api/v1/mapping", None, &Value::Null).await?;
    check(after == before, "the mapping in use is the one before")
}
