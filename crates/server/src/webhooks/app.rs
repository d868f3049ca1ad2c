//! The Meta apps whose webhooks come here, and which one a path means.

use model::ids::{AppId, TenantId};
use whatsapp::signature::Secrets;

use crate::state::Inner;

/// One Meta app. The path names it, and so names the secret: an app secret
/// never vouches for another app's traffic.
#[derive(Clone)]
pub struct WebhookApp {
    pub id: AppId,
    /// Whose app it is, when it serves one tenant alone.
    pub tenant: Option<TenantId>,
    pub secrets: Secrets,
    /// One, or two while it is being changed.
    pub verify_tokens: Vec<String>,
}

impl std::fmt::Debug for WebhookApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookApp").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Which app a path means.
#[derive(Clone, Copy)]
pub enum Named<'a> {
    Default,
    Tenant(&'a str),
    App(&'a str),
}

pub fn find<'a>(inner: &'a Inner, named: Named<'_>) -> Option<&'a WebhookApp> {
    match named {
        Named::Default => inner.apps.first(),
        Named::App(id) => inner.apps.iter().find(|app| app.id.as_str() == id),
        Named::Tenant(id) => inner
            .apps
            .iter()
            .find(|app| app.tenant.as_ref().is_some_and(|tenant| tenant.as_str() == id)),
    }
}
