//! What the surface is given: handles, never workers.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use engine::hours::HoursDesk;
use engine::mapping::MappingDesk;
use engine::media::Keeper;
use engine::metrics::Figures;
use engine::routing::RoutingDesk;
use engine::survey::SurveyDesk;
use engine::templates::TemplateDesk;
use engine::{Board, Breakers, CampaignDesk, Desk, Directory, Inbox};
use model::Ambient;
use store::Store;
use tokio_util::sync::CancellationToken;

use crate::hold::Places;
use crate::metrics::Metrics;
use crate::webhooks::{Refusing, Room, WebhookApp};

/// Built once by the binary, handed to [`crate::router`].
#[derive(Clone)]
pub struct AppState {
    pub inbox: Inbox,
    pub desk: Desk,
    pub keeper: Keeper,
    pub board: Board,
    pub breakers: Breakers,
    pub mapping: Arc<MappingDesk>,
    pub routing: Arc<RoutingDesk>,
    pub figures: Arc<Figures>,
    pub templates: Arc<TemplateDesk>,
    pub campaigns: CampaignDesk,
    pub hours: Arc<HoursDesk>,
    pub surveys: Arc<SurveyDesk>,
    pub store: Store,
    pub directory: Directory,
    /// The first one answers the bare `/messages`.
    pub apps: Vec<WebhookApp>,
    pub metrics: Metrics,
    pub ambient: Ambient,
    /// Cancelled when the process begins to stop: `/readyz` says so at once,
    /// and streams end, so that the drain need not wait for them.
    pub stopping: CancellationToken,
    pub options: Options,
}

#[derive(Clone, Debug)]
pub struct Options {
    /// Largest webhook body. Meta sends up to 3 MB (Cloud API, Webhooks).
    pub webhook_bytes_max: usize,
    /// Bytes of bodies held in memory at one time, of webhooks and of requests;
    /// past it whoever comes is asked to come again.
    pub bytes_held_max: usize,
    /// Largest body of an API request.
    pub request_bytes_max: usize,
    /// Requests under way at one time.
    pub requests_max: usize,
    /// Streams of changes open at one time.
    pub streams_max: usize,
    /// From the request's head to the answer's head.
    pub request_time_max: Duration,
    /// The same for an upload, which takes as long as its sender's line.
    pub upload_time_max: Duration,
    /// `/readyz` refuses when the oldest unread webhook is older.
    pub backlog_age_ms_max: i64,
    /// How often an idle stream looks for changes.
    pub stream_tick: Duration,
    /// How often an open stream checks that its key still holds.
    pub stream_key_check_ms: i64,
    /// When set, `/metrics` needs it as bearer token.
    pub metrics_token: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            webhook_bytes_max: 4 << 20,
            bytes_held_max: 64 << 20,
            request_bytes_max: 4 << 20,
            requests_max: 4096,
            streams_max: 1024,
            request_time_max: Duration::from_secs(30),
            upload_time_max: Duration::from_secs(15 * 60),
            backlog_age_ms_max: 5 * 60_000,
            stream_tick: Duration::from_millis(400),
            stream_key_check_ms: 30_000,
            metrics_token: None,
        }
    }
}

/// What handlers hold.
pub(crate) type App = Arc<Inner>;

pub(crate) struct Inner {
    state: AppState,
    pub room: Room,
    pub requests: Places,
    pub streams: Places,
    pub refusing: Refusing,
}

impl Inner {
    pub fn new(state: AppState) -> App {
        let room = Room::new(state.options.bytes_held_max);
        let requests = Places::new(state.options.requests_max);
        let streams = Places::new(state.options.streams_max);
        let refusing = Refusing::default();
        Arc::new(Self { state, room, requests, streams, refusing })
    }
}

impl Deref for Inner {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.state
    }
}
