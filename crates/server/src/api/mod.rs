//! What programs and people ask: one folder a noun, one file a verb.
//!
//! Each handler takes its key as an argument ([`crate::auth::ReadKey`] and its
//! siblings), so its scope stands in its signature, and the tenant comes from
//! the key alone.

mod alerts;
mod audit;
mod conversations;
mod dead_letters;
mod ids;
mod input;
mod keys;
mod numbers;
mod paging;
mod queues;
mod send;
mod status;
mod trace;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;

/// All guarded routes; the guard itself is put around them by the router.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(send::one::send))
        .routes(routes!(send::batch::send_batch))
        .routes(routes!(status::list::statuses))
        .routes(routes!(status::stream::stream))
        .routes(routes!(status::one::status))
        .routes(routes!(trace::trace))
        .routes(routes!(conversations::conversations))
        .routes(routes!(numbers::numbers))
        .routes(routes!(alerts::alerts))
        .routes(routes!(queues::queues))
        .routes(routes!(dead_letters::dead_letters))
        .routes(routes!(audit::audit))
        .routes(routes!(keys::list::keys, keys::create::create_key))
        .routes(routes!(keys::revoke::revoke_key))
}
