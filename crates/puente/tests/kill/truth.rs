//! What both simulators know, against what was promised.

use std::collections::BTreeMap;

use serde_json::Value;
use whatsapp_sim::{Direction, Tick};

use crate::bridge::Bridge;
use crate::sends::Accepted;
use crate::tally::Tally;
use crate::world::World;

pub struct Expected {
    /// Every message that customers wrote; each was answered 200 in the end.
    pub wamids: Vec<String>,
    pub sends: Vec<Accepted>,
    /// Calls to Meta that were written down and not ended at the kills; not
    /// known when the database was stopped.
    pub calls_open: Option<u64>,
}

/// What was found wrong, in words; the tally counts it.
struct Wrong<'a> {
    words: Vec<String>,
    tally: &'a mut Tally,
}

impl Wrong<'_> {
    fn lost(&mut self, what: String) {
        self.tally.lost += 1;
        self.words.push(format!("lost: {what}"));
    }

    fn repeated(&mut self, what: String) {
        self.tally.repeated += 1;
        self.words.push(format!("repeated: {what}"));
    }

    /// Neither lost nor repeated, and not as promised.
    fn odd(&mut self, what: String) {
        self.words.push(what);
    }

    fn once(&mut self, what: &str, of: &str, count: usize) {
        match count {
            0 => self.lost(format!("{of} {what}")),
            1 => {}
            more => self.repeated(format!("{of} is {more} times {what}")),
        }
    }
}

/// # Errors
/// What is wrong, with the tally.
pub async fn check(
    world: &World,
    bridge: &Bridge,
    expected: &Expected,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut wrong = Wrong { words: Vec::new(), tally };
    let rows = world.org.rows("Puente_Message__c");
    let by_wamid = counted(rows.iter().filter_map(|row| text(row, "Wamid__c")));
    for wamid in &expected.wamids {
        wrong.once("in Salesforce", wamid, by_wamid.get(wamid).copied().unwrap_or(0));
    }
    for (key, count) in counted(rows.iter().filter_map(|row| text(row, "Key__c"))) {
        wrong.once("in Salesforce", &key, count);
    }
    let want = expected.wamids.len() + expected.sends.len();
    if rows.len() != want {
        wrong.odd(format!("{} rows in Salesforce, not {want}", rows.len()));
    }

    let phones = on_phones(world);
    for (body, copies) in &phones {
        if copies.len() > 1 {
            wrong.repeated(format!("{} times on the phone: {body}", copies.len()));
        }
        for (wamid, tick) in copies {
            wrong.once("in Salesforce", wamid, by_wamid.get(wamid).copied().unwrap_or(0));
            let row = rows.iter().find(|row| row["Wamid__c"] == wamid.as_str());
            let shown = row.and_then(|row| text(row, "Status__c")).unwrap_or_default();
            if shown != tick.word() {
                wrong.lost(format!("the tick {} of {wamid}, shown as {shown}", tick.word()));
            }
        }
    }
    for send in &expected.sends {
        let on_phone = phones.get(&send.text).map_or(0, Vec::len);
        let status = status(bridge, &send.id).await?;
        let told = matches!(status.as_str(), "uncertain" | "asked");
        wrong.tally.told += usize::from(told);
        match (told, on_phone) {
            (false, 0) => wrong.lost(format!("{} is {status} and on no phone", send.id)),
            (true, 1..) => wrong.odd(format!("{} is {status} and on the phone", send.id)),
            _ => {}
        }
    }
    let told = wrong.tally.told as u64;
    if let Some(open) = expected.calls_open
        && told > open
    {
        wrong.odd(format!("{told} sends uncertain, {open} calls were open"));
    }
    let mut words = wrong.words;
    if words.is_empty() {
        return Ok(());
    }
    let more = words.len().saturating_sub(10);
    words.truncate(10);
    Err(format!("{tally}\n{}\n(and {more} more)\nlog:\n{}", words.join("\n"), bridge.log()))
}

fn counted(keys: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

fn text(row: &Value, field: &str) -> Option<String> {
    row[field].as_str().map(String::from)
}

/// Wamids and ticks of what the business wrote, by text.
fn on_phones(world: &World) -> BTreeMap<String, Vec<(String, Tick)>> {
    let mut found: BTreeMap<String, Vec<(String, Tick)>> = BTreeMap::new();
    world.phones.read(|world| {
        let sent = world.messages.iter();
        for message in sent.filter(|m| m.direction == Direction::Out) {
            let body = text(&message.content, "body").unwrap_or_default();
            found.entry(body).or_default().push((message.wamid.clone(), message.tick));
        }
    });
    found
}

pub async fn status(bridge: &Bridge, id: &str) -> Result<String, String> {
    let request = bridge.client.get(format!("{}/status/{id}", bridge.url));
    let answer = request.bearer_auth(&bridge.key).send().await;
    let answer = answer.map_err(|e| e.to_string())?;
    let found: Value = answer.json().await.map_err(|e| e.to_string())?;
    text(&found, "status").ok_or_else(|| format!("GET /status/{id}: {found}"))
}
