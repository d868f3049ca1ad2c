//! The four threads of an ordinary start.

use std::sync::Arc;

use model::Ambient;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use super::append::Append;
use super::checkpoint::{self, Checkpointer};
use super::group::Write;
use super::reader::{Readers, Reading};
use super::writer::{self, Order};
use super::{Location, SqliteTx};
use crate::StoreError;
use crate::cx::{Cx, Work};
use crate::health::Health;
use crate::op::{Did, NewWebhook};
use crate::seal::Keyring;
use crate::sql::Tx;

const READERS: usize = 2;

pub(crate) struct Threads {
    writer: mpsc::Sender<Order>,
    readers: Readers,
    checkpointer: Mutex<Option<Checkpointer>>,
}

impl Threads {
    /// `writer` has migrated the database.
    pub fn start(
        location: &Location,
        writer: Cx,
        keys: &Arc<Keyring>,
        ambient: &Ambient,
        health: Arc<Health>,
    ) -> Result<Self, StoreError> {
        let mut connections = vec![];
        for _ in 0..READERS {
            let tx = Tx::Sqlite(SqliteTx::new(location.reader()?, ambient.clone()));
            connections.push(Cx::new(tx, keys.clone(), ambient.clone()));
        }
        let reading = Reading::default();
        let checkpointer = checkpoint::start(location.checkpointer()?, reading.clone())?;
        Ok(Self {
            checkpointer: Mutex::new(Some(checkpointer)),
            readers: Readers::start(connections, &reading)?,
            writer: writer::start(writer, health)?,
        })
    }

    pub async fn write<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        let (job, answer) = Write::new(work);
        let closed = || StoreError::Broken("the store is closed".into());
        self.writer.send(Order::Job(Box::new(job))).await.map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    pub async fn append(&self, webhooks: Vec<NewWebhook>) -> Result<Vec<Did>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let closed = || StoreError::Broken("the store is closed".into());
        let order = Order::Append(Append { webhooks, reply });
        self.writer.send(order).await.map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    pub async fn read<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        self.readers.read(work).await
    }

    /// The last connection to go is the writer's: it empties the log.
    pub async fn close(&self) {
        self.readers.close().await;
        let checkpointer = self.checkpointer.lock().take();
        if let Some(Checkpointer { stop, ended }) = checkpointer {
            drop(stop);
            let _ = ended.await;
        }
        let (done, closed) = oneshot::channel();
        if self.writer.send(Order::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }
}
