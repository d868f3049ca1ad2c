//! Pages: at most `limit` items, and a cursor to the next ones.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

pub const LIMIT_MAX: u32 = 200;
const LIMIT_DEFAULT: u32 = 50;

/// `items` may be fewer than asked for; only a missing `next` ends a list.
#[derive(Serialize, ToSchema)]
pub struct Paged<T> {
    pub items: Vec<T>,
    /// Send it as `cursor` to go on. Opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

pub fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(LIMIT_DEFAULT),
        Some(n) if (1..=LIMIT_MAX).contains(&n) => Ok(n),
        Some(n) => Err(Problem::field(
            "limit",
            format!("{n} is outside 1 to {LIMIT_MAX}."),
            format!("Ask for 1 to {LIMIT_MAX} items and follow `next`."),
        )),
    }
}

/// A cursor that is a sequence number; the start when absent.
pub fn sequence(cursor: Option<&str>) -> Result<i64, Problem> {
    let Some(text) = cursor else { return Ok(0) };
    text.parse().ok().filter(|n| *n >= 0).ok_or_else(bad_cursor)
}

pub fn bad_cursor() -> Problem {
    let cure = "Send `next` of the page before as it was, or leave it out to begin anew.";
    Problem::field("cursor", "It is not a cursor of this list.", cure)
}
