//! What is known of one file, sealed with its row.

use serde::{Deserialize, Serialize};
use store::{SpoolKey, Spooled};

/// Sealed as JSON under the person's key, the tenant's for uploads nobody has
/// sent yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Meta's word for the message: `image`, `document` ...
    pub kind: String,
    pub source: Source,
    pub mime_type: Option<String>,
    pub file_name: Option<String>,
    /// As Meta wrote it, in base64 or hexadecimal.
    pub sha256: Option<String>,
    pub spooled: Option<InSpool>,
    #[serde(default)]
    pub scanned: bool,
    /// The record it was to be published on is gone.
    #[serde(default)]
    pub homeless: bool,
    /// Meta's id of a file of ours, once it is there.
    #[serde(default)]
    pub meta_id: Option<String>,
    /// Of what Meta's id is a copy, beside the bytes themselves.
    #[serde(default)]
    pub origin: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Meta's id of a file that came by webhook.
    Meta(String),
    /// Our id of a file that was uploaded to us.
    Upload(String),
    /// A ContentVersion or a ContentDocument.
    SalesforceFile(String),
    /// Fetched by us from the public web.
    Url(String),
}

/// Where the bytes lie, and the key that opens them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InSpool {
    /// A kept upload lies under its own id, whoever sends it.
    pub id: String,
    pub key: SpoolKey,
    pub bytes: u64,
    pub sha256: [u8; 32],
}

impl InSpool {
    pub fn new(id: model::ids::MediaId, spooled: &Spooled) -> Self {
        let Spooled { key, bytes, sha256 } = spooled.clone();
        Self { id: id.to_string(), key, bytes, sha256 }
    }
}

impl About {
    pub fn new(kind: &str, source: Source) -> Self {
        Self {
            kind: kind.to_owned(),
            source,
            mime_type: None,
            file_name: None,
            sha256: None,
            spooled: None,
            scanned: false,
            homeless: false,
            meta_id: None,
            origin: None,
        }
    }

    pub fn seal(&self) -> Vec<u8> {
        // strings, numbers and flags cannot fail to serialise
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub fn open(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}
