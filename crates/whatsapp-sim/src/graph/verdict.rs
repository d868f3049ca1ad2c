//! What becomes of a template: review, pause, disabling, another category.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::core::Core;
use crate::webhook::{Change, emit};

/// Decides a pending template after the review's delay.
pub fn review(core: &Arc<Core>, id: String) {
    let delay_ms = {
        let world = &mut *core.world.lock();
        let (low, high) = world.pace.review_ms;
        world.seed.fork(&id).between(low, high)
    };
    let reviewing = core.clone();
    core.background(async move {
        reviewing.gate.clock.sleep_ms(delay_ms).await;
        let pending = reviewing.world.lock().templates.get(&id).map(|t| t.status == "PENDING");
        if pending != Some(true) {
            return;
        }
        let reason = reviewing.world.lock().rules.reject_templates.clone();
        let status = if reason.is_some() { "REJECTED" } else { "APPROVED" };
        decide(&reviewing, &id, status, reason.as_deref());
    });
}

/// Sets a template's status and tells it; false when there is no such template.
pub fn decide(core: &Arc<Core>, id: &str, status: &str, reason: Option<&str>) -> bool {
    let now_s = core.gate.clock.now_secs();
    let change = {
        let world = &mut *core.world.lock();
        let Some(template) = world.templates.get_mut(id) else {
            return false;
        };
        template.status = status.into();
        template.rejected_reason = reason.map(String::from);
        let mut value = json!({
            "event": status, "message_template_id": number(id),
            "message_template_name": template.name,
            // A hyphen here, an underscore in the API.
            "message_template_language": template.language.replace('_', "-"),
            "reason": reason.unwrap_or("NONE"), "message_template_category": template.category,
        });
        match status {
            "PAUSED" => {
                value["other_info"] =
                    json!({ "title": "FIRST_PAUSE", "description": "Paused for low quality." })
            }
            "DISABLED" => value["disable_info"] = json!({ "disable_date": now_s }),
            "REJECTED" => {
                value["rejection_info"] =
                    json!({ "reason": reason, "recommendation": "Edit and submit again." })
            }
            _ => {}
        }
        Change {
            waba_id: template.waba_id.clone(),
            number_id: None,
            field: "message_template_status_update".into(),
            value,
        }
    };
    emit(core, change);
    true
}

/// Puts a template into another category and tells it; false when there is no
/// such template.
pub fn recategorize(core: &Arc<Core>, id: &str, category: &str) -> bool {
    let change = {
        let world = &mut *core.world.lock();
        let Some(template) = world.templates.get_mut(id) else {
            return false;
        };
        let previous = std::mem::replace(&mut template.category, category.into());
        template.previous_category = Some(previous.clone());
        let value = json!({
            "message_template_id": number(id), "message_template_name": template.name,
            "message_template_language": template.language.replace('_', "-"),
            "previous_category": previous, "new_category": category,
        });
        Change {
            waba_id: template.waba_id.clone(),
            number_id: None,
            field: "template_category_update".into(),
            value,
        }
    };
    emit(core, change);
    true
}

/// Webhooks write the id as a number.
fn number(id: &str) -> Value {
    id.parse::<u64>().map_or(Value::Null, |n| json!(n))
}
