//! Tenants never meet.

use model::ids::{ConversationId, MessageId, RecordId};
use store::op::*;
use store::{Did, Op, OutboxState, Profile, RecordKind};

use crate::ambient::T0;
use crate::world::{KEY, Sent, Thread, WAMID, World, accepted, status};

const HANDLE: (HandleKind, [u8; 32]) = (HandleKind::WaId, [6; 32]);

/// The same customer, the same keys and references, in both tenants.
async fn planted(w: &World, name: &str, number: &str) -> (Thread, Sent) {
    let tenant = w.tenant(name).await;
    w.number(&tenant, number).await;
    let thread = w.person(&tenant, number).await;
    let (kind, hash) = HANDLE;
    let person = thread.person;
    let links = PersonLink {
        tenant: tenant.clone(),
        id: person,
        lead: Some(RecordId::new("00Q000000000001AAA")),
        contact: None,
        account: None,
    };
    let profile = Profile { display_name: Some(format!("Ana of {name}")), ..Profile::default() };
    w.commit(vec![
        Op::AddHandle(NewHandle { tenant: tenant.clone(), person, kind, hash, at: T0 }),
        Op::LinkPerson(links),
        Op::UpdatePerson(PersonUpdate {
            tenant: tenant.clone(),
            id: person,
            profile: Some(profile),
            seen_at: T0,
        }),
        Op::WantRecord(NewRecordLink {
            tenant: tenant.clone(),
            person,
            kind: RecordKind::Case,
            slot: [1; 16],
            at: T0,
            due_at: T0,
            again: false,
        }),
    ])
    .await
    .unwrap();
    w.wrote_in(&thread, T0).await;
    let sent = w
        .send(&thread, |new| {
            new.request_key = [2; 32];
            new.reference = Some("order 1".into());
        })
        .await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    (thread, sent)
}

pub async fn two_tenants_with_the_same_customer_never_meet(w: World) {
    // Even the number id is the same, as after a number moved between them.
    let (a, a_sent) = planted(&w, "acme", "100").await;
    let globex = w.tenant("globex").await;
    let (b, b_sent) = {
        let thread = w.person(&globex, "100").await;
        let (kind, hash) = HANDLE;
        let (tenant, person) = (globex.clone(), thread.person);
        w.did(Op::AddHandle(NewHandle { tenant, person, kind, hash, at: T0 })).await;
        w.wrote_in(&thread, T0).await;
        let sent = w.send(&thread, |new| new.request_key = [2; 32]).await;
        let permit = w.permit(&thread, &sent).await;
        w.finish(&permit, accepted()).await;
        (thread, sent)
    };
    let s = &w.store;
    for (me, sent, other, other_sent) in [(&a, &a_sent, &b, &b_sent), (&b, &b_sent, &a, &a_sent)] {
        let t = &me.tenant;
        assert_eq!(s.handles(t, &[HANDLE]).await.unwrap()[0].person, me.person);
        assert!(s.persons(t, &[other.person]).await.unwrap().is_empty());
        assert!(s.lane(t, other.lane).await.unwrap().is_none());
        assert!(s.open_conversations(t, &[other.lane]).await.unwrap().is_empty());
        assert!(s.conversations(t, &[other.conversation]).await.unwrap().is_empty());
        assert!(s.messages(t, &[other_sent.message]).await.unwrap().is_empty());
        assert!(s.messages_of(t, other.conversation, None, 9).await.unwrap().is_empty());
        assert!(s.person_messages(t, other.person, None, 9).await.unwrap().is_empty());
        assert!(s.outbox(t, other_sent.outbox).await.unwrap().is_none());
        assert!(s.attempts(t, other_sent.outbox).await.unwrap().is_empty());
        assert!(s.record_links(t, other.person).await.unwrap().is_empty());
        let held = s.outbox_by_request_key(t, &[2; 32]).await.unwrap().unwrap();
        assert_eq!(held.0, sent.outbox);
        let by_key = s.message_by_state_key(t, &me.number, &KEY).await.unwrap().unwrap();
        assert_eq!(by_key.id, sent.message);
        assert_eq!(s.conversations_list(t, None, 9).await.unwrap().len(), 1);
        let roots = s.sync_pending(t, &[other.person], 9).await.unwrap();
        assert!(roots.is_empty());
        let feed = s.feed_after(t, 0, 99).await.unwrap();
        assert!(feed.iter().all(|row| row.message == sent.message));
        assert_eq!(s.depths(Some(t)).await.unwrap().sync_due, 1);
    }
    let lead = RecordId::new("00Q000000000001AAA");
    assert!(s.person_by_record(&b.tenant, &lead).await.unwrap().is_none());
    assert!(s.outbox_by_reference(&b.tenant, "order 1", 9).await.unwrap().is_empty());
    let seen = StatusSeen { wamid: WAMID.into(), ..status(&a, model::Status::Read, T0.plus(9)) };
    assert_eq!(w.did(Op::MergeStatus(seen)).await, Did::Raised(true));
    let theirs = s.messages(&b.tenant, &[b_sent.message]).await.unwrap().remove(0);
    assert_eq!(theirs.state.unwrap().status, model::Status::Accepted);
    let none = s.outbox_in_state(&b.tenant, OutboxState::Failed, 9).await.unwrap();
    assert!(none.is_empty());
}

pub async fn a_row_of_another_tenant_cannot_be_joined_to(w: World) {
    let (a, _) = planted(&w, "acme", "100").await;
    let (b, _) = planted(&w, "globex", "101").await;
    let mixed = Thread { conversation: b.conversation, ..a.clone() };
    let message = w.message(&mixed, MessageId::new(&w.ambient));
    assert!(w.refused(Op::NewMessage(message)).await.is_conflict());
    let conversation = NewConversation {
        tenant: a.tenant.clone(),
        id: ConversationId::new(&w.ambient),
        lane: b.lane,
        person: a.person,
        number: a.number.clone(),
        opened_at: T0,
    };
    assert!(w.refused(Op::NewConversation(conversation)).await.is_conflict());
    let mixed = Thread { lane: b.lane, ..a.clone() };
    let (_, send) = w.outbox(&mixed, |_| {});
    assert!(w.refused(send).await.is_conflict());
    let (kind, hash) = (HandleKind::Bsuid, [1; 32]);
    let handle = NewHandle { tenant: a.tenant.clone(), person: b.person, kind, hash, at: T0 };
    assert!(w.refused(Op::AddHandle(handle)).await.is_conflict());
}
