//! The desk: a wish to send is checked, written down with its request key, and
//! answered. The checks that count are made again when it is sent.

use model::ids::{CampaignId, MediaId, MessageId, OutboxId, PersonId, PhoneNumberId, TenantId};
use model::{Ambient, Status, UnixMs};
use serde_json::{Map, Value};
use store::op::{ConversationTouch, MemberQueued, NewMedia, NewMessage, NewOutbox, Want};
use store::{
    Class, Commit, Did, Direction, MediaKind, MediaState, Object, Op, Person, Store, StoreError,
};

use super::address::{Recipient, reach, resolve};
use super::convert;
use super::newcomer::newcomer;
use super::refusal::Refusal;
use super::request::{Accepted, Caller, SendRequest};
use crate::body::{Address, Errand};
use crate::directory::{Directory, Number};
use crate::media::{self, Asked};
use crate::nudge::Nudges;
use crate::templates;

#[derive(Clone)]
pub struct Desk {
    pub store: Store,
    pub ambient: Ambient,
    pub directory: Directory,
    pub nudges: Nudges,
}

const CONFLICTS_MAX: u32 = 8;
const REFERENCE_MAX: usize = 128;
/// A send is never due before its file has come or was given up.
pub(crate) const FILE_MS_MAX: i64 = 30 * 86_400_000;

impl Desk {
    /// Returns once the message is on disk. Nothing was kept on a refusal.
    pub async fn accept(
        &self,
        caller: &Caller,
        idempotency_key: &str,
        request: SendRequest,
    ) -> Result<Accepted, Refusal> {
        let tenant = &caller.tenant;
        let request_key = self.store.hmac(tenant, format!("request|{idempotency_key}").as_bytes());
        let digest = self.store.hmac(tenant, &request.canonical());
        if let Some((outbox, known)) =
            self.store.outbox_by_request_key(tenant, &request_key).await?
        {
            return self.known(tenant, outbox, known == digest).await;
        }
        let number = self.number(tenant, request.number.as_ref())?;
        check_reference(request.reference.as_deref())?;
        let asked = media::ask(&request.message)?;
        if let Some(asked) = &asked {
            media::offered(&self.store, tenant, asked).await?;
        }
        let file = asked.map(|asked| (MediaId::new(&self.ambient), asked));
        let wire = match &file {
            Some((id, asked)) => asked.message_with(&id.to_string()),
            None => request.message.clone(),
        };
        let message = convert::checked(&wire)?;
        if !message.free_form() {
            templates::check(&self.store, number, &wire).await?;
        }
        let mut tries = 0;
        loop {
            let (recipient, address) = resolve(&self.store, number, &request.to).await?;
            let file = file.as_ref();
            let draft = Draft {
                caller,
                number,
                request: &request,
                wire: &wire,
                message: &message,
                file,
                address,
                member: None,
            };
            let (answer, op) = self.write(&draft, recipient, request_key, digest).await?;
            match self.store.commit(Commit::of(vec![op])).await {
                Ok(did) => match did.first() {
                    Some(Did::Known { outbox, same_body }) => {
                        return self.known(tenant, *outbox, *same_body).await;
                    }
                    _ => {
                        self.nudges.outbound.wake();
                        self.nudges.media.wake();
                        self.nudges.writer.wake();
                        return Ok(answer);
                    }
                },
                Err(StoreError::Conflict(_)) if tries < CONFLICTS_MAX => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The send of a campaign's member, who is queued with it or not at all. Its
    /// request key is the campaign, the person and the round.
    pub(crate) async fn of_member(
        &self,
        caller: &Caller,
        number: &Number,
        person: Person,
        message: Map<String, Value>,
        (campaign, rounds): (CampaignId, u32),
    ) -> Result<Op, Refusal> {
        let tenant = &caller.tenant;
        let id = person.id;
        let request = SendRequest {
            number: Some(number.id.clone()),
            to: id.to_string(),
            class: Class::Campaign,
            reference: Some(campaign.to_string()),
            message,
        };
        let key = format!("campaign|{campaign}|{id}|{rounds}");
        let request_key = self.store.hmac(tenant, key.as_bytes());
        let digest = self.store.hmac(tenant, &request.canonical());
        let checked = convert::checked(&request.message)?;
        templates::check(&self.store, number, &request.message).await?;
        let (recipient, address) = reach(person)?;
        let draft = Draft {
            caller,
            number,
            request: &request,
            wire: &request.message,
            message: &checked,
            file: None,
            address,
            member: Some((campaign, rounds)),
        };
        Ok(self.write(&draft, recipient, request_key, digest).await?.1)
    }

    async fn known(
        &self,
        tenant: &TenantId,
        outbox: OutboxId,
        same_body: bool,
    ) -> Result<Accepted, Refusal> {
        if !same_body {
            return Err(Refusal::key_reused());
        }
        let gone = || Refusal::from(StoreError::Broken(format!("{outbox} has no row")));
        let row = self.store.outbox(tenant, outbox).await?.ok_or_else(gone)?;
        let message = self.store.messages(tenant, &[row.message]).await?.pop().ok_or_else(gone)?;
        Ok(Accepted {
            outbox,
            message: row.message,
            conversation: message.conversation,
            // the first answer, whatever became of the message since
            status: Status::Queued,
            repeated: true,
        })
    }

    pub(crate) fn number<'a>(
        &'a self,
        tenant: &'a TenantId,
        asked: Option<&PhoneNumberId>,
    ) -> Result<&'a Number, Refusal> {
        let mut own = self.directory.numbers_of(tenant);
        let refused = |cause: &str| {
            let ids: Vec<_> = self.directory.numbers_of(tenant).map(|n| n.id.as_str()).collect();
            let cure =
                format!("give the phone_number_id of one of your numbers: {}", ids.join(", "));
            Refusal::invalid("puente.unknown_number", "number", cause, cure)
        };
        match asked {
            Some(id) => {
                own.find(|n| n.id == *id).ok_or_else(|| refused("this number is not yours"))
            }
            None => match (own.next(), own.next()) {
                (Some(only), None) => Ok(only),
                (None, _) => Err(refused("this tenant has no number")),
                (Some(_), Some(_)) => Err(refused("this tenant has several numbers")),
            },
        }
    }

    /// The one op that accepts the message, with all it brings about.
    async fn write(
        &self,
        draft: &Draft<'_>,
        recipient: Recipient,
        request_key: [u8; 32],
        request_digest: [u8; 32],
    ) -> Result<(Accepted, Op), Refusal> {
        let now = self.ambient.now();
        let (tenant, number) = (&draft.caller.tenant, &draft.number.id);
        let mut effects = Vec::new();
        let (person, has_contact) = self.person(draft, recipient, now, &mut effects);
        let lane = self.lane(draft, person, now, &mut effects).await?;
        let conversation =
            self.conversation(draft, lane, person, has_contact, now, &mut effects).await?;
        let (id, message) = (OutboxId::new(&self.ambient), MessageId::new(&self.ambient));
        let body = convert::body(draft.wire);
        effects.push(Op::NewMessage(NewMessage {
            tenant: tenant.clone(),
            id: message,
            conversation,
            person,
            lane,
            number: number.clone(),
            direction: Direction::Out,
            kind: draft.message.kind().to_owned(),
            record_key: rules::keys::outbound_record_key(id),
            state_key: None,
            outbox: Some(id),
            journal: None,
            sent_at: now,
            received_at: now,
            late: false,
            body: body.seal(),
        }));
        effects.push(Op::TouchConversation(ConversationTouch {
            tenant: tenant.clone(),
            id: conversation,
            inbound_at: None,
            outbound_at: Some(now),
        }));
        for (object, id) in [
            (Object::Person, *person.as_bytes()),
            (Object::Conversation, *conversation.as_bytes()),
            (Object::Message, *message.as_bytes()),
        ] {
            let tenant = tenant.clone();
            effects.push(Op::Want(Want { tenant, object, id, root: person, due_at: now }));
        }
        effects.extend(draft.member.map(|(campaign, rounds)| {
            let (tenant, outbox) = (tenant.clone(), id);
            Op::QueueMember(MemberQueued { tenant, campaign, person, rounds, outbox })
        }));
        let audit = draft.caller.audit("send.accepted", id.to_string(), "", now);
        effects.push(Op::Audit(audit));
        effects.extend(draft.file.map(|file| wanted(draft, file, person, message, id, now)));
        let errand = Errand {
            to: draft.address.clone(),
            message: draft.wire.clone().into(),
            media: draft.file.map(|(id, _)| id.to_string()),
        };
        let row = NewOutbox {
            tenant: tenant.clone(),
            id,
            lane,
            number: number.clone(),
            person,
            message,
            class: draft.request.class,
            request_key,
            request_digest,
            free_form: draft.message.free_form(),
            purpose: draft.message.purpose(),
            template: draft.message.template(),
            reference: draft.request.reference.clone(),
            agent: draft.caller.acting_user.clone(),
            // with a file, when that is there
            due_at: draft.file.map_or(now, |_| now.plus(FILE_MS_MAX)),
            created_at: now,
            body: serde_json::to_vec(&errand).unwrap_or_default(),
            effects,
        };
        let answer =
            Accepted { outbox: id, message, conversation, status: Status::Queued, repeated: false };
        Ok((answer, Op::Accept(Box::new(row))))
    }

    fn person(
        &self,
        draft: &Draft<'_>,
        recipient: Recipient,
        at: UnixMs,
        effects: &mut Vec<Op>,
    ) -> (PersonId, bool) {
        let tenant = &draft.caller.tenant;
        let (profile, handles) = match recipient {
            Recipient::Known(person) => return (person.id, person.contact.is_some()),
            Recipient::New { profile, handles } => (profile, handles),
        };
        let id = PersonId::new(&self.ambient);
        newcomer(effects, tenant, id, profile, handles, at);
        (id, false)
    }
}

/// All that one acceptance is made of.
pub(super) struct Draft<'a> {
    pub caller: &'a Caller,
    pub number: &'a Number,
    pub request: &'a SendRequest,
    /// Meta's message object, with the id that a file of ours will have.
    pub wire: &'a Map<String, Value>,
    pub message: &'a convert::Checked,
    pub file: Option<&'a (MediaId, Asked)>,
    pub address: Address,
    /// The campaign that it is a send of, and the rounds behind it.
    pub member: Option<(CampaignId, u32)>,
}

/// The file is fetched as soon as the send is on disk.
fn wanted(
    draft: &Draft<'_>,
    (id, asked): &(MediaId, Asked),
    person: PersonId,
    message: MessageId,
    outbox: OutboxId,
    at: UnixMs,
) -> Op {
    Op::NewMedia(NewMedia {
        tenant: draft.caller.tenant.clone(),
        id: *id,
        kind: MediaKind::Out,
        state: MediaState::Requested,
        person: Some(person),
        message: Some(message),
        outbox: Some(outbox),
        number: Some(draft.number.id.clone()),
        at,
        due_at: Some(at),
        expires_at: None,
        bytes: None,
        about: asked.about.seal(),
    })
}

fn check_reference(reference: Option<&str>) -> Result<(), Refusal> {
    match reference.map(|r| r.chars().count()) {
        Some(n) if n > REFERENCE_MAX => Err(Refusal::invalid(
            "puente.invalid_request",
            "reference",
            format!("it has {n} characters"),
            format!("at most {REFERENCE_MAX} characters"),
        )),
        _ => Ok(()),
    }
}
