//! Unique fields.

use crate::error::ApiError;
use crate::org::{Org, Row};
use crate::schema::Object;

/// Fails when another live row holds the same value in a unique field.
pub fn check(org: &Org, object: &Object, own_id: &str, row: &Row) -> Result<(), ApiError> {
    for field in object.fields().iter().filter(|f| f.unique) {
        let Some(value) = row.get(&field.name).and_then(|v| v.as_str()) else {
            continue;
        };
        let holders = org.table(object).find(field, value).unwrap_or_default();
        if let Some(other) = holders.iter().find(|id| *id != own_id) {
            let text = format!(
                "duplicate value found: {} duplicates value on record with id: {}",
                field.name,
                &other[..15]
            );
            return Err(ApiError::bad("DUPLICATE_VALUE", text));
        }
    }
    if &*object.name == "CampaignMember" {
        return member(org, object, own_id, row);
    }
    Ok(())
}

/// A person is a member of a campaign once.
fn member(org: &Org, object: &Object, own_id: &str, row: &Row) -> Result<(), ApiError> {
    let same = |other: &Row| {
        ["CampaignId", "LeadId", "ContactId"].iter().all(|name| other.get(*name) == row.get(*name))
    };
    let campaign = row.get("CampaignId").and_then(|v| v.as_str()).unwrap_or_default();
    let Some(field) = object.field("CampaignId") else {
        return Ok(());
    };
    let rivals = org.table(object).find(field, campaign).unwrap_or_default();
    let taken =
        rivals.iter().any(|id| id != own_id && org.table(object).live(id).is_some_and(same));
    if taken {
        return Err(ApiError::bad("DUPLICATE_VALUE", "Already a campaign member."));
    }
    Ok(())
}
