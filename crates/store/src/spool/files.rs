//! Where sealed pieces lie: a folder, or memory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::ids::MediaId;
use parking_lot::Mutex;

const WHOLE: &str = "spool";
const PART: &str = "part";

pub(super) enum Files {
    Disk(PathBuf),
    Memory(Mutex<BTreeMap<MediaId, Arc<Vec<u8>>>>),
}

/// A file being written; nobody else sees it before it is whole.
pub(super) enum Draft {
    Disk { file: File, part: PathBuf, whole: PathBuf },
    Memory(Vec<u8>),
}

/// A whole file, opened.
pub(super) enum Open {
    Disk(File),
    Memory(Arc<Vec<u8>>),
}

impl Files {
    pub fn on_disk(dir: &Path) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.extension().is_some_and(|word| word == PART) {
                fs::remove_file(path)?;
            }
        }
        Ok(Self::Disk(dir.to_owned()))
    }

    pub fn in_memory() -> Self {
        Self::Memory(Mutex::default())
    }

    pub fn list(&self) -> io::Result<Vec<(MediaId, u64)>> {
        let dir = match self {
            Self::Disk(dir) => dir,
            Self::Memory(files) => {
                let files = files.lock();
                return Ok(files.iter().map(|(id, bytes)| (*id, bytes.len() as u64)).collect());
            }
        };
        let mut found = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let path = entry.path();
            let id = path.file_stem().and_then(|stem| MediaId::parse(stem.to_str()?));
            if let (Some(id), true) = (id, path.extension().is_some_and(|word| word == WHOLE)) {
                found.push((id, entry.metadata()?.len()));
            }
        }
        Ok(found)
    }

    pub fn create(&self, id: MediaId) -> io::Result<Draft> {
        let Self::Disk(dir) = self else {
            return Ok(Draft::Memory(Vec::new()));
        };
        let part = dir.join(format!("{id}.{PART}"));
        let whole = dir.join(format!("{id}.{WHOLE}"));
        Ok(Draft::Disk { file: File::create(&part)?, part, whole })
    }

    /// On disk when it returns.
    pub fn finish(&self, id: MediaId, draft: Draft) -> io::Result<()> {
        match (draft, self) {
            (Draft::Disk { file, part, whole }, Self::Disk(dir)) => {
                file.sync_all()?;
                fs::rename(part, whole)?;
                File::open(dir)?.sync_all()
            }
            (Draft::Memory(bytes), Self::Memory(files)) => {
                files.lock().insert(id, Arc::new(bytes));
                Ok(())
            }
            _ => Err(io::Error::other("a draft of another spool")),
        }
    }

    /// The file and its length, as it lies there.
    pub fn open(&self, id: MediaId) -> io::Result<(Open, u64)> {
        match self {
            Self::Disk(dir) => {
                let file = File::open(dir.join(format!("{id}.{WHOLE}")))?;
                let length = file.metadata()?.len();
                Ok((Open::Disk(file), length))
            }
            Self::Memory(files) => {
                let bytes = files.lock().get(&id).cloned().ok_or(io::ErrorKind::NotFound)?;
                let length = bytes.len() as u64;
                Ok((Open::Memory(bytes), length))
            }
        }
    }

    pub fn remove(&self, id: MediaId) -> io::Result<()> {
        match self {
            Self::Disk(dir) => match fs::remove_file(dir.join(format!("{id}.{WHOLE}"))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            Self::Memory(files) => {
                files.lock().remove(&id);
                Ok(())
            }
        }
    }
}

impl Draft {
    pub fn is_on_disk(&self) -> bool {
        matches!(self, Self::Disk { .. })
    }

    pub fn append(&mut self, sealed: &[u8]) -> io::Result<()> {
        match self {
            Self::Disk { file, .. } => file.write_all(sealed),
            Self::Memory(bytes) => {
                bytes.extend_from_slice(sealed);
                Ok(())
            }
        }
    }

    /// What is not finished leaves nothing behind.
    pub fn discard(&self) {
        if let Self::Disk { part, .. } = self
            && let Err(error) = fs::remove_file(part)
        {
            tracing::debug!(%error, "a half-written file stays until the next start");
        }
    }
}

impl Open {
    pub fn is_on_disk(&self) -> bool {
        matches!(self, Self::Disk(_))
    }

    /// Exactly this stretch.
    pub fn at(&mut self, from: u64, length: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Disk(file) => {
                let mut bytes = vec![0; length];
                file.seek(SeekFrom::Start(from))?;
                file.read_exact(&mut bytes)?;
                Ok(bytes)
            }
            Self::Memory(bytes) => {
                let from = from as usize;
                let stretch = bytes.get(from..from + length);
                stretch.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
            }
        }
    }
}
