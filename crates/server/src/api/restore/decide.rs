//! `POST /api/v1/restore/decide`

use axum::Json;
use axum::extract::State;
use model::ids::OutboxId;
use serde::Serialize;
use serde_json::{Map, Value};
use store::op::Word;
use utoipa::ToSchema;

use crate::api::ids;
use crate::api::input::{Object, take_text};
use crate::auth::ManageKey;
use crate::problem::{self, Problem};
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = DecideHeld)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// `send`: it was not sent. `drop`: it was, or nobody wants it any more.
    #[schema(example = "send")]
    word: String,
    /// `out_...`; all that are held when left out, and then the hold ends.
    id: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Decided {
    decided: u64,
    /// Nothing is sent still.
    held: bool,
}

/// A person's word about a held send, or about all of them.
///
/// Without `id` it also says that this database is the one that sends.
#[utoipa::path(
    post, path = "/api/v1/restore/decide", tag = "operations", request_body = Wish,
    responses(
        (status = 200, description = "It is done", body = Decided),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "No such send is held", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn decide_held(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(body): Object,
) -> Result<Json<Decided>, Problem> {
    let (word, id) = read(body)?;
    let by = session.key.to_string();
    let holds = engine::Holds { store: app.store.clone(), ambient: app.ambient.clone() };
    let decided = holds.decide(&session.tenant, id, word, &by).await?;
    if decided == 0 && id.is_some() {
        return Err(
            Problem::new(&problem::NOT_FOUND, "No send of yours with this id is held.").at("id")
        );
    }
    app.desk.nudges.outbound.wake();
    app.desk.nudges.writer.wake();
    Ok(Json(Decided { decided, held: app.store.hold().await?.is_some() }))
}

fn read(mut map: Map<String, Value>) -> Result<(Word, Option<OutboxId>), Problem> {
    let word = match take_text(&mut map, "word", 16)?.as_deref() {
        Some("send") => Word::Send,
        Some("drop") => Word::Drop,
        _ => {
            let cure = "Send `send` for what was not sent, or `drop` for what was.";
            return Err(Problem::field("word", "It is neither send nor drop.", cure));
        }
    };
    let id = match take_text(&mut map, "id", 64)? {
        Some(text) => Some(ids::outbox("id", &text)?),
        None => None,
    };
    if let Some(name) = map.keys().next() {
        let cure = "Send word and perhaps id only.";
        return Err(Problem::field(name, "There is no such field.", cure));
    }
    Ok((word, id))
}
