//! A customer is asked once their case is closed, and their tap is on the case.

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::Direction;

use super::Scenario;
use super::eye::{Eye, check};

pub const SCENARIOS: &[Scenario] = &[Scenario::new(
    "survey: a closed case is asked about, and the tap on an answer is on the case",
    |eye| asked_and_answered(eye).boxed(),
)];

const FILE: &str = "format = 1\nscale = 'csat'\n[text]\nes = '¿Cómo le atendimos?'\n\
    [[answer]]\nscore = 5\nes = 'Bien'\n[[answer]]\nscore = 1\nes = 'Mal'\n\
    [fields]\nscore = 'Satisfaction__c'\n";

async fn post(eye: &Eye<'_>, path: &str, body: Value) -> Result<Value, String> {
    let path = format!("/api/v1/survey{path}");
    let (status, answer) = eye.call(Method::POST, &path, None, &body).await?;
    check(status.is_success(), format!("{status}: {answer}"))?;
    Ok(answer)
}

async fn asked_and_answered(eye: &Eye<'_>) -> Result<(), String> {
    post(eye, "", json!({ "text": FILE })).await?;
    let sol = eye.customer("Sol Encuesta")?;
    let contact = json!({ "LastName": "Encuesta", "MobilePhone": format!("+{}", sol.wa_id) });
    let contact = eye.org().create("Contact", contact).map_err(|e| format!("{e:?}"))?;
    eye.phones().texts(&sol.id, eye.number(), "hola")?;
    let case = eye.until("the case", || eye.rows("Case", "ContactId", &contact).pop()).await?;
    let case = case["Id"].as_str().unwrap_or_default().to_owned();
    let shown = || eye.rows("Puente_Conversation__c", "Case__c", &case).pop();
    eye.until("the case on its conversation", shown).await?;
    eye.org().close_case(&case).map_err(|e| format!("{e:?}"))?;
    // another version is a reason to ask Salesforce for closed cases at once
    post(eye, "", json!({ "text": FILE.replace("atendimos", "hemos atendido") })).await?;
    let question = || {
        eye.phones().read(|world| {
            let mut ours = world.thread(&sol.id).filter(|m| m.direction == Direction::Out);
            ours.find(|m| m.content.to_string().contains("survey|")).map(|m| m.wamid.clone())
        })
    };
    let question = eye.until("the question on the phone", question).await?;
    // Meta tells times in seconds
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    eye.phones().taps(&sol.id, &question, 0)?;
    let score = || eye.org().row(&case).filter(|row| row["Satisfaction__c"] == 5.0);
    eye.until("the score on the case", score).await?;
    let cases = eye.rows("Case", "ContactId", &contact).len();
    check(cases == 1, format!("{cases} cases: a score is no request"))?;
    let path = "/api/v1/survey/cases?state=answered";
    let (status, page) = eye.call(Method::GET, path, None, &Value::Null).await?;
    check(status == StatusCode::OK && page["items"][0]["score"] == 5, format!("told: {page}"))?;
    let back = post(eye, "/rollback", json!({ "version": 0 })).await?;
    check(back["version"] == 0, format!("taken back: {back}"))
}
