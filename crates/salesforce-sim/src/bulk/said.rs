//! An answer of this API: JSON, or a file.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Response, header};

use crate::rest::Reply;

#[derive(Clone, Debug)]
pub enum Said {
    Json(Reply),
    Csv(String),
}

impl Said {
    pub fn status(&self) -> u16 {
        match self {
            Self::Json(reply) => reply.status,
            Self::Csv(_) => 200,
        }
    }

    pub fn into_response(self, headers: Vec<(HeaderName, String)>) -> Response<Body> {
        match self {
            Self::Json(reply) => reply.into_response(headers),
            Self::Csv(text) => {
                let mut response = Reply::no_content().into_response(headers);
                *response.status_mut() = http::StatusCode::OK;
                let csv = HeaderValue::from_static("text/csv");
                response.headers_mut().insert(header::CONTENT_TYPE, csv);
                *response.body_mut() = Body::from(text);
                response
            }
        }
    }
}

impl From<Reply> for Said {
    fn from(reply: Reply) -> Self {
        Self::Json(reply)
    }
}
