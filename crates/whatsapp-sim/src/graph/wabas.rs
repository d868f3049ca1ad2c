//! Account and portfolio nodes.

use serde_json::{Value, json};

use super::auth::{self, MANAGEMENT};
use super::{Call, Replied, Reply, fields, health};
use crate::state::{Business, Token, World};

pub fn get(world: &World, token: &Token, call: &Call) -> Replied {
    let waba = &world.wabas[call.node()];
    auth::permit(token, MANAGEMENT, &waba.id)?;
    let business = world.businesses.get(&waba.business_id);
    let node = json!({
        "id": waba.id, "name": waba.name, "currency": waba.currency, "timezone_id": "1",
        "country": "US", "status": "ACTIVE", "account_review_status": "APPROVED",
        "business_verification_status": "verified", "ownership_type": "SELF",
        "message_template_namespace": format!("ns_{}", waba.id),
        "marketing_messages_onboarding_status": "ELIGIBLE",
        "owner_business_info": business.map(portfolio),
        "whatsapp_business_manager_messaging_limit": business.map(Business::tier),
        "health_status": health::of_waba(world, waba),
    });
    let default = ["name", "currency", "timezone_id", "message_template_namespace"];
    Ok(Reply::json(fields::pick(call, "WhatsAppBusinessAccount", &default, node)?))
}

pub fn portfolio(business: &Business) -> Value {
    json!({ "id": business.id, "name": business.name })
}
