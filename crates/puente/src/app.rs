//! Every part built once, top to bottom.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use engine::writer::Defaults;
use engine::{Directory, Engine, Number, Options, Parts, Remotes};
use model::ids::{AppId, OrgId, PhoneNumberId, TenantId, WabaId};
use model::{Ambient, Exchange, Fault};
use rules::budget::Policy;
use rules::metrics::Zone;
use salesforce::{ClientOptions, Credentials, Names, Tokens, TokensOptions};
use secrecy::ExposeSecret;
use server::webhooks::WebhookApp;
use store::{MasterKey, Present, Spool, Store};
use whatsapp::client::Token;
use whatsapp::signature::Secrets;

use crate::config::{self, Config, Flow};

/// What `serve` runs, and what other commands look into.
pub struct App {
    pub engine: Engine,
    pub store: Store,
    pub directory: Directory,
    pub ambient: Ambient,
    pub apps: Vec<WebhookApp>,
    /// Held as long as the process works on an embedded database.
    _alone: Option<File>,
    /// The same of PostgreSQL, where others may join.
    _present: Present,
}

/// How remotes are reached: the real clients, or a simulator's door.
pub struct Doors {
    pub meta: Arc<dyn Exchange>,
    pub salesforce: Arc<dyn Exchange>,
    /// To addresses that callers wrote: public ones only.
    pub web: Arc<dyn Exchange>,
}

impl Doors {
    pub fn real() -> anyhow::Result<Self> {
        Ok(Self {
            meta: crate::http::toward_meta()?,
            salesforce: crate::http::toward_salesforce()?,
            web: crate::web::toward_the_public()?,
        })
    }
}

impl App {
    pub async fn build(config: &Config, ambient: Ambient, doors: &Doors) -> anyhow::Result<Self> {
        let alone = lock(&config.store)?;
        let store = open_store(&config.store, &ambient).await?;
        let entered = store.enter().await.context("store.url")?;
        let directory = directory(config);
        let pinned = pinned(&store).await?;
        let remotes = remotes(config, &ambient, doors, &pinned)?;
        let engine = Engine::new(Parts {
            store: store.clone(),
            ambient: ambient.clone(),
            directory: directory.clone(),
            remotes,
            spool: spool(config)?,
            options: options(config, alone.is_some() || entered.alone()),
        })
        .await
        .context("the store refused the tenants or numbers of the configuration")?;
        let present = entered.stay().await.context("store.url")?;
        for number in config.tenants.iter().flat_map(|t| &t.numbers) {
            let id = PhoneNumberId::new(&number.phone_number_id);
            engine.pace.set_rate(&id, i64::from(number.messages_per_second));
        }
        let apps =
            config.apps.iter().map(|app| webhook_app(config, app)).collect::<Result<_, _>>()?;
        Ok(Self { engine, store, directory, ambient, apps, _alone: alone, _present: present })
    }
}

/// One process works on an embedded database. A lock of the file system ends
/// with its process, however that ends; commands that only read or add a key
/// do not take it.
pub fn lock(config: &config::Store) -> anyhow::Result<Option<File>> {
    let Some(path) = config.url.strip_prefix("sqlite:") else {
        return Ok(None);
    };
    let path = format!("{path}.lock");
    let file = File::create(&path).with_context(|| format!("store.url: cannot write {path}"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "store.url: another puente works on this database; end it first, or use PostgreSQL for several"
            )
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {path}"))
        }
    }
}

pub async fn open_store(config: &config::Store, ambient: &Ambient) -> anyhow::Result<Store> {
    let key = config.master_key.read("store.master_key")?;
    let key = MasterKey::from_hex(key.expose_secret())
        .or_else(|_| MasterKey::from_base64(key.expose_secret()))
        .context("store.master_key: 32 bytes are needed, as 64 hex digits or as base64")?;
    let opened = match config.url.strip_prefix("sqlite:") {
        Some(path) => Store::open_sqlite(path, key, ambient.clone()),
        None => Store::open_postgres(&config.url, key, ambient.clone()).await,
    };
    opened.with_context(|| format!("cannot open the store at {}", shown(&config.url)))
}

/// A database URL without its password.
fn shown(url: &str) -> String {
    match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (_, host))) => format!("{scheme}://...@{host}"),
        None => url.to_owned(),
    }
}

fn spool(config: &Config) -> anyhow::Result<Spool> {
    let beside = match config.store.url.strip_prefix("sqlite:") {
        Some(path) => format!("{path}.spool"),
        None => "puente.spool".into(),
    };
    let dir = config.media.spool_dir.clone().unwrap_or_else(|| beside.into());
    Spool::on_disk(&dir, config.media.spool_bytes_max)
        .with_context(|| format!("media.spool_dir: cannot use {}", dir.display()))
}

fn directory(config: &Config) -> Directory {
    let consent = config.tenants.iter().map(|t| (TenantId::new(&t.id), t.consent.settings()));
    Directory::new(config.tenants.iter().flat_map(|tenant| {
        tenant.numbers.iter().map(|number| Number {
            id: PhoneNumberId::new(&number.phone_number_id),
            tenant: TenantId::new(&tenant.id),
            waba: WabaId::new(&number.waba_id),
            app: AppId::new(&number.app),
            display: number.display.clone(),
            portfolio: number.portfolio.clone(),
        })
    }))
    .with_consent(consent.collect())
}

fn options(config: &Config, alone: bool) -> Options {
    let delay_s = config.tenants.iter().map(|t| t.status_delay_seconds).min().unwrap_or(60);
    let status_delay_ms = i64::from(delay_s) * 1000;
    let mut options = Options { status_delay_ms, alone, ..Options::default() };
    options.limits.status_delay_ms = status_delay_ms;
    options.media = engine::media::Limits {
        at_once: config.media.at_once,
        bytes_max: config.media.file_bytes_max,
        keep_ms: i64::from(config.media.upload_hours) * 3_600_000,
    };
    options.holder = holder();
    options.bulk = config
        .tenants
        .iter()
        .map(|tenant| {
            let salesforce = &tenant.salesforce;
            let bulk = engine::bulk::Options {
                backlog_rows: Some(salesforce.bulk_from_rows)
                    .filter(|n| *n > 0)
                    .unwrap_or(u32::MAX),
                jobs_max: salesforce.bulk_jobs as usize,
                ..engine::bulk::Options::default()
            };
            (TenantId::new(&tenant.id), bulk)
        })
        .collect();
    options.defaults = config
        .tenants
        .iter()
        .map(|tenant| {
            let salesforce = &tenant.salesforce;
            let defaults = Defaults {
                lead_company: salesforce.lead_company.clone(),
                lead_source: salesforce.lead_source.clone().filter(|s| !s.is_empty()),
                case_origin: salesforce.case_origin.clone().filter(|s| !s.is_empty()),
            };
            (TenantId::new(&tenant.id), defaults)
        })
        .collect();
    options.policies = config.tenants.iter().map(|t| (TenantId::new(&t.id), policy(t))).collect();
    options.zones = config
        .tenants
        .iter()
        .filter_map(|t| Some((TenantId::new(&t.id), Zone::named(&t.time_zone)?)))
        .collect();
    options.uncertain = config
        .tenants
        .iter()
        .map(|tenant| (TenantId::new(&tenant.id), tenant.uncertain.iter().map(rule).collect()))
        .collect();
    options
}

/// How many API calls a tenant's org lets be used.
pub fn policy(tenant: &config::Tenant) -> Policy {
    let salesforce = &tenant.salesforce;
    Policy {
        percent: salesforce.daily_calls_percent,
        calls_max: salesforce.daily_calls_max.map(i64::from),
    }
}

fn rule(rule: &config::Uncertain) -> rules::uncertain::Rule {
    use rules::uncertain::Then;
    let then = match rule.then {
        config::Then::Ask => Then::Ask,
        config::Then::Resend => Then::Resend,
        config::Then::Drop => Then::Drop,
    };
    rules::uncertain::Rule { template: rule.template.clone(), then }
}

/// Unlike any other process that may hold a lease in this database.
fn holder() -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "host".into());
    format!("{host}.{}", std::process::id())
}

pub type Pinned = BTreeMap<TenantId, OrgId>;

/// The org each tenant signed in to first.
pub async fn pinned(store: &Store) -> anyhow::Result<Pinned> {
    let tenants = store.tenants().await?.into_iter();
    Ok(tenants.filter_map(|tenant| Some((tenant.id, tenant.org?))).collect())
}

fn remotes(
    config: &Config,
    ambient: &Ambient,
    doors: &Doors,
    pinned: &Pinned,
) -> anyhow::Result<Remotes> {
    let scanner = config.media.clamav().map(crate::clamav::scanner);
    let mut remotes = Remotes { web: Some(doors.web.clone()), scanner, ..Remotes::default() };
    for tenant in &config.tenants {
        let id = TenantId::new(&tenant.id);
        let org = pinned.get(&id).cloned();
        let client = salesforce_client(tenant, ambient, doors, org)?;
        remotes.salesforce.insert(id, Arc::new(client));
        for number in &tenant.numbers {
            let client = whatsapp_client(number, doors)?;
            remotes.whatsapp.insert(PhoneNumberId::new(&number.phone_number_id), client);
        }
    }
    Ok(remotes)
}

pub fn whatsapp_client(number: &config::Number, doors: &Doors) -> anyhow::Result<whatsapp::Client> {
    let token = number.token.read("tenant.number.token")?;
    let token = Token::new(token.expose_secret());
    let mut client = whatsapp::Client::new(doors.meta.clone(), &number.graph_url, token);
    client.version.clone_from(&number.graph_version);
    Ok(client)
}

pub fn salesforce_client(
    tenant: &config::Tenant,
    ambient: &Ambient,
    doors: &Doors,
    pinned: Option<OrgId>,
) -> anyhow::Result<salesforce::Client> {
    let config = &tenant.salesforce;
    let told = |fault: Fault| anyhow!("tenant '{}', salesforce: {fault}", tenant.id);
    let org_id = config.org_id.as_ref().map(|id| {
        salesforce::ids::record_id(id).map(|id| OrgId::new(id.as_str())).ok_or_else(|| {
            anyhow!(
                "tenant.salesforce.org_id: '{id}' is not a Salesforce id of 15 or 18 characters"
            )
        })
    });
    let options =
        TokensOptions { org_id: org_id.transpose()?.or(pinned), ..TokensOptions::default() };
    let exchange = doors.salesforce.clone();
    let tokens = Tokens::new(exchange.clone(), ambient.clone(), credentials(config)?, options);
    let options = ClientOptions {
        api_version: config.api_version.clone(),
        names: Names::new(&config.namespace).map_err(told)?,
        ..ClientOptions::default()
    };
    salesforce::Client::new(exchange, Arc::new(tokens.map_err(told)?), options).map_err(told)
}

fn credentials(config: &config::Salesforce) -> anyhow::Result<Credentials> {
    Ok(match &config.flow {
        Flow::JwtBearer { login_url, client_id, username, private_key, audience } => {
            Credentials::JwtBearer {
                login_url: login_url.clone(),
                consumer_key: client_id.clone(),
                username: username.clone(),
                private_key_pem: private_key.read("tenant.salesforce.private_key")?,
                audience: audience.clone().unwrap_or_else(|| login_url.clone()),
            }
        }
        Flow::ClientCredentials { my_domain_url, client_id, client_secret } => {
            Credentials::ClientCredentials {
                my_domain_url: my_domain_url.clone(),
                client_id: client_id.clone(),
                client_secret: client_secret.read("tenant.salesforce.client_secret")?,
            }
        }
    })
}

fn webhook_app(config: &Config, app: &config::App) -> anyhow::Result<WebhookApp> {
    let tenants: std::collections::BTreeSet<_> = config
        .tenants
        .iter()
        .filter(|t| t.numbers.iter().any(|n| n.app == app.id))
        .map(|t| TenantId::new(&t.id))
        .collect();
    let mut secrets = vec![app.secret.read("app.secret")?];
    if let Some(previous) = &app.previous_secret {
        secrets.push(previous.read("app.previous_secret")?);
    }
    let verify_token = app.verify_token.read("app.verify_token")?;
    Ok(WebhookApp {
        id: AppId::new(&app.id),
        // an app of one tenant alone answers that tenant's path, too
        tenant: if tenants.len() == 1 { tenants.into_iter().next() } else { None },
        secrets: Secrets::new(secrets.iter().map(|s| s.expose_secret().as_bytes())),
        verify_tokens: vec![verify_token.expose_secret().to_owned()],
    })
}
