//! Template nodes: list, create, edit, delete.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::auth::{self, MANAGEMENT};
use super::{Call, Replied, Reply, Wrong, fields, login_code, verdict};
use crate::check::check_definition;
use crate::core::Core;
use crate::state::{Template, Token, World};

const DEFAULT: &[&str] =
    &["name", "parameter_format", "components", "language", "status", "category"];
const KIND: &str = "WhatsAppMessageTemplate";
const MOST_TEMPLATES: usize = 6_000;
const DAY_MS: i64 = 86_400_000;

/// `GET /{WABA}/message_templates` with filters and opaque cursors.
pub fn list(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let world = &mut *core.world.lock();
    let (waba_id, percent) = auth::waba(world, call, &token, core.now_ms())?;
    let of_list = |key: &str, value: &str| match call.query.get(key) {
        None => true,
        Some(list) => list
            .trim_matches(['[', ']'])
            .split(',')
            .any(|one| one.trim().trim_matches('"').eq_ignore_ascii_case(value)),
    };
    let content = call.query.get("name_or_content").or(call.query.get("content"));
    let fits = |t: &&Template| {
        t.waba_id == waba_id
            && call.query.get("name").is_none_or(|name| t.name.contains(name.as_str()))
            && content.is_none_or(|text| {
                t.name.contains(text.as_str())
                    || json!(t.components).to_string().contains(text.as_str())
            })
            && of_list("status", &t.status)
            && of_list("category", &t.category)
            && of_list("language", &t.language)
            && of_list("quality_score", &t.quality)
    };
    let all: Vec<_> = world.templates.values().filter(fits).collect();
    let limit = match call.query.get("limit").map(|text| text.parse::<usize>()) {
        None => 25,
        Some(Ok(limit @ 1..=1000)) => limit,
        Some(_) => return Err(Wrong::with(100, "Param limit must be from 1 to 1000.")),
    };
    let at = |cursor: &String| -> Result<String, Wrong> {
        let id = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|b| String::from_utf8(b).ok());
        let id = id.and_then(|text| text.strip_prefix("t/").map(String::from));
        id.filter(|id| world.templates.contains_key(id)).ok_or_else(|| Wrong::new(131059))
    };
    let (after, before) = (call.query.get("after"), call.query.get("before"));
    let page: Vec<_> = match (after.map(at).transpose()?, before.map(at).transpose()?) {
        (Some(id), _) => all.iter().filter(|t| t.id > id).take(limit).collect(),
        (None, Some(id)) => {
            let earlier: Vec<_> = all.iter().filter(|t| t.id < id).collect();
            earlier[earlier.len().saturating_sub(limit)..].to_vec()
        }
        (None, None) => all.iter().take(limit).collect(),
    };
    let data = page
        .iter()
        .map(|t| fields::pick(call, KIND, DEFAULT, t.node()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut body = json!({ "data": data });
    if let (Some(first), Some(last)) = (page.first(), page.last()) {
        let cursor = |t: &Template| URL_SAFE_NO_PAD.encode(format!("t/{}", t.id));
        body["paging"] = json!({ "cursors": { "before": cursor(first), "after": cursor(last) } });
        let link = |key: &str, cursor: String| {
            let rest: String = call
                .query
                .iter()
                .filter(|(k, _)| !["after", "before", "access_token"].contains(&k.as_str()))
                .map(|(k, v)| format!("{k}={v}&"))
                .collect();
            format!("{}{}?{rest}{key}={cursor}", world.public_url, call.path)
        };
        if all.last().is_some_and(|end| end.id > last.id) {
            body["paging"]["next"] = json!(link("after", cursor(last)));
        }
        if all.first().is_some_and(|start| start.id < first.id) {
            body["paging"]["previous"] = json!(link("before", cursor(first)));
        }
    }
    if call.query.contains_key("summary") {
        body["summary"] = json!({ "total_count": all.len(), "message_template_count": all.len(),
            "message_template_limit": MOST_TEMPLATES, "are_translations_complete": true });
    }
    Ok(Reply::json(body).with_usage(&waba_id, percent))
}

pub fn get(world: &World, token: &Token, call: &Call) -> Replied {
    let template = &world.templates[call.node()];
    auth::permit(token, MANAGEMENT, &template.waba_id)?;
    Ok(Reply::json(fields::pick(call, KIND, DEFAULT, template.node())?))
}

/// `POST /{WABA}/message_templates`: checked at once, decided after a review.
pub fn create(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    let (id, category, waba_id, percent) = {
        let world = &mut *core.world.lock();
        let (waba_id, percent) = auth::waba(world, call, &token, now_ms)?;
        check_definition(&call.body)?;
        let text = |key: &str| call.body[key].as_str().unwrap_or_default().to_owned();
        let (name, language) = (text("name"), text("language"));
        admit(world, &waba_id, &name, &language, now_ms)?;
        let id = world.mint_id(13900);
        let category = text("category").to_uppercase();
        let named = text("parameter_format").eq_ignore_ascii_case("NAMED");
        world.templates.insert(
            id.clone(),
            Template {
                id: id.clone(),
                waba_id: waba_id.clone(),
                name,
                language,
                status: "PENDING".into(),
                category: category.clone(),
                previous_category: None,
                parameter_format: if named { "NAMED" } else { "POSITIONAL" }.into(),
                components: read_back(&call.body["components"]),
                rejected_reason: None,
                quality: "UNKNOWN".into(),
                edits: Vec::new(),
            },
        );
        (id, category, waba_id, percent)
    };
    verdict::review(core, id.clone());
    let body = json!({ "id": id, "status": "PENDING", "category": category });
    Ok(Reply::json(body).with_usage(&waba_id, percent))
}

/// Quotas and names: 100 creations an hour, a total, no name twice, and none
/// that is still blocked after a deletion.
fn admit(
    world: &mut World,
    waba_id: &str,
    name: &str,
    language: &str,
    now_ms: i64,
) -> Result<(), Wrong> {
    let mine = || world.templates.values().filter(|t| t.waba_id == waba_id);
    if mine().any(|t| t.name == name && t.language == language) {
        let text = format!("There is already {language} content for {name}.");
        return Err(Wrong::template(2388024, "Content in this language already exists", text));
    }
    if mine().count() >= MOST_TEMPLATES {
        return Err(Wrong::template(2388019, "Limit reached", "Delete templates first."));
    }
    let Some(waba) = world.wabas.get_mut(waba_id) else {
        return Ok(());
    };
    if waba.blocked_names.get(name).is_some_and(|until| now_ms < *until) {
        let text = format!("New {language} content can't be added while {name} is being deleted.");
        return Err(Wrong::template(2388023, "Message template language is being deleted", text));
    }
    let hour = now_ms.div_euclid(3_600_000);
    if waba.creations.0 != hour {
        waba.creations = (hour, 0);
    }
    if waba.creations.1 >= 100 {
        return Err(Wrong::new(80008));
    }
    waba.creations.1 += 1;
    Ok(())
}

/// Component types and formats come back in capitals, with the texts that are
/// Meta's own.
fn read_back(components: &Value) -> Vec<Value> {
    let mut list = components.as_array().cloned().unwrap_or_default();
    for component in &mut list {
        capitals(component);
        for button in component["buttons"].as_array_mut().into_iter().flatten() {
            capitals(button);
        }
        if let Some(keys) = component.as_object_mut() {
            keys.retain(|_, value| !value.is_null());
        }
    }
    login_code::write_out(&mut list);
    list
}

fn capitals(value: &mut Value) {
    for key in ["type", "format"] {
        if let Some(text) = value[key].as_str().map(str::to_uppercase) {
            value[key] = json!(text);
        }
    }
    if let Some(keys) = value.as_object_mut() {
        keys.retain(|_, value| !value.is_null());
    }
}

/// `POST /{TEMPLATE_ID}`: back into review. An approved one keeps its category
/// and can be edited once a day, ten times in thirty days.
pub fn edit(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    {
        let world = &mut *core.world.lock();
        let Some(template) = world.templates.get_mut(call.node()) else {
            return Err(Wrong::no_object("POST", call.node()));
        };
        auth::permit(&token, MANAGEMENT, &template.waba_id)?;
        if !["APPROVED", "REJECTED", "PAUSED"].contains(&template.status.as_str()) {
            return Err(Wrong::template(
                2388039,
                "Not editable",
                "It is under review or disabled.",
            ));
        }
        let mut merged = template.node();
        for key in ["category", "components", "parameter_format"] {
            if let Some(value) = call.body.get(key) {
                merged[key] = value.clone();
            }
        }
        check_definition(&merged)?;
        let category = merged["category"].as_str().unwrap_or_default().to_uppercase();
        if template.status == "APPROVED" {
            template.edits.retain(|at| now_ms - at < 30 * DAY_MS);
            let today = template.edits.iter().any(|at| now_ms - at < DAY_MS);
            if category != template.category || today || template.edits.len() >= 10 {
                let text = "An approved template keeps its category and takes one edit a day.";
                return Err(Wrong::template(2388039, "Not editable", text));
            }
            template.edits.push(now_ms);
        }
        template.category = category;
        template.components = read_back(&merged["components"]);
        template.status = "PENDING".into();
    }
    verdict::review(core, call.node().into());
    Ok(Reply::success())
}

/// `DELETE /{WABA}/message_templates?name=&hsm_id=`.
pub fn delete(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    let world = &mut *core.world.lock();
    let (waba_id, percent) = auth::waba(world, call, &token, now_ms)?;
    let Some(name) = call.param("name") else {
        return Err(Wrong::graph(100, None, "The parameter name is required."));
    };
    let id = call.param("hsm_id");
    let doomed: Vec<_> = world
        .templates
        .values()
        .filter(|t| t.waba_id == waba_id && t.name == name)
        .filter(|t| id.as_ref().is_none_or(|id| t.id == *id))
        .map(|t| (t.id.clone(), t.status.clone()))
        .collect();
    if doomed.is_empty() {
        return Err(Wrong::template(2593002, "Not found", format!("No template {name}.")));
    }
    if doomed.iter().any(|(_, status)| status == "DISABLED") {
        return Err(Wrong::template(2388039, "Not deletable", "It is disabled."));
    }
    for (id, status) in doomed {
        world.templates.remove(&id);
        if status == "APPROVED"
            && let Some(waba) = world.wabas.get_mut(&waba_id)
        {
            waba.blocked_names.insert(name.clone(), now_ms + 30 * DAY_MS);
        }
    }
    Ok(Reply::success().with_usage(&waba_id, percent))
}
