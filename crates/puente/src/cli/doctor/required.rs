//! Would a Lead or Case of ours be refused by the org's own rules: a field that
//! it requires and we do not know, a picklist without our value?

use salesforce::Names;
use salesforce::client::Describe;

use super::package::NEEDS;
use super::said::Said;
use super::scene::Org;

pub async fn check(org: &Org<'_>) -> Said {
    let client = match &org.client {
        Ok(client) => client,
        Err(why) => return Said::skip(why),
    };
    let config = &org.tenant.salesforce;
    let mut remarks = Vec::new();
    for (object, picklist, value, key) in [
        ("Lead", "LeadSource", config.lead_source.as_deref(), "lead_source"),
        ("Case", "Origin", config.case_origin.as_deref(), "case_origin"),
    ] {
        match client.describe(object).await {
            Ok(found) => {
                remarks.extend(unset(client.names(), &found));
                let value = value.filter(|value| !value.is_empty());
                remarks.extend(value.and_then(|value| unknown(&found, picklist, value, key)));
            }
            Err(fault) => return Said::of(&fault),
        }
    }
    Said::sum("a Lead and a Case of ours have all that the org requires", remarks)
}

/// Required fields that we never set. Validation rules and triggers cannot be
/// seen this way.
fn unset(names: &Names, found: &Describe) -> Option<Said> {
    let need = NEEDS.iter().find(|need| need.object == found.name)?;
    let ours: Vec<_> = need.made.iter().map(|field| names.field_of(need.object, field)).collect();
    let unset: Vec<_> = found
        .fields
        .iter()
        .filter(|field| field.required_at_create() && !ours.contains(&field.name))
        .map(|field| format!("{}.{}", found.name, field.name))
        .collect();
    let object = &found.name;
    (!unset.is_empty()).then(|| {
        Said::fail(
            format!("required, and never set by puente: {}", unset.join(", ")),
            format!(
                "Setup > Object Manager > {object} > Fields & Relationships: give the field a \
                 default, or untick Required; or fill it by a mapping (`puente mapping check` \
                 tells whether yours does)"
            ),
        )
    })
}

fn unknown(found: &Describe, picklist: &str, value: &str, key: &str) -> Option<Said> {
    let field = found.field(picklist)?;
    let object = &found.name;
    (!field.takes(value)).then(|| {
        let label = if field.label.is_empty() { picklist } else { &field.label };
        Said::fail(
            format!("{object}.{picklist} is restricted and does not know '{value}'"),
            format!(
                "Setup > Object Manager > {object} > Fields & Relationships > {label} > New: add it \
                 (for each record type); or set tenant.salesforce.{key} to a known value, '' for none"
            ),
        )
    })
}
