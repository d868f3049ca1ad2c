//! The real process: configured, started, asked, killed.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use model::Ambient;
use sandbox::{SeededChance, SimTime};
use sim_kit::{Seed, SimClock};
use store::{Depths, MasterKey, Store};
use tempfile::TempDir;
use whatsapp_sim::Config;

use crate::world::World;

const MASTER_KEY: [u8; 32] = [0x5a; 32];
const START: Duration = Duration::from_secs(20);

pub struct Bridge {
    binary: PathBuf,
    folder: TempDir,
    child: Option<Child>,
    pub client: reqwest::Client,
    pub url: String,
    /// An API key that may send and read.
    pub key: String,
}

impl Bridge {
    /// Writes the configuration and mints a key; nothing runs yet.
    pub fn install(binary: &Path, world: &World) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let probe = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let listen = probe.local_addr().map_err(|e| e.to_string())?;
        drop(probe);
        let database = folder.path().join("puente.db");
        let text = configuration(&listen.to_string(), &database, world);
        std::fs::write(folder.path().join("puente.toml"), text).map_err(|e| e.to_string())?;
        let mut bridge = Self {
            binary: binary.into(),
            folder,
            child: None,
            client: client()?,
            url: format!("http://{listen}"),
            key: String::new(),
        };
        let made = bridge.command(&["key", "create", "--tenant", "acme"]);
        let made = { made }.output().map_err(|e| e.to_string())?;
        bridge.key = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        if bridge.key.is_empty() {
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            return Err(format!("`puente key create` gave no key: {said}"));
        }
        Ok(bridge)
    }

    /// Returns when it answers.
    pub async fn start(&mut self) -> Result<(), String> {
        let log = File::options()
            .append(true)
            .create(true)
            .open(self.folder.path().join("log"))
            .map_err(|e| e.to_string())?;
        let mut serve = self.command(&["serve"]);
        let child = serve.stdout(Stdio::null()).stderr(log).spawn();
        self.child = Some(child.map_err(|e| e.to_string())?);
        let up = async {
            while self.gauges().await.is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(START, up)
            .await
            .map_err(|_| format!("the process does not answer:\n{}", self.log()))
    }

    /// SIGKILL. Returns when the process is gone.
    pub fn kill(&mut self) -> Result<(), String> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        child.kill().map_err(|e| e.to_string())?;
        child.wait().map(drop).map_err(|e| e.to_string())
    }

    /// `puente_...` of `/metrics`, without the prefix; none while it does not answer.
    pub async fn gauges(&self) -> Option<BTreeMap<String, u64>> {
        let answer = self.client.get(format!("{}/metrics", self.url)).send();
        let text = answer.await.ok()?.text().await.ok()?;
        let gauge = |line: &str| {
            let (name, value) = line.strip_prefix("puente_")?.split_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        Some(text.lines().filter_map(gauge).collect())
    }

    /// What the dead process left, counted on a copy of its files.
    pub async fn left(&self) -> Result<Depths, String> {
        let copy = tempfile::tempdir().map_err(|e| e.to_string())?;
        for name in ["puente.db", "puente.db-wal"] {
            std::fs::copy(self.folder.path().join(name), copy.path().join(name))
                .map_err(|e| format!("{name}: {e}"))?;
        }
        let ambient = Ambient {
            clock: std::sync::Arc::new(SimTime(SimClock::real())),
            chance: std::sync::Arc::new(SeededChance::new(&Seed::new(1))),
        };
        let key = MasterKey::from_bytes(MASTER_KEY);
        let store = Store::open_sqlite(copy.path().join("puente.db"), key, ambient)
            .map_err(|e| e.to_string())?;
        let depths = store.depths(None).await.map_err(|e| e.to_string())?;
        store.close().await;
        Ok(depths)
    }

    /// The newest lines of its log.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        let master: String = MASTER_KEY.iter().map(|b| format!("{b:02x}")).collect();
        command
            .arg("--config")
            .arg(self.folder.path().join("puente.toml"))
            .args(args)
            .env("RUST_LOG", "warn")
            .env("PUENTE_MASTER_KEY", master)
            .env("META_APP_SECRET", Config::APP_SECRET)
            .env("META_VERIFY_TOKEN", Config::VERIFY_TOKEN)
            .env("META_TOKEN", Config::TOKEN)
            .env("SF_CLIENT_SECRET", sandbox::Sims::CONSUMER_SECRET);
        command
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

fn configuration(listen: &str, database: &Path, world: &World) -> String {
    format!(
        r#"
[server]
listen = "{listen}"

[store]
url = "sqlite:{database}"
master_key = {{ env = "PUENTE_MASTER_KEY" }}

[[app]]
id = "main"
secret = {{ env = "META_APP_SECRET" }}
verify_token = {{ env = "META_VERIFY_TOKEN" }}

[[tenant]]
id = "acme"
status_delay_seconds = 1

[tenant.salesforce]
flow = "client_credentials"
my_domain_url = "{org_url}"
client_id = "{client_id}"
client_secret = {{ env = "SF_CLIENT_SECRET" }}

[[tenant.number]]
phone_number_id = "{number}"
waba_id = "{waba}"
app = "main"
display = "+15550009999"
portfolio = "{business}"
token = {{ env = "META_TOKEN" }}
messages_per_second = 1000
graph_url = "{graph_url}"
"#,
        database = database.display(),
        org_url = world.org_url,
        client_id = sandbox::Sims::CONSUMER_KEY,
        number = Config::NUMBER,
        waba = Config::WABA,
        business = Config::BUSINESS,
        graph_url = world.graph_url,
    )
}

fn client() -> Result<reqwest::Client, String> {
    #[expect(clippy::disallowed_methods, reason = "the test stands outside of the process")]
    let builder = reqwest::Client::builder();
    builder
        .http1_only()
        .timeout(Duration::from_secs(20))
        .pool_max_idle_per_host(256)
        .build()
        .map_err(|e| e.to_string())
}
