//! What Meta sends: checked, stored, answered, in that order.
//!
//! 200 means on disk. A missing or wrong signature is 401 with the same body
//! whatever the reason, and nothing is stored. When the store refuses, the
//! answer is 503 and Meta's own redelivery saves the webhook. Nobody looks into
//! the body here, and nothing but one commit is waited for.

mod app;
mod body;
mod handshake;
mod receive;
mod refusing;

pub use app::WebhookApp;
pub(crate) use body::{Room, Unread};
pub(crate) use refusing::Refusing;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;

/// One URL serves Meta's question and Meta's deliveries.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handshake::verify))
        .routes(routes!(handshake::ask, receive::receive))
        .routes(routes!(handshake::ask_of_tenant, receive::receive_of_tenant))
        .routes(routes!(handshake::ask_of_app, receive::receive_of_app))
}
