//! The handle, and what stands behind it.

use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt;
use model::Ambient;
use model::ids::{PersonId, TenantId};

use crate::cx::{Cx, Work, work};
use crate::health::Health;
use crate::op::{Commit, Did, NewWebhook, Op};
use crate::postgres::{Appends, Entry, Postgres, Presence};
use crate::probe::Probe;
use crate::seal::{self, Keyring, MasterKey};
use crate::sql::Tx;
use crate::sqlite::{Inline, Location, SqliteOptions, SqliteTx, Threads, memory};
use crate::{StoreError, apply, migrate};

/// Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    keys: Arc<Keyring>,
    /// Of the engine: once a commit is in doubt, for every handle.
    health: Arc<Health>,
    /// Of this handle and its clones: what a probe killed.
    alive: Arc<Health>,
    probe: Option<Arc<dyn Probe>>,
    /// Of an SQLite file.
    location: Option<Location>,
}

#[derive(Clone)]
enum Engine {
    Threads(Arc<Threads>),
    Inline(Arc<Inline>),
    Postgres(Postgres, Appends),
}

impl Store {
    /// A file, made when it is missing, and brought to this version's tables.
    /// Starts four threads: one writes, two read, one moves the log.
    pub fn open_sqlite(
        path: impl AsRef<Path>,
        master: MasterKey,
        ambient: Ambient,
    ) -> Result<Self, StoreError> {
        Self::open_sqlite_with(path, SqliteOptions::default(), master, ambient)
    }

    pub fn open_sqlite_with(
        path: impl AsRef<Path>,
        options: SqliteOptions,
        master: MasterKey,
        ambient: Ambient,
    ) -> Result<Self, StoreError> {
        let location = Location::new(path.as_ref(), options);
        let (cx, keys, health) = ready(location.writer()?, &master, &ambient)?;
        let threads = Threads::start(&location, cx, &keys, &ambient, health.clone())?;
        Ok(Self::with(Engine::Threads(Arc::new(threads)), keys, health).at(location))
    }

    /// A file that only this handle uses, on the calling thread: what runs on
    /// a simulated disk in simulated time.
    pub fn open_sqlite_inline(
        path: impl AsRef<Path>,
        options: SqliteOptions,
        master: MasterKey,
        ambient: Ambient,
    ) -> Result<Self, StoreError> {
        let location = Location::new(path.as_ref(), options);
        let (cx, keys, health) = ready(location.alone()?, &master, &ambient)?;
        Ok(Self::with(Engine::Inline(Arc::new(Inline::new(cx))), keys, health).at(location))
    }

    /// In memory, on the calling thread. Gone with the last handle.
    pub fn open_memory(master: MasterKey, ambient: Ambient) -> Result<Self, StoreError> {
        let (cx, keys, health) = ready(memory()?, &master, &ambient)?;
        Ok(Self::with(Engine::Inline(Arc::new(Inline::new(cx))), keys, health))
    }

    /// `postgres://user:password@host:port/database`, up to four connections.
    /// Must be called within a tokio runtime.
    pub async fn open_postgres(
        url: &str,
        master: MasterKey,
        ambient: Ambient,
    ) -> Result<Self, StoreError> {
        let keys = Arc::new(Keyring::new(master.key(), ambient.clone()));
        let health = Arc::new(Health::default());
        let postgres = Postgres::connect(url, keys.clone(), ambient, health.clone())?;
        postgres.write(work(|cx| migrate::run(cx, migrate::ALL).boxed())).await?;
        let appends = Appends::start(postgres.clone());
        Ok(Self::with(Engine::Postgres(postgres, appends), keys, health))
    }

    fn with(engine: Engine, keys: Arc<Keyring>, health: Arc<Health>) -> Self {
        Self { engine, keys, health, alive: Arc::default(), probe: None, location: None }
    }

    fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Asks `probe` around every commit of this handle and its clones.
    pub fn with_probe(mut self, probe: Arc<dyn Probe>) -> Self {
        self.probe = Some(probe);
        self
    }

    /// The same rows behind a handle that knows nothing of an earlier death:
    /// what a started process finds. Without a probe.
    pub fn restarted(&self) -> Self {
        let this = Self::with(self.engine.clone(), self.keys.clone(), self.health.clone());
        Self { location: self.location.clone(), ..this }
    }

    /// Makes the ops durable, all or none. On `Ok` they are on disk, and the
    /// answers stand at the indexes of their ops.
    pub async fn commit(&self, commit: Commit) -> Result<Vec<Did>, StoreError> {
        self.check()?;
        let Some(probe) = &self.probe else {
            return self.commit_now(commit).await;
        };
        if probe.before_commit(&commit) {
            return Err(self.die("before a commit"));
        }
        let done = self.commit_now(commit).await;
        if probe.after_commit(done.is_ok()) {
            return Err(self.die("after a commit"));
        }
        done
    }

    async fn commit_now(&self, commit: Commit) -> Result<Vec<Did>, StoreError> {
        let webhooks = |ops: &[Op]| ops.iter().all(|op| matches!(op, Op::AppendWebhook(_)));
        let appends = commit.fence.is_none() && !commit.ops.is_empty() && webhooks(&commit.ops);
        match &self.engine {
            Engine::Threads(threads) if appends => threads.append(webhooks_of(commit)).await,
            Engine::Postgres(_, queue) if appends => queue.append(webhooks_of(commit)).await,
            Engine::Postgres(postgres, _) => postgres.commit_ops(commit).await,
            Engine::Threads(_) | Engine::Inline(_) => {
                self.write(work(move |cx| apply::commit(cx, commit).boxed())).await
            }
        }
    }

    /// Makes this process known to others on the same PostgreSQL, and says
    /// whether it found any. SQLite's file has its own lock.
    pub async fn enter(&self) -> Result<Entered, StoreError> {
        self.check()?;
        Ok(Entered(match &self.engine {
            Engine::Postgres(postgres, _) => Some(postgres.enter().await?),
            Engine::Threads(_) | Engine::Inline(_) => None,
        }))
    }

    /// Destroys the key of all that is sealed for this person: names, bodies,
    /// references. `false` when there was none.
    pub async fn erase_person_key(
        &self,
        tenant: &TenantId,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        let tenant = tenant.clone();
        self.write(work(move |cx| {
            async move { seal::destroy_person(cx, &tenant, person).await }.boxed()
        }))
        .await
    }

    /// Keyed hash of what must be found again without being readable: the
    /// same bytes give another hash in another tenant or installation.
    pub fn hmac(&self, tenant: &TenantId, data: &[u8]) -> [u8; 32] {
        self.keys.hmac(tenant.as_str(), data)
    }

    /// For what belongs to no tenant.
    pub fn hmac_installation(&self, data: &[u8]) -> [u8; 32] {
        self.keys.hmac_installation(data)
    }

    /// 32 secret bytes that belong to this installation and this purpose, and
    /// stay the same as long as its keys do.
    pub fn derive(&self, purpose: &'static str) -> [u8; 32] {
        self.keys.derive(purpose)
    }

    /// Waits for what is queued, then lets go of the database. Every later
    /// call through any clone fails.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Threads(threads) => threads.close().await,
            Engine::Inline(inline) => inline.close(),
            Engine::Postgres(postgres, _) => postgres.close(),
        }
        self.health.break_down("the store is closed".into());
    }

    pub(crate) async fn write<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        self.check()?;
        match &self.engine {
            Engine::Threads(threads) => threads.write(work).await,
            Engine::Inline(inline) => inline.write(work, &self.health),
            Engine::Postgres(postgres, _) => postgres.write(work).await,
        }
    }

    /// From one snapshot.
    pub(crate) async fn read<R, F>(&self, body: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: for<'a> FnOnce(&'a mut Cx) -> futures_util::future::BoxFuture<'a, Result<R, StoreError>>
            + Send
            + 'static,
    {
        self.check()?;
        match &self.engine {
            Engine::Threads(threads) => threads.read(work(body)).await,
            Engine::Inline(inline) => inline.read(work(body)),
            Engine::Postgres(postgres, _) => postgres.read(work(body)).await,
        }
    }

    pub(crate) fn location(&self) -> Option<Location> {
        self.location.clone()
    }

    /// What only the one connection of an inline store can do; `None` for
    /// other engines.
    pub(crate) fn inline<R>(
        &self,
        act: impl FnOnce(&rusqlite::Connection) -> Result<R, StoreError>,
    ) -> Option<Result<R, StoreError>> {
        match &self.engine {
            Engine::Inline(inline) => Some(self.check().and_then(|()| inline.with(act))),
            Engine::Threads(_) | Engine::Postgres(..) => None,
        }
    }

    pub(crate) fn now(&self) -> model::UnixMs {
        self.keys.now()
    }

    fn die(&self, whence: &str) -> StoreError {
        let why = format!("the simulation killed the process {whence}");
        self.alive.break_down(why.clone());
        StoreError::Broken(why)
    }

    fn check(&self) -> Result<(), StoreError> {
        self.alive.check()?;
        self.health.check()
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.engine {
            Engine::Threads(_) => "Store(SQLite)",
            Engine::Inline(_) => "Store(SQLite, inline)",
            Engine::Postgres(..) => "Store(PostgreSQL)",
        })
    }
}

/// A process at the door of its database. Until it stays, others wait outside.
pub struct Entered(Option<Entry>);

/// As long as it is kept, another process that comes is not alone.
pub struct Present {
    _presence: Option<Presence>,
}

impl Entered {
    /// On PostgreSQL, that no other process works on this database: what a dead
    /// one held may be taken over.
    pub fn alone(&self) -> bool {
        self.0.as_ref().is_some_and(|entry| entry.alone)
    }

    pub async fn stay(self) -> Result<Present, StoreError> {
        let presence = match self.0 {
            Some(entry) => Some(entry.stay().await?),
            None => None,
        };
        Ok(Present { _presence: presence })
    }
}

fn webhooks_of(commit: Commit) -> Vec<NewWebhook> {
    let webhook = |op| match op {
        Op::AppendWebhook(webhook) => Some(webhook),
        _ => None,
    };
    commit.ops.into_iter().filter_map(webhook).collect()
}

type Ready = (Cx, Arc<Keyring>, Arc<Health>);

/// Migrates, and opens the installation's keys.
fn ready(
    conn: rusqlite::Connection,
    master: &MasterKey,
    ambient: &Ambient,
) -> Result<Ready, StoreError> {
    let keys = Arc::new(Keyring::new(master.key(), ambient.clone()));
    let health = Arc::new(Health::default());
    let tx = Tx::Sqlite(SqliteTx::new(conn, ambient.clone()));
    let mut cx = Cx::new(tx, keys.clone(), ambient.clone());
    crate::sqlite::once(&mut cx, &health, work(|cx| migrate::run(cx, migrate::ALL).boxed()))?;
    Ok((cx, keys, health))
}
