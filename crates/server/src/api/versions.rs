//! Versions of a document of the tenant: which is in use, and what it says.

use engine::versions::{Versions, Written};
use model::ids::TenantId;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::clock;
use crate::problem::{self, Problem};

/// Versions that are listed.
const SHOWN: u32 = 200;

/// The version that is in use now.
#[derive(Serialize, ToSchema)]
pub struct InUse {
    /// 0: the program's own.
    pub version: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Document)]
pub struct Shown {
    /// In use; 0 is the program's own.
    version: i64,
    /// Since when, RFC 3339; absent when the tenant never had one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// The key that put it to use.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// The file, TOML.
    text: String,
    /// Those that were made, newest first.
    versions: Vec<Version>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DocumentVersion)]
pub struct Version {
    version: i64,
    made_at: String,
    made_by: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DocumentFile)]
pub struct File {
    version: i64,
    text: String,
}

#[derive(ToSchema)]
#[schema(as = RollBack)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// 0 is the program's own; the one before the version in use when left out.
    version: Option<i64>,
}

pub async fn shown<T: Written>(
    versions: &Versions<T>,
    tenant: &TenantId,
) -> Result<Shown, Problem> {
    let active = versions.store.active_version(tenant, T::DOCUMENT).await?;
    let version = active.as_ref().map_or(0, |active| active.version);
    let text = versions.text(tenant, version).await?.unwrap_or_default();
    let made = versions.store.versions(tenant, T::DOCUMENT, SHOWN).await?.into_iter();
    let made = made.map(|made| Version {
        version: made.version,
        made_at: clock::text(made.made_at),
        made_by: made.made_by,
    });
    let (since, by) = active.map(|active| (clock::text(active.at), active.actor)).unzip();
    Ok(Shown { version, since, by, text, versions: made.collect() })
}

/// The file of one version, as a path names it.
pub async fn file<T: Written>(
    versions: &Versions<T>,
    tenant: &TenantId,
    version: &str,
) -> Result<File, Problem> {
    if let Ok(version) = version.parse()
        && let Some(text) = versions.text(tenant, version).await?
    {
        return Ok(File { version, text });
    }
    let detail = format!("There is no such version of the {}.", T::DOCUMENT.as_str());
    Err(Problem::new(&problem::NOT_FOUND, detail))
}

/// `version` of a body, where there is one.
pub fn take_version(map: &mut Map<String, Value>) -> Result<Option<i64>, Problem> {
    match map.remove("version") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_i64().filter(|v| *v >= 0).map(Some).ok_or_else(|| {
            Problem::field("version", "It is no version.", "Send a number that is listed, or 0.")
        }),
    }
}
