//! Meta's side of the way in: each POST comes again until it is answered 200.
//!
//! The simulator hands every POST over at once; its own redelivery, minutes
//! later, plays no part.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Request, Response, StatusCode};
use serde_json::Value;
use sim_kit::{Outlet, OutletLost};
use tokio::sync::{mpsc, watch};

/// POSTs under way at one time.
const AT_ONCE: usize = 96;

struct Post {
    /// Of the customer's message; none for a status.
    wamid: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

/// Where the simulator's POSTs go: into a queue, or aside while `hold` is set.
pub struct Custody {
    queue: mpsc::UnboundedSender<Post>,
    hold: AtomicBool,
    held: Mutex<Vec<Post>>,
    ledger: Arc<Ledger>,
}

/// What was answered 200.
#[derive(Default)]
pub struct Ledger {
    /// Taken over and not answered 200 yet.
    pub open: AtomicUsize,
    answered: Mutex<BTreeSet<String>>,
}

impl Ledger {
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
        let custody = Self { queue, hold: AtomicBool::new(false), held: Mutex::default(), ledger };
        (Arc::new(custody), postmen)
    }

    /// Keeps what comes now for [`Self::release`].
    pub fn hold(&self) {
        self.hold.store(true, Ordering::SeqCst);
    }

    pub fn held(&self) -> usize {
        lock(&self.held).len()
    }

    pub fn release(&self) {
        self.hold.store(false, Ordering::SeqCst);
        for post in lock(&self.held).drain(..) {
            let _ = self.queue.send(post);
        }
    }
}

impl Outlet for Custody {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        let (parts, body) = request.into_parts();
        let post = Post { wamid: wamid(&body), headers: parts.headers, body };
        self.ledger.open.fetch_add(1, Ordering::SeqCst);
        if self.hold.load(Ordering::SeqCst) {
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
                    if answer.is_ok_and(|a| a.status() == StatusCode::OK) {
                        ledger.open.fetch_sub(1, Ordering::SeqCst);
                        lock(&ledger.answered).extend(post.wamid);
                    } else {
                        let _ = again.send(post);
                        tokio::task::yield_now().await;
                    }
                }
            });
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
