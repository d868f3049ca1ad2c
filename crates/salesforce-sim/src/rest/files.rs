//! The bytes of files: in as a part of a form or as base64, out as they are
//! (REST API, Insert or Update Blob Data, sObject Blob Get).

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, header};
use serde_json::Value;

use super::Call;
use crate::error::ApiError;
use crate::org::Org;

/// A part that holds a file: the field it is for, and its bytes.
pub type Blob = (String, Bytes);

/// Whether the body is a form.
pub fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.to_lowercase().starts_with("multipart/form-data")
}

/// The JSON part, which comes first and is called `entity_content`, and the
/// part of bytes, which has a file name.
pub async fn read_form(parts: &Parts, body: &Bytes) -> Result<(Value, Blob), ApiError> {
    let bad = |text: &str| ApiError::bad("INVALID_MULTIPART_REQUEST", text);
    let mut request = Request::new(Body::from(body.clone()));
    *request.headers_mut() = parts.headers.clone();
    request.extensions_mut().insert(axum::extract::DefaultBodyLimit::disable());
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|why| bad(&why.body_text()))?;
    let (mut entity, mut blob) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|why| bad(&why.body_text()))? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.file_name().is_some();
        let is_json = field.content_type().is_some_and(|kind| kind.starts_with("application/json"));
        let bytes = field.bytes().await.map_err(|why| bad(&why.body_text()))?;
        match (is_file, &entity, &blob) {
            (false, None, None) if name == "entity_content" && is_json => {
                let read = serde_json::from_slice(&bytes);
                entity =
                    Some(read.map_err(|why| ApiError::json(format!("entity_content: {why}")))?);
            }
            (false, None, _) => {
                return Err(bad("the first part must be entity_content, of type application/json"));
            }
            (false, Some(_), _) => return Err(bad("Cannot include more than one non-binary part")),
            (true, Some(_), None) => blob = Some((name, bytes)),
            (true, None, _) => return Err(bad("the binary part comes after entity_content")),
            (true, Some(_), Some(_)) => {
                return Err(bad("Cannot include more than one binary part"));
            }
        }
    }
    match (entity, blob) {
        (Some(entity), Some(blob)) => Ok((entity, blob)),
        (None, _) => Err(bad("Multipart message must include a non-binary part")),
        (_, None) => Err(bad("Multipart message must include a binary part")),
    }
}

/// Puts the bytes of a version aside, under the name that its row keeps.
pub fn keep(org: &mut Org, call: &mut Call, blob: Option<Blob>) -> Result<(), ApiError> {
    let of_version = matches!(&call.path[..], [sobjects, name, ..]
        if sobjects.eq_ignore_ascii_case("sobjects") && name.eq_ignore_ascii_case("ContentVersion"));
    if !of_version || !matches!(call.method, Method::POST | Method::PATCH) {
        return match blob {
            Some(_) => Err(ApiError::bad("INVALID_MULTIPART_REQUEST", "no binary field here")),
            None => Ok(()),
        };
    }
    let bytes = match (blob, call.member("VersionData")) {
        (Some((name, bytes)), Value::Null) if name == "VersionData" => bytes,
        (Some(_), _) => {
            let why = "the binary part must be called VersionData, which the entity leaves out";
            return Err(ApiError::bad("INVALID_MULTIPART_REQUEST", why));
        }
        (None, Value::String(text)) => {
            let read = STANDARD.decode(text);
            read.map_err(|_| ApiError::json("VersionData: not base64"))?.into()
        }
        (None, _) => return Ok(()),
    };
    call.body["VersionData"] = org.keep_blob(bytes).into();
    Ok(())
}

/// `GET /sobjects/ContentVersion/{id}/VersionData`
pub fn bytes(org: &Org, call: &Call) -> Option<Response<Body>> {
    let [sobjects, name, id, field] = &call.path[..] else {
        return None;
    };
    let names = [(sobjects, "sobjects"), (name, "ContentVersion"), (field, "VersionData")];
    let asked = names.iter().all(|(got, want)| got.eq_ignore_ascii_case(want));
    if !asked || call.method != Method::GET {
        return None;
    }
    let (object, full, row) = org.row(id)?;
    org.table(&object).live(&full)?;
    let blob = row.get("VersionData").and_then(Value::as_str).and_then(|key| org.blobs.get(key))?;
    let mut response = Response::new(Body::from(blob.clone()));
    let kind = HeaderValue::from_static("application/octetstream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Some(response)
}
