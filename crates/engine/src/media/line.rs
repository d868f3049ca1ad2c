//! The way to a remote: whether a file's call may go now, and what it teaches.
//!
//! A part of a remote that refuses, or a budget that has none to spare, is no
//! fault of the file: its row waits, no attempt is counted, nothing is lost.
//!
//! Calls to an org are counted where they are made, in memory, by the governor
//! that the org's writer holds; whichever commit comes next writes them down,
//! mostly the file's own. That commit is fenced by the file's lease and not by
//! the writer's: counts are only added, so a writer that has gone to another
//! process meanwhile is told the truth, too.

use std::sync::Arc;

use model::ids::TenantId;
use model::{Fault, Scope, UnixMs, Urgency};
use parking_lot::Mutex;
use store::op::ClaimedMedia;
use store::{Class, Commit, Media, Op, StoreError};

use super::claim::Worker;
use super::settle::Ended;
use crate::breakers::{Heard, Key, Leave, Remote};
use crate::budget::{FILES, Governor};

/// What the calls of one file's work taught, until it is written down.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<Lessons>>);

#[derive(Default)]
struct Lessons {
    ops: Vec<Op>,
    /// Calls to the org were made.
    called: bool,
    /// The last fault is its remote's: it is left alone for so long.
    pause_ms: Option<i64>,
}

/// One remote, as one file reaches it.
pub(super) struct Line<'a, C> {
    worker: &'a Worker,
    pub client: &'a C,
    /// Narrowest first.
    keys: Vec<Key>,
    org: Option<Org<'a>>,
}

struct Org<'a> {
    client: &'a salesforce::Client,
    governor: &'a Governor,
    urgency: Urgency,
}

/// Leave to make one call, which is counted already.
pub(super) struct Open<'a> {
    worker: &'a Worker,
    keys: &'a [Key],
    leave: Option<Leave>,
}

impl Worker {
    /// Through the number and the account, as the number's sends go.
    pub(super) fn meta(
        &self,
        media: &Media,
        tenant: &TenantId,
    ) -> Result<Line<'_, whatsapp::Client>, Ended> {
        let number = media.number.as_ref();
        let client = number.and_then(|number| self.whatsapp.get(number));
        let (Some(client), Some(number)) = (client, number) else {
            return Err(Ended::wait("puente.no_credentials"));
        };
        let key = |scope, name: &str| {
            let (tenant, name) = (tenant.clone(), name.to_owned());
            Key { remote: Remote::WhatsApp, scope, tenant, name }
        };
        let mut keys = vec![key(Scope::Number, number.as_str())];
        if let Some(number) = self.directory.number(number) {
            keys.push(key(Scope::Account, number.waba.as_str()));
        }
        keys.push(key(Scope::Org, "meta"));
        Ok(Line { worker: self, client, keys, org: None })
    }

    /// One urgency behind the message that the file belongs to: what a person
    /// reads or waits for goes first, and a file takes none of its last calls.
    pub(super) async fn org(
        &self,
        claimed: &ClaimedMedia,
        media: &Media,
    ) -> Result<Result<Line<'_, salesforce::Client>, Ended>, StoreError> {
        let tenant = &claimed.tenant;
        let (Some(client), Some(governor)) =
            (self.salesforce.get(tenant), self.governors.get(tenant))
        else {
            return Ok(Err(Ended::wait("puente.no_credentials")));
        };
        let outbox = match media.outbox {
            Some(outbox) => self.store.outbox(tenant, outbox).await?,
            None => None,
        };
        let urgency = urgency(outbox.map(|row| row.class));
        let (remote, name) = (Remote::Salesforce, tenant.to_string());
        let org = Key { remote, scope: Scope::Org, tenant: tenant.clone(), name };
        let (keys, client) = (vec![org], &**client);
        let org = Some(Org { client, governor, urgency });
        Ok(Ok(Line { worker: self, client, keys, org }))
    }

    /// Commits, and with it what the calls taught and what they cost.
    pub(super) async fn commit(&self, tenant: &TenantId, ops: Vec<Op>) -> Result<(), StoreError> {
        let (taught, called) = {
            let told = self.told.0.lock();
            (told.ops.clone(), told.called)
        };
        let governor = self.governors.get(tenant).filter(|_| called);
        let step = governor.map(|governor| governor.step(self.ambient.now()));
        let costs = step.iter().flat_map(|step| step.ops());
        let all = ops.into_iter().chain(taught.iter().cloned()).chain(costs).collect();
        self.store.commit(Commit::of(all)).await?;
        if let Some((governor, step)) = governor.zip(step) {
            governor.noted(step);
        }
        let mut told = self.told.0.lock();
        told.ops.drain(..taught.len());
        told.called = false;
        Ok(())
    }

    /// What the calls taught when the file's own commit cannot tell it any more.
    pub(super) async fn tell(&self, tenant: &TenantId) {
        let silent = {
            let told = self.told.0.lock();
            told.ops.is_empty() && !told.called
        };
        if !silent && let Err(error) = self.commit(tenant, vec![]).await {
            tracing::warn!(%tenant, %error, "what a file's calls taught is not written down");
        }
    }

    /// How long the remote is left alone whose fault ended the step.
    pub(super) fn left_alone_ms(&self) -> Option<i64> {
        self.told.0.lock().pause_ms
    }
}

pub(super) fn urgency(sent: Option<Class>) -> Urgency {
    match sent {
        // what customers send, and what agents do
        None | Some(Class::Live) => Urgency::Automatic,
        Some(Class::Automatic | Class::Campaign) => Urgency::Status,
    }
}

impl<C> Line<'_, C> {
    /// One call, which is not begun before it may.
    pub async fn call<T>(&self, call: impl Future<Output = Result<T, Fault>>) -> Result<T, Ended> {
        let open = self.enter()?;
        open.heard(call.await)
    }

    /// Leave for one call now, or what the file waits for.
    pub fn enter(&self) -> Result<Open<'_>, Ended> {
        let (worker, now) = (self.worker, self.worker.ambient.now());
        let leave = worker.breakers.pass(&self.keys).map_err(|wait| {
            let remote = self.keys.first().map_or("", |key| key.remote.as_str());
            let detail = format!("{remote} is left alone after it refused");
            later("puente.waits_for_breaker", now.plus(wait), detail)
        })?;
        if let Some(Org { client, governor, urgency }) = &self.org {
            if let Err(at) = governor.may_file(*urgency, now) {
                worker.breakers.unused(leave);
                let detail = "the org's API calls are kept for what is more urgent".to_owned();
                return Err(later("puente.waits_for_budget", at, detail));
            }
            governor.spend(FILES, now);
            worker.told.0.lock().called = true;
            // whether an administrator has acted is seen by trying, once a pause
            if client.tokens().parked().is_some() {
                client.tokens().resume();
            }
        }
        Ok(Open { worker, keys: &self.keys, leave: Some(leave) })
    }
}

fn later(code: &'static str, due_at: UnixMs, detail: String) -> Ended {
    Ended::Later { code, due_at, detail }
}

impl Open<'_> {
    /// The call has ended: what it says of its remote.
    pub fn heard<T>(mut self, answer: Result<T, Fault>) -> Result<T, Ended> {
        let leave = self.leave.take().unwrap_or_default();
        let mut told = self.worker.told.0.lock();
        told.pause_ms = None;
        match answer {
            Ok(got) => {
                told.ops.extend(self.worker.breakers.well(self.keys));
                Ok(got)
            }
            Err(fault) => {
                let Heard { pause_ms, ops } = self.worker.breakers.failed(self.keys, &fault, leave);
                told.ops.extend(ops);
                told.pause_ms = (pause_ms > 0 && fault.scope >= Scope::Number).then_some(pause_ms);
                Err(Ended::Fault(fault))
            }
        }
    }
}

/// Leave that led to no call: another may see how the remote does.
impl Drop for Open<'_> {
    fn drop(&mut self) {
        if let Some(leave) = self.leave.take() {
            self.worker.breakers.unused(leave);
        }
    }
}
