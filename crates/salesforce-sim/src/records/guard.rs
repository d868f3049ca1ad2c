//! The package's version guard: `PuenteVersionGuard`, as a rule of this org.

use super::Values;
use crate::org::Row;
use crate::schema::Object;

/// Whether the update is older than what is stored, and so leaves it alone.
/// A version that is cleared counts as older.
pub fn is_older(object: &Object, stored: &Row, offered: &Values) -> bool {
    let Some(field) = object.guarded_version() else {
        return false;
    };
    let Some(held) = stored.get(&field.name).and_then(|v| v.as_f64()) else {
        return false;
    };
    match offered.plain.iter().find(|(f, _)| f.name == field.name) {
        None => false,
        Some((_, None)) => true,
        Some((_, Some(value))) => value.as_f64().is_some_and(|version| version < held),
    }
}
