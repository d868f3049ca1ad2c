//! Threads that answer reads, each from a snapshot of its own.

use std::sync::{Arc, mpsc};

use parking_lot::{Mutex, RwLock};
use tokio::sync::{Semaphore, oneshot};

use super::group;
use crate::StoreError;
use crate::cx::{Cx, Work};

type Read = Box<dyn FnOnce(&mut Cx) + Send>;

/// Shared by who reads; whoever has it alone knows that no read is under way.
pub(super) type Reading = Arc<RwLock<()>>;

/// Reads that are queued or under way; who comes then waits outside, and
/// leaves nothing behind when it goes.
const READS_MAX: usize = 1024;

pub(crate) struct Readers {
    /// `None` once closed: the threads end when the queue is empty.
    queue: Mutex<Option<mpsc::Sender<Read>>>,
    ended: Mutex<Vec<oneshot::Receiver<()>>>,
    room: Arc<Semaphore>,
}

impl Readers {
    pub fn start(connections: Vec<Cx>, reading: &Reading) -> Result<Self, StoreError> {
        let (queue, reads) = mpsc::channel::<Read>();
        let reads = Arc::new(Mutex::new(reads));
        let mut ended = vec![];
        for mut cx in connections {
            let (done, end) = oneshot::channel();
            ended.push(end);
            let (reads, reading) = (reads.clone(), reading.clone());
            std::thread::Builder::new()
                .name("store-reader".into())
                .spawn(move || {
                    loop {
                        let next = reads.lock().recv();
                        let Ok(read) = next else { break };
                        let _reading = reading.read();
                        read(&mut cx);
                    }
                    drop(cx);
                    let _ = done.send(());
                })
                .map_err(|error| StoreError::Full(format!("no thread for a reader: {error}")))?;
        }
        let room = Arc::new(Semaphore::new(READS_MAX));
        Ok(Self { queue: Mutex::new(Some(queue)), ended: Mutex::new(ended), room })
    }

    pub async fn read<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        let closed = || StoreError::Broken("the store is closed".into());
        let place = self.room.clone().acquire_owned().await.map_err(|_| closed())?;
        let (reply, answer) = oneshot::channel();
        let read: Read = Box::new(move |cx| {
            let _ = reply.send(group::snapshot(cx, work));
            drop(place);
        });
        let queued = self.queue.lock().as_ref().is_some_and(|queue| queue.send(read).is_ok());
        if !queued {
            return Err(closed());
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
