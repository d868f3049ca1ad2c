//! A server with a store in memory, a clock that stands still until it is
//! moved, and chance from a seed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use engine::board::Trends;
use engine::consent::Settings;
use engine::hours::{HoursDesk, HoursInUse};
use engine::mapping::{MappingDesk, Mappings};
use engine::media::Keeper;
use engine::metrics::Figures;
use engine::routing::{RoutingDesk, Routings};
use engine::survey::{SurveyDesk, SurveysInUse};
use engine::templates::TemplateDesk;
use engine::{Board, Breakers, CampaignDesk, Desk, Directory, Inbox, Nudges, Number};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use model::ids::{AppId, KeyId, PhoneNumberId, TenantId, WabaId};
use model::{Ambient, Chance, Clock, ConsentPolicy, UnixMs};
use serde_json::Value;
use server::auth::{Scope, mint};
use server::webhooks::WebhookApp;
use server::{AppState, Metrics, Options, router};
use store::op::{NewApiKey, NumberRow, TenantRow};
use store::{Commit, MasterKey, Op, Spool, Store};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use whatsapp::signature::Secrets;

pub const START: UnixMs = UnixMs::from_secs(1_795_000_000);
pub const SECRET: &str = "secret-of-one";
pub const NUMBER: &str = "106540352242922";

/// Stands still until it is moved.
pub struct StillClock(AtomicI64);

impl StillClock {
    pub fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn wall(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::SeqCst))
    }

    fn mono(&self) -> i64 {
        self.0.load(Ordering::SeqCst) - START.0
    }
}

/// SplitMix64.
struct Seeded(AtomicU64);

impl Chance for Seeded {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let step = 0x9e37_79b9_7f4a_7c15_u64;
            let mut z = self.0.fetch_add(step, Ordering::SeqCst).wrapping_add(step);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

pub struct World {
    pub clock: Arc<StillClock>,
    pub ambient: Ambient,
    pub store: Store,
    pub state: AppState,
    pub router: Router,
}

pub fn tenant(name: &str) -> TenantId {
    TenantId::new(name)
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(set: impl FnOnce(&mut Options)) -> Self {
        let clock = Arc::new(StillClock(AtomicI64::new(START.0)));
        let chance = Arc::new(Seeded(AtomicU64::new(7)));
        let ambient = Ambient { clock: clock.clone(), chance };
        let master = MasterKey::from_hex(&"11".repeat(32)).unwrap();
        let store = Store::open_memory(master, ambient.clone()).unwrap();
        // who is written to first is the matter of the tests of consent
        let open = Settings { policy: ConsentPolicy::IMPLIED, ..Settings::default() };
        let consent = ["one", "two"].map(|tenant| (TenantId::new(tenant), open.clone()));
        let directory = Directory::new(["one", "two"].map(number)).with_consent(consent.into());
        register(&store, &directory).await;
        let nudges = Nudges::default();
        let mut options = Options::default();
        set(&mut options);
        let state = AppState {
            inbox: Inbox {
                store: store.clone(),
                ambient: ambient.clone(),
                nudges: nudges.clone(),
                pressure: Default::default(),
            },
            desk: Desk {
                store: store.clone(),
                ambient: ambient.clone(),
                directory: directory.clone(),
                nudges: nudges.clone(),
            },
            keeper: Keeper {
                store: store.clone(),
                ambient: ambient.clone(),
                spool: Spool::in_memory(1 << 20),
                keep_ms: 3_600_000,
            },
            board: Board { store: store.clone(), trends: Trends::default() },
            breakers: Breakers::new(ambient.clone()),
            templates: Arc::new(TemplateDesk {
                store: store.clone(),
                ambient: ambient.clone(),
                directory: directory.clone(),
                clients: Default::default(),
                nudges: nudges.clone(),
            }),
            hours: Arc::new(HoursDesk { hours: HoursInUse::new(store.clone(), ambient.clone()) }),
            surveys: Arc::new(SurveyDesk {
                surveys: SurveysInUse::new(store.clone(), ambient.clone()),
                clients: Default::default(),
                directory: directory.clone(),
                nudges: nudges.clone(),
            }),
            routing: Arc::new(RoutingDesk {
                routings: Routings::new(store.clone(), ambient.clone()),
                clients: Default::default(),
                nudges: nudges.clone(),
            }),
            mapping: Arc::new(MappingDesk {
                mappings: Mappings::new(store.clone(), ambient.clone()),
                directory: directory.clone(),
                clients: Default::default(),
                defaults: Default::default(),
                nudges: nudges.clone(),
            }),
            campaigns: CampaignDesk {
                desk: Desk {
                    store: store.clone(),
                    ambient: ambient.clone(),
                    directory: directory.clone(),
                    nudges: nudges.clone(),
                },
                pace: Default::default(),
                orgs: Default::default(),
            },
            figures: Arc::new(Figures {
                store: store.clone(),
                ambient: ambient.clone(),
                nudges: nudges.clone(),
                zones: Default::default(),
            }),
            store: store.clone(),
            directory,
            apps: vec![
                app("one", None, &[SECRET, "older-secret"]),
                app("two", Some("two"), &["secret-of-two"]),
            ],
            metrics: Metrics::default(),
            ambient: ambient.clone(),
            stopping: CancellationToken::new(),
            options,
        };
        let router = router(state.clone());
        Self { clock, ambient, store, state, router }
    }

    /// A new key of `tenant`, as its holder has it.
    pub async fn key(&self, tenant: &str, scopes: &[Scope]) -> String {
        self.key_until(tenant, scopes, None).await.1
    }

    pub async fn key_until(
        &self,
        tenant: &str,
        scopes: &[Scope],
        expires_at: Option<UnixMs>,
    ) -> (KeyId, String) {
        let minted = mint(&self.ambient);
        let row = NewApiKey {
            tenant: TenantId::new(tenant),
            id: minted.id,
            hash: minted.hash,
            scopes: scopes.iter().map(|s| s.as_str().to_owned()).collect(),
            label: "test".into(),
            at: self.ambient.now(),
            expires_at,
        };
        self.store.commit(Commit::of(vec![Op::NewApiKey(row)])).await.unwrap();
        (minted.id, minted.text)
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, key: &str) -> Answer {
        self.ask(request("GET", path, key, "")).await
    }

    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.ask(request("POST", path, key, &body.to_string())).await
    }

    /// `POST /send` with this Idempotency-Key.
    pub async fn send(&self, key: &str, idempotency: &str, body: &Value) -> Answer {
        let mut request = request("POST", "/send", key, &body.to_string());
        request.headers_mut().insert("idempotency-key", idempotency.parse().unwrap());
        self.ask(request).await
    }
}

pub fn request(method: &str, path: &str, key: &str, body: &str) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    if !key.is_empty() {
        builder = builder.header("authorization", format!("Bearer {key}"));
    }
    builder.body(Body::from(body.to_owned())).unwrap()
}

fn number(tenant: &str) -> Number {
    let id = if tenant == "one" { NUMBER } else { "206540352242922" };
    Number {
        id: PhoneNumberId::new(id),
        tenant: TenantId::new(tenant),
        waba: WabaId::new(format!("{id}0")),
        app: AppId::new(tenant),
        display: "+15550100123".into(),
        portfolio: format!("portfolio-{tenant}"),
    }
}

fn app(id: &str, tenant: Option<&str>, secrets: &[&str]) -> WebhookApp {
    WebhookApp {
        id: AppId::new(id),
        tenant: tenant.map(TenantId::new),
        secrets: Secrets::new(secrets),
        verify_tokens: vec![format!("token-of-{id}")],
    }
}

async fn register(store: &Store, directory: &Directory) {
    let at = START;
    for number in directory.numbers() {
        let tenant = TenantRow { tenant: number.tenant.clone(), org: None, at };
        let row = NumberRow {
            tenant: number.tenant.clone(),
            number: number.id.clone(),
            waba: number.waba.clone(),
            app: number.app.clone(),
        };
        let ops = vec![Op::PutTenant(tenant), Op::PutNumber(row)];
        store.commit(Commit::of(ops)).await.unwrap();
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn head(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// Status, code and field of a problem.
    pub fn problem(&self) -> (u16, String, String) {
        let json = self.json();
        assert_eq!(self.head("content-type"), "application/problem+json");
        assert_eq!(json["status"], self.status.as_u16());
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), text("code"), text("field"))
    }
}
