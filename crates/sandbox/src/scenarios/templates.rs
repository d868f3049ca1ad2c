//! A template from its submission to its use: reviewed, sent with values,
//! stopped when Meta changes its category, and sent again when a person agrees.

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};

use super::Scenario;
use super::eye::{Eye, check};
use super::outbound::phone;

pub const SCENARIOS: &[Scenario] =
    &[Scenario::new("templates: submitted, approved, sent, stopped and agreed to", |eye| {
        from_submission_to_use(eye).boxed()
    })];

const NAME: &str = "visit_reminder";

fn definition() -> Value {
    json!({ "name": NAME, "language": "es_MX", "category": "UTILITY", "parameter_format": "NAMED",
        "components": [
            { "type": "BODY", "text": "Hola {{first_name}}, le esperamos el {{day}} en la oficina.",
              "example": { "body_text_named_params": [
                  { "param_name": "first_name", "example": "Ana" },
                  { "param_name": "day", "example": "lunes" }] } },
            { "type": "FOOTER", "text": "Responda BAJA para no recibir más" },
        ] })
}

fn message(values: &[(&str, &str)]) -> Value {
    let parameters: Vec<_> = values
        .iter()
        .map(|(name, text)| json!({ "type": "text", "parameter_name": name, "text": text }))
        .collect();
    json!({ "type": "template", "template": { "name": NAME, "language": { "code": "es_MX" },
        "components": [{ "type": "body", "parameters": parameters }] } })
}

const VALUES: [(&str, &str); 2] = [("day", "martes"), ("first_name", "Eva")];

async fn stands(eye: &Eye<'_>, field: &str, value: &str) -> Result<Value, String> {
    for _ in 0..600 {
        let path = format!("/api/v1/templates/{NAME}?language=es_MX");
        let (_, shown) = eye.call(Method::GET, &path, None, &Value::Null).await?;
        if shown[field] == value {
            return Ok(shown);
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    Err(format!("{field} never became {value}"))
}

/// What a send is answered that is not kept.
async fn refused(eye: &Eye<'_>, to: &str, key: &str, message: &Value) -> Result<Value, String> {
    let mut body = message.clone();
    body["to"] = to.into();
    let (status, problem) = eye.call(Method::POST, "/send", Some(key), &body).await?;
    check(status == StatusCode::UNPROCESSABLE_ENTITY, format!("{status}: {problem}"))?;
    Ok(problem)
}

async fn from_submission_to_use(eye: &Eye<'_>) -> Result<(), String> {
    // minutes of a reviewer's time prove nothing here
    eye.phones().change(|sim| sim.pace.review_ms = (200, 400));
    let post = async |path: String, body: Value| eye.call(Method::POST, &path, None, &body).await;
    let own = |verb: &str| format!("/api/v1/templates/{NAME}/{verb}?language=es_MX");
    let mut broken = definition();
    broken["components"][0]["text"] =
        "{{first_name}}, venga el {{day}} a la oficina, por favor".into();
    let (status, problem) =
        post("/api/v1/templates".into(), json!({ "definition": broken })).await?;
    check(status == StatusCode::UNPROCESSABLE_ENTITY, format!("{status}: {problem}"))?;
    check(problem["field"] == "components[0].text", format!("field: {problem}"))?;

    let (status, made) =
        post("/api/v1/templates".into(), json!({ "definition": definition() })).await?;
    check(status == StatusCode::CREATED, format!("{status}: {made}"))?;
    stands(eye, "state", "APPROVED").await?;

    let eva = eye.customer("Eva Cita")?;
    let to = phone(&eva);
    let few = refused(eye, &to, "template-few", &message(&VALUES[..1])).await?;
    check(few["code"] == "puente.template_values", format!("code: {few}"))?;
    let given = message(&VALUES)["template"]["components"].clone();
    let (_, preview) = post(own("preview"), json!({ "components": given })).await?;
    let text = "Hola Eva, le esperamos el martes en la oficina.";
    check(preview["good"] == true && preview["body"] == text, format!("preview: {preview}"))?;
    let outbox = eye.send(&to, "template-sent", &message(&VALUES)).await?;
    let wamid = eye.wamid_of(&outbox).await?;
    eye.until("the template on the phone", || eye.on_phone(&wamid)).await?;

    let id = eye
        .phones()
        .read(|world| world.templates.values().find(|t| t.name == NAME).map(|t| t.id.clone()));
    let id = id.ok_or("the simulator has no such template")?;
    check(eye.phones().template_category(&id, "MARKETING"), "the category changes")?;
    stands(eye, "category", "MARKETING").await?;
    let stopped = refused(eye, &to, "template-stopped", &message(&VALUES)).await?;
    check(stopped["code"] == "puente.template_category", format!("code: {stopped}"))?;
    let (status, agreed) = post(own("agree"), json!({})).await?;
    check(status == StatusCode::OK && agreed["sendable"] == true, format!("agreed: {agreed}"))?;
    // what has become marketing needs their word
    let silent = refused(eye, &to, "template-unasked", &message(&VALUES)).await?;
    check(silent["code"] == "puente.no_consent", format!("code: {silent}"))?;
    let word = json!({ "to": to, "purpose": "marketing", "kind": "opt_in", "source": "visit" });
    let (status, said) = post("/api/v1/consent".into(), word).await?;
    check(status.is_success(), format!("{status}: {said}"))?;
    let outbox = eye.send(&to, "template-again", &message(&VALUES)).await?;
    eye.wamid_of(&outbox).await.map(drop)
}
