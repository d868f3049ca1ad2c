//! Who holds how much.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::MediaId;
use parking_lot::Mutex;

pub(super) struct Ledger {
    pub bytes_max: u64,
    reserved: u64,
    files: BTreeMap<MediaId, u64>,
}

/// A share of the spool, given back when it is dropped without a file.
pub struct Room {
    ledger: Arc<Mutex<Ledger>>,
    pub(super) bytes: u64,
}

impl Ledger {
    pub fn new(bytes_max: u64, files: Vec<(MediaId, u64)>) -> Self {
        Self { bytes_max, reserved: 0, files: files.into_iter().collect() }
    }

    pub fn used(&self) -> u64 {
        self.reserved + self.files.values().sum::<u64>()
    }

    pub fn ids(&self) -> Vec<MediaId> {
        self.files.keys().copied().collect()
    }

    pub fn has(&self, id: MediaId) -> bool {
        self.files.contains_key(&id)
    }

    pub fn remove(&mut self, id: MediaId) {
        self.files.remove(&id);
    }

    pub fn reserve(this: &Arc<Mutex<Self>>, bytes: u64) -> Option<Room> {
        let mut ledger = this.lock();
        let fits = ledger.used().checked_add(bytes).is_some_and(|all| all <= ledger.bytes_max);
        fits.then(|| {
            ledger.reserved += bytes;
            Room { ledger: this.clone(), bytes }
        })
    }
}

impl Room {
    /// The reservation becomes a file.
    pub(super) fn fill(mut self, id: MediaId, bytes: u64) {
        let mut ledger = self.ledger.lock();
        ledger.reserved -= self.bytes;
        ledger.files.insert(id, bytes);
        drop(ledger);
        self.bytes = 0;
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.ledger.lock().reserved -= self.bytes;
    }
}
