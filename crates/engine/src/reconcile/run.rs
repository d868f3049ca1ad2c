//! One report, from the first page to its signature.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use model::ids::{MessageId, ReportId, TenantId};
use model::{Ambient, Fault, UnixMs};
use rules::reconcile::{Disorder, Kind};
use serde_json::Value;
use store::{Commit, Store, StoreError};

use super::named::Named;
use super::report::{Document, Items, signer};
use super::{compare, tasks, theirs};
use crate::nudge::Nudges;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What puente learned of at or after this time; everything when `None`.
    pub since: Option<UnixMs>,
    /// And before this one: when the report began.
    pub until: UnixMs,
    /// Write again what is missing or lowered in Salesforce.
    pub repair: bool,
}

impl Scope {
    pub(super) fn holds(&self, at: UnixMs) -> bool {
        at < self.until && self.since.is_none_or(|since| at >= since)
    }
}

/// Why there is no report.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Salesforce(Fault),
    #[error("{0}; Salesforce sorts keys in another way than its pages are read")]
    Disorder(#[from] Disorder),
    /// Another process makes it now.
    #[error("another process makes this report")]
    Elsewhere,
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Salesforce(fault)
    }
}

/// Asked before each page whether to go on.
pub type Pulse<'a> = &'a (dyn Fn() -> BoxFuture<'a, Result<(), Failed>> + Send + Sync);

/// Both sides of one tenant.
#[derive(Clone)]
pub struct Reconcile {
    pub tenant: TenantId,
    pub store: Store,
    pub ambient: Ambient,
    pub client: Arc<salesforce::Client>,
    pub nudges: Nudges,
}

impl Reconcile {
    /// Makes the report: signed, its gaps told as alerts. Its one sentence
    /// comes with it. `pulse` is asked before each page.
    pub async fn run(
        &self,
        id: ReportId,
        scope: Scope,
        pulse: Pulse<'_>,
    ) -> Result<(Value, String), Failed> {
        let mut named = Named::new();
        let mut document = Document::new(id, self.tenant.clone(), scope);
        document.installation = Some(self.store.installation().await?);
        document.org = self.client.tokens().org_id();
        document.depths = self.store.depths(Some(&self.tenant)).await?;
        document.items = self.items(scope, pulse).await?;
        for kind in [Kind::Person, Kind::Conversation, Kind::Message] {
            let compared = compare::object(self, kind, scope, &mut named, pulse).await?;
            document.add(kind, compared);
        }
        for (kind, row) in theirs::keyless(&self.client, scope).await? {
            document.keyless(kind, row, &mut named);
        }
        document.calls += 1;
        document.org = self.client.tokens().org_id();
        document.ended_at = self.ambient.now();
        let ops = tasks::of(self, &document);
        self.store.commit(Commit::of(ops)).await?;
        let sentence = document.sentence();
        Ok((signer(&self.store).sign(document.into_json(named)), sentence))
    }

    /// Whether each message that an item tells of is stored.
    async fn items(&self, scope: Scope, pulse: Pulse<'_>) -> Result<Items, Failed> {
        const PAGE: u32 = 5_000;
        const NAMED: u32 = 200;
        let aside = self.store.items_aside(Some(&self.tenant), NAMED).await?;
        let mut items = Items { aside, ..Items::default() };
        // ids begin with the time at which they were made
        let since = scope.since.unwrap_or(UnixMs(0)).0.max(0).to_be_bytes();
        let mut first = [0; 16];
        first[..6].copy_from_slice(&since[2..]);
        let mut after = MessageId::from_bytes(first);
        loop {
            pulse().await?;
            let page = self.store.items_with_message(&self.tenant, after, PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(items) };
            after = *last;
            for (message, stored) in page {
                items.told += 1;
                if !stored {
                    items.lost += 1;
                    if items.lost_named.len() < NAMED as usize {
                        items.lost_named.push(message.to_string());
                    }
                }
            }
        }
    }
}
