//! What each day came to, what each figure means, and the records behind it.

pub mod definitions;
pub mod recompute;
pub mod records;
pub mod show;

use rules::metrics::{Day, Metric};

use crate::problem::{self, Problem};

/// Days that one question spans.
const DAYS_MAX: i32 = 400;
/// When none are named: the present one and those before it.
const DAYS_SHOWN: i32 = 30;

/// The first and the last day, both of the tenant's time zone.
fn days(from: Option<&str>, to: Option<&str>, today: Day) -> Result<(Day, Day), Problem> {
    let day = |name: &'static str, text: &str| {
        Day::parse(text).ok_or_else(|| {
            let cure = "Write year, month and day: 2026-11-26.";
            Problem::field(name, format!("'{text}' is no day."), cure)
        })
    };
    let to = to.map(|text| day("to", text)).transpose()?.unwrap_or(today);
    let from = from.map(|text| day("from", text)).transpose()?;
    let from = from.unwrap_or(to.plus(1 - DAYS_SHOWN));
    if from > to {
        let cure = "Begin with the earlier day.";
        return Err(Problem::field("from", format!("{from} is after {to}."), cure));
    }
    if to.0 - from.0 >= DAYS_MAX {
        let cure = format!("Ask for {DAYS_MAX} days at most.");
        return Err(Problem::field("from", format!("{from} to {to} is too long."), cure));
    }
    Ok((from, to))
}

fn named(name: &str) -> Result<Metric, Problem> {
    Metric::parse(name).ok_or_else(|| {
        let detail = format!("There is no metric '{name}'.");
        let cure = "GET /api/v1/metrics/definitions lists them.";
        Problem::new(&problem::NOT_FOUND, detail).cured(cure)
    })
}
