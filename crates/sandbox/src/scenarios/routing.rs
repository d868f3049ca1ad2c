//! Rules of a tenant's own: put to use, deciding about who writes, taken back.

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::Customer;

use super::Scenario;
use super::eye::{Eye, check};

pub const SCENARIOS: &[Scenario] = &[Scenario::new(
    "routing: who asks for a price becomes a Contact with an Opportunity, by the rules that say so",
    |eye| by_rule(eye).boxed(),
)];

const RULES: &str = "format = 1\n\
    [[newcomer]]\nname = 'buyers'\nkeyword = ['precio']\nmake = 'contact'\naccount = 'own'\n\
    [[newcomer]]\nname = 'others'\nmake = 'lead'\n\
    [[case]]\nname = 'contacts'\nperson = ['contact']\n\
    [[opportunity]]\nname = 'price'\nkeyword = ['precio']\nstage = 'Prospecting'\n\
    close_in_days = 30\ntitle = 'WhatsApp: {person}'\n";

/// The Lead or Contact that the person's row names.
async fn home(eye: &Eye<'_>, who: &Customer, field: &str) -> Result<Value, String> {
    let id = eye.until(field, || {
        let person = eye.person_of(who)?;
        person[field].as_str().map(str::to_owned)
    });
    let id = id.await?;
    eye.org().row(&id).ok_or(format!("{id} is not there"))
}

async fn by_rule(eye: &Eye<'_>) -> Result<(), String> {
    let ask = async |path: &str, body: Value| {
        let path = format!("/api/v1/routing{path}");
        eye.call(Method::POST, &path, None, &body).await
    };
    let (status, checked) = ask("/check", json!({ "text": RULES })).await?;
    check(status == StatusCode::OK && checked["good"] == true, format!("checked: {checked}"))?;
    let (status, applied) = ask("", json!({ "text": RULES })).await?;
    check(status == StatusCode::CREATED, format!("{status}: {applied}"))?;

    let (paz, luz) = (eye.customer("Paz Compra")?, eye.customer("Luz Pregunta")?);
    let asked = eye.phones().texts(&paz.id, eye.number(), "¿Qué precio tiene?")?;
    eye.phones().texts(&luz.id, eye.number(), "¿Dónde están?")?;
    let contact = home(eye, &paz, "Contact__c").await?;
    let account = contact["AccountId"].as_str().unwrap_or_default();
    let account = eye.org().row(account).ok_or("the Contact has no Account")?;
    check(account["Name"] == "Paz Compra", format!("the Account: {account}"))?;
    let contact = contact["Id"].as_str().unwrap_or_default().to_owned();
    eye.until("the Contact's case", || eye.rows("Case", "ContactId", &contact).pop()).await?;
    let deal = || eye.rows("Opportunity", "ContactId", &contact).pop();
    let deal = eye.until("the Contact's opportunity", deal).await?;
    check(deal["Name"] == "WhatsApp: Paz Compra", format!("the opportunity: {deal}"))?;
    let deal = deal["Id"].as_str().unwrap_or_default();
    let shown = || eye.rows("Puente_Conversation__c", "Opportunity__c", deal).pop();
    eye.until("the opportunity on its conversation", shown).await?;
    home(eye, &luz, "Lead__c").await?;
    let path = format!("/api/v1/trace?wamid={asked}&number={}", eye.number());
    let (_, trace) = eye.call(Method::GET, &path, None, &Value::Null).await?;
    check(trace.to_string().contains("rule 'buyers'"), format!("the trace: {trace}"))?;

    // for whoever comes next, as puente does by itself
    let (status, back) = ask("/rollback", json!({ "version": 0 })).await?;
    check(status == StatusCode::OK && back["version"] == 0, format!("{status}: {back}"))
}
