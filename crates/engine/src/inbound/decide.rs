//! What one message changes.

use model::ids::{ConversationId, LaneId, MessageId, PersonId, TenantId};
use model::{Ambient, ConsentKind, UnixMs};
use rules::campaign::ANSWERS_MS;
use rules::window::{self, Timeliness};
use store::op::{
    ConversationTouch, LaneInbound, MemberReplied, NewConversation, NewLane, NewMessage,
    NewRecordLink, Want,
};
use store::{Conversation, Direction, Lane, Object, Op, Person, RecordKind, Store};
use whatsapp::wire::webhook::{Item, Message};

use super::convert;
use super::people::{identify, want_home};
use crate::consent::{self, Place, Settings};
use crate::directory::Number;
use crate::hours::{self, Heard};
use crate::intake::{View, sender, state_key};
use crate::media;
use crate::survey;

/// One item at the door of a number.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    pub store: &'a Store,
    pub ambient: &'a Ambient,
    pub number: &'a Number,
    pub settings: &'a Settings,
    pub journal: i64,
    pub received_at: UnixMs,
    pub item: &'a Item,
}

/// One message at the door, with all that deciding about it needs.
pub struct Arrival<'a> {
    pub door: Door<'a>,
    pub message: &'a Message,
    pub echo: bool,
}

impl<'a> std::ops::Deref for Arrival<'a> {
    type Target = Door<'a>;

    fn deref(&self) -> &Door<'a> {
        &self.door
    }
}

pub struct Registered {
    pub person: PersonId,
    /// `None` for an echo of a message that we sent ourselves.
    pub message: Option<MessageId>,
    /// Making and knowing people; harmless to repeat.
    pub people: Vec<Op>,
    /// Happens once, with the item's key.
    pub effects: Vec<Op>,
}

/// Fails only when the message says nothing about who it is with.
pub fn register(view: &mut View, arrival: &Arrival<'_>) -> Result<Registered, &'static str> {
    let sender = sender(arrival.item, arrival.message, arrival.echo);
    let mut people = Vec::new();
    let person = identify(view, arrival, &sender, &mut people)?;
    let lane = lane(view, arrival, person, &mut people);
    let mut done = Registered { person, message: None, people, effects: Vec::new() };

    let wamid = arrival.message.wamid.as_str();
    let tenant = &arrival.number.tenant;
    let key = state_key(arrival.store, tenant, &arrival.number.id, wamid);
    if view.ours.contains(&(tenant.clone(), arrival.number.id.clone(), key)) {
        return Ok(done);
    }
    let sent_at = window::no_later_than(
        arrival.received_at,
        arrival.message.at.unwrap_or(arrival.received_at),
    );
    let newest = view.lanes.get(&(tenant.clone(), arrival.number.id.clone(), person));
    let timeliness = window::timeliness(sent_at, newest.and_then(|lane| lane.last_inbound_at));
    let answer = match arrival.echo {
        true => None,
        false => survey::heard(view, arrival, person, sent_at),
    };
    let score_in = answer.as_ref().and_then(|answer| answer.score_in);
    let conversation = match (score_in, view.open.get(&lane)) {
        (Some(_), Some(open)) => open.id,
        (Some(closed), None) => closed,
        (None, _) => conversation(view, arrival, lane, person, sent_at, &mut done.effects),
    };
    let id = MessageId::new(arrival.ambient);
    done.message = Some(id);
    done.effects.push(Op::NewMessage(NewMessage {
        tenant: tenant.clone(),
        id,
        conversation,
        person,
        lane,
        number: arrival.number.id.clone(),
        direction: if arrival.echo { Direction::Echo } else { Direction::In },
        kind: arrival.message.kind.as_str().to_owned(),
        record_key: rules::keys::inbound_record_key(&arrival.number.id, &arrival.message.wamid),
        state_key: Some(key),
        outbox: None,
        journal: Some(arrival.journal),
        sent_at,
        received_at: arrival.received_at,
        late: timeliness == Timeliness::Late,
        body: convert::body(arrival.item, arrival.message).seal(),
    }));
    done.effects.extend(media::arrived(arrival, id, person));
    let talk = score_in.is_none().then_some(conversation);
    touch(view, arrival, lane, talk, person, sent_at, &mut done.effects);
    if !arrival.echo {
        let (sender, message) = (&sender, id);
        let place = Place { sender, person, lane, conversation, message, sent_at, timeliness };
        let said = consent::heard(arrival, &place);
        if score_in.is_none() {
            done.effects.extend(answered(&said, tenant, person, sent_at));
        }
        if score_in.is_none() && !said.iter().any(leaves) {
            done.effects.extend(closed(view, arrival, &place).into_iter().flatten());
        }
        done.effects.extend(said);
        done.effects.extend(answer.map(|answer| answer.op));
    }
    let homeless = |p: &Person| p.lead.is_none() && p.contact.is_none();
    if !arrival.echo && view.persons.get(&(tenant.clone(), person)).is_some_and(homeless) {
        done.effects.push(want_home(arrival, person));
    }
    wants(arrival, person, conversation, id, &mut done.effects);
    Ok(done)
}

fn leaves(op: &Op) -> bool {
    matches!(op, Op::Consent(consent) if consent.kind == ConsentKind::OptOut)
}

/// What is said to who writes out of hours; the next message of this turn finds
/// that it was said.
fn closed(view: &mut View, arrival: &Arrival<'_>, place: &Place<'_>) -> Option<[Op; 2]> {
    let tenant = &arrival.number.tenant;
    let active = view.hours.get(tenant)?.clone();
    let slot = (tenant.clone(), arrival.number.id.clone(), place.person);
    let last = view.lanes.get(&slot).and_then(|lane| lane.last_inbound_at);
    let told_at = view.open.get(&place.lane).and_then(|open| open.told_at);
    let heard = Heard { last_inbound: last.max(Some(place.sent_at))?, told_at };
    let said = hours::out_of_hours(&active, arrival, place, &heard)?;
    if let Some(open) = view.open.get_mut(&place.lane) {
        open.told_at = Some(arrival.ambient.now());
    }
    Some(said)
}

/// It may answer a campaign. Who leaves by it has not answered.
fn answered(said: &[Op], tenant: &TenantId, person: PersonId, at: UnixMs) -> Option<Op> {
    let (tenant, sent_since) = (tenant.clone(), at.plus(-ANSWERS_MS));
    let reply = MemberReplied { tenant, person, at, sent_since };
    (!said.iter().any(leaves)).then_some(Op::MemberReplied(reply))
}

fn lane(view: &mut View, arrival: &Arrival<'_>, person: PersonId, ops: &mut Vec<Op>) -> LaneId {
    let (tenant, number) = (arrival.number.tenant.clone(), arrival.number.id.clone());
    let slot = (tenant.clone(), number.clone(), person);
    if let Some(lane) = view.lanes.get(&slot) {
        return lane.id;
    }
    let id = LaneId::new(arrival.ambient);
    let lane = Lane { id, number: number.clone(), person, last_inbound_at: None, survey: None };
    view.lanes.insert(slot, lane);
    ops.push(Op::NewLane(NewLane { tenant, id, number, person }));
    id
}

/// The open conversation of the lane, or a new one. A person with a Contact
/// gets a Case for a new one; for others the Lead's look-up decides later.
fn conversation(
    view: &mut View,
    arrival: &Arrival<'_>,
    lane: LaneId,
    person: PersonId,
    at: UnixMs,
    ops: &mut Vec<Op>,
) -> ConversationId {
    let tenant = arrival.number.tenant.clone();
    let known = view.persons.get(&(tenant.clone(), person));
    let has_contact = known.is_some_and(|p| p.contact.is_some());
    let want = |id: ConversationId| {
        Op::WantRecord(NewRecordLink {
            tenant: tenant.clone(),
            person,
            kind: RecordKind::Case,
            slot: *id.as_bytes(),
            at: arrival.received_at,
            due_at: arrival.received_at,
            again: !arrival.echo,
        })
    };
    if let Some(open) = view.open.get(&lane) {
        // rules that declined may hold for what is written now
        ops.extend((has_contact && open.case.is_none()).then(|| want(open.id)));
        return open.id;
    }
    let id = ConversationId::new(arrival.ambient);
    let number = arrival.number.id.clone();
    view.open.insert(lane, opened(id, lane, person, &number, at));
    let opening =
        NewConversation { tenant: tenant.clone(), id, lane, person, number, opened_at: at };
    ops.push(Op::NewConversation(opening));
    ops.extend(has_contact.then(|| want(id)));
    id
}

fn opened(
    id: ConversationId,
    lane: LaneId,
    person: PersonId,
    number: &model::ids::PhoneNumberId,
    at: UnixMs,
) -> Conversation {
    Conversation {
        id,
        lane,
        person,
        number: number.clone(),
        opened_at: at,
        closed_at: None,
        first_inbound_at: None,
        last_inbound_at: None,
        first_response_at: None,
        last_message_at: None,
        case: None,
        opportunity: None,
        told_at: None,
    }
}

/// A score opens the window, and is no part of the talk: `None`.
fn touch(
    view: &mut View,
    arrival: &Arrival<'_>,
    lane: LaneId,
    talk: Option<ConversationId>,
    person: PersonId,
    at: UnixMs,
    ops: &mut Vec<Op>,
) {
    let tenant = arrival.number.tenant.clone();
    let opens = !arrival.echo && window::opens(arrival.message.kind.as_str());
    if opens {
        ops.push(Op::LaneInbound(LaneInbound { tenant: tenant.clone(), lane, at }));
        let slot = (tenant.clone(), arrival.number.id.clone(), person);
        if let Some(lane) = view.lanes.get_mut(&slot) {
            lane.last_inbound_at = lane.last_inbound_at.max(Some(at));
        }
    }
    ops.extend(talk.map(|id| {
        Op::TouchConversation(ConversationTouch {
            tenant,
            id,
            inbound_at: opens.then_some(at),
            outbound_at: arrival.echo.then_some(at),
        })
    }));
}

fn wants(
    arrival: &Arrival<'_>,
    person: PersonId,
    conversation: ConversationId,
    message: MessageId,
    ops: &mut Vec<Op>,
) {
    ops.push(want(arrival, Object::Person, *person.as_bytes(), person));
    ops.push(want(arrival, Object::Conversation, *conversation.as_bytes(), person));
    ops.push(want(arrival, Object::Message, *message.as_bytes(), person));
}

pub(super) fn want(arrival: &Door<'_>, object: Object, id: [u8; 16], root: PersonId) -> Op {
    let tenant = arrival.number.tenant.clone();
    Op::Want(Want { tenant, object, id, root, due_at: arrival.received_at })
}
