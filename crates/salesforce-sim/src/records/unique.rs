//! Unique fields.

use super::members;
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
        return members::once(org, object, own_id, row);
    }
    Ok(())
}
