//! Files while they pass through: bounded in bytes, sealed, never whole in memory.
//!
//! A file is cut into pieces, each sealed with AES-256-GCM under a key that was
//! made for this one writing and lies, sealed in its turn, in the file's row.
//! The nonce is the piece's number and whether it is the last, so that pieces
//! cannot be exchanged and a file that was cut short does not open. What is not
//! in a row has no key and is swept away.

mod files;
mod read;
mod room;
mod write;

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use model::ids::MediaId;
use parking_lot::Mutex;

use files::Files;
use room::Ledger;
pub use room::Room;
pub use write::{Spooled, Writer};

/// Plain bytes of one piece.
const PIECE: usize = 128 * 1024;
const TAG: usize = 16;

/// Opens one file. Kept in its row, which is sealed.
pub type SpoolKey = [u8; 32];

/// Cheap to clone; all clones are one spool.
#[derive(Clone)]
pub struct Spool {
    files: Arc<Files>,
    ledger: Arc<Mutex<Ledger>>,
}

impl Spool {
    /// A folder of its own, made when it is missing. What an ended process left
    /// half written is removed; whole files count against `bytes_max`.
    pub fn on_disk(dir: impl AsRef<Path>, bytes_max: u64) -> io::Result<Self> {
        let files = Files::on_disk(dir.as_ref())?;
        let ledger = Ledger::new(bytes_max, files.list()?);
        Ok(Self { files: Arc::new(files), ledger: Arc::new(Mutex::new(ledger)) })
    }

    /// In memory: what runs in simulated time.
    pub fn in_memory(bytes_max: u64) -> Self {
        let ledger = Arc::new(Mutex::new(Ledger::new(bytes_max, Vec::new())));
        Self { files: Arc::new(Files::in_memory()), ledger }
    }

    /// Room for a file of this many bytes; `None` while there is not.
    pub fn reserve(&self, bytes: u64) -> Option<Room> {
        Ledger::reserve(&self.ledger, bytes)
    }

    /// More than this never fits.
    pub fn bytes_max(&self) -> u64 {
        self.ledger.lock().bytes_max
    }

    /// Bytes held and reserved.
    pub fn bytes_used(&self) -> u64 {
        self.ledger.lock().used()
    }

    /// Whole files, in the order of their ids.
    pub fn ids(&self) -> Vec<MediaId> {
        self.ledger.lock().ids()
    }

    pub fn has(&self, id: MediaId) -> bool {
        self.ledger.lock().has(id)
    }

    /// One that is not there is no error.
    pub fn remove(&self, id: MediaId) -> io::Result<()> {
        self.files.remove(id)?;
        self.ledger.lock().remove(id);
        Ok(())
    }
}

/// One file's key in use.
struct Sealer {
    key: LessSafeKey,
    id: MediaId,
}

impl Sealer {
    fn new(id: MediaId, key: &SpoolKey) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("32 bytes are an AES-256 key");
        Self { key: LessSafeKey::new(key), id }
    }

    fn nonce(number: u64, last: bool) -> Nonce {
        let mut bytes = [0; NONCE_LEN];
        bytes[0] = last.into();
        bytes[4..].copy_from_slice(&number.to_be_bytes());
        Nonce::assume_unique_for_key(bytes)
    }

    fn seal(&self, number: u64, last: bool, piece: &mut Vec<u8>) {
        let (nonce, aad) = (Self::nonce(number, last), Aad::from(self.id.as_bytes()));
        self.key
            .seal_in_place_append_tag(nonce, aad, piece)
            .expect("a piece is far below the 64 GB that AES-GCM can seal");
    }

    fn open(&self, number: u64, last: bool, piece: &mut Vec<u8>) -> io::Result<()> {
        let (nonce, aad) = (Self::nonce(number, last), Aad::from(self.id.as_bytes()));
        let opened = self.key.open_in_place(nonce, aad, piece);
        let length = opened.map_err(|_| damaged())?.len();
        piece.truncate(length);
        Ok(())
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a spooled file was altered or cut short")
}
