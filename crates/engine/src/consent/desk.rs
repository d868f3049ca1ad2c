//! What callers record about people, and read.

use model::ids::{PersonId, TenantId};
use model::{ConsentKind, Purpose, UnixMs};
use store::op::{AlertCleared, NewConsent, Whom};
use store::{Commit, Did, Op, StoreError};

use super::event_key;
use super::heard::HINT;
use crate::outbound::{Caller, Desk, Recipient, Refusal, newcomer, resolve};

const CONFLICTS_MAX: u32 = 8;
/// A clock that is ahead of ours by more says something that has not happened.
const AHEAD_MS: i64 = 5 * 60_000;

/// One thing that a person said, as a caller tells it.
#[derive(Clone, Debug)]
pub struct Said {
    /// As `to` of a send: a phone, a user id, a record, a person.
    pub whom: String,
    pub purpose: Purpose,
    pub kind: ConsentKind,
    pub channel: String,
    pub source: String,
    pub happened_at: Option<UnixMs>,
    pub wording: Option<String>,
    pub evidence: Option<String>,
}

impl Desk {
    /// The person, and whether it was news: what makes an event one is the
    /// person, the purpose, what they said and when. Without a time it is now,
    /// and then each call is another event.
    pub async fn record_consent(
        &self,
        caller: &Caller,
        said: &Said,
    ) -> Result<(PersonId, bool), Refusal> {
        let (tenant, now) = (&caller.tenant, self.ambient.now());
        let happened_at = said.happened_at.unwrap_or(now);
        if happened_at.since(now) > AHEAD_MS {
            return Err(Refusal::invalid(
                "puente.field",
                "happened_at",
                "it is in the future",
                "give the time at which the person said it, RFC 3339 with its offset",
            ));
        }
        let mut tries = 0;
        loop {
            let mut ops = Vec::new();
            let person = match self.whom(tenant, &said.whom).await? {
                Recipient::Known(person) => person.id,
                Recipient::New { profile, handles } => {
                    let id = PersonId::new(&self.ambient);
                    newcomer(&mut ops, tenant, id, profile, handles, now);
                    id
                }
            };
            let (at, whom) = (happened_at.0.to_string(), person.to_string());
            let parts = ["caller", &whom, said.purpose.as_str(), said.kind.as_str(), &at];
            let subject = whom.clone();
            let detail = format!("{} {}", said.kind.as_str(), said.purpose.as_str());
            let event = ops.len();
            ops.push(Op::Consent(NewConsent {
                tenant: tenant.clone(),
                key: event_key(&self.store, tenant, &parts),
                whom: Whom::Person(person),
                purpose: said.purpose,
                kind: said.kind,
                channel: said.channel.clone(),
                source: said.source.clone(),
                number: None,
                happened_at,
                recorded_at: now,
                wording: said.wording.clone(),
                evidence: said.evidence.clone(),
                effects: Vec::new(),
            }));
            let (kind, tenant) = (HINT.into(), tenant.clone());
            ops.push(Op::ClearAlert(AlertCleared { tenant, kind, subject, at: now }));
            ops.push(Op::Audit(caller.audit("consent.recorded", whom, &detail, now)));
            match self.store.commit(Commit::of(ops)).await {
                Ok(did) => {
                    self.nudges.writer.wake();
                    return Ok((person, did.get(event) == Some(&Did::New(true))));
                }
                Err(StoreError::Conflict(_)) if tries < CONFLICTS_MAX => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whom the words mean; somebody who is not known is no error here.
    pub async fn whom(&self, tenant: &TenantId, whom: &str) -> Result<Recipient, Refusal> {
        // handles of user ids are those of the portfolio of a number
        let number = self.directory.numbers_of(tenant).next().ok_or_else(|| {
            let cure = "add a [[tenant.number]] to the configuration";
            Refusal::invalid("puente.unknown_number", "to", "this tenant has no number", cure)
        })?;
        resolve(&self.store, number, whom).await.map(|(recipient, _)| recipient)
    }
}
