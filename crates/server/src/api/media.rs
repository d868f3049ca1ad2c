//! `POST /media`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, TryStreamExt};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Params;
use crate::auth::SendKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

/// Where the upload is served; it has a time limit of its own.
pub const PATH: &str = "/media";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Name {
    /// What people see of a document: `Plan A.pdf`.
    filename: Option<String>,
}

/// The file is kept and on disk, sealed.
#[derive(Serialize, ToSchema)]
pub struct Upload {
    /// Send it as `upload_id` in the message: `{"type":"image","image":{"upload_id":"med_..."}}`.
    #[schema(example = "med_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    mime_type: String,
    bytes: u64,
    /// Hexadecimal.
    sha256: String,
    /// RFC 3339, UTC. It can be sent until then, any number of times.
    expires_at: String,
}

/// Keep a file for sends to come.
///
/// The body is the file, its type the `Content-Type`. It is taken piece by
/// piece and kept for a day.
#[utoipa::path(
    post, path = "/media", tag = "send",
    params(Name, ("Content-Type" = String, Header, description = "The file's own type, such as image/jpeg")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "On disk", body = Upload),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 422, description = "It cannot be kept as it is", body = Problem),
        (status = 503, description = "No room for another file now", body = Problem),
    )
)]
pub async fn upload(
    State(app): State<App>,
    SendKey(session): SendKey,
    Params(Name { filename }): Params<Name>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let mime = header(header::CONTENT_TYPE).filter(|mime| is_a_type(mime)).ok_or_else(|| {
        let cure = "Send the file's own type, such as image/jpeg or application/pdf.";
        Problem::field("Content-Type", "It does not say what the file is.", cure)
    })?;
    let length = header(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let pieces = body.into_data_stream().map_err(std::io::Error::other).boxed();
    let (tenant, name) = (&session.tenant, filename.as_deref());
    let kept = app.keeper.keep(tenant, mime, name, length, pieces).await?;
    let upload = Upload {
        id: kept.id.to_string(),
        mime_type: kept.mime_type,
        bytes: kept.bytes,
        sha256: kept.sha256.iter().map(|b| format!("{b:02x}")).collect(),
        expires_at: clock::text(kept.expires_at),
    };
    Ok((StatusCode::CREATED, Json(upload)).into_response())
}

fn is_a_type(mime: &str) -> bool {
    let bare = mime.split(';').next().unwrap_or_default().trim();
    let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    bare.split_once('/').is_some_and(|(kind, sub)| word(kind) && word(sub))
        && bare != "application/octet-stream"
        && !bare.starts_with("multipart/")
        && mime.len() <= 100
}
