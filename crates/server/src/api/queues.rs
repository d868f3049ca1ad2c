//! `GET /api/v1/queues`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::paging::Paged;
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

/// What waits for a worker.
#[derive(Serialize, ToSchema)]
pub struct Queue {
    /// `journal` (webhooks on disk, not yet read; of all tenants), `outbox`
    /// (sends), `salesforce` (rows to write) or `files` (on their way).
    #[schema(example = "salesforce")]
    name: &'static str,
    length: u64,
    /// RFC 3339, UTC. Left out when the queue is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_at: Option<String>,
    /// 0 when the queue is empty.
    oldest_age_seconds: u64,
    /// At the pace of late, what still comes counted in. Left out while it does
    /// not get shorter, and in the first minute after a start.
    #[serde(skip_serializing_if = "Option::is_none")]
    drains_in_seconds: Option<u64>,
    /// Shares of a long backlog that are on their way by Bulk jobs.
    bulk_jobs: u64,
}

/// How much waits, since when, and for how long.
#[utoipa::path(
    get, path = "/api/v1/queues", tag = "operations",
    responses(
        (status = 200, description = "All of them", body = Paged<Queue>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn queues(
    State(app): State<App>,
    ReadKey(session): ReadKey,
) -> Result<Json<Paged<Queue>>, Problem> {
    let now = app.ambient.now();
    let queues = app.board.queues(&session.tenant).await?;
    let items = queues.into_iter().map(|queue| Queue {
        name: queue.kind.as_str(),
        length: queue.length,
        oldest_at: queue.oldest_at.map(clock::text),
        oldest_age_seconds: queue.oldest_at.map_or(0, |at| (now.since(at).max(0) / 1_000) as u64),
        drains_in_seconds: queue.drains_in_s,
        bulk_jobs: queue.bulk_jobs,
    });
    Ok(Json(Paged { items: items.collect(), next: None }))
}
