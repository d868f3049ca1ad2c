//! Why a commit or a read did not happen.

#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A row that the caller believed absent is there, or the other way round:
    /// read again and decide anew. Nothing was written.
    #[error("another writer was first: {0}")]
    Conflict(&'static str),
    /// The lease or lane went to another holder. Stop; write nothing more.
    #[error("the lease went to another holder")]
    Fenced,
    /// The disk, the quota or the bound on rows is reached. Refuse new work;
    /// it heals by itself when there is room.
    #[error("no room to store: {0}")]
    Full(String),
    /// The database does not answer. Nothing was written. Refuse new work; it
    /// heals by itself when the database is back.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A sealed value could not be opened: wrong master key, or its key was
    /// destroyed because the person was erased.
    #[error("sealed value cannot be opened: {0}")]
    Sealed(&'static str),
    /// The engine failed in a way that leaves the outcome of the commit in
    /// doubt. The process must end; the ordinary start path recovers.
    #[error("the store failed: {0}")]
    Broken(String),
}

impl StoreError {
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

/// The noun of the row that was in the way, from the engine's name for it.
pub(crate) fn conflict_in(table: &str) -> &'static str {
    const TABLES: &[&str] = &[
        "alert",
        "api_key",
        "audit",
        "campaign",
        "campaign_member",
        "conversation",
        "feed",
        "handle",
        "installation",
        "item",
        "lane",
        "media",
        "message",
        "number",
        "outbox",
        "person",
        "record_link",
        "seal_key",
        "send_attempt",
        "sync_write",
        "tenant",
    ];
    let known = TABLES.iter().find(|known| **known == table);
    known.copied().unwrap_or("a row this one belongs to is missing")
}
