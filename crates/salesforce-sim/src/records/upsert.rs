//! Which row an upsert means.

use super::Target;
use crate::error::ApiError;
use crate::ids;
use crate::org::Org;
use crate::schema::{Field, Object};

/// Finds the row whose key has this value.
///
/// 300 with the rows' ids in `fields` when several have it; 400 when the
/// record brings no value (a null `Id` creates).
pub fn resolve(
    org: &Org,
    object: &Object,
    key: &Field,
    value: Option<&str>,
) -> Result<Target, ApiError> {
    if &*key.name == "Id" {
        return Ok(match value {
            Some(id) => Target::Update { id: id.to_owned() },
            None => Target::Insert,
        });
    }
    let Some(value) = value else {
        return Err(ApiError::bad("MISSING_ARGUMENT", format!("{} not specified", key.name)));
    };
    let found = org.table(object).find(key, value).unwrap_or_default();
    match &found[..] {
        [] => Ok(Target::Insert),
        [id] => Ok(Target::Update { id: id.clone() }),
        many => {
            let text =
                format!("{}: more than one record found for external id field: {many:?}", key.name);
            let mut error = ApiError::new(300, "DUPLICATE_EXTERNAL_ID", text);
            error.fields = many.iter().filter_map(|id| ids::full(id)).collect();
            Err(error)
        }
    }
}
