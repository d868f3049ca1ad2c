//! Whether the store may still be used. Once it may not, it never may again:
//! the process ends and starts anew.

use parking_lot::Mutex;

use crate::StoreError;

#[derive(Default)]
pub(crate) struct Health {
    why: Mutex<Option<String>>,
}

impl Health {
    pub fn check(&self) -> Result<(), StoreError> {
        match &*self.why.lock() {
            Some(why) => Err(StoreError::Broken(why.clone())),
            None => Ok(()),
        }
    }

    /// The first cause stays.
    pub fn break_down(&self, why: String) {
        self.why.lock().get_or_insert(why);
    }
}
