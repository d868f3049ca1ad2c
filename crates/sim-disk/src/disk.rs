//! What the platter holds and what only the cache holds.

use std::collections::BTreeMap;

const SECTOR: usize = 512;

#[derive(Clone, Default)]
struct File {
    /// What a reader sees while the power is on.
    live: Vec<u8>,
    /// What is certainly there after a cut.
    synced: Vec<u8>,
    /// Since the last sync, in order.
    pending: Vec<Change>,
    /// Whether its name is certainly in the directory.
    named: bool,
}

#[derive(Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Resize(usize),
}

/// The files of one thread. Sizes are bytes.
#[derive(Clone)]
pub struct Disk {
    files: BTreeMap<String, File>,
    /// Writes and syncs until the power goes; `None`: it stays.
    left: Option<u64>,
    off: bool,
    room: u64,
    sync_fails: bool,
    refused: u64,
    failed_syncs: u64,
    /// The last change before the cut went to the database, not to its log.
    pub last_in_database: bool,
}

/// The power is off, the sync failed, or there is no room.
pub(crate) enum Refused {
    Broken,
    Full,
}

impl Default for Disk {
    fn default() -> Self {
        Self {
            files: BTreeMap::new(),
            left: None,
            off: false,
            room: u64::MAX,
            sync_fails: false,
            refused: 0,
            failed_syncs: 0,
            last_in_database: false,
        }
    }
}

impl Disk {
    /// Writes that would make the files larger than this together are refused;
    /// all are where the files are larger already, as on a disk that copies
    /// what it overwrites.
    pub fn room(&mut self, bytes: u64) {
        self.room = bytes;
    }

    /// What all files take.
    pub fn used(&self) -> u64 {
        self.files.values().map(|file| file.live.len() as u64).sum()
    }

    /// Writes refused for want of room since the disk was new.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Syncs that failed since the disk was new.
    pub fn failed_syncs(&self) -> u64 {
        self.failed_syncs
    }

    pub fn fail_next_sync(&mut self) {
        self.sync_fails = true;
    }

    /// The power goes with the n-th write, resize, sync or removal from here,
    /// which may still be half done.
    pub fn power_for(&mut self, changes: u64) {
        self.left = Some(changes);
    }

    /// The power goes now. It is back after [`Disk::cut`].
    pub fn power_off(&mut self) {
        self.off = true;
    }

    pub fn is_off(&self) -> bool {
        self.off
    }

    /// Nothing that was planned happens any more: room, power and syncs stay.
    pub fn steady(&mut self) {
        (self.left, self.sync_fails, self.room) = (None, false, u64::MAX);
    }

    /// Whether a file of this name is there, written or synced.
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    pub(crate) fn touch(&mut self, name: &str) {
        self.files.entry(name.into()).or_default();
    }

    fn powered(&mut self, name: &str) -> Result<(), Refused> {
        if self.off {
            return Err(Refused::Broken);
        }
        self.last_in_database = name.ends_with(".db");
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(1);
            self.off = *left == 0;
        }
        if self.off { Err(Refused::Broken) } else { Ok(()) }
    }

    pub(crate) fn read(&self, name: &str, at: usize, out: &mut [u8]) -> Result<usize, Refused> {
        if self.off {
            return Err(Refused::Broken);
        }
        let live = self.files.get(name).map_or(&[][..], |file| &file.live);
        let there = live.get(at..).unwrap_or_default();
        let count = there.len().min(out.len());
        out[..count].copy_from_slice(&there[..count]);
        out[count..].fill(0);
        Ok(count)
    }

    /// A write that meets the cut may still be half done, like any other.
    pub(crate) fn write(&mut self, name: &str, at: usize, bytes: &[u8]) -> Result<(), Refused> {
        let powered = self.powered(name);
        let (used, room) = (self.used(), self.room);
        let file = self.files.entry(name.into()).or_default();
        let more = (at + bytes.len()).saturating_sub(file.live.len()) as u64;
        if used + more > room {
            self.refused += 1;
            return Err(Refused::Full);
        }
        put(&mut file.live, at, bytes);
        file.pending.push(Change::Write { at, bytes: bytes.to_vec() });
        powered
    }

    pub(crate) fn resize(&mut self, name: &str, len: usize) -> Result<(), Refused> {
        self.powered(name)?;
        let file = self.files.entry(name.into()).or_default();
        file.live.resize(len, 0);
        file.pending.push(Change::Resize(len));
        Ok(())
    }

    pub(crate) fn sync(&mut self, name: &str) -> Result<(), Refused> {
        self.powered(name)?;
        if std::mem::take(&mut self.sync_fails) {
            self.failed_syncs += 1;
            return Err(Refused::Broken);
        }
        let file = self.files.entry(name.into()).or_default();
        file.named = true;
        for change in file.pending.drain(..) {
            match change {
                Change::Write { at, bytes } => put(&mut file.synced, at, &bytes),
                Change::Resize(len) => file.synced.resize(len, 0),
            }
        }
        Ok(())
    }

    pub(crate) fn remove(&mut self, name: &str) -> Result<(), Refused> {
        self.powered(name)?;
        self.files.remove(name);
        Ok(())
    }

    pub(crate) fn len(&self, name: &str) -> usize {
        self.files.get(name).map_or(0, |file| file.live.len())
    }

    /// Takes the power away and gives it back. Of what was not synced, each
    /// sector survives with its own chance, whatever the order of the writes.
    pub fn cut(&mut self, mut chance: impl FnMut(u64) -> u64) {
        let kept_of_ten = [0, 3, 7, 10][chance(4) as usize];
        self.files.retain(|_, file| file.named || chance(2) == 0);
        for file in self.files.values_mut() {
            let mut pieces = vec![];
            for change in file.pending.drain(..) {
                match change {
                    Change::Resize(len) => pieces.push(Change::Resize(len)),
                    Change::Write { at, bytes } => pieces.extend(sectors(at, bytes)),
                }
            }
            for last in (1..pieces.len()).rev() {
                pieces.swap(last, chance(last as u64 + 1) as usize);
            }
            for piece in pieces {
                if chance(10) >= kept_of_ten {
                    continue;
                }
                match piece {
                    Change::Write { at, bytes } => put(&mut file.synced, at, &bytes),
                    Change::Resize(len) => file.synced.resize(len, 0),
                }
            }
            file.live = file.synced.clone();
            file.named = true;
        }
        (self.off, self.left, self.sync_fails, self.room) = (false, None, false, u64::MAX);
    }
}

fn put(data: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if data.len() < at + bytes.len() {
        data.resize(at + bytes.len(), 0);
    }
    data[at..at + bytes.len()].copy_from_slice(bytes);
}

/// A write cut at the borders of sectors: each lands or is lost by itself.
fn sectors(at: usize, bytes: Vec<u8>) -> Vec<Change> {
    let mut out = vec![];
    let mut from = 0;
    while from < bytes.len() {
        let border = (at + from) / SECTOR * SECTOR + SECTOR;
        let to = (border - at).min(bytes.len());
        out.push(Change::Write { at: at + from, bytes: bytes[from..to].to_vec() });
        from = to;
    }
    out
}
