//! What both simulators know, against what was promised.

use std::collections::BTreeMap;

use serde_json::Value;
use whatsapp_sim::Direction;

use crate::bridge::Bridge;
use crate::sends::Accepted;
use crate::world::World;

pub struct Expected {
    /// Every message that customers wrote; each was answered 200 in the end.
    pub wamids: Vec<String>,
    pub sends: Vec<Accepted>,
    /// Calls to Meta that were written down and not ended at the kill.
    pub calls_open: u64,
}

/// A sentence about what was found, or what is wrong.
pub async fn check(world: &World, bridge: &Bridge, expected: &Expected) -> Result<String, String> {
    let mut wrong = Vec::new();
    let rows = world.org.rows("Puente_Message__c");
    let by_wamid = counted(rows.iter().filter_map(|row| text(row, "Wamid__c")));
    for wamid in &expected.wamids {
        once(&mut wrong, "rows in Salesforce", wamid, by_wamid.get(wamid));
    }
    for (key, count) in counted(rows.iter().filter_map(|row| text(row, "Key__c"))) {
        once(&mut wrong, "rows in Salesforce", &key, Some(&count));
    }
    if rows.len() != expected.wamids.len() + expected.sends.len() {
        let want = expected.wamids.len() + expected.sends.len();
        wrong.push(format!("{} rows in Salesforce, not {want}", rows.len()));
    }

    let phones = on_phones(world);
    for (body, wamids) in &phones {
        if wamids.len() > 1 {
            wrong.push(format!("{} times on the phone: {body}", wamids.len()));
        }
        for wamid in wamids {
            once(&mut wrong, "rows in Salesforce", wamid, by_wamid.get(wamid));
        }
    }
    let mut uncertain = 0;
    for send in &expected.sends {
        let on_phone = phones.get(&send.text).map_or(0, Vec::len);
        let status = status(bridge, &send.id).await?;
        let told = matches!(status.as_str(), "uncertain" | "asked");
        uncertain += u64::from(told);
        if on_phone != usize::from(!told) {
            let id = &send.id;
            wrong.push(format!("{id} is {status}, and {on_phone} times on the phone"));
        }
    }
    if uncertain > expected.calls_open {
        let open = expected.calls_open;
        wrong.push(format!("{uncertain} sends uncertain, {open} calls were open"));
    }
    if wrong.is_empty() {
        return Ok(format!(
            "{} rows in Salesforce, {} messages on phones, {uncertain} uncertain",
            rows.len(),
            phones.len()
        ));
    }
    let more = wrong.len().saturating_sub(10);
    wrong.truncate(10);
    Err(format!("{}\n(and {more} more)\nlog:\n{}", wrong.join("\n"), bridge.log()))
}

fn once(wrong: &mut Vec<String>, what: &str, of: &str, count: Option<&usize>) {
    let count = count.copied().unwrap_or(0);
    if count != 1 {
        wrong.push(format!("{count} {what}: {of}"));
    }
}

fn counted(keys: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

fn text(row: &Value, field: &str) -> Option<String> {
    row[field].as_str().map(String::from)
}

/// Wamids of what the business wrote, by text.
fn on_phones(world: &World) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    world.phones.read(|world| {
        let sent = world.messages.iter();
        for message in sent.filter(|m| m.direction == Direction::Out) {
            let body = text(&message.content, "body").unwrap_or_default();
            found.entry(body).or_default().push(message.wamid.clone());
        }
    });
    found
}

async fn status(bridge: &Bridge, id: &str) -> Result<String, String> {
    let request = bridge.client.get(format!("{}/status/{id}", bridge.url));
    let answer = request.bearer_auth(&bridge.key).send().await;
    let answer = answer.map_err(|e| e.to_string())?;
    let found: Value = answer.json().await.map_err(|e| e.to_string())?;
    text(&found, "status").ok_or_else(|| format!("GET /status/{id}: {found}"))
}
