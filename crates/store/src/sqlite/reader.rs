//! Threads that answer reads, each from a snapshot of its own.

use std::sync::{Arc, mpsc};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::group;
use crate::StoreError;
use crate::cx::{Cx, Work};

type Read = Box<dyn FnOnce(&mut Cx) + Send>;

pub(crate) struct Readers {
    /// `None` once closed: the threads end when the queue is empty.
    queue: Mutex<Option<mpsc::Sender<Read>>>,
    ended: Mutex<Vec<oneshot::Receiver<()>>>,
}

impl Readers {
    pub fn start(connections: Vec<Cx>) -> Result<Self, StoreError> {
        let (queue, reads) = mpsc::channel::<Read>();
        let reads = Arc::new(Mutex::new(reads));
        let mut ended = vec![];
        for mut cx in connections {
            let (done, end) = oneshot::channel();
            ended.push(end);
            let reads = reads.clone();
            std::thread::Builder::new()
                .name("store-reader".into())
                .spawn(move || {
                    loop {
                        let next = reads.lock().recv();
                        let Ok(read) = next else { break };
                        read(&mut cx);
                    }
                    drop(cx);
                    let _ = done.send(());
                })
                .map_err(|error| StoreError::Full(format!("no thread for a reader: {error}")))?;
        }
        Ok(Self { queue: Mutex::new(Some(queue)), ended: Mutex::new(ended) })
    }

    pub async fn read<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        let (reply, answer) = oneshot::channel();
        let read: Read = Box::new(move |cx| {
            let _ = reply.send(group::snapshot(cx, work));
        });
        let queued = self.queue.lock().as_ref().is_some_and(|queue| queue.send(read).is_ok());
        if !queued {
            return Err(StoreError::Broken("the store is closed".into()));
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Broken("a reader ended".into())))
    }

    pub async fn close(&self) {
        self.queue.lock().take();
        let ended = std::mem::take(&mut *self.ended.lock());
        for end in ended {
            let _ = end.await;
        }
    }
}
