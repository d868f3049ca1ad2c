//! Meta's side of the way in: each POST comes again until it is answered 200.
//!
//! The simulator hands every POST over at once; its own redelivery, minutes
//! later, plays no part.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Request, Response, StatusCode, header};
use serde_json::Value;
use sim_kit::{Outlet, OutletLost};
use tokio::sync::{mpsc, watch};

/// POSTs under way at one time.
const AT_ONCE: usize = 64;
/// What was refused waits so long before it is tried again.
const AGAIN: Duration = Duration::from_millis(40);

struct Post {
    /// Of the customer's message; none for a status.
    wamid: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

/// Where the simulator's POSTs go: into a queue, or aside while they are held.
pub struct Custody {
    queue: mpsc::UnboundedSender<Post>,
    hold_messages: AtomicBool,
    hold_statuses: AtomicBool,
    held: Mutex<Vec<Post>>,
    ledger: Arc<Ledger>,
}

/// What was answered 200.
#[derive(Default)]
pub struct Ledger {
    /// Taken over and not answered 200 yet.
    pub open: AtomicUsize,
    /// Taken over.
    pub all: AtomicUsize,
    answered: Mutex<BTreeSet<String>>,
    /// The last answer that was not 200: its status and `Retry-After`.
    refusal: Mutex<Option<(u16, Option<String>)>>,
}

impl Ledger {
    pub fn refusal(&self) -> Option<(u16, Option<String>)> {
        lock(&self.refusal).clone()
    }

    /// Everything that was answered 200.
    pub fn acknowledged(&self) -> usize {
        self.all.load(Ordering::SeqCst) - self.open.load(Ordering::SeqCst)
    }

    /// How many of these were answered 200.
    pub fn answered(&self, of: &[String]) -> usize {
        let answered = lock(&self.answered);
        of.iter().filter(|wamid| answered.contains(*wamid)).count()
    }
}

impl Custody {
    pub fn new() -> (Arc<Self>, Postmen) {
        let (queue, rest) = mpsc::unbounded_channel();
        let ledger = Arc::new(Ledger::default());
        let postmen = Postmen {
            again: queue.clone(),
            rest: Arc::new(tokio::sync::Mutex::new(rest)),
            ledger: ledger.clone(),
        };
        let (hold_messages, hold_statuses) = (AtomicBool::new(false), AtomicBool::new(false));
        let held = Mutex::default();
        (Arc::new(Self { queue, hold_messages, hold_statuses, held, ledger }), postmen)
    }

    /// Keeps customers' messages that come now for [`Self::release`].
    pub fn hold_messages(&self) {
        self.hold_messages.store(true, Ordering::SeqCst);
    }

    /// Keeps ticks of what we sent. While they are held nothing tells the
    /// bridge what became of a call whose answer it did not hear.
    pub fn hold_statuses(&self) {
        self.hold_statuses.store(true, Ordering::SeqCst);
    }

    /// How many customers' messages are held.
    pub fn held(&self) -> usize {
        lock(&self.held).iter().filter(|post| post.wamid.is_some()).count()
    }

    pub fn release_messages(&self) {
        self.hold_messages.store(false, Ordering::SeqCst);
        self.let_go(|post| post.wamid.is_some());
    }

    pub fn release_statuses(&self) {
        self.hold_statuses.store(false, Ordering::SeqCst);
        self.let_go(|post| post.wamid.is_none());
    }

    fn let_go(&self, these: impl Fn(&Post) -> bool) {
        for post in lock(&self.held).extract_if(.., |post| these(post)) {
            let _ = self.queue.send(post);
        }
    }
}

impl Outlet for Custody {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        let (parts, body) = request.into_parts();
        let post = Post { wamid: wamid(&body), headers: parts.headers, body };
        self.ledger.open.fetch_add(1, Ordering::SeqCst);
        self.ledger.all.fetch_add(1, Ordering::SeqCst);
        let hold = if post.wamid.is_some() { &self.hold_messages } else { &self.hold_statuses };
        if hold.load(Ordering::SeqCst) {
            lock(&self.held).push(post);
        } else {
            let _ = self.queue.send(post);
        }
        std::future::ready(Ok(Response::new(Bytes::new()))).boxed()
    }
}

fn wamid(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let id = body.pointer("/entry/0/changes/0/value/messages/0/id")?;
    id.as_str().map(String::from)
}

/// Those who carry: they wait while the bridge is down.
pub struct Postmen {
    again: mpsc::UnboundedSender<Post>,
    rest: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Post>>>,
    pub ledger: Arc<Ledger>,
}

impl Postmen {
    pub fn set_out(&self, client: &reqwest::Client, url: &str, up: &watch::Receiver<bool>) {
        for _ in 0..AT_ONCE {
            let (client, url, mut up) = (client.clone(), format!("{url}/messages"), up.clone());
            let (again, rest) = (self.again.clone(), self.rest.clone());
            let ledger = self.ledger.clone();
            tokio::spawn(async move {
                while up.wait_for(|up| *up).await.is_ok() {
                    let Some(post) = rest.lock().await.recv().await else {
                        return;
                    };
                    let request = client.post(&url).headers(post.headers.clone());
                    let answer = request.body(post.body.clone()).send().await;
                    if answer.as_ref().is_ok_and(|a| a.status() == StatusCode::OK) {
                        ledger.open.fetch_sub(1, Ordering::SeqCst);
                        lock(&ledger.answered).extend(post.wamid);
                        continue;
                    }
                    if let Ok(refused) = answer {
                        let after = refused.headers().get(header::RETRY_AFTER);
                        let after = after.and_then(|value| value.to_str().ok()).map(String::from);
                        *lock(&ledger.refusal) = Some((refused.status().as_u16(), after));
                    }
                    let _ = again.send(post);
                    tokio::time::sleep(AGAIN).await;
                }
            });
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
