//! A remote that answers by a script, and the clock and chance beside it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Request, Response};
use model::{Ambient, Body, Carried, Chance, Clock, Exchange, Outcome, UnixMs};
use parking_lot::Mutex;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{Client, ClientOptions, Credentials, Names, Tokens, TokensOptions};

pub(crate) const ORG: &str = "00D5500001QdQWaEAN";

type Answer = Box<dyn Fn(&Seen) -> Outcome + Send + Sync>;

/// What went out.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn is_login(&self) -> bool {
        self.url.ends_with("/services/oauth2/token")
    }
}

/// Each request yields a few times before its answer, so that others get in
/// between.
pub(crate) struct Fake {
    answer: Answer,
    seen: Mutex<Vec<Seen>>,
    logins_now: AtomicUsize,
    pub(crate) logins_at_once: AtomicUsize,
}

impl Fake {
    pub(crate) fn new(answer: impl Fn(&Seen) -> Outcome + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answer: Box::new(answer),
            seen: Mutex::default(),
            logins_now: AtomicUsize::new(0),
            logins_at_once: AtomicUsize::new(0),
        })
    }

    /// Signs in always, and answers everything else by `answer`.
    pub(crate) fn signed_in(
        answer: impl Fn(&Seen) -> Outcome + Send + Sync + 'static,
    ) -> Arc<Self> {
        let logins = AtomicUsize::new(0);
        Self::new(move |seen| match seen.is_login() {
            true => token(logins.fetch_add(1, Ordering::SeqCst) + 1, ORG),
            false => answer(seen),
        })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    pub(crate) fn logins(&self) -> usize {
        self.seen.lock().iter().filter(|s| s.is_login()).count()
    }

    /// The last request that is no sign-in.
    pub(crate) fn last(&self) -> Seen {
        self.seen().into_iter().rfind(|s| !s.is_login()).unwrap()
    }
}

impl Exchange for Fake {
    fn carry(&self, request: Request<Body>) -> Pin<Box<dyn Future<Output = Carried> + Send + '_>> {
        let (head, body) = request.into_parts();
        Box::pin(async move {
            let body = body.whole().await.unwrap();
            let seen = Seen {
                method: head.method.to_string(),
                url: head.uri.to_string(),
                headers: head.headers,
                body: String::from_utf8(body.to_vec()).unwrap(),
            };
            let login = seen.is_login();
            self.seen.lock().push(seen.clone());
            if login {
                let now = self.logins_now.fetch_add(1, Ordering::SeqCst) + 1;
                self.logins_at_once.fetch_max(now, Ordering::SeqCst);
            }
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            if login {
                self.logins_now.fetch_sub(1, Ordering::SeqCst);
            }
            (self.answer)(&seen).map(|answer| answer.map(Body::Whole))
        })
    }
}

pub(crate) fn answer(status: u16, body: &Value) -> Outcome {
    let json = "application/json;charset=UTF-8";
    let response = Response::builder()
        .status(status)
        .header("Content-Type", json)
        .header("Sforce-Limit-Info", "api-usage=18/15000");
    let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
    Ok(response.body(body).unwrap())
}

/// The `n`th token, `token-n`, of `org`.
pub(crate) fn token(n: usize, org: &str) -> Outcome {
    answer(
        200,
        &json!({
            "access_token": format!("token-{n}"),
            "instance_url": "https://acme.my.salesforce.com",
            "id": format!("https://login.salesforce.com/id/{org}/0055500001QdQWaAAN"),
            "issued_at": "1309974610026",
            "token_type": "Bearer",
        }),
    )
}

pub(crate) fn session_ended() -> Outcome {
    answer(
        401,
        &json!([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]),
    )
}

/// Time that stands still until it is moved; chance that is always zero.
#[derive(Default)]
pub(crate) struct Still(AtomicI64);

impl Still {
    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for Still {
    fn wall(&self) -> UnixMs {
        UnixMs(1_793_613_600_000).plus(self.mono())
    }

    fn mono(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

struct Zero;

impl Chance for Zero {
    fn fill(&self, out: &mut [u8]) {
        out.fill(0);
    }
}

pub(crate) fn ambient(clock: &Arc<Still>) -> Ambient {
    Ambient { clock: clock.clone(), chance: Arc::new(Zero) }
}

pub(crate) fn client_credentials() -> Credentials {
    Credentials::ClientCredentials {
        my_domain_url: "https://acme.my.salesforce.com/".to_owned(),
        client_id: "key".to_owned(),
        client_secret: SecretString::from("s&cret"),
    }
}

pub(crate) fn tokens(fake: &Arc<Fake>, clock: &Arc<Still>) -> Arc<Tokens> {
    let options = TokensOptions::default();
    Arc::new(Tokens::new(fake.clone(), ambient(clock), client_credentials(), options).unwrap())
}

pub(crate) fn client(fake: &Arc<Fake>, names: &Names) -> Client {
    let options = ClientOptions { names: names.clone(), ..ClientOptions::default() };
    Client::new(fake.clone(), tokens(fake, &Arc::new(Still::default())), options).unwrap()
}

/// All fixtures of one folder of `fixtures/salesforce`, by name, in order.
pub(crate) fn fixtures(folder: &str) -> Vec<(String, Value)> {
    let folder =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/salesforce/").to_owned() + folder;
    let mut all: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let json = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path:?}: {e}"));
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), json)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// Every fixture of `folder` has one expectation, and each is met by `check`.
pub(crate) fn run(folder: &str, expected: &[(&str, &str)], check: impl Fn(&Value) -> String) {
    let found = fixtures(folder);
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    let mut wanted: Vec<_> = expected.iter().map(|(name, _)| *name).collect();
    wanted.sort_unstable();
    assert_eq!(names, wanted, "fixtures/salesforce/{folder} and the expectations differ");
    for (name, fixture) in &found {
        let want = expected.iter().find(|(n, _)| n == name).unwrap().1;
        assert_eq!(check(fixture), want, "{folder}/{name}.json");
    }
}
