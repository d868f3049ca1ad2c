//! Can the number send and receive, and as fast as we were told?

use whatsapp::wire::node::{HealthStatus, NumberInfo};

use super::said::Said;
use super::scene::Line;
use crate::config::Number;

pub fn check(line: &Line<'_>) -> Said {
    match &line.info {
        Ok(info) => judge(info, line.number),
        Err(said) => said.clone(),
    }
}

fn judge(info: &NumberInfo, number: &Number) -> Said {
    let status = info.status.as_deref().unwrap_or("unknown");
    let quality = info.quality_rating.as_deref().unwrap_or("unknown");
    let granted = granted(info);
    let mut remarks = Vec::new();
    if status != "CONNECTED" {
        remarks.push(Said::fail(format!("status {status}"), mend(status, number)));
    }
    remarks.extend(info.health_status.as_ref().and_then(health));
    if let ("YELLOW" | "RED", id) = (quality, &number.display) {
        let cure = format!(
            "WhatsApp Manager > Account tools > Phone numbers > {id} > Insights: people block or \
             report; send less marketing until it is green, or Meta lowers the limit"
        );
        remarks.push(Said::warn(format!("quality {quality}"), cure));
    }
    if let Some(granted) = granted.filter(|granted| *granted < number.messages_per_second) {
        remarks.push(Said::warn(
            format!(
                "Meta grants {granted} messages a second, the configuration takes {}",
                number.messages_per_second
            ),
            format!("tenant.number.messages_per_second = {granted}"),
        ));
    }
    remarks.extend(mistaken(info, number));
    let pace = granted.map_or("pace unknown".to_owned(), |n| format!("{n} messages a second"));
    let tier = info.whatsapp_business_manager_messaging_limit.as_deref().unwrap_or("limit unknown");
    Said::sum(format!("{status}, quality {quality}, {pace}, {tier}"), remarks)
}

/// Messages a second, in and out together; a number that also lives on the
/// business app has 20 whatever its level says.
fn granted(info: &NumberInfo) -> Option<u32> {
    if info.is_on_biz_app == Some(true) {
        return Some(20);
    }
    match info.throughput.as_ref()?.level.as_deref()? {
        "STANDARD" => Some(80),
        "HIGH" => Some(1_000),
        _ => None,
    }
}

fn mend(status: &str, number: &Number) -> String {
    let id = &number.phone_number_id;
    match status {
        "PENDING" | "DISCONNECTED" | "DELETED" | "MIGRATED" => format!(
            "register it: POST {}/{}/{id}/register with {{\"messaging_product\":\"whatsapp\",\"pin\":\
             \"<six digits>\"}}; if it was moved or deleted, add it again in WhatsApp Manager > \
             Account tools > Phone numbers",
            number.graph_url.trim_end_matches('/'),
            number.graph_version
        ),
        "UNVERIFIED" => "WhatsApp Manager > Account tools > Phone numbers: verify it by SMS or call".into(),
        "BANNED" | "RESTRICTED" | "FLAGGED" => {
            "Meta Business Suite > Settings > Business support home: read the reason and ask for a review".into()
        }
        _ => "WhatsApp Manager > Account tools > Phone numbers: see what it says of this number".into(),
    }
}

/// What Meta says could keep a message from being sent.
fn health(health: &HealthStatus) -> Option<Said> {
    let blocked = match health.can_send_message.as_deref()? {
        "BLOCKED" => true,
        "LIMITED" => false,
        _ => return None,
    };
    let (mut found, mut cures) = (Vec::new(), Vec::new());
    for entity in &health.entities {
        for error in &entity.errors {
            let kind = entity.entity_type.as_deref().unwrap_or("entity");
            let code = error.error_code.unwrap_or_default();
            let text = error.error_description.as_deref().unwrap_or_default();
            found.push(format!("{kind} ({code}): {text}"));
            cures.extend(error.possible_solution.clone());
        }
    }
    let found = if found.is_empty() { "sending is limited".into() } else { found.join(", ") };
    let cures = if cures.is_empty() {
        "WhatsApp Manager > Overview shows why".into()
    } else {
        cures.join(" ")
    };
    Some(if blocked { Said::fail(found, cures) } else { Said::warn(found, cures) })
}

/// The id is of another number than the one that people were told.
fn mistaken(info: &NumberInfo, number: &Number) -> Option<Said> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let shown = info.display_phone_number.as_deref()?;
    (digits(shown) != digits(&number.display)).then(|| {
        Said::fail(
            format!("the id {} is of {shown}", number.phone_number_id),
            "App Dashboard > WhatsApp > API Setup > From shows each number with its id; correct \
             tenant.number.phone_number_id or display",
        )
    })
}
