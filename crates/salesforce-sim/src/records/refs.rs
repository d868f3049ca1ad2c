//! Lookups: the record must be there, of the right type, and not deleted.

use std::sync::Arc;

use super::Parent;
use crate::error::ApiError;
use crate::ids;
use crate::org::Org;
use crate::schema::Field;

/// The full id of the record a lookup names.
pub fn check(org: &Org, field: &Field, id: &str) -> Result<String, ApiError> {
    let malformed = |text: String| ApiError::bad("MALFORMED_ID", text).on(&field.name);
    let full = ids::full(id)
        .ok_or_else(|| malformed(format!("{}: id value of incorrect type: {id}", field.label)))?;
    let targets = field.reference.as_ref().map(|r| &r.to[..]).unwrap_or_default();
    let fits = org.schema.of_id(&full).is_some_and(|o| targets.iter().any(|t| **t == *o.name));
    if !fits {
        return Err(malformed(format!("{}: id value of incorrect type: {id}", field.label)));
    }
    match org.row(&full) {
        None => {
            let text = "invalid cross reference id";
            Err(ApiError::bad("INVALID_CROSS_REFERENCE_KEY", text).on(&field.name))
        }
        Some((_, _, row)) if row.get("IsDeleted").is_some_and(|d| d == true) => {
            Err(ApiError::bad("ENTITY_IS_DELETED", "entity is deleted").on(&field.name))
        }
        Some(_) => Ok(full),
    }
}

/// The id of a parent that is named by a key.
pub fn find(
    org: &Org,
    entity: &str,
    field: &Arc<Field>,
    parent: &Parent,
) -> Result<String, ApiError> {
    let Parent { object, key, value } = parent;
    if &*key.name == "Id" {
        return check(org, field, value);
    }
    let found = org.table(object).find(key, value).unwrap_or_default();
    match &found[..] {
        [id] => Ok(id.clone()),
        [] => {
            let text = format!(
                "Foreign key external ID: {value} not found for field {} in entity {}",
                key.name, object.name
            );
            Err(ApiError::bad("INVALID_FIELD", text).on(&field.name))
        }
        many => {
            let text = format!(
                "{} records of {} match {value} in {entity}.{}",
                many.len(),
                object.name,
                field.name
            );
            Err(ApiError::bad("DUPLICATE_EXTERNAL_ID", text).on(&field.name))
        }
    }
}
