//! Webhooks as they come on a bad day.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Change, contact, frame};
use crate::state::{Direction, World, mint_wamid};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dirt {
    /// A `field` of next year.
    UnknownField,
    /// A message `type` of next year, with keys of its own.
    UnknownType,
    /// A timestamp, an id and a quantity as JSON numbers, an amount as text.
    Numbers,
    /// A timestamp in milliseconds.
    Milliseconds,
    MissingContacts,
    /// U+0000 in the text and in the name.
    Nul,
    /// A body of three megabytes.
    Huge,
    /// An `interactive` message without content, and `value.errors`.
    Hollow,
    /// The dashboard's test post: a number nobody owns.
    Dashboard,
}

impl Dirt {
    pub const ALL: [Self; 9] = [
        Self::UnknownField,
        Self::UnknownType,
        Self::Numbers,
        Self::Milliseconds,
        Self::MissingContacts,
        Self::Nul,
        Self::Huge,
        Self::Hollow,
        Self::Dashboard,
    ];

    /// A change of this kind from a customer to a number; none when either is unknown.
    pub fn change(
        self,
        world: &mut World,
        number_id: &str,
        customer_id: &str,
        now_ms: i64,
    ) -> Option<Change> {
        let waba_id = world.numbers.get(number_id)?.waba_id.clone();
        let business = world.business_of(number_id)?.id.clone();
        let customer = world.customers.get(customer_id)?.clone();
        let id = mint_wamid(&customer.wa_id, Direction::In, &mut world.seed);
        let mut message = json!({
            "from": customer.wa_id, "from_user_id": customer.bsuids.get(&business), "id": id,
            "timestamp": (now_ms / 1000).to_string(), "type": "text", "text": { "body": "hi" },
        });
        let mut value = frame(world, number_id);
        value["contacts"] = json!([contact(&customer, &business, now_ms)]);
        let mut field = "messages";
        let mut entry = waba_id;
        match self {
            Self::UnknownField => {
                field = "holograms";
                value = json!({ "hologram": { "depth": 3 }, "timestamp": now_ms });
            }
            Self::UnknownType => {
                message["type"] = json!("hologram");
                message["hologram"] = json!({ "id": "1", "layers": [1, 2] });
                message["aura"] = json!("blue");
            }
            Self::Numbers => {
                message["timestamp"] = json!(now_ms / 1000);
                message["type"] = json!("order");
                message["order"] = json!({ "catalog_id": 194_000, "product_items": [{
                    "product_retailer_id": "sku1", "quantity": 1, "item_price": "10.5",
                    "currency": "USD" }] });
            }
            Self::Milliseconds => message["timestamp"] = json!(now_ms.to_string()),
            Self::MissingContacts => drop(value.as_object_mut()?.remove("contacts")),
            Self::Nul => {
                message["text"]["body"] = json!("a\u{0}b\r\nc");
                value["contacts"][0]["profile"]["name"] = json!("An\u{0}a");
            }
            Self::Huge => message["text"]["body"] = json!("x".repeat(3 * 1024 * 1024 - 2_000)),
            Self::Hollow => {
                message["type"] = json!("interactive");
                value["errors"] =
                    json!([{ "code": 131000, "title": "Unsupported webhook payload" }]);
            }
            Self::Dashboard => {
                entry = "0".into();
                value["metadata"] = json!({ "display_phone_number": "16505551111",
                    "phone_number_id": "123456123" });
                value["contacts"] = json!([{ "profile": { "name": "test user name" },
                    "wa_id": "16315551181" }]);
                message = json!({ "from": "16315551181", "id": "ABGGFlA5Fpa",
                    "timestamp": "1504902988", "type": "text",
                    "text": { "body": "this is a text message" } });
            }
        }
        if self != Self::UnknownField {
            if message["type"] != "text"
                && let Some(keys) = message.as_object_mut()
            {
                keys.remove("text");
            }
            value["messages"] = Value::Array(vec![message]);
        }
        Some(Change {
            waba_id: entry,
            number_id: Some(number_id.into()),
            field: field.into(),
            value,
        })
    }
}
