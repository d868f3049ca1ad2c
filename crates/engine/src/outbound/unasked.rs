//! What puente sends by itself: a notice, an answer, a question.

use model::ids::{ConversationId, LaneId, MessageId, OutboxId, PersonId, PhoneNumberId, TenantId};
use model::{Ambient, Purpose};
use serde_json::{Map, Value};
use store::op::{NewMessage, NewOutbox, TemplateUse, Want};
use store::{Class, Direction, Object, Op, Store};

use super::convert;
use crate::body::{Address, Errand};

pub(crate) struct Unasked<'a> {
    pub store: &'a Store,
    pub ambient: &'a Ambient,
    pub tenant: &'a TenantId,
    pub number: &'a PhoneNumberId,
    pub person: PersonId,
    pub lane: LaneId,
    pub conversation: ConversationId,
    pub to: Address,
    /// Meta's message object.
    pub wire: Map<String, Value>,
    pub template: Option<TemplateUse>,
    pub purpose: Purpose,
    /// The same is said once.
    pub request: &'a str,
}

impl Unasked<'_> {
    /// The message and the one op that accepts it. The conversation is not
    /// touched: what is said by itself is no first response, and keeps nothing
    /// open.
    pub fn op(self) -> (MessageId, Op) {
        let (id, message) = (OutboxId::new(self.ambient), MessageId::new(self.ambient));
        let now = self.ambient.now();
        let (tenant, number) = (self.tenant, self.number);
        let kind = self.wire.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let row = NewMessage {
            tenant: tenant.clone(),
            id: message,
            conversation: self.conversation,
            person: self.person,
            lane: self.lane,
            number: number.clone(),
            direction: Direction::Out,
            kind,
            record_key: rules::keys::outbound_record_key(id),
            state_key: None,
            outbox: Some(id),
            journal: None,
            sent_at: now,
            received_at: now,
            late: false,
            body: convert::body(&self.wire).seal(),
        };
        let want = Want {
            tenant: tenant.clone(),
            object: Object::Message,
            id: *message.as_bytes(),
            root: self.person,
            due_at: now,
        };
        let wire = Value::Object(self.wire);
        let digest = self.store.hmac(tenant, wire.to_string().as_bytes());
        let errand = Errand { to: self.to, message: wire, media: None };
        let op = Op::Accept(Box::new(NewOutbox {
            tenant: tenant.clone(),
            id,
            lane: self.lane,
            number: number.clone(),
            person: self.person,
            message,
            class: Class::Automatic,
            request_key: self.store.hmac(tenant, self.request.as_bytes()),
            request_digest: digest,
            free_form: self.template.is_none(),
            template: self.template,
            purpose: self.purpose,
            reference: None,
            agent: None,
            due_at: now,
            created_at: now,
            body: serde_json::to_vec(&errand).unwrap_or_default(),
            effects: vec![Op::NewMessage(row), Op::Want(want)],
        }));
        (message, op)
    }
}
