//! puente itself, as one process: the engine and the whole surface for two
//! tenants, over the store on the simulated disk.

use std::sync::Arc;

use engine::outbound::Limits;
use engine::{Directory, Engine, Number, Options, Parts, Remotes, Running};
use model::ids::{AppId, PhoneNumberId, WabaId};
use model::{Ambient, Exchange};
use server::webhooks::WebhookApp;
use server::{AppState, Metrics};
use store::{Spool, Store, StoreError};
use tokio_util::sync::CancellationToken;
use whatsapp::client::Token;
use whatsapp_sim::Config as Meta;

use super::disk;
use super::fate::Fate;
use super::outside::{Outside, TENANTS};
use crate::town::{mint_key, org_client};

pub struct Process {
    pub store: Store,
    running: Running,
}

/// What all processes of a run are given.
pub struct Birth {
    pub ambient: Ambient,
    pub fate: Arc<Fate>,
    pub status_delay_ms: i64,
    /// One for each tenant, made by the first process.
    pub api_keys: Vec<String>,
}

/// Why a process did not come up: a start that may be tried again, or a
/// database that cannot be opened.
#[derive(Debug)]
pub enum Stillborn {
    Killed(Store, String),
    Lost(String),
}

impl Process {
    /// Opens the disk and starts all workers; the front door is open then.
    pub async fn start(outside: &Outside, birth: &mut Birth) -> Result<Self, Stillborn> {
        let opened = disk::open(&birth.ambient);
        let store = opened.map_err(|e| Stillborn::Lost(format!("the store does not open: {e}")))?;
        let store = store.with_probe(birth.fate.clone());
        match Self::over(outside, birth, store.clone()).await {
            Ok(process) => Ok(process),
            Err(error @ StoreError::Sealed(_)) => Err(Stillborn::Lost(error.to_string())),
            Err(error) => Err(Stillborn::Killed(store, error.to_string())),
        }
    }

    async fn over(outside: &Outside, birth: &mut Birth, store: Store) -> Result<Self, StoreError> {
        let ambient = birth.ambient.clone();
        let broken = |why: String| StoreError::Broken(why);
        let directory = directory();
        let limits = Limits { status_delay_ms: birth.status_delay_ms, ..Limits::default() };
        let engine = Engine::new(Parts {
            store: store.clone(),
            ambient: ambient.clone(),
            directory: directory.clone(),
            remotes: remotes(outside, &ambient).map_err(broken)?,
            // nobody sends a file in the world
            spool: Spool::in_memory(0),
            options: Options {
                status_delay_ms: birth.status_delay_ms,
                limits,
                holder: "world".into(),
                alone: true,
                ..Options::default()
            },
        })
        .await?;
        for tenancy in TENANTS.iter().skip(birth.api_keys.len()) {
            let key = mint_key(&store, &ambient, &tenancy.id()).await.map_err(broken)?;
            birth.api_keys.push(key);
        }
        let router = server::router(AppState {
            inbox: engine.inbox.clone(),
            desk: engine.desk.clone(),
            keeper: engine.keeper.clone(),
            board: engine.board.clone(),
            breakers: engine.breakers.clone(),
            mapping: engine.mapping.clone(),
            routing: engine.routing.clone(),
            hours: engine.hours.clone(),
            surveys: engine.surveys.clone(),
            figures: engine.figures.clone(),
            campaigns: engine.campaigns.clone(),
            templates: engine.templates.clone(),
            store: store.clone(),
            directory,
            apps: vec![webhook_app()],
            metrics: Metrics::default(),
            ambient,
            stopping: CancellationToken::new(),
            options: server::Options::default(),
        });
        let running = engine.start();
        outside.front.open(router);
        Ok(Self { store, running })
    }

    /// Waits for the first worker that ends, which none does by itself.
    pub async fn failed(&mut self) -> StoreError {
        self.running.failed().await
    }

    /// As a power cut would: nothing is finished.
    pub async fn kill(self) -> Store {
        self.running.kill().await;
        self.store
    }
}

fn directory() -> Directory {
    Directory::new(TENANTS.iter().map(|tenancy| Number {
        id: PhoneNumberId::new(tenancy.number),
        tenant: tenancy.id(),
        waba: WabaId::new(tenancy.waba),
        app: AppId::new("main"),
        display: tenancy.display.into(),
        portfolio: tenancy.business.into(),
    }))
}

fn remotes(outside: &Outside, ambient: &Ambient) -> Result<Remotes, String> {
    let mut remotes = Remotes::default();
    for (tenancy, line) in TENANTS.iter().zip(&outside.to_orgs) {
        let meta: Arc<dyn Exchange> = outside.to_meta.clone();
        let token = Token::new(Meta::TOKEN);
        let graph = whatsapp::Client::new(meta, &outside.sites.graph_url, token);
        remotes.whatsapp.insert(PhoneNumberId::new(tenancy.number), graph);
        let org = org_client(line.clone(), ambient, tenancy.my_domain, "")?;
        remotes.salesforce.insert(tenancy.id(), org);
    }
    Ok(remotes)
}

fn webhook_app() -> WebhookApp {
    WebhookApp {
        id: AppId::new("main"),
        tenant: None,
        secrets: whatsapp::signature::Secrets::new([Meta::APP_SECRET.as_bytes()]),
        verify_tokens: vec![Meta::VERIFY_TOKEN.to_owned()],
    }
}
