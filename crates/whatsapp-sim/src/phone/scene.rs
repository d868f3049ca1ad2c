//! The frame of everything a customer does.

use serde_json::{Value, json};

use crate::state::World;
use crate::webhook::{Change, contact, frame};

/// Who speaks to which account.
pub struct Scene {
    customer_id: String,
    number_id: String,
    waba_id: String,
    pub business_id: String,
    wa_id: String,
    bsuid: String,
    hidden: bool,
}

impl Scene {
    pub fn of(world: &World, customer_id: &str, number_id: &str) -> Result<Self, String> {
        let customer = world.customers.get(customer_id);
        let customer = customer.ok_or_else(|| format!("customer: {customer_id} is not there"))?;
        let number = world.numbers.get(number_id);
        let number = number.ok_or_else(|| format!("number: {number_id} is not there"))?;
        let business =
            world.business_of(number_id).ok_or("number: its account has no portfolio")?;
        Ok(Self {
            customer_id: customer_id.into(),
            number_id: number_id.into(),
            waba_id: number.waba_id.clone(),
            business_id: business.id.clone(),
            wa_id: customer.wa_id.clone(),
            bsuid: customer.bsuids.get(&business.id).cloned().unwrap_or_default(),
            hidden: customer.hidden,
        })
    }

    /// What stands inside a wamid: never the number of somebody who hides it.
    pub fn user(&self) -> String {
        if self.hidden { self.bsuid.clone() } else { self.wa_id.clone() }
    }

    pub fn message(&self, world: &World, wamid: &str, kind: &str, at_s: i64, now_ms: i64) -> Value {
        let mut message = json!({ "id": wamid, "timestamp": at_s.to_string(), "type": kind,
            "from_user_id": self.bsuid });
        let customer = world.customers.get(&self.customer_id);
        if customer.is_some_and(|c| c.shows_number(&self.business_id, now_ms)) {
            message["from"] = json!(self.wa_id);
        }
        message
    }

    pub fn change(&self, world: &World, message: Value, now_ms: i64) -> Change {
        let mut value = frame(world, &self.number_id);
        if let Some(customer) = world.customers.get(&self.customer_id) {
            value["contacts"] = json!([contact(customer, &self.business_id, now_ms)]);
        }
        value["messages"] = json!([message]);
        self.carry("messages", value)
    }

    pub fn carry(&self, field: &str, value: Value) -> Change {
        Change {
            waba_id: self.waba_id.clone(),
            number_id: Some(self.number_id.clone()),
            field: field.into(),
            value,
        }
    }
}
