//! One template to a few people: one of them wants none, and gets none.

use std::collections::BTreeMap;

use axum::http::Method;
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::{Customer, NewCustomer};

use super::Scenario;
use super::eye::{Eye, check};

const CAMPAIGNS: &str = "/api/v1/campaigns";

pub const SCENARIOS: &[Scenario] = &[Scenario::new(
    "campaign: twelve people get it once, who said BAJA gets none, a broken line is named",
    |eye| once_each(eye).boxed(),
)];

fn plan() -> Value {
    json!({ "tier": "2K", "template": { "name": "spring_offer", "language": { "code": "en_US" },
        "components": [
            { "type": "header", "parameters": [{ "type": "image",
                "image": { "link": "https://example.com/spring.jpg" } }] },
            { "type": "body", "parameters": [{ "type": "text", "text": "{{name|amigo}}" }] },
            { "type": "button", "sub_type": "copy_code", "index": "1",
                "parameters": [{ "type": "coupon_code", "coupon_code": "SPRING25" }] },
        ] } })
}

async fn once_each(eye: &Eye<'_>) -> Result<(), String> {
    let mut people = Vec::new();
    for n in 0..13 {
        let new = NewCustomer::named(&format!("Cam {n}"), &format!("+5255600000{n:02}"));
        people.push(eye.phones().customer(new)?);
    }
    let leaver = &people[12];
    eye.phones().texts(&leaver.id, eye.number(), "BAJA")?;
    eye.until("the opt-out is answered", || {
        let ours = |m: &&whatsapp_sim::Message| m.content.to_string().contains("ALTA");
        let answered = eye.phones().read(|sim| sim.thread(&leaver.id).any(|m| ours(&m)));
        answered.then_some(())
    })
    .await?;
    for one in &people[..12] {
        let agreed = json!({ "to": format!("+{}", one.wa_id), "purpose": "marketing",
            "kind": "opt_in", "channel": "web", "source": "form" });
        asked(eye, "/api/v1/consent", &agreed).await?;
    }
    let wish = json!({ "name": "Rebajas", "plan": plan() });
    let made = asked(eye, CAMPAIGNS, &wish).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    let mut file = String::from("phone,name\n5560000099,Sin clave\n");
    for one in &people {
        file.push_str(&format!("+{},{}\n", one.wa_id, one.name));
    }
    let added = eye.file(&format!("{CAMPAIGNS}/{id}/audience"), "text/csv", file).await?;
    check(added["new"] == 13 && added["refused"] == 1, format!("{added}"))?;
    check(added["complaints"][0]["line"] == 2, format!("{added}"))?;
    let checked = asked(eye, &format!("{CAMPAIGNS}/{id}/check"), &json!({})).await?;
    check(checked["check"]["taken"] == 12, format!("{checked}"))?;
    asked(eye, &format!("{CAMPAIGNS}/{id}/start"), &json!({})).await?;
    eye.until("everybody has it", || (got(eye, &people) == 12).then_some(())).await?;
    let shown = settled(eye, &id).await?;
    check(shown.get("sent") == Some(&12), format!("{shown:?}"))?;
    check(shown.get("left_out") == Some(&1), format!("{shown:?}"))?;
    check(got(eye, &people[12..]) == 0, "who said BAJA got one")
}

async fn asked(eye: &Eye<'_>, path: &str, body: &Value) -> Result<Value, String> {
    let (status, answer) = eye.call(Method::POST, path, None, body).await?;
    if status.is_success() { Ok(answer) } else { Err(format!("{path}: {status} {answer}")) }
}

/// Templates of ours that reached these phones.
fn got(eye: &Eye<'_>, people: &[Customer]) -> usize {
    eye.phones().read(|sim| {
        let threads = people.iter().flat_map(|one| sim.thread(&one.id));
        threads.filter(|m| m.kind == "template" && m.tick >= whatsapp_sim::Tick::Delivered).count()
    })
}

/// Members by state, once nobody waits.
async fn settled(eye: &Eye<'_>, id: &str) -> Result<BTreeMap<String, u64>, String> {
    let path = format!("{CAMPAIGNS}/{id}");
    let mut members = BTreeMap::new();
    for _ in 0..200 {
        let (_, shown) = eye.call(Method::GET, &path, None, &Value::Null).await?;
        members.clear();
        for count in shown["members"].as_array().into_iter().flatten() {
            let state = count["state"].as_str().unwrap_or_default().to_owned();
            *members.entry(state).or_default() += count["people"].as_u64().unwrap_or_default();
        }
        if !members.contains_key("waiting") && !members.contains_key("queued") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Ok(members)
}
