//! The business profile of a number.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::auth::{self, MESSAGING};
use super::{Call, Replied, Reply, Wrong};
use crate::check::At;
use crate::core::Core;

const LIMITS: [(&str, usize); 6] = [
    ("about", 139),
    ("address", 256),
    ("description", 512),
    ("email", 128),
    ("vertical", 64),
    ("profile_picture_handle", 4096),
];

/// `GET|POST /{PHONE_ID}/whatsapp_business_profile`.
pub fn answer(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let world = &mut *core.world.lock();
    let number = auth::number(world, call, &token, MESSAGING)?;
    if call.method == Method::GET {
        let mut profile = number.profile.clone();
        profile["messaging_product"] = json!("whatsapp");
        return Ok(Reply::json(json!({ "data": [profile] })));
    }
    if call.body["messaging_product"] != "whatsapp" {
        return Err(Wrong::graph(100, None, "The parameter messaging_product is required."));
    }
    let body = At::new(&call.body, "profile");
    for (key, most) in LIMITS {
        let Some(text) = body.get(key) else { continue };
        text.sized(usize::from(key == "about"), most)?;
        number.profile[key] = text.value.clone();
    }
    if let Some(sites) = body.get("websites") {
        for site in sites.list(0, 2)? {
            site.sized(1, 256)?;
        }
        number.profile["websites"] = sites.value.clone();
    }
    Ok(Reply::success())
}
