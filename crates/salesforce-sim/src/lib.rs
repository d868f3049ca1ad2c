//! The far side of wire two: an org of Salesforce, as strict as the real one.
//!
//! OAuth, REST rows, collections, composites, bulk jobs, queries, describes and
//! limits, over a schema that is read from the package's own source. It shares no type
//! with our client: a wrong field name cannot cancel itself out. Everything it
//! does comes from the clock and the seed it is given.
//!
//! ```
//! use salesforce_sim::{Config, SalesforceSim};
//! use sim_kit::{Seed, SimClock};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(async {
//! let clock = SimClock::starting_at(1_767_225_600_000);
//! let sim = SalesforceSim::new(Config::default(), clock, &Seed::new(7)).unwrap();
//! let router = sim.router();
//! let lead = sim.handle().create("Lead", serde_json::json!({ "LastName": "Ana", "Company": "Ana" })).unwrap();
//! assert!(lead.starts_with("00Q"));
//! # });
//! ```

mod admin;
mod bulk;
mod config;
mod error;
mod handle;
mod ids;
mod locks;
mod oauth;
mod org;
mod records;
mod rest;
mod schema;
mod shared;
mod soql;
mod time;
mod traffic;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use sim_kit::{Seed, SimClock};

pub use config::{App, Config, Latency, User};
pub use error::ApiError;
pub use handle::Handle;
pub use locks::Held;
pub use oauth::{OAuthError, TOKEN_ERRORS};
pub use org::{Change, DuplicateAction, DuplicateRule, Knobs, TriggerFailure};
pub use records::{ConvertLead, Converted};
pub use traffic::Traffic;

use rest::Reply;
use shared::Shared;

/// Bodies may be this long (Salesforce Developer Limits, request size).
const BODY_MAX: usize = 50 * 1024 * 1024;
/// Forms with a file may be this long (REST API, Insert or Update Blob Data).
const FORM_MAX: usize = 2 * 1024 * 1024 * 1024;

/// One org.
#[derive(Clone)]
pub struct SalesforceSim {
    shared: Arc<Shared>,
}

impl SalesforceSim {
    /// Fails with a sentence about what is wrong in the configuration or in the
    /// package's files.
    pub fn new(config: Config, clock: SimClock, seed: &Seed) -> Result<Self, String> {
        Ok(Self { shared: Arc::new(Shared::new(config, clock, seed)?) })
    }

    /// All hosts of the org in one: sign-in, REST, and `/_sim`.
    pub fn router(&self) -> Router {
        let org = Router::new().fallback(enter).with_state(self.shared.clone());
        Router::new().nest("/_sim", admin::router(self.handle())).fallback_service(org)
    }

    pub fn handle(&self) -> Handle {
        Handle { shared: self.shared.clone() }
    }
}

/// The door: every request passes the fault script and the log.
async fn enter(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let operation = rest::operation(&parts.method, parts.uri.path());
    let path = parts.uri.path().to_owned();
    let handle = async {
        let max = if bulk::is_upload(&parts.method, parts.uri.path()) {
            bulk::UPLOAD_MAX
        } else if rest::is_form(&parts.headers) {
            FORM_MAX
        } else {
            BODY_MAX
        };
        let Ok(body) = axum::body::to_bytes(body, max).await else {
            let text = format!("the body is longer than {} MB, or ends early", max >> 20);
            return failed(413, "REQUEST_ENTITY_TOO_LARGE", &text);
        };
        if let Some(response) = oauth::answer(&shared, &parts, &body) {
            return response;
        }
        if parts.uri.path().starts_with("/services/data") {
            return rest::answer(&shared, &parts, &body).await;
        }
        failed(404, "NOT_FOUND", "The requested resource does not exist")
    };
    shared.gate.pass(operation, &path, handle).await
}

fn failed(status: u16, code: &'static str, message: &str) -> http::Response<Body> {
    Reply::error(&ApiError::new(status, code, message)).into_response(Vec::new())
}
