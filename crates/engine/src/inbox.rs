//! The way in for webhooks: durable first, then a nudge.

use bytes::Bytes;
use model::Ambient;
use model::ids::AppId;
use store::op::NewWebhook;
use store::{Commit, Did, Op, Store, StoreError};

use crate::nudge::Nudges;
use crate::pressure::Pressure;

#[derive(Clone)]
pub struct Inbox {
    pub store: Store,
    pub ambient: Ambient,
    pub nudges: Nudges,
    pub pressure: Pressure,
}

impl Inbox {
    /// Returns once the body is on disk, with its place in the journal. On an
    /// error nothing was kept: answer anything but 200, and Meta redelivers.
    /// It never looks into the body and never waits for Salesforce.
    pub async fn append(&self, app: &AppId, body: Bytes) -> Result<i64, StoreError> {
        let webhook = NewWebhook { app: app.clone(), received_at: self.ambient.now(), body };
        let _waiting = self.pressure.waits();
        let did = self.store.commit(Commit::of(vec![Op::AppendWebhook(webhook)])).await?;
        self.nudges.intake.wake();
        match did.first() {
            Some(Did::Seq(seq)) => Ok(*seq),
            other => Err(StoreError::Broken(format!("append answered {other:?}"))),
        }
    }
}
