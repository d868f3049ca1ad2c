//! The client: one method per thing that is asked of Salesforce.
//!
//! `call` is the only way out; `composite` and `send` carry [`Subrequest`]s over
//! it, `rows` and `query` are short forms, `bulk` hands over whole files, `describe`
//! and `org` read what the org is like. Each answer updates the [`Budget`].
//!
//! [`Subrequest`]: crate::Subrequest

mod budget;
mod bulk;
mod call;
mod composite;
mod describe;
mod files;
mod list_view;
mod org;
mod query;
mod report;
mod rows;

use std::sync::Arc;

use http::HeaderValue;
use model::{Exchange, Fault};
use tokio::sync::watch;

pub use budget::Budget;
pub use composite::{HEAVY_PARTS_MAX, PARTS_MAX};
pub use describe::{Describe, Field, PicklistValue};
pub use files::Upload;
pub use list_view::ListView;
pub use org::{Limit, UserInfo, Version};
pub use report::{Cell, ReportRun};

use crate::faults::local;
use crate::{Names, Tokens};

#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// `v66.0`. One version for all calls.
    pub api_version: String,
    /// Shows up as the origin of our changes, by which our own are known when
    /// they come back.
    pub client_name: String,
    pub names: Names,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            api_version: "v66.0".to_owned(),
            client_name: "puente".to_owned(),
            names: Names::none(),
        }
    }
}

/// One org's REST API. Cheap to share behind an [`Arc`]; holds no queue.
pub struct Client {
    exchange: Arc<dyn Exchange>,
    tokens: Arc<Tokens>,
    names: Names,
    api_version: String,
    call_options: HeaderValue,
    budget: watch::Sender<Option<Budget>>,
}

impl Client {
    /// A fault for a version or a client name that no header or address can carry.
    pub fn new(
        exchange: Arc<dyn Exchange>,
        tokens: Arc<Tokens>,
        options: ClientOptions,
    ) -> Result<Self, Fault> {
        let ClientOptions { api_version, client_name, names } = options;
        let digits = api_version.strip_prefix('v').and_then(|v| v.strip_suffix(".0"));
        if digits.and_then(|d| d.parse::<u16>().ok()).is_none_or(|major| major < 52) {
            return Err(local::config(
                format!("api_version: '{api_version}'"),
                "use v52.0 or later, e.g. v66.0",
            ));
        }
        let word = client_name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b));
        let call_options = HeaderValue::try_from(format!("client={client_name}"));
        let (true, false, Ok(call_options)) = (word, client_name.is_empty(), call_options) else {
            return Err(local::config(
                format!("client_name: '{client_name}'"),
                "use letters, digits and - _ . /",
            ));
        };
        let budget = watch::Sender::new(None);
        Ok(Self { exchange, tokens, names, api_version, call_options, budget })
    }

    pub fn names(&self) -> &Names {
        &self.names
    }

    pub fn tokens(&self) -> &Arc<Tokens> {
        &self.tokens
    }

    /// API calls of the last 24 hours as of the last answer; `None` before the first.
    pub fn budget(&self) -> Option<Budget> {
        *self.budget.borrow()
    }

    /// Follows the budget as answers come in.
    pub fn watch_budget(&self) -> watch::Receiver<Option<Budget>> {
        self.budget.subscribe()
    }

    /// `/services/data/v66.0` and `path`.
    fn data(&self, path: &str) -> String {
        format!("/services/data/{}{path}", self.api_version)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("api_version", &self.api_version).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
