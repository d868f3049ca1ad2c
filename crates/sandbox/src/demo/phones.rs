//! The customers and what their phones show.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use whatsapp_sim::{Config, Direction, Message, Tick};

pub fn customers(phones: &whatsapp_sim::Handle, org: &salesforce_sim::Handle) -> Vec<Value> {
    let people = org.rows("Puente_Person__c");
    phones.read(|world| {
        let of = |customer: &whatsapp_sim::Customer| {
            let known = people.iter().any(|person| {
                let same = |field: &str, id: &str| person[field].as_str() == Some(id);
                let bsuid = customer.bsuids.get(Config::BUSINESS);
                bsuid.is_some_and(|id| same("Bsuid__c", id)) || same("Wa_Id__c", &customer.wa_id)
            });
            let phone = (!customer.hidden).then(|| format!("+{}", customer.wa_id));
            json!({
                "id": customer.id, "name": customer.name, "phone": phone,
                "bsuid": customer.bsuids.get(Config::BUSINESS), "known": known,
            })
        };
        world.customers.values().map(of).collect()
    })
}

pub fn threads(phones: &whatsapp_sim::Handle) -> BTreeMap<String, Vec<Value>> {
    phones.read(|world| {
        let ids = world.customers.keys();
        ids.map(|id| (id.clone(), world.thread(id).map(message).collect())).collect()
    })
}

fn message(message: &Message) -> Value {
    let content = &message.content;
    let text = ["body", "caption", "text", "name", "emoji", "title"]
        .iter()
        .find_map(|key| content[*key].as_str())
        .or_else(|| content["body"]["text"].as_str());
    let mine = message.direction == Direction::Out;
    json!({
        "id": message.wamid,
        "from": if mine { "business" } else { "customer" },
        "kind": message.kind,
        "text": text,
        "at": message.at_ms,
        "ticks": if mine { ticks(message.tick) } else { "delivered" },
        "error": message.error.map(|code| format!("Meta error {code}")),
        "latitude": number(&content["latitude"]),
        "longitude": number(&content["longitude"]),
        "mediaUrl": content["id"].as_str().map(super::files::url),
    })
}

fn ticks(tick: Tick) -> &'static str {
    match tick {
        Tick::Accepted => "pending",
        Tick::Sent => "sent",
        Tick::Failed => "failed",
        Tick::Delivered => "delivered",
        Tick::Read | Tick::Played => "read",
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}
