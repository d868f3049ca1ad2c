//! What the process keeps its data in, seen from outside of it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use model::Ambient;
use sandbox::{SeededChance, SimTime};
use sim_kit::{Seed, SimClock};
use store::{Depths, MasterKey, Store};

pub const MASTER_KEY: [u8; 32] = [0x5a; 32];
/// A server that was stopped recovers and answers within this.
const BACK: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Rounds on PostgreSQL share the server that one of them stops.
    pub fn rounds_at_once(self) -> u64 {
        match self {
            Self::Sqlite => 2,
            Self::Postgres => 1,
        }
    }
}

pub enum Database {
    Sqlite(PathBuf),
    Postgres {
        /// Of the server, where databases may be created.
        server: String,
        name: String,
        /// Somebody starts it again when it ends.
        kept: bool,
    },
}

impl Database {
    /// In `folder`, or on the server that `PUENTE_TEST_POSTGRES` names.
    pub fn create(kind: Kind, folder: &Path, name: &str) -> Result<Self, String> {
        if kind == Kind::Sqlite {
            return Ok(Self::Sqlite(folder.join("puente.db")));
        }
        let server = std::env::var("PUENTE_TEST_POSTGRES")
            .map_err(|_| "PUENTE_TEST_POSTGRES names no server")?;
        let name = format!("puente_{}_{name}", std::process::id());
        let kept = std::env::var_os("PUENTE_TEST_POSTGRES_KEPT").is_some();
        let made = Self::Postgres { server, name: name.clone(), kept };
        made.ask(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        made.ask(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))?;
        Ok(made)
    }

    /// As `store.url` wants it.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres { server, name, .. } => {
                let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
                format!("{base}/{name}")
            }
        }
    }

    pub fn may_be_stopped(&self) -> bool {
        matches!(self, Self::Postgres { kept: true, .. })
    }

    /// What the dead process left; of files, counted on a copy.
    pub async fn left(&self) -> Result<Depths, String> {
        let ambient = Ambient {
            clock: Arc::new(SimTime(SimClock::real())),
            chance: Arc::new(SeededChance::new(&Seed::new(1))),
        };
        let key = MasterKey::from_bytes(MASTER_KEY);
        let copy = tempfile::tempdir().map_err(|e| e.to_string())?;
        let store = match self {
            Self::Sqlite(path) => {
                for end in ["", "-wal"] {
                    let name = format!("puente.db{end}");
                    std::fs::copy(path.with_file_name(&name), copy.path().join(&name))
                        .map_err(|e| format!("{name}: {e}"))?;
                }
                Store::open_sqlite(copy.path().join("puente.db"), key, ambient)
            }
            Self::Postgres { .. } => {
                self.back().await?;
                Store::open_postgres(&self.url(), key, ambient).await
            }
        };
        let store = store.map_err(|e| e.to_string())?;
        let depths = store.depths(None).await.map_err(|e| e.to_string())?;
        store.close().await;
        Ok(depths)
    }

    /// SIGQUIT to the server: its "immediate" shutdown, in which nothing is
    /// closed and the next start recovers from the log.
    pub fn stop(&self) -> Result<(), String> {
        let file = self.ask("SELECT pg_read_file('postmaster.pid')")?;
        let pid = file.lines().next().unwrap_or_default().trim();
        let sent = Command::new("kill").args(["-QUIT", pid]).status();
        match sent.map_err(|e| e.to_string())?.success() {
            true => Ok(()),
            false => Err(format!("the server's process {pid} could not be signalled")),
        }
    }

    /// Waits until the server answers.
    pub async fn back(&self) -> Result<(), String> {
        if let Self::Sqlite(_) = self {
            return Ok(());
        }
        let answers = async {
            while self.ask("SELECT 1").is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(BACK, answers).await;
        waited.map_err(|_| format!("PostgreSQL did not come back within {BACK:?}"))
    }

    pub fn remove(&self) -> Result<(), String> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres { name, .. } => {
                self.ask(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).map(drop)
            }
        }
    }

    /// A statement on the server, by PostgreSQL's own client; its answer.
    fn ask(&self, sql: &str) -> Result<String, String> {
        let Self::Postgres { server, .. } = self else {
            return Err("files have no server".into());
        };
        let out = Command::new("psql").args([server, "-Atqc", sql]).output();
        let out = out.map_err(|e| format!("psql: {e}"))?;
        match out.status.success() {
            true => Ok(String::from_utf8_lossy(&out.stdout).into_owned()),
            false => Err(format!("{sql}: {}", String::from_utf8_lossy(&out.stderr))),
        }
    }
}
