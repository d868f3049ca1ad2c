//! Delivery: who gets a change, in which POST, and how often it is tried.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::Request;
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::Value;

use super::{Change, envelope::envelope, escape, sign};
use crate::core::Core;
use crate::state::World;

/// The newest this many POSTs are kept; the tally counts all.
const KEPT: usize = 5_000;

/// One POST of one webhook to one app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    pub at_ms: i64,
    pub app_id: String,
    pub url: String,
    /// From 1.
    pub attempt: u32,
    pub bytes: usize,
    /// None when no answer came in time.
    pub status: Option<u16>,
}

/// Exact counts since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Changes that came to be.
    pub changes: u64,
    /// Changes that no app had subscribed to: gone, silently.
    pub unheard: u64,
    pub posts: u64,
    /// Webhooks that every app answered with 200.
    pub taken: u64,
    /// Webhooks given up at the cut-off.
    pub dropped: u64,
    /// Webhooks sent a second time on purpose.
    pub duplicates: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    app_id: String,
    url: String,
}

#[derive(Debug, Default)]
pub struct Post(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Changes that wait for company, by the apps they go to.
    waiting: BTreeMap<Vec<Target>, Vec<Change>>,
    log: VecDeque<Delivery>,
    tally: Tally,
}

impl Post {
    pub fn tally(&self) -> Tally {
        self.0.lock().tally
    }

    pub fn log(&self) -> Vec<Delivery> {
        self.0.lock().log.iter().cloned().collect()
    }

    fn record(&self, delivery: Delivery) {
        let inner = &mut *self.0.lock();
        inner.tally.posts += 1;
        if inner.log.len() == KEPT {
            inner.log.pop_front();
        }
        inner.log.push_back(delivery);
    }
}

/// Hands a change over for delivery.
pub fn emit(core: &Arc<Core>, mut change: Change) {
    let (targets, held_ms, again) = {
        let world = &mut *core.world.lock();
        soil(world, &mut change);
        let knobs = &world.webhooks;
        let held =
            world.seed.chance(knobs.reorder).then(|| world.seed.between(1, knobs.reorder_ms));
        let again =
            world.seed.chance(knobs.rebatch).then(|| world.seed.between(1, knobs.reorder_ms));
        (targets(world, &change), held, again)
    };
    let tally = &mut core.post.0.lock().tally;
    tally.changes += 1;
    if targets.is_empty() {
        tally.unheard += 1;
        return;
    }
    tally.duplicates += again.is_some() as u64;
    for wait in [Some(held_ms.unwrap_or(0)), again].into_iter().flatten() {
        let (core, targets, change) = (core.clone(), targets.clone(), change.clone());
        core.clone().background(async move {
            core.gate.clock.sleep_ms(wait).await;
            enqueue(&core, targets, change).await;
        });
    }
}

/// The persistent knobs for untidy values.
fn soil(world: &mut World, change: &mut Change) {
    if change.field != "messages" {
        return;
    }
    if world.seed.chance(world.webhooks.without_contacts)
        && let Some(keys) = change.value.as_object_mut()
    {
        keys.remove("contacts");
    }
    if world.seed.chance(world.webhooks.numbers_as_numbers) {
        for list in ["messages", "statuses"] {
            for item in change.value[list].as_array_mut().into_iter().flatten() {
                let number = item["timestamp"].as_str().and_then(|t| t.parse::<i64>().ok());
                if let Some(number) = number {
                    item["timestamp"] = number.into();
                }
            }
        }
        // Indexing by a missing key leaves a null behind.
        if let Some(keys) = change.value.as_object_mut() {
            keys.retain(|_, value| !value.is_null());
        }
    }
}

/// Every app that subscribed the account and the field, with its URL: the
/// number's override, else the account's, else the app's own.
fn targets(world: &World, change: &Change) -> Vec<Target> {
    let owner = change.number_id.as_ref().and_then(|id| world.numbers.get(id));
    let waba_id = owner.map_or(&change.waba_id, |number| &number.waba_id);
    let Some(waba) = world.wabas.get(waba_id) else {
        return Vec::new();
    };
    let target = |(app_id, subscription): (&String, &crate::state::Subscription)| {
        let app = world.apps.get(app_id)?;
        // A field of next year is taken as subscribed with `messages`.
        let field = if change.field == "holograms" { "messages" } else { &change.field };
        app.fields.get(field)?;
        let overrides = [owner.and_then(|n| n.callback.as_ref()), subscription.callback.as_ref()];
        let replaced =
            overrides.into_iter().flatten().next().filter(|_| change.field == "messages");
        let url = replaced.map(|o| o.uri.clone()).or_else(|| app.callback_url.clone())?;
        Some(Target { app_id: app_id.clone(), url })
    };
    waba.subscribed.iter().filter_map(target).collect()
}

async fn enqueue(core: &Arc<Core>, targets: Vec<Target>, change: Change) {
    let (most, linger_ms) = {
        let world = core.world.lock();
        (world.webhooks.batch.clamp(1, 1_000), world.webhooks.linger_ms)
    };
    let (full, first) = {
        let waiting = &mut core.post.0.lock().waiting;
        let list = waiting.entry(targets.clone()).or_default();
        list.push(change);
        let (full, first) = (list.len() >= most, list.len() == 1);
        (full.then(|| waiting.remove(&targets)).flatten(), first)
    };
    if let Some(changes) = full {
        return post(core, targets, changes).await;
    }
    if first {
        core.gate.clock.sleep_ms(linger_ms).await;
        let changes = core.post.0.lock().waiting.remove(&targets);
        if let Some(changes) = changes {
            post(core, targets, changes).await;
        }
    }
}

async fn post(core: &Arc<Core>, targets: Vec<Target>, changes: Vec<Change>) {
    let (body, twice) = {
        let world = &mut *core.world.lock();
        let body = envelope(&changes, world.webhooks.merge, core.gate.clock.now_secs());
        (body, world.seed.chance(world.webhooks.duplicate))
    };
    let bytes = Bytes::from(escape::bytes(&body));
    if twice {
        core.post.0.lock().tally.duplicates += 1;
        let (core, targets, bytes) = (core.clone(), targets.clone(), bytes.clone());
        core.clone().background(async move { deliver(&core, &targets, bytes).await });
    }
    deliver(core, &targets, bytes).await;
}

/// Tries until every app answered 200 in one round, or until the cut-off. A
/// failure of one app repeats the webhook to all of them.
async fn deliver(core: &Arc<Core>, targets: &[Target], bytes: Bytes) {
    let started = core.now_ms();
    for attempt in 1.. {
        let posts = targets.iter().map(|target| try_once(core, target, &bytes, attempt));
        if join_all(posts).await.into_iter().all(|taken| taken) {
            core.post.0.lock().tally.taken += 1;
            return;
        }
        let (wait, cutoff) = {
            let world = &mut *core.world.lock();
            let knobs = &world.webhooks;
            let nth = (attempt as usize - 1).min(knobs.retry_ms.len().saturating_sub(1));
            let wait = knobs.retry_ms.get(nth).copied().unwrap_or(60_000) as f64;
            let sway = (wait * knobs.retry_jitter) as i64;
            let wait = wait + world.seed.between(-sway, sway) as f64;
            let scale = knobs.retry_scale;
            ((wait * scale) as i64, (knobs.cutoff_ms as f64 * scale) as i64)
        };
        if core.now_ms() + wait - started > cutoff {
            core.post.0.lock().tally.dropped += 1;
            return;
        }
        core.gate.clock.sleep_ms(wait).await;
    }
}

async fn try_once(core: &Arc<Core>, target: &Target, bytes: &Bytes, attempt: u32) -> bool {
    let (secret, timeout_ms) = {
        let world = core.world.lock();
        let secret = world.apps.get(&target.app_id).map(|app| app.secret.clone());
        (secret.unwrap_or_default(), world.webhooks.timeout_ms)
    };
    let at_ms = core.now_ms();
    let status = send(core, &target.url, bytes.clone(), &secret, timeout_ms).await;
    core.post.record(Delivery {
        at_ms,
        app_id: target.app_id.clone(),
        url: target.url.clone(),
        attempt,
        bytes: bytes.len(),
        status,
    });
    status == Some(200)
}

async fn send(
    core: &Arc<Core>,
    url: &str,
    bytes: Bytes,
    secret: &str,
    timeout_ms: i64,
) -> Option<u16> {
    let request = Request::post(url)
        .header("content-type", "application/json")
        .header("user-agent", "facebookexternalua")
        .header("x-hub-signature", sign::sha1(secret, &bytes))
        .header("x-hub-signature-256", sign::sha256(secret, &bytes))
        .body(bytes)
        .ok()?;
    let wait = Duration::from_millis(timeout_ms.max(0) as u64);
    let answer = tokio::time::timeout(wait, core.outlet.call(request)).await.ok()?.ok()?;
    Some(answer.status().as_u16())
}

/// Posts a body of the caller's own once, escaped and signed for `app_id`.
/// Answers the status, or none when no answer came.
pub async fn send_raw(core: &Arc<Core>, app_id: &str, body: &Value) -> Option<u16> {
    let target = {
        let world = core.world.lock();
        let url = world.apps.get(app_id)?.callback_url.clone()?;
        Target { app_id: app_id.into(), url }
    };
    let bytes = Bytes::from(escape::bytes(body));
    try_once(core, &target, &bytes, 1).await;
    core.post.0.lock().log.back().and_then(|d| d.status)
}
