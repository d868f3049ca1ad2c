//! Items, people, lanes, conversations, messages.

use bytes::Bytes;
use model::UnixMs;
use model::ids::{AppId, ConversationId, MessageId, RecordId};
use store::op::*;
use store::{Did, Direction, Object, Op};

use crate::ambient::T0;
use crate::world::{HOUR, Thread, World};

pub fn item(thread: &Thread, day: i32, effects: Vec<Op>) -> NewItem {
    NewItem {
        tenant: Some(thread.tenant.clone()),
        app: AppId::new("main"),
        journal: 1,
        ordinal: 0,
        kind: "message".into(),
        number: Some(thread.number.clone()),
        key: DayKey { day, hash: [3; 16] },
        state: ItemState::Done,
        at: T0,
        person: Some(thread.person),
        message: None,
        raw: None,
        envelope: None,
        effects,
    }
}

pub async fn an_item_is_written_once_with_its_effects(w: World) {
    let thread = w.thread().await;
    let message = MessageId::new(&w.ambient);
    let with = || {
        let new = w.message(&thread, message);
        let mut item = item(&thread, 20_000, vec![Op::NewMessage(new)]);
        item.message = Some(message);
        Op::Item(item)
    };
    assert_eq!(w.did(with()).await, Did::New(true));
    assert_eq!(w.did(with()).await, Did::New(false));
    let both = w.commit(vec![with(), with()]).await.unwrap();
    assert_eq!(both, [Did::New(false), Did::New(false)]);
    assert_eq!(w.store.items_of_message(&thread.tenant, message).await.unwrap().len(), 1);
    assert_eq!(w.store.messages(&thread.tenant, &[message]).await.unwrap().len(), 1);
}

pub async fn the_same_key_on_another_day_is_another_item(w: World) {
    let thread = w.thread().await;
    for (day, new) in [(20_000, true), (20_001, true), (20_000, false), (-1, true)] {
        assert_eq!(w.did(Op::Item(item(&thread, day, vec![]))).await, Did::New(new));
    }
    let asked = [19_999, 20_000, -1].map(|day| DayKey { day, hash: [3; 16] });
    assert_eq!(w.store.keys_seen(&asked).await.unwrap(), [false, true, true]);
}

pub async fn items_aside_and_unclaimed_are_kept_whole(w: World) {
    let thread = w.thread().await;
    let raw = Bytes::from_static(b"{\"type\":\"\\u0000\"}");
    let aside = NewItem {
        ordinal: 4,
        state: ItemState::Aside { code: "puente.shape".into(), detail: "no \0 id".into() },
        raw: Some(raw.clone()),
        ..item(&thread, 1, vec![])
    };
    let unclaimed = NewItem {
        tenant: None,
        state: ItemState::Unclaimed,
        raw: Some(raw.clone()),
        ..item(&thread, 2, vec![])
    };
    let done = item(&thread, 3, vec![]);
    w.commit([aside, unclaimed, done].map(Op::Item).into()).await.unwrap();
    let all = w.store.items_aside(None, 9).await.unwrap();
    let seen: Vec<_> = all.iter().map(|item| item.state.as_str()).collect();
    assert_eq!(seen, ["unclaimed", "aside"]);
    assert!(all.iter().all(|item| item.raw.as_ref() == Some(&raw)));
    let ours = w.store.items_aside(Some(&thread.tenant), 9).await.unwrap();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0].code.as_deref(), Some("puente.shape"));
    assert_eq!(ours[0].detail.as_deref(), Some("no \0 id"));
    assert_eq!((ours[0].ordinal, ours[0].number.clone()), (4, Some(thread.number)));
}

pub async fn a_lane_has_one_open_conversation(w: World) {
    let thread = w.thread().await;
    let second = NewConversation {
        tenant: thread.tenant.clone(),
        id: ConversationId::new(&w.ambient),
        lane: thread.lane,
        person: thread.person,
        number: thread.number.clone(),
        opened_at: T0.plus(1),
    };
    assert!(w.refused(Op::NewConversation(second)).await.is_conflict());
    let open = w.store.open_conversations(&thread.tenant, &[thread.lane]).await.unwrap();
    assert_eq!(open.iter().map(|c| c.id).collect::<Vec<_>>(), [thread.conversation]);
    assert_eq!((open[0].opened_at, open[0].closed_at), (T0, None));
}

pub async fn touching_a_conversation_is_monotone(w: World) {
    let thread = w.thread().await;
    let touch = |inbound: Option<i64>, outbound: Option<i64>| {
        Op::TouchConversation(ConversationTouch {
            tenant: thread.tenant.clone(),
            id: thread.conversation,
            inbound_at: inbound.map(|ms| T0.plus(ms)),
            outbound_at: outbound.map(|ms| T0.plus(ms)),
        })
    };
    // An unasked message is no response.
    w.did(touch(None, Some(5))).await;
    let read = async || {
        let found = w.store.conversations(&thread.tenant, &[thread.conversation]).await.unwrap();
        let c = found.into_iter().next().unwrap();
        let since = |at: Option<UnixMs>| at.map(|at| at.since(T0));
        [c.first_inbound_at, c.last_inbound_at, c.first_response_at, c.last_message_at].map(since)
    };
    assert_eq!(read().await, [None, None, None, Some(5)]);
    for op in [touch(Some(20), None), touch(Some(10), None), touch(Some(15), None)] {
        w.did(op).await;
    }
    assert_eq!(read().await, [Some(10), Some(20), None, Some(20)]);
    for op in [touch(None, Some(40)), touch(None, Some(30)), touch(None, Some(3))] {
        w.did(op).await;
    }
    assert_eq!(read().await, [Some(10), Some(20), Some(30), Some(40)]);
}

pub async fn a_conversation_ends_unless_somebody_writes_meanwhile(w: World) {
    let (thread, other) = (w.thread().await, model::ids::TenantId::new("nobody"));
    let (tenant, id) = (thread.tenant.clone(), thread.conversation);
    let touch = |ms| {
        let (tenant, inbound_at) = (thread.tenant.clone(), Some(T0.plus(ms)));
        Op::TouchConversation(ConversationTouch { tenant, id, inbound_at, outbound_at: None })
    };
    let close = |last: Option<i64>| {
        let (tenant, last) = (thread.tenant.clone(), last.map(|ms| T0.plus(ms)));
        let (at, due_at) = (T0.plus(90), T0.plus(95));
        Op::CloseConversation(ConversationClosed { tenant, id, at, last, due_at })
    };
    let quiet = async |before: i64| {
        let found = w.store.conversations_quiet(&tenant, T0.plus(before), 9).await.unwrap();
        found.into_iter().map(|c| c.id).collect::<Vec<_>>()
    };
    w.did(touch(10)).await;
    assert_eq!((quiet(9).await, quiet(10).await), (vec![], vec![id]));
    assert!(w.store.conversations_quiet(&other, T0.plus(99), 9).await.unwrap().is_empty());
    assert!(!w.store.has_open_cases(&tenant).await.unwrap());
    let case = Some(RecordId::new("500550000000001AAA"));
    let link = ConversationLink { tenant: tenant.clone(), id, case, opportunity: None };
    w.did(Op::LinkConversation(link)).await;
    assert!(w.store.has_open_cases(&tenant).await.unwrap());
    // somebody wrote after it was looked at
    w.did(touch(20)).await;
    assert_eq!(w.did(close(Some(10))).await, Did::Count(0));
    assert_eq!(w.did(close(None)).await, Did::Count(0));
    assert_eq!(w.did(close(Some(20))).await, Did::Count(1));
    assert_eq!(w.did(close(Some(20))).await, Did::Count(0), "once");
    let row = (Object::Conversation, *id.as_bytes());
    let wanted = w.store.sync_rows(&tenant, &[row]).await.unwrap().remove(0);
    assert_eq!((wanted.due_at, wanted.urgency), (T0.plus(95), model::Urgency::Status));
    assert!(quiet(99).await.is_empty() && !w.store.has_open_cases(&tenant).await.unwrap());
    let open = w.store.open_conversations(&tenant, &[thread.lane]).await.unwrap();
    assert!(open.is_empty());
    assert!(w.refused(touch(30)).await.is_conflict(), "what is said now begins another");
    let next = NewConversation {
        tenant: tenant.clone(),
        id: ConversationId::new(&w.ambient),
        lane: thread.lane,
        person: thread.person,
        number: thread.number.clone(),
        opened_at: T0.plus(30),
    };
    w.did(Op::NewConversation(next)).await;
}

pub async fn a_case_is_looked_at_for_each_word_of_the_customer_once(w: World) {
    let thread = w.thread().await;
    let (tenant, id) = (thread.tenant.clone(), thread.conversation);
    let touch = |inbound: Option<i64>, outbound: Option<i64>| {
        let at = |ms: Option<i64>| ms.map(|ms| T0.plus(ms));
        let (tenant, inbound_at, outbound_at) = (thread.tenant.clone(), at(inbound), at(outbound));
        Op::TouchConversation(ConversationTouch { tenant, id, inbound_at, outbound_at })
    };
    let seen = |moved: Option<i64>, closed: Option<i64>| {
        let at = |ms: Option<i64>| ms.map(|ms| T0.plus(ms));
        let (tenant, moved, closed) = (thread.tenant.clone(), at(moved), at(closed));
        Op::CaseSeen(CaseSeen { tenant, id, moved, closed })
    };
    let unmoved = async |since: i64| {
        w.store.conversations_unmoved(&tenant, T0.plus(since), 9).await.unwrap().len()
    };
    let first = (UnixMs(0), ConversationId::from_bytes([0; 16]));
    let silent = async |before: i64| {
        let found = w.store.conversations_unanswered(&tenant, T0.plus(before), first, 9);
        found.await.unwrap().len()
    };
    w.did(touch(Some(10), None)).await;
    assert_eq!((unmoved(0).await, silent(99).await), (0, 0), "without a case there is nothing");
    let case = Some(RecordId::new("500550000000001AAA"));
    let link = ConversationLink { tenant: tenant.clone(), id, case, opportunity: None };
    w.did(Op::LinkConversation(link)).await;
    assert_eq!((unmoved(10).await, unmoved(11).await), (1, 0));
    assert_eq!(silent(99).await, 0, "the last word is the customer's");
    w.did(seen(Some(10), None)).await;
    assert_eq!(unmoved(0).await, 0);
    w.did(touch(Some(30), None)).await;
    assert_eq!(unmoved(0).await, 1);
    w.did(seen(Some(30), None)).await;
    w.did(seen(Some(20), None)).await;
    assert_eq!(unmoved(0).await, 0, "what was told late of an older one changes nothing");
    w.did(touch(None, Some(40))).await;
    assert_eq!((silent(39).await, silent(40).await), (0, 1));
    let found = w.store.conversations_unanswered(&tenant, T0.plus(40), first, 9).await.unwrap();
    let after = (found[0].last_message_at.unwrap(), found[0].id);
    let rest = w.store.conversations_unanswered(&tenant, T0.plus(40), after, 9).await.unwrap();
    assert!(rest.is_empty(), "a page goes on behind the one before");
    w.did(seen(None, Some(50))).await;
    assert_eq!((silent(99).await, unmoved(0).await), (0, 0), "a rule closes once");
}

pub async fn links_keep_what_is_not_named(w: World) {
    let thread = w.thread().await;
    let (tenant, id) = (thread.tenant.clone(), thread.person);
    let record = |id: &str| Some(RecordId::new(id));
    let link = |lead, contact| {
        Op::LinkPerson(PersonLink { tenant: tenant.clone(), id, lead, contact, account: None })
    };
    w.did(link(record("00Q000000000001AAA"), None)).await;
    w.did(link(None, record("003000000000001AAA"))).await;
    let person = w.store.persons(&tenant, &[id]).await.unwrap().remove(0);
    assert_eq!(person.lead, record("00Q000000000001AAA"));
    assert_eq!(person.contact, record("003000000000001AAA"));
    assert_eq!(person.account, None);
    let tie = |case, opportunity| {
        let (tenant, id) = (tenant.clone(), thread.conversation);
        Op::LinkConversation(ConversationLink { tenant, id, case, opportunity })
    };
    w.did(tie(record("500000000000001AAA"), None)).await;
    w.did(tie(None, record("006000000000001AAA"))).await;
    let found = w.store.conversations(&tenant, &[thread.conversation]).await.unwrap().remove(0);
    assert_eq!(found.case, record("500000000000001AAA"));
    assert_eq!(found.opportunity, record("006000000000001AAA"));
}

pub async fn messages_come_back_in_order_of_time_then_of_storing(w: World) {
    let thread = w.thread().await;
    let mut ids = vec![];
    for at in [0, 1000, 1000, 1000, 500] {
        let id = MessageId::new(&w.ambient);
        let mut new = w.message(&thread, id);
        new.sent_at = T0.plus(at);
        new.body = format!("at {at}\0").into_bytes();
        w.did(Op::NewMessage(new)).await;
        ids.push(id);
    }
    let order = [ids[3], ids[2], ids[1], ids[4], ids[0]];
    let mut before = None;
    let mut paged = vec![];
    loop {
        let page =
            w.store.messages_of(&thread.tenant, thread.conversation, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.sent_at, last.id));
        paged.extend(page.iter().map(|message| message.id));
    }
    assert_eq!(paged, order);
    let all = w.store.person_messages(&thread.tenant, thread.person, None, 9).await.unwrap();
    assert_eq!(all.iter().map(|message| message.id).collect::<Vec<_>>(), order);
    assert_eq!(all[3].body, b"at 500\0");
    assert!(all.iter().all(|m| m.state.is_none() && m.direction == Direction::In && !m.late));
    let twice = w.message(&thread, ids[0]);
    assert!(w.refused(Op::NewMessage(twice)).await.is_conflict());
}

pub async fn records_are_found_by_fifteen_or_eighteen_characters(w: World) {
    let thread = w.thread().await;
    let (tenant, id) = (thread.tenant.clone(), thread.person);
    let [lead, case] = ["00Q5500001QdQWaAAN", "5005500001QdQWaAAN"].map(RecordId::new);
    let links =
        PersonLink { tenant: tenant.clone(), id, lead: Some(lead), contact: None, account: None };
    w.did(Op::LinkPerson(links)).await;
    let id = thread.conversation;
    let tie = ConversationLink { tenant: tenant.clone(), id, case: Some(case), opportunity: None };
    w.did(Op::LinkConversation(tie)).await;
    for text in ["00Q5500001QdQWa", "00Q5500001QdQWaAAN"] {
        let found = w.store.person_by_record(&tenant, &RecordId::new(text)).await.unwrap();
        assert_eq!(found.map(|person| person.id), Some(thread.person), "{text}");
    }
    for text in ["5005500001QdQWa", "5005500001QdQWaAAN"] {
        let found = w.store.conversation_by_case(&tenant, &RecordId::new(text)).await.unwrap();
        assert_eq!(found.map(|conversation| conversation.id), Some(thread.conversation), "{text}");
    }
    let other = RecordId::new("00Q5500001qdQWa");
    assert!(w.store.person_by_record(&tenant, &other).await.unwrap().is_none());
    let later = w.person(&tenant, "100").await;
    w.clock.forward(HOUR);
    let list = w.store.conversations_list(&tenant, None, 1).await.unwrap();
    let first = (list[0].opened_at, list[0].id);
    let rest = w.store.conversations_list(&tenant, Some(first), 9).await.unwrap();
    let mut both = [list[0].id, rest[0].id];
    both.sort();
    let mut want = [thread.conversation, later.conversation];
    want.sort();
    assert_eq!((both, rest.len()), (want, 1));
}
