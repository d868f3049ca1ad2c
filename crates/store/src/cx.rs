//! What one transaction carries: the engine's handle, the keys it has seen,
//! and the numbered rows it writes last.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use model::Ambient;
use model::ids::{MessageId, OutboxId, TenantId};
use model::{Status, UnixMs};

use crate::StoreError;
use crate::apply::numbered;
use crate::op::AuditEntry;
use crate::seal::{Fresh, Keyring};
use crate::sql::Tx;

pub(crate) struct Cx {
    pub tx: Tx,
    pub keys: Arc<Keyring>,
    pub fresh: Fresh,
    pub ambient: Ambient,
    pub feed: Vec<FeedDraft>,
    pub audit: Vec<AuditEntry>,
}

pub(crate) struct FeedDraft {
    pub tenant: TenantId,
    pub at: UnixMs,
    pub kind: &'static str,
    pub message: MessageId,
    pub outbox: Option<OutboxId>,
    pub status: Option<Status>,
}

/// The body of one transaction.
pub(crate) type Work<R> =
    Box<dyn for<'a> FnOnce(&'a mut Cx) -> BoxFuture<'a, Result<R, StoreError>> + Send>;

pub(crate) fn work<R, F>(body: F) -> Work<R>
where
    F: for<'a> FnOnce(&'a mut Cx) -> BoxFuture<'a, Result<R, StoreError>> + Send + 'static,
{
    Box::new(body)
}

impl Cx {
    pub fn new(tx: Tx, keys: Arc<Keyring>, ambient: Ambient) -> Self {
        Self { tx, keys, fresh: Fresh::default(), ambient, feed: vec![], audit: vec![] }
    }

    /// Runs the work and writes what it left to be numbered. Those rows come
    /// last, because on PostgreSQL their counter is locked until the commit.
    pub async fn run<R>(&mut self, work: Work<R>) -> Result<R, StoreError> {
        let out = work(self).await?;
        numbered::write(self).await?;
        Ok(out)
    }

    /// The transaction, or its savepoint, was undone.
    pub fn forget(&mut self) {
        self.fresh.clear();
        self.feed.clear();
        self.audit.clear();
    }

    /// The transaction is on disk.
    pub fn publish(&mut self) {
        self.keys.publish(&mut self.fresh);
    }
}
