//! From Meta's words to ops. Pure.

use model::UnixMs;
use model::ids::{TenantId, WabaId};
use serde_json::Value;
use store::op::{TemplateListed, TemplateNews, TemplateTold};
use whatsapp::wire::template::TemplateInfo;
use whatsapp::wire::webhook::{Item, Notice};

/// `NONE` and nothing are the same.
fn said(word: Option<String>) -> Option<String> {
    word.filter(|word| !word.is_empty() && word != "NONE")
}

/// One entry of a list that was asked for at `at`; nothing without a name.
pub fn listed(
    tenant: &TenantId,
    waba: &WabaId,
    info: TemplateInfo,
    at: UnixMs,
) -> Option<TemplateListed> {
    Some(TemplateListed {
        tenant: tenant.clone(),
        waba: waba.clone(),
        name: info.name?,
        language: info.language?,
        meta_id: info.id.unwrap_or_default(),
        state: info.status.unwrap_or_default(),
        category: info.category.unwrap_or_default(),
        named: info.parameter_format.is_some_and(|word| word.eq_ignore_ascii_case("NAMED")),
        parts: Value::Array(info.components).to_string(),
        reason: said(info.rejected_reason),
        quality: info.quality_score.and_then(|quality| quality.score),
        at,
    })
}

/// What an item tells about a template, where it does.
pub fn told(tenant: &TenantId, item: &Item, received_at: UnixMs) -> Option<TemplateTold> {
    let (id, name, language, news) = match item.notice() {
        Notice::TemplateStatus(it) => {
            let why = it.other_info.and_then(|info| said(info.title).or(info.description));
            let why = why.or(it.rejection_info.and_then(|info| info.recommendation));
            let reason = match (said(it.reason), why) {
                (Some(reason), Some(why)) if reason != why => Some(format!("{reason}: {why}")),
                (reason, why) => reason.or(why),
            };
            let state = match it.event?.as_str() {
                // back to where it was
                "REINSTATED" | "UNARCHIVED" => "APPROVED".to_owned(),
                other => other.to_owned(),
            };
            let category = it.category.map(|word| word.to_uppercase());
            (it.id, it.name, it.language, TemplateNews::State { state, reason, category })
        }
        Notice::TemplateQuality(it) => {
            (it.id, it.name, it.language, TemplateNews::Quality(it.new?))
        }
        Notice::TemplateComponents(it) => (it.id, it.name, it.language, TemplateNews::Parts),
        Notice::TemplateCategory(it) => {
            let news = match (it.correct_category, it.new_category) {
                (Some(correct), _) => TemplateNews::Announced(correct.to_uppercase()),
                (None, Some(category)) => TemplateNews::Category {
                    previous: it.previous_category.map(|word| word.to_uppercase()),
                    category: category.to_uppercase(),
                },
                (None, None) => return None,
            };
            (it.id, it.name, it.language, news)
        }
        _ => return None,
    };
    Some(TemplateTold {
        tenant: tenant.clone(),
        waba: item.waba_id.clone(),
        name: name?,
        // webhooks write `en-US` where the API writes `en_US`
        language: language?.replace('-', "_"),
        meta_id: id,
        event_at: item.entry_time.unwrap_or(received_at),
        received_at,
        news,
    })
}
