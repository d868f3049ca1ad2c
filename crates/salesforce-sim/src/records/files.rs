//! Files: a version holds bytes, a document holds versions, a link shows a
//! document on a record (Object Reference: ContentVersion, ContentDocument,
//! ContentDocumentLink).

use std::fmt::Write;
use std::sync::Arc;

use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::derive::{self, set, text};
use super::unique;
use crate::error::ApiError;
use crate::org::{Org, Row, Txn};
use crate::schema::Object;

/// Whether bytes and a path are there, and what follows from them.
pub fn complete(org: &Org, object: &Object, row: &mut Row) -> Result<(), ApiError> {
    match &*object.name {
        "ContentVersion" => version(org, object, row),
        "ContentDocument" => {
            let why = "entity type cannot be inserted: Content Document";
            Err(ApiError::bad("INVALID_TYPE_FOR_OPERATION", why))
        }
        "ContentDocumentLink" => once(org, object, row),
        _ => Ok(()),
    }
}

fn version(org: &Org, object: &Object, row: &mut Row) -> Result<(), ApiError> {
    for name in ["PathOnClient", "VersionData"] {
        if !row.contains_key(name) {
            let why = format!("Required fields are missing: [{name}]");
            return Err(ApiError::bad("REQUIRED_FIELD_MISSING", why).on(name));
        }
    }
    let blob = text(row, "VersionData").and_then(|key| org.blobs.get(key)).cloned();
    let bytes = blob.ok_or_else(|| ApiError::json("VersionData: not the base64 of a file"))?;
    let held: usize = org.blobs.values().map(bytes::Bytes::len).sum();
    if org.knobs.file_bytes_max.is_some_and(|max| held > max) {
        return Err(ApiError::bad("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"));
    }
    let path = text(row, "PathOnClient").unwrap_or_default().to_owned();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    if !row.contains_key("Title") {
        set(object, row, "Title", json!(stem));
    }
    let kind = if extension.is_empty() { "UNKNOWN".into() } else { extension.to_uppercase() };
    set(object, row, "FileExtension", json!(extension));
    set(object, row, "FileType", json!(kind));
    set(object, row, "ContentSize", json!(bytes.len()));
    let checksum = Md5::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    set(object, row, "Checksum", json!(checksum));
    set(object, row, "IsLatest", json!(true));
    // the package's own trigger: only the first version answers to the key
    if row.contains_key("ContentDocumentId") {
        row.retain(|name, _| !name.ends_with("Puente_Media_Key__c"));
    }
    let number = text(row, "ContentDocumentId").map_or(1, |id| 1 + versions(org, object, id).len());
    set(object, row, "VersionNumber", json!(number.to_string()));
    Ok(())
}

fn versions(org: &Org, object: &Object, document: &str) -> Vec<String> {
    let field = object.field("ContentDocumentId");
    field.and_then(|f| org.table(object).find(f, document)).unwrap_or_default()
}

/// A document stands on a record once.
fn once(org: &Org, object: &Object, row: &Row) -> Result<(), ApiError> {
    let (document, entity) = (text(row, "ContentDocumentId"), text(row, "LinkedEntityId"));
    let (Some(document), Some(entity)) = (document, entity) else {
        return Ok(());
    };
    let same = |id: &String| {
        org.table(object)
            .live(id)
            .is_some_and(|other| text(other, "LinkedEntityId") == Some(entity))
    };
    if versions(org, object, document).iter().any(same) {
        let why = format!(
            "Document with ID: {document} is already linked with the entity with ID: {entity}"
        );
        return Err(ApiError::bad("DUPLICATE_VALUE", why));
    }
    Ok(())
}

/// What a saved version brings about: its document, and who sees it.
pub fn publish(txn: &mut Txn<'_>, object: &Arc<Object>, id: &str) -> Result<(), ApiError> {
    if &*object.name != "ContentVersion" {
        return Ok(());
    }
    let mut row = txn.org.table(object).get(id).cloned().unwrap_or_default();
    let known = text(&row, "ContentDocumentId").map(str::to_owned);
    let all = known.as_ref().map(|document| versions(txn.org, object, document));
    for older in all.unwrap_or_default() {
        if older != id {
            let mut row = txn.org.table(object).get(&older).cloned().unwrap_or_default();
            set(object, &mut row, "IsLatest", json!(false));
            txn.put(object, &older, row);
        }
    }
    let documents = named(txn.org, "ContentDocument")?;
    let document = known.clone().unwrap_or_else(|| txn.org.mint(&documents.prefix));
    let mut about = txn.org.table(&documents).get(&document).cloned().unwrap_or_default();
    for name in ["Title", "Description", "ContentSize", "FileExtension", "FileType", "OwnerId"] {
        if let Some(value) = row.get(name).cloned() {
            set(&documents, &mut about, name, value);
        }
    }
    set(&documents, &mut about, "LatestPublishedVersionId", json!(id));
    let before = known.as_ref().map(|_| about.clone());
    derive::derive(txn.org, &documents, &document, &mut about, before.as_ref(), &txn.actor);
    txn.put(&documents, &document, about);
    set(object, &mut row, "ContentDocumentId", json!(document));
    let (owner, place) = (row.get("OwnerId").cloned(), row.get("FirstPublishLocationId").cloned());
    txn.put(object, id, row);
    if known.is_none() {
        for (entity, share) in [(owner, "I"), (place, "V")] {
            link(txn, &document, entity, share)?;
        }
    }
    Ok(())
}

fn link(
    txn: &mut Txn<'_>,
    document: &str,
    entity: Option<Value>,
    share: &str,
) -> Result<(), ApiError> {
    let Some(entity) = entity else {
        return Ok(());
    };
    let links = named(txn.org, "ContentDocumentLink")?;
    let id = txn.org.mint(&links.prefix);
    let mut row = Row::new();
    set(&links, &mut row, "ContentDocumentId", json!(document));
    set(&links, &mut row, "LinkedEntityId", entity);
    set(&links, &mut row, "ShareType", json!(share));
    set(&links, &mut row, "Visibility", json!("AllUsers"));
    unique::check(txn.org, &links, &id, &row)?;
    derive::derive(txn.org, &links, &id, &mut row, None, &txn.actor);
    txn.put(&links, &id, row);
    Ok(())
}

fn named(org: &Org, name: &str) -> Result<Arc<Object>, ApiError> {
    org.schema.object(name).cloned().ok_or_else(ApiError::not_found)
}
