//! What people said about being written to: recorded, and shown with its proof.

pub mod record;
pub mod show;

use model::Purpose;
use serde_json::{Map, Value};

use crate::api::input::take_text;
use crate::problem::Problem;

/// One of a few words, taken out of a body.
fn take_word<T>(
    map: &mut Map<String, Value>,
    name: &'static str,
    all: &[T],
    word: impl Fn(&T) -> &'static str,
) -> Result<T, Problem>
where
    T: Copy,
{
    let words = || all.iter().map(&word).collect::<Vec<_>>().join(", ");
    let cure = || format!("Send one of: {}.", words());
    let Some(text) = take_text(map, name, 40)? else {
        return Err(Problem::field(name, "It is missing.", cure()));
    };
    let found = all.iter().find(|one| word(one) == text).copied();
    found.ok_or_else(|| Problem::field(name, format!("There is no '{text}'."), cure()))
}

fn take_purpose(map: &mut Map<String, Value>) -> Result<Purpose, Problem> {
    take_word(map, "purpose", &Purpose::ASKED, |purpose| purpose.as_str())
}
