//! Errors as people and programs read them (RFC 9457, problem details).
//!
//! `code` is for programs and never changes; `detail` says what was wrong with
//! this request, `cure` what to do. Every body carries the request's id.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use engine::{Refusal, RefusalKind};
use http::{HeaderValue, StatusCode, header};
use model::Denied;
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

mod known;

pub use known::Known;

/// `application/problem+json`.
// Boxed, so that the good answers stay small.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProblemDetails)]
struct Details {
    /// Page about the code, relative to this server.
    #[serde(rename = "type")]
    #[schema(example = "/docs/faults/puente.field")]
    kind: String,
    title: &'static str,
    #[schema(example = 422)]
    status: u16,
    /// What was wrong, in a sentence.
    detail: String,
    #[schema(example = "puente.field")]
    code: String,
    /// What to do about it.
    cure: Cow<'static, str>,
    /// The field, header or parameter that was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Id of this request, as in the `X-Request-Id` header and our log.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
}

impl Problem {
    pub fn new(known: &'static Known, detail: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: page(known.code),
            title: known.title,
            status: known.status.as_u16(),
            detail: detail.into(),
            code: known.code.to_owned(),
            cure: Cow::Borrowed(known.cure),
            field: None,
            instance: None,
        }))
    }

    /// A value that cannot be accepted: names it, its limit and the cure.
    pub fn field(
        name: impl Into<String>,
        detail: impl Into<String>,
        cure: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut problem = Self::new(&known::FIELD, detail);
        problem.0.field = Some(name.into());
        problem.0.cure = cure.into();
        problem
    }

    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    pub fn cured(mut self, cure: impl Into<Cow<'static, str>>) -> Self {
        self.0.cure = cure.into();
        self
    }

    pub fn with_instance(mut self, id: &str) -> Self {
        self.0.instance = Some(id.to_owned());
        self
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub fn code(&self) -> &str {
        &self.0.code
    }
}

fn page(code: &str) -> String {
    format!("/docs/faults/{code}")
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let known = match refusal.kind {
            RefusalKind::Invalid => &known::INVALID,
            RefusalKind::Conflict => &known::KEY_REUSED,
            RefusalKind::WindowClosed => &known::WINDOW_CLOSED,
            RefusalKind::Denied(Denied::OptedOut) => &known::OPTED_OUT,
            RefusalKind::Denied(Denied::NoConsent) => &known::NO_CONSENT,
            RefusalKind::NotFound => &known::NOT_FOUND,
            RefusalKind::TooEarly => &known::TOO_EARLY,
            RefusalKind::NoSuchStep => &known::CAMPAIGN_STATE,
            RefusalKind::OrgAway => &known::ORG_AWAY,
            RefusalKind::Full => &known::STORE_FULL,
            RefusalKind::Broken => &known::STORE_FAILED,
        };
        let mut problem = Self::new(known, refusal.cause);
        problem.0.kind = page(refusal.code.as_str());
        problem.0.code = refusal.code.as_str().to_owned();
        problem.0.field = refusal.field;
        if !refusal.cure.is_empty() {
            problem.0.cure = Cow::Owned(refusal.cure);
        }
        problem
    }
}

impl From<StoreError> for Problem {
    /// The engine's own words stay in our log: they may quote rows.
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store refused a request");
        match error {
            StoreError::Full(_) => Self::new(&known::STORE_FULL, "There is no room to store it."),
            StoreError::Conflict(_) | StoreError::Fenced => {
                Self::new(&known::STORE_BUSY, "Another request changed the same rows just now.")
            }
            StoreError::Sealed(_) => {
                Self::new(&known::STORE_FAILED, "A sealed value could not be opened.")
            }
            StoreError::Unreachable(_) => {
                Self::new(&known::STORE_AWAY, "The database could not be reached.")
            }
            StoreError::Broken(_) => Self::new(&known::STORE_FAILED, "The store did not answer."),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status() {
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            StatusCode::UNAUTHORIZED => {
                let value = HeaderValue::from_static("Bearer realm=\"puente\"");
                headers.insert(header::WWW_AUTHENTICATE, value);
            }
            _ => {}
        }
        // Found by `request::finish`, which knows the request's id.
        response.extensions_mut().insert(self);
        response
    }
}

pub(crate) use known::*;
