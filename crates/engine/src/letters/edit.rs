//! Correct a letter before it is replayed: held to the same rules as if new.

use bytes::Bytes;
use serde_json::{Map, Value};
use store::op::{Edit, LetterEdit};
use store::{Commit, JournalEntry, LetterId, Op};
use whatsapp::wire::webhook::ItemBody;

use super::Letters;
use crate::body::Errand;
use crate::intake::{Owner, works};
use crate::outbound::decide::outcome;
use crate::outbound::{Caller, Outcome, Refusal, convert};

/// What a letter shall hold instead.
#[derive(Clone, Debug)]
pub enum Correction {
    /// Of a send: Meta's message object.
    Message(Map<String, Value>),
    /// Of a webhook or an item: a webhook body.
    Body(Value),
}

impl Letters {
    pub async fn edit(
        &self,
        caller: &Caller,
        id: LetterId,
        correction: Correction,
    ) -> Result<Outcome, Refusal> {
        let tenant = &caller.tenant;
        self.letter(tenant, id).await?;
        let edit = match (id, correction) {
            (LetterId::Send(outbox), Correction::Message(message)) => {
                let row = self.store().outbox(tenant, outbox).await?;
                let row = row.ok_or_else(|| Refusal::no_such("id", "dead letter"))?;
                self.message(&row.body, message)?
            }
            (LetterId::Item(_), Correction::Body(body)) => self.body(caller, &body, true)?,
            (LetterId::Webhook(_), Correction::Body(body)) => self.body(caller, &body, false)?,
            (LetterId::Send(_), Correction::Body(_)) => {
                return Err(refused("body", "a send has no body", "send `message` instead"));
            }
            (LetterId::Webhook(_) | LetterId::Item(_), Correction::Message(_)) => {
                return Err(refused("message", "this is no send", "send `body` instead"));
            }
            (LetterId::File(_), _) => {
                return Err(refused(
                    "id",
                    "a file has nothing to edit: it is fetched as it is",
                    "cure what its code names, then replay; or discard it",
                ));
            }
            (LetterId::Write(..) | LetterId::Record(..), _) => {
                return Err(refused(
                    "id",
                    "it has no content of its own: the record is made from the present state",
                    "correct the mapping or the org as the cure says, then replay",
                ));
            }
        };
        let audit = caller.audit("letter.edited", id.to_string(), "", self.ambient().now());
        let effects = vec![Op::Audit(audit)];
        let op = Op::EditLetter(LetterEdit { tenant: tenant.clone(), id, edit, effects });
        let did = self.store().commit(Commit::of(vec![op])).await?;
        self.wake();
        outcome(did.first())
    }

    /// To the same recipient: another one would be another person's lane.
    fn message(&self, row: &[u8], message: Map<String, Value>) -> Result<Edit, Refusal> {
        let checked = convert::checked(&message)?;
        let errand: Errand = serde_json::from_slice(row)
            .map_err(|_| refused("id", "its recipient cannot be read back", "discard it"))?;
        let shown = convert::body(&message).seal();
        let errand = Errand { to: errand.to, message: message.into(), media: None };
        Ok(Edit::Send {
            body: serde_json::to_vec(&errand).unwrap_or_default(),
            free_form: checked.free_form(),
            template: checked.template(),
            kind: checked.kind().to_owned(),
            shown,
            sync_due_at: self.ambient().now(),
        })
    }

    /// Every part must be readable and this tenant's.
    pub(super) fn body(&self, caller: &Caller, body: &Value, alone: bool) -> Result<Edit, Refusal> {
        let bytes = Bytes::from(body.to_string());
        let row = JournalEntry {
            seq: 0,
            app: model::ids::AppId::new(""),
            received_at: self.ambient().now(),
            attempts: 0,
            body: bytes.clone(),
        };
        let works = works(self.store(), self.directory(), &row)
            .map_err(|error| refused("body", &error.to_string(), "send a JSON object"))?;
        let shape = "send a webhook body as Meta documents it: object, entry, changes, value";
        if works.is_empty() {
            return Err(refused("body", "it holds nothing", shape));
        }
        if alone && works.len() != 1 {
            let cause = format!("it holds {} parts", works.len());
            return Err(refused(
                "body",
                &cause,
                "an item is edited alone: send a body with one part",
            ));
        }
        for work in &works {
            if let ItemBody::Broken(reason) = &work.item.body {
                return Err(refused("body", reason, shape));
            }
            let ours = match &work.owner {
                Owner::Nobody => false,
                owner => owner.tenant() == Some(&caller.tenant),
            };
            if !ours {
                let cure = "name one of your own numbers in metadata.phone_number_id";
                return Err(refused("body", "a part is about a number that is not yours", cure));
            }
        }
        Ok(Edit::Body(bytes))
    }
}

fn refused(field: &str, cause: &str, cure: &str) -> Refusal {
    Refusal::invalid("puente.field", field, cause, cure)
}
