//! The real process: configured, started, asked, killed, and started again
//! whenever it ended by itself.

use std::collections::BTreeMap;
use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use whatsapp_sim::Config;

use crate::database::{Database, Kind, MASTER_KEY};
use crate::world::World;

const BINARY: &str = env!("CARGO_BIN_EXE_puente");
const START: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(10);

pub struct Bridge {
    folder: TempDir,
    child: Mutex<Option<Child>>,
    pub database: Database,
    pub client: reqwest::Client,
    pub url: String,
    /// An API key that may send and read.
    pub key: String,
}

impl Bridge {
    /// Writes the configuration and mints a key; nothing runs yet.
    pub fn install(kind: Kind, name: &str, world: &World) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let database = Database::create(kind, folder.path(), name)?;
        Self::over(folder, database, world)
    }

    /// The same over this database; `folder` takes the configuration and the log.
    pub fn over(folder: TempDir, database: Database, world: &World) -> Result<Self, String> {
        let probe = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let listen = probe.local_addr().map_err(|e| e.to_string())?;
        drop(probe);
        let text = configuration(&listen.to_string(), &database.url(), world);
        std::fs::write(folder.path().join("puente.toml"), text).map_err(|e| e.to_string())?;
        let mut bridge = Self {
            folder,
            child: Mutex::default(),
            database,
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

    /// Begins it. Returns at once.
    pub fn spawn(&self) -> Result<(), String> {
        let log = File::options()
            .append(true)
            .create(true)
            .open(self.folder.path().join("log"))
            .map_err(|e| e.to_string())?;
        let mut serve = self.command(&["serve"]);
        let child = serve.stdout(Stdio::null()).stderr(log).spawn();
        *self.child() = Some(child.map_err(|e| e.to_string())?);
        Ok(())
    }

    /// A supervisor: begins it again if it ended by itself, which it does when
    /// the outcome of a commit is unknown.
    pub fn mind(&self) -> Result<(), String> {
        let ended = match &mut *self.child() {
            Some(child) => child.try_wait().map_err(|e| e.to_string())?.is_some(),
            None => false,
        };
        if ended { self.spawn() } else { Ok(()) }
    }

    /// Returns when it answers and its store too.
    pub async fn up(&self) -> Result<(), String> {
        let up = async {
            loop {
                let gauges = self.gauges().await.unwrap_or_default();
                if gauges.contains_key("journal_depth") {
                    return Ok(());
                }
                tokio::time::sleep(LOOK).await;
                self.mind()?;
            }
        };
        let waited = tokio::time::timeout(START, up).await;
        waited.map_err(|_| format!("the process does not answer:\n{}", self.log()))?
    }

    /// SIGKILL. Returns when the process is gone.
    pub fn kill(&self) -> Result<(), String> {
        let Some(mut child) = self.child().take() else {
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

    /// Of the process that runs now.
    pub fn pid(&self) -> Option<u32> {
        self.child().as_ref().map(Child::id)
    }

    /// How often each of these is said in its log.
    pub fn log_of(&self, words: &[&'static str]) -> Vec<(&'static str, usize)> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        words.iter().map(|word| (*word, text.matches(word).count())).collect()
    }

    /// The newest lines of its log.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        let master: String = MASTER_KEY.iter().map(|b| format!("{b:02x}")).collect();
        command
            .arg("--config")
            .arg(self.folder.path().join("puente.toml"))
            .args(args)
            .env("RUST_LOG", "warn,store=info")
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

fn configuration(listen: &str, database: &str, world: &World) -> String {
    format!(
        r#"
[server]
listen = "{listen}"

[store]
url = "{database}"
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
