//! A whole set-up that is well, and ways to break it.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response, header};
use model::{Ambient, Body, Carried, Exchange, Lost};
use sandbox::{RouterExchange, Town, TownOptions};

use super::super::said::{Said, Verdict};
use super::super::scene::Scene;
use super::super::{Finding, examine};
use crate::app::Doors;
use crate::config::Config;

pub const APP: &str = "634000000000001";
pub const WABA: &str = "102290000000001";
pub const NUMBER: &str = "106540000000001";
pub const TOKEN: &str = "sim-token";

const CONFIG: &str = r#"
[server]
public_url = "https://puente.test"
[[app]]
id = "main"
meta_app_id = "634000000000001"
secret = { file = "DIR/app_secret" }
verify_token = { file = "DIR/verify_token" }
[[tenant]]
id = "sandbox"
[tenant.salesforce]
flow = "client_credentials"
my_domain_url = "https://acme.my.salesforce.com"
client_id = "sim-consumer-key"
client_secret = { file = "DIR/client_secret" }
org_id = "00DHo0000000001"
[[tenant.number]]
phone_number_id = "106540000000001"
waba_id = "102290000000001"
app = "main"
display = "+15550009999"
token = { file = "DIR/token" }
graph_url = "http://graph.sim"
"#;

/// What an answer becomes on its way; the path tells which one it is.
pub type Bend = Arc<dyn Fn(&str, &mut Response<Bytes>) + Send + Sync>;

/// An exchange that stamps answers with the time, as every real host does.
pub struct Stamped {
    inner: Arc<dyn Exchange>,
    ambient: Ambient,
    ahead_ms: i64,
    bend: Bend,
}

impl Exchange for Stamped {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            let (parts, body) = self.inner.carry(request).await?.into_parts();
            let body = body.whole().await.map_err(|_| Lost::AfterWrite)?;
            let mut answer = Response::from_parts(parts, body);
            let at = self.ambient.now().plus(self.ahead_ms).0;
            let at = jiff::Timestamp::from_millisecond(at).expect("a time of this century");
            let date = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            answer.headers_mut().insert(header::DATE, date.parse().expect("plain text"));
            (self.bend)(&path, &mut answer);
            Ok(answer.map(Body::Whole))
        })
    }
}

pub struct Ward {
    pub town: Town,
    pub config: Config,
    pub dir: tempfile::TempDir,
    /// How far the remotes' clocks are ahead of ours.
    pub ahead_ms: i64,
    pub bend: Bend,
    /// Instead of our own server behind the public address.
    pub public: Option<Arc<dyn Exchange>>,
}

impl Ward {
    pub async fn new() -> Self {
        let town = Town::within(TownOptions::default()).await.unwrap();
        let meta = town.sims.whatsapp.handle();
        meta.set_callback(APP, "https://puente.test/messages").await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("app_secret", "sim-app-secret"),
            ("verify_token", "sim-verify-token\n"),
            ("client_secret", "sim-consumer-secret"),
            ("token", TOKEN),
        ] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let text = CONFIG.replace("DIR", dir.path().to_str().unwrap());
        let config = Config::parse(&text).unwrap();
        Self { town, config, dir, ahead_ms: 0, bend: Arc::new(|_, _| {}), public: None }
    }

    fn stamped(&self, inner: impl Exchange + 'static) -> Arc<dyn Exchange> {
        Arc::new(Stamped {
            inner: Arc::new(inner),
            ambient: self.town.ambient.clone(),
            ahead_ms: self.ahead_ms,
            bend: self.bend.clone(),
        })
    }

    pub async fn findings(&self) -> Vec<Finding> {
        let sims = &self.town.sims;
        let doors = Doors {
            meta: self.stamped(RouterExchange(sims.whatsapp.router())),
            salesforce: self.stamped(RouterExchange(sims.salesforce.router())),
            web: self.stamped(RouterExchange(axum::Router::new())),
        };
        let ours: Arc<dyn Exchange> = Arc::new(RouterExchange(self.town.router.clone()));
        let public = self.public.clone().unwrap_or(ours);
        let ambient = self.town.ambient.clone();
        examine(&Scene { config: &self.config, doors, public, ambient }).await
    }

    /// What one check says of its first subject.
    pub async fn says(&self, check: &str) -> Said {
        let findings = self.findings().await;
        findings.into_iter().find(|f| f.check == check).expect("the check runs").said
    }

    /// The check gives this verdict, and each word stands in finding or cure.
    pub async fn expect(&self, check: &str, verdict: Verdict, words: &[&str]) {
        let said = self.says(check).await;
        assert_eq!(said.verdict, verdict, "{check}: {said:?}");
        assert_eq!(said.cure.is_empty(), verdict <= Verdict::Skip, "{check}: {said:?}");
        let text = format!("{} {}", said.found, said.cure);
        for word in words {
            assert!(text.contains(word), "{check}: '{word}' in {text}");
        }
    }
}
