//! A Meta app: it owns a webhook and signs what it posts.

use serde::Deserialize;

use super::Secret;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Our name for it; also its path: `/a/<id>/messages`.
    pub id: String,
    /// Meta's decimal id, needed by `doctor`.
    pub meta_app_id: Option<String>,
    pub secret: Secret,
    /// The secret before the last rotation: accepted as well, until it is taken out.
    pub previous_secret: Option<Secret>,
    pub verify_token: Secret,
}
