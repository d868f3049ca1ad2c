//! One answer, or one item of a composite's answer.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use crate::error::ApiError;

#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    /// `None` is an empty body.
    pub body: Option<Value>,
}

impl Reply {
    pub fn ok(body: Value) -> Self {
        Self { status: 200, location: None, body: Some(body) }
    }

    pub fn no_content() -> Self {
        Self { status: 204, location: None, body: None }
    }

    pub fn error(error: &ApiError) -> Self {
        Self { status: error.status, location: None, body: Some(error.body()) }
    }

    pub fn failed(&self) -> bool {
        self.status >= 300
    }

    pub fn into_response(self, headers: Vec<(HeaderName, String)>) -> Response<Body> {
        let body = self.body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if self.status != 204 {
            let json = HeaderValue::from_static("application/json;charset=UTF-8");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        let location = self.location.map(|l| (header::LOCATION, l));
        for (name, value) in headers.into_iter().chain(location) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
