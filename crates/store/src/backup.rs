//! A copy of the whole database, and where a database lies.

use std::fs::File;
use std::path::Path;

use futures_util::FutureExt;
use rusqlite::Connection;

use crate::sqlite::fault;
use crate::{Store, StoreError};

impl Store {
    /// Writes the database of one moment to a new file, while others go on
    /// writing, and waits until it is on disk (SQLite, `VACUUM INTO`). It
    /// needs as much room as the rows do. The file must not exist.
    ///
    /// PostgreSQL has tools of its own for this (`pg_dump`, `pg_basebackup`):
    /// there it fails.
    pub async fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        let to = to.to_owned();
        if let Some(copied) = self.inline(|conn| vacuum_into(conn, &to)) {
            return copied;
        }
        let Some(location) = self.location() else {
            let why = "PostgreSQL is copied by pg_dump or pg_basebackup";
            return Err(StoreError::Broken(why.into()));
        };
        let copied = tokio::task::spawn_blocking(move || vacuum_into(&location.copier()?, &to));
        copied.await.map_err(|why| StoreError::Broken(format!("the copy panicked: {why}")))?
    }

    /// Where this database lies. A copy of it, wherever it is put, lies
    /// elsewhere: the file's inode and birth are part of it; of PostgreSQL,
    /// the system's identifier.
    pub async fn place(&self) -> Result<String, StoreError> {
        if let Some(location) = self.location() {
            return match &location.options.vfs {
                // no file of the machine's: a simulated disk
                Some(vfs) => Ok(format!("{vfs}:{}", location.path.display())),
                None => file_place(&location.path),
            };
        }
        if self.inline(|_| Ok(())).is_some() {
            return Ok("memory".into());
        }
        const SQL: &str = "SELECT CAST(system_identifier AS TEXT) || '/' || \
            CAST(current_database() AS TEXT) || '/' || CAST(current_schema() AS TEXT) \
            FROM pg_control_system()";
        self.read(|cx| {
            async move {
                let row = cx.tx.row(SQL, vec![]).await?;
                let place: String = match row {
                    Some(mut row) => row.get()?,
                    None => String::new(),
                };
                Ok(format!("postgres:{place}"))
            }
            .boxed()
        })
        .await
    }
}

fn vacuum_into(conn: &Connection, to: &Path) -> Result<(), StoreError> {
    let name = to.to_str().ok_or_else(|| {
        StoreError::Broken(format!("{}: a file name in UTF-8 is needed", to.display()))
    })?;
    conn.execute("VACUUM INTO ?1", [name]).map_err(fault)?;
    sync(to)
}

/// VACUUM INTO leaves it to the system when its pages reach the disk.
fn sync(file: &Path) -> Result<(), StoreError> {
    let full = |why: std::io::Error| StoreError::Full(format!("{}: {why}", file.display()));
    File::open(file).and_then(|file| file.sync_all()).map_err(full)?;
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder).and_then(|folder| folder.sync_all()).map_err(full),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn inode(about: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> u64 {
    0
}

fn file_place(path: &Path) -> Result<String, StoreError> {
    let broken = |why| StoreError::Broken(format!("{}: {why}", path.display()));
    let full = path.canonicalize().map_err(broken)?;
    let about = full.metadata().map_err(broken)?;
    // some file systems do not know it; then the inode must do
    let born = about.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let born = born.map_or(0, |since| since.as_nanos());
    Ok(format!("file:{}:{}:{born}", full.display(), inode(&about)))
}
