//! Reads each account's list: soon after it is wanted, and from time to time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::ids::PhoneNumberId;
use model::{Ambient, Fault, Scope, UnixMs};
use store::op::{TemplateListStep, TemplateListWanted};
use store::{Commit, Fence, Op, Store, StoreError, TemplateList};
use tokio_util::sync::CancellationToken;

use super::convert;
use crate::breakers::{Breakers, Key, Remote};
use crate::directory::{Directory, Number};
use crate::lease::Lease;
use crate::nudge::{Nudges, Woken, outlast};

const TICK: Duration = Duration::from_secs(5);
/// Between two readings that nobody asked for; up to a quarter more.
const EVERY_MS: i64 = 6 * 3_600_000;
/// Between the begins of two readings, however often they are wanted.
const GAP_MS: i64 = 60_000;
/// After a call that failed.
const AGAIN_MS: i64 = 5 * 60_000;
/// The cursor holds no longer (Cloud API, Message templates).
const BAD_CURSOR: &str = "wa.131059";

/// The worker of all accounts.
#[derive(Clone)]
pub struct Lists {
    pub store: Store,
    pub ambient: Ambient,
    pub directory: Directory,
    pub clients: BTreeMap<PhoneNumberId, whatsapp::Client>,
    pub breakers: Breakers,
    pub nudges: Nudges,
    pub lease: Lease,
}

impl Lists {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => done.or_else(|error| {
                    self.lease.lost();
                    outlast("templates", error)
                })?,
            }
            if self.nudges.templates.wait(TICK, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    /// Reads every list that is due, to its end or to its first fault.
    pub async fn turn(&self) -> Result<(), StoreError> {
        self.make_known().await?;
        for mut list in self.store.template_lists().await? {
            while due(&list) <= self.ambient.now() {
                let Some(fence) = self.lease.hold().await? else {
                    return Ok(());
                };
                match self.page(&fence, &list).await? {
                    Some(next) => list = next,
                    None => break,
                }
            }
        }
        Ok(())
    }

    /// One page of a list, or one step back. `None`: not now.
    async fn page(
        &self,
        fence: &Fence,
        from: &TemplateList,
    ) -> Result<Option<TemplateList>, StoreError> {
        let Some((number, client)) = self.way(from) else {
            return Ok(None);
        };
        if self.breakers.wait_ms(&keys(number)) > 0 {
            return Ok(None);
        }
        let (at, mut list) = (self.ambient.now(), from.clone());
        if list.cursor.is_none() {
            list.began_at = Some(at);
        }
        let mut ops = Vec::new();
        let mut ended = false;
        match client.templates(&list.waba, list.cursor.as_deref()).await {
            Ok(page) => {
                let rows = page.data.into_iter();
                let rows = rows.filter_map(|i| convert::listed(&list.tenant, &list.waba, i, at));
                ops.extend(rows.map(Op::TemplateListed));
                ended = page.after.is_none();
                list.cursor = page.after;
                list.due_at = if ended { at.plus(self.every_ms()) } else { at };
                if ended {
                    list.done_at = list.began_at;
                }
            }
            Err(fault) => {
                tracing::warn!(waba = %list.waba, %fault, "the list of templates waits");
                if fault.code.as_str() == BAD_CURSOR {
                    list.cursor = None;
                }
                list.due_at = at.plus(wait_ms(&fault));
            }
        }
        ops.push(Op::TemplateListStep(TemplateListStep { list: list.clone(), ended }));
        self.store.commit(Commit::fenced(fence.clone(), ops)).await?;
        if ended {
            list.began_at = None;
        }
        Ok(Some(list))
    }

    /// Accounts of the configuration whose list was never asked for.
    async fn make_known(&self) -> Result<(), StoreError> {
        let lists = self.store.template_lists().await?;
        let known: BTreeSet<_> = lists.into_iter().map(|l| (l.tenant, l.waba)).collect();
        let all = self.directory.numbers().filter(|n| self.clients.contains_key(&n.id));
        let all: BTreeSet<_> = all.map(|n| (n.tenant.clone(), n.waba.clone())).collect();
        let at = self.ambient.now();
        let ops: Vec<_> = all
            .difference(&known)
            .cloned()
            .map(|(tenant, waba)| Op::WantTemplates(TemplateListWanted { tenant, waba, at }))
            .collect();
        if ops.is_empty() {
            return Ok(());
        }
        self.store.commit(Commit::of(ops)).await.map(drop)
    }

    fn way<'a>(&'a self, list: &'a TemplateList) -> Option<(&'a Number, &'a whatsapp::Client)> {
        let mut numbers = self.directory.numbers_of(&list.tenant).filter(|n| n.waba == list.waba);
        numbers.find_map(|number| Some((number, self.clients.get(&number.id)?)))
    }

    /// Apart from each other, so that no hour has all calls.
    fn every_ms(&self) -> i64 {
        let mut byte = [0];
        self.ambient.chance.fill(&mut byte);
        EVERY_MS + EVERY_MS / 4 * i64::from(byte[0]) / 256
    }
}

/// When a list is read next.
pub(super) fn due(list: &TemplateList) -> UnixMs {
    match (list.began_at, list.done_at) {
        (None, Some(done_at)) if list.wanted_at > done_at => {
            UnixMs(list.due_at.0.min(done_at.0 + GAP_MS))
        }
        _ => list.due_at,
    }
}

fn wait_ms(fault: &Fault) -> i64 {
    match fault.act {
        model::Act::Retry { after: Some(after) } => {
            i64::try_from(after.as_millis()).unwrap_or(AGAIN_MS).max(GAP_MS)
        }
        _ if fault.code.as_str() == BAD_CURSOR => GAP_MS,
        _ => AGAIN_MS,
    }
}

fn keys(number: &Number) -> [Key; 2] {
    let key = |scope, name: &str| Key {
        remote: Remote::WhatsApp,
        scope,
        tenant: number.tenant.clone(),
        name: name.to_owned(),
    };
    [key(Scope::Account, number.waba.as_str()), key(Scope::Number, number.id.as_str())]
}
