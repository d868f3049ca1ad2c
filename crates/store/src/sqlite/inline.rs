//! One connection, used on the calling thread: for simulated time, where a
//! thread of its own would make runs differ.

use parking_lot::Mutex;

use super::group;
use crate::StoreError;
use crate::cx::{Cx, Work};
use crate::health::Health;

pub(crate) struct Inline {
    cx: Mutex<Option<Cx>>,
}

impl Inline {
    pub fn new(cx: Cx) -> Self {
        Self { cx: Mutex::new(Some(cx)) }
    }

    pub fn write<R: Send + 'static>(
        &self,
        work: Work<R>,
        health: &Health,
    ) -> Result<R, StoreError> {
        group::once(self.cx.lock().as_mut().ok_or_else(closed)?, health, work)
    }

    pub fn read<R>(&self, work: Work<R>) -> Result<R, StoreError> {
        group::snapshot(self.cx.lock().as_mut().ok_or_else(closed)?, work)
    }

    /// Outside of any transaction.
    pub fn with<R>(
        &self,
        act: impl FnOnce(&rusqlite::Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        act(group::sqlite(self.cx.lock().as_mut().ok_or_else(closed)?).connection())
    }

    pub fn close(&self) {
        self.cx.lock().take();
    }
}

fn closed() -> StoreError {
    StoreError::Broken("the store is closed".into())
}
