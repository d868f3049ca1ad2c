//! How much is held at one time, whoever asks: requests, their bodies, streams.
//!
//! What finds no room is told to come again, which Meta and every careful
//! caller does; the process stays within its memory.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::api::media;
use crate::problem::{self, Problem};
use crate::state::App;
use crate::webhooks::Unread;

/// So many at one time.
pub struct Places(Arc<Semaphore>);

impl Places {
    pub fn new(max: usize) -> Self {
        Self(Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS))))
    }

    /// # Errors
    /// 503: all places are taken.
    pub fn take(&self, what: &str) -> Result<OwnedSemaphorePermit, Problem> {
        let taken = self.0.clone().try_acquire_owned();
        taken.map_err(|_| Problem::new(&problem::CROWDED, format!("Too many {what} are open.")))
    }
}

/// Reads the body whole, within the room that all bodies share. A file, and a
/// form of several parts, is left to its handler, which takes it piece by piece.
pub async fn body(State(app): State<App>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_form = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let route = request.extensions().get::<MatchedPath>();
    if is_form || route.is_some_and(|route| route.as_str() == media::PATH) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match app.room.read(body, app.options.request_bytes_max).await {
        Ok(bytes) => {
            let request = Request::from_parts(parts, Body::from(bytes.clone()));
            let response = next.run(request).await;
            // what the handler made of it is about as large
            drop(bytes);
            response
        }
        Err(unread) => refused(unread, app.options.request_bytes_max),
    }
}

fn refused(unread: Unread, bytes_max: usize) -> Response {
    use axum::response::IntoResponse;
    let problem = match unread {
        Unread::TooLarge => {
            Problem::new(&problem::TOO_LARGE, format!("It is larger than {bytes_max} bytes."))
        }
        Unread::NoRoom => Problem::new(&problem::CROWDED, "Too many bodies are being read."),
        Unread::Broken => Problem::new(&problem::BAD_JSON, "The body broke off."),
    };
    problem.into_response()
}
