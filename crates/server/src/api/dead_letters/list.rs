//! `GET /api/v1/dead-letters`

use axum::Json;
use axum::extract::State;
use model::UnixMs;
use serde::Deserialize;
use store::{LetterFilter, LetterId, LetterKind};
use utoipa::IntoParams;

use super::DeadLetter;
use crate::api::input::Params;
use crate::api::paging::{self, Paged};
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// `webhook`, `item`, `send`, `write`, `record` or `file`; all when left out.
    kind: Option<String>,
    /// As the list shows it, for instance `wa.131026` or `unclaimed`.
    code: Option<String>,
    /// Set aside at this time or later: RFC 3339.
    from: Option<String>,
    /// Set aside before this time: RFC 3339.
    until: Option<String>,
    /// 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Everything that ended aside, longest waiting first.
#[utoipa::path(
    get, path = "/api/v1/dead-letters", tag = "letters", params(Query),
    responses(
        (status = 200, description = "A page", body = Paged<DeadLetter>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "Not a filter of this list", body = Problem),
    )
)]
pub async fn dead_letters(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Paged<DeadLetter>>, Problem> {
    let max = paging::limit(query.limit)?;
    let filter = filter(query.kind, query.code, query.from, query.until, query.cursor)?;
    let list = super::letters(&app).list(&session.tenant, &filter, max).await?;
    let full = list.len() == max as usize;
    let next = list.last().filter(|_| full).map(|last| cursor(last.letter.at, last.letter.id));
    Ok(Json(Paged { items: list.into_iter().map(DeadLetter::from).collect(), next }))
}

pub fn cursor(at: UnixMs, id: LetterId) -> String {
    format!("{}.{id}", at.0)
}

/// The filter that a list and a wish about many share.
pub fn filter(
    kind: Option<String>,
    code: Option<String>,
    from: Option<String>,
    until: Option<String>,
    cursor: Option<String>,
) -> Result<LetterFilter, Problem> {
    let kind = kind.map(|word| LetterKind::parse(&word).ok_or_else(no_kind)).transpose()?;
    let time = |name: &'static str, text: Option<String>| {
        text.map(|text| clock::parse(&text).ok_or_else(|| no_time(name))).transpose()
    };
    let after = cursor.map(|text| read_cursor(&text).ok_or_else(paging::bad_cursor)).transpose()?;
    Ok(LetterFilter { kind, code, from: time("from", from)?, until: time("until", until)?, after })
}

fn read_cursor(text: &str) -> Option<(UnixMs, LetterId)> {
    let (at, id) = text.split_once('.')?;
    Some((UnixMs(at.parse().ok()?), LetterId::parse(id)?))
}

fn no_kind() -> Problem {
    let kinds = LetterKind::ALL.map(LetterKind::as_str).join(", ");
    Problem::field("kind", "There is no such kind.", format!("Send one of {kinds}."))
}

fn no_time(name: &'static str) -> Problem {
    let cure = "Send a time such as 2026-11-22T15:00:00Z.";
    Problem::field(name, "It is not an RFC 3339 time.", cure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_and_a_mistake_names_its_field() {
        let text = |text: &str| Some(text.to_owned());
        let id = LetterId::Item(7);
        let read = filter(
            text("item"),
            text("unclaimed"),
            text("2026-11-22T15:06:40Z"),
            None,
            text(&cursor(UnixMs(5), id)),
        )
        .unwrap();
        assert_eq!((read.kind, read.after), (Some(LetterKind::Item), Some((UnixMs(5), id))));
        assert_eq!(read.from, Some(UnixMs(1_795_360_000_000)));
        let none = None;
        for (field, read) in [
            ("kind", filter(text("letter"), None, None, None, None)),
            ("from", filter(None, None, text("today"), None, None)),
            ("until", filter(None, None, None, text(""), None)),
            ("cursor", filter(none, None, None, None, text("5"))),
        ] {
            let problem = serde_json::to_value(read.unwrap_err()).unwrap();
            assert_eq!(problem["field"], field);
        }
    }
}
