//! The bytes of a file, as the phone has them (Meta's id) or as Salesforce has
//! them (a version's).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Demo;

pub fn url(id: &str) -> String {
    format!("/demo/api/files/{id}")
}

pub async fn show(State(demo): State<Arc<Demo>>, Path(id): Path<String>) -> Response {
    let on_phones = demo
        .phones
        .read(|world| world.media.get(&id).map(|media| (media.mime.clone(), media.bytes.clone())));
    let in_org = || Some(("application/octet-stream".to_owned(), demo.org.file(&id)?));
    match on_phones.or_else(in_org) {
        Some((mime, bytes)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
