//! What Salesforce knows of the sends that are held.
//!
//! A message of ours has a key there that is made of its outbox id
//! (`rules::keys::outbound_record_key`), so a row that says it was accepted,
//! or has a wamid, is about this very send.

use std::sync::Arc;

use model::ids::TenantId;
use model::{Ambient, Fault, Status, UnixMs};
use rules::keys::outbound_record_key;
use salesforce::{Row, soql};
use store::op::{HeldDecision, HeldSent, HoldEnd, Word};
use store::{Commit, HeldSend, Op, Store, StoreError};

use super::asked::asked;
use crate::intake::state_key;
use crate::nudge::Nudges;

/// Keys of one query.
const PAGE: u32 = 100;

#[derive(Clone)]
pub struct Matching {
    pub tenant: TenantId,
    pub store: Store,
    pub ambient: Ambient,
    pub client: Arc<salesforce::Client>,
    pub nudges: Nudges,
}

/// How the held sends of a tenant fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Salesforce shows them as sent.
    pub sent: u64,
    /// Nobody knows: they wait for a person.
    pub left: u64,
}

impl Matching {
    /// Asks Salesforce about every held send, and about every other whose
    /// message is to be written there; ends the hold when a restore was its
    /// reason and none is left.
    pub async fn turn(&self) -> Result<Result<Matched, Fault>, StoreError> {
        let mut matched = Matched::default();
        for held in [true, false] {
            let mut after = 0;
            loop {
                let page = match held {
                    true => self.store.held_after(&self.tenant, after, PAGE).await?,
                    false => self.store.untold_after(&self.tenant, after, PAGE).await?,
                };
                let Some(last) = page.last() else { break };
                after = last.seq;
                let ops = match self.known(&page, held).await {
                    Ok(ops) => ops,
                    Err(fault) => return Ok(Err(fault)),
                };
                if held {
                    matched.sent += ops.len() as u64;
                    matched.left += (page.len() - ops.len()) as u64;
                }
                if !ops.is_empty() {
                    self.store.commit(Commit::of(ops)).await?;
                }
            }
        }
        let asked = asked(&self.store, &self.tenant).await?;
        let end = Op::EndHold(HoldEnd { by_person: false });
        self.store.commit(Commit::of(vec![asked, end])).await?;
        self.nudges.outbound.wake();
        self.nudges.writer.wake();
        Ok(Ok(matched))
    }

    /// What Salesforce shows of these sends.
    async fn known(&self, page: &[HeldSend], held: bool) -> Result<Vec<Op>, Fault> {
        let keys: Vec<_> = page.iter().map(|held| outbound_record_key(held.id)).collect();
        let rows = self.rows(&keys).await?;
        let mut ops = Vec::new();
        for (send, key) in page.iter().zip(&keys) {
            let Some(row) = rows.iter().find(|row| row.text("Key__c") == Some(key)) else {
                continue;
            };
            ops.extend(self.sent(send, row).or_else(|| held.then(|| self.failed(send, row))?));
        }
        Ok(ops)
    }

    async fn rows(&self, keys: &[String]) -> Result<Vec<Row>, Fault> {
        const SELECT: &str = "SELECT Id, {Key__c}, {Wamid__c}, {Status__c}, {Accepted_At__c}, \
                              {Delivered_At__c}, {Read_At__c}, {Failed_At__c} \
                              FROM {Puente_Message__c}";
        let names = self.client.names();
        let mut rows = Vec::new();
        for list in soql::lists(keys, soql::LIST_BYTES_MAX) {
            let query =
                format!("{} WHERE {} IN {list}", names.expand(SELECT), names.expand("{Key__c}"));
            rows.extend(self.client.query(&query, keys.len()).await?.rows);
        }
        Ok(rows)
    }

    /// Only Meta gives a wamid: who has one was sent.
    fn sent(&self, held: &HeldSend, row: &Row) -> Option<Op> {
        let wamid = row.text("Wamid__c")?.to_owned();
        let now = self.ambient.now();
        let at = |field| row.time(field);
        let shown = row.text("Status__c").unwrap_or_default();
        let stands = Status::ALL.into_iter().find(|status| status.as_str() == shown);
        let later = [
            (Status::Delivered, at("Delivered_At__c")),
            (Status::Read, at("Read_At__c")),
            (Status::Failed, at("Failed_At__c")),
        ];
        let later = later.into_iter().filter_map(|(status, at)| Some((status, at?)));
        let accepted = (Status::Accepted, at("Accepted_At__c").unwrap_or(now));
        let stands = stands.filter(|s| *s > Status::Accepted).map(|status| (status, now));
        let mut known: Vec<(Status, UnixMs)> = vec![accepted];
        known.extend(later);
        // what has no time of its own there
        known.extend(stands.filter(|(status, _)| known.iter().all(|(seen, _)| seen != status)));
        Some(Op::HeldSent(HeldSent {
            tenant: self.tenant.clone(),
            outbox: held.id,
            at: now,
            state_key: state_key(&self.store, &self.tenant, &held.number, &wamid),
            wamid,
            known,
            sync_due_at: now,
        }))
    }

    /// The lost database came to its end without Meta having it: so does this.
    fn failed(&self, held: &HeldSend, row: &Row) -> Option<Op> {
        (row.text("Status__c")? == Status::Failed.as_str()).then(|| {
            Op::DecideHeld(HeldDecision {
                tenant: self.tenant.clone(),
                outbox: Some(held.id),
                word: Word::Drop,
                at: self.ambient.now(),
            })
        })
    }
}
