//! What people said about being written to, and sends that are held against it.

use model::{ConsentKind, ConsentPolicy, Denied, Need, Purpose, Status, UnixMs};
use store::op::*;
use store::{Did, Op, OutboxState, StoreError};

use crate::ambient::T0;
use crate::world::{HOUR, KEY, MINUTE, Sent, Thread, World, accepted};

fn said(thread: &Thread, key: u8, kind: ConsentKind, at: UnixMs) -> NewConsent {
    NewConsent {
        tenant: thread.tenant.clone(),
        key: [key; 32],
        whom: Whom::Person(thread.person),
        purpose: Purpose::Marketing,
        kind,
        channel: "whatsapp".into(),
        source: "keyword".into(),
        number: Some(thread.number.clone()),
        happened_at: at,
        recorded_at: T0,
        wording: Some("BAJA".into()),
        evidence: Some("wamid.1".into()),
        effects: Vec::new(),
    }
}

async fn template(w: &World, thread: &Thread, purpose: Purpose) -> Sent {
    w.send(thread, |new| {
        new.free_form = false;
        new.purpose = purpose;
    })
    .await
}

async fn begin(w: &World, thread: &Thread, sent: &Sent, policy: ConsentPolicy) -> Did {
    w.did(Op::BeginSend(BeginSend {
        tenant: thread.tenant.clone(),
        outbox: sent.outbox,
        attempt: model::ids::AttemptId::new(&w.ambient),
        at: T0,
        deadline: T0.plus(10_000),
        sync_due_at: T0,
        policy,
    }))
    .await
}

pub async fn an_event_is_recorded_once_and_comes_back_as_given(w: World) {
    let thread = w.thread().await;
    let first = said(&thread, 1, ConsentKind::OptOut, T0);
    assert_eq!(w.did(Op::Consent(first.clone())).await, Did::New(true));
    let again = NewConsent { kind: ConsentKind::OptIn, ..first };
    assert_eq!(w.did(Op::Consent(again)).await, Did::New(false));
    let events = w.store.consent_events(&thread.tenant, thread.person, 9).await.unwrap();
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!((event.person, event.kind), (thread.person, ConsentKind::OptOut));
    assert_eq!((event.channel.as_str(), event.source.as_str()), ("whatsapp", "keyword"));
    assert_eq!((event.happened_at, event.recorded_at), (T0, T0));
    assert_eq!(event.about.wording.as_deref(), Some("BAJA"));
    assert_eq!(event.about.evidence.as_deref(), Some("wamid.1"));
    let standing = w.store.consents(&thread.tenant, thread.person).await.unwrap();
    assert_eq!(standing.len(), 1);
    assert_eq!((standing[0].purpose, standing[0].kind), (Purpose::Marketing, ConsentKind::OptOut));
}

pub async fn every_order_of_consent_events_ends_alike(w: World) {
    let thread = w.thread().await;
    let (yes, no) = (ConsentKind::OptIn, ConsentKind::OptOut);
    // at the same time the opt-out holds
    let events = [(yes, 1), (no, 2), (yes, 2)];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (n, order) in orders.into_iter().enumerate() {
        let other = w.person(&thread.tenant, "100").await;
        for at in order {
            let (kind, minutes) = events[at];
            let key = (n * 3 + at) as u8;
            let event = said(&other, key, kind, T0.plus(minutes * MINUTE));
            assert_eq!(w.did(Op::Consent(event)).await, Did::New(true));
        }
        let now = w.store.consents(&thread.tenant, other.person).await.unwrap();
        assert_eq!((now[0].kind, now[0].happened_at), (no, T0.plus(2 * MINUTE)), "{order:?}");
        let all = w.store.consent_events(&thread.tenant, other.person, 9).await.unwrap();
        assert_eq!(all.len(), 3, "the ledger keeps all");
    }
}

pub async fn effects_of_an_event_happen_when_it_changes_something(w: World) {
    let thread = w.thread().await;
    let (yes, no) = (ConsentKind::OptIn, ConsentKind::OptOut);
    // kind, minute, whether it changes where the person stands
    let told = [(no, 1, true), (no, 2, false), (yes, 0, false), (yes, 3, true), (no, 4, true)];
    for (key, (kind, minutes, changes)) in told.into_iter().enumerate() {
        let mut event = said(&thread, key as u8, kind, T0.plus(minutes * MINUTE));
        let (sent, op) = w.outbox(&thread, |_| {});
        event.effects = vec![op];
        for news in [true, false] {
            assert_eq!(w.did(Op::Consent(event.clone())).await, Did::New(news));
        }
        let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap();
        assert_eq!(row.is_some(), changes, "{kind:?} {minutes}");
    }
}

pub async fn after_an_opt_out_what_is_queued_fails_on_every_number(w: World) {
    let thread = w.thread().await;
    w.number(&thread.tenant, "101").await;
    let second = Thread {
        number: model::ids::PhoneNumberId::new("101"),
        lane: model::ids::LaneId::new(&w.ambient),
        conversation: model::ids::ConversationId::new(&w.ambient),
        ..thread.clone()
    };
    let opened = second.ops(store::Profile::default()).split_off(1);
    w.commit(opened).await.unwrap();
    let mut queued = Vec::new();
    for place in [&thread, &second] {
        queued.push((place, template(&w, place, Purpose::Marketing).await));
    }
    let spared = template(&w, &thread, Purpose::Utility).await;
    w.did(Op::Consent(said(&thread, 1, ConsentKind::OptOut, T0))).await;
    for (place, sent) in &queued {
        let did = begin(&w, place, sent, ConsentPolicy::IMPLIED).await;
        assert_eq!(did, Did::NotNow(NotNow::Denied(Denied::OptedOut)));
        let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
        assert_eq!((row.state, row.attempts), (OutboxState::Failed, 0));
        assert_eq!(row.code.as_deref(), Some("puente.opted_out"));
        let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
        assert_eq!(message.state.unwrap().status, Status::Failed);
        let key = (store::Object::Message, *sent.message.as_bytes());
        let wanted = w.store.sync_rows(&thread.tenant, &[key]).await.unwrap();
        assert_eq!(wanted.first().map(|row| row.wanted), Some(1), "Salesforce shows it");
    }
    // a neighbour, and another purpose, go out
    let did = begin(&w, &thread, &spared, ConsentPolicy::IMPLIED).await;
    assert!(matches!(did, Did::Permit(_)));
    let neighbour = w.person(&thread.tenant, "100").await;
    let sent = template(&w, &neighbour, Purpose::Marketing).await;
    let did = begin(&w, &neighbour, &sent, ConsentPolicy::IMPLIED).await;
    assert!(matches!(did, Did::Permit(_)));
    // an older opt-in changes nothing, a newer one does
    for (key, minutes, goes) in [(2, -5, false), (3, 5, true)] {
        let event = said(&thread, key, ConsentKind::OptIn, T0.plus(minutes * MINUTE));
        w.did(Op::Consent(event)).await;
        let sent = template(&w, &thread, Purpose::Marketing).await;
        let did = begin(&w, &thread, &sent, ConsentPolicy::IMPLIED).await;
        assert_eq!(matches!(did, Did::Permit(_)), goes, "{minutes}");
    }
}

pub async fn a_send_is_held_against_the_category_its_template_has_now(w: World) {
    let thread = w.thread().await;
    w.did(Op::Consent(said(&thread, 1, ConsentKind::OptOut, T0))).await;
    let listed = |category: &str, minutes: i64| {
        Op::TemplateListed(TemplateListed {
            tenant: thread.tenant.clone(),
            // of the account that the number belongs to
            waba: model::ids::WabaId::new("200"),
            name: "offer".into(),
            language: "es_MX".into(),
            meta_id: "1".into(),
            state: "APPROVED".into(),
            category: category.into(),
            named: false,
            parts: "[]".into(),
            reason: None,
            quality: None,
            at: T0.plus(minutes * MINUTE),
        })
    };
    let agreed = |category: &str| {
        Op::AgreeTemplate(TemplateAgreed {
            tenant: thread.tenant.clone(),
            waba: model::ids::WabaId::new("200"),
            name: "offer".into(),
            language: "es_MX".into(),
            category: category.into(),
            at: T0,
        })
    };
    let cases = [
        (None, false),
        (Some("UTILITY"), true),
        (Some("MARKETING"), false),
        (Some("AUTHENTICATION"), true),
    ];
    for (minutes, (category, goes)) in cases.into_iter().enumerate() {
        // it was queued before the category was known, or while it was another
        let sent = w
            .send(&thread, |new| {
                new.free_form = false;
                new.purpose = Purpose::Marketing;
                new.template = Some(TemplateUse { name: "offer".into(), language: "es_MX".into() });
            })
            .await;
        if let Some(category) = category {
            w.did(listed(category, minutes as i64)).await;
            w.did(agreed(category)).await;
        }
        let did = begin(&w, &thread, &sent, ConsentPolicy::IMPLIED).await;
        assert_eq!(matches!(did, Did::Permit(_)), goes, "{category:?}: {did:?}");
    }
}

pub async fn where_consent_is_required_nobody_else_is_written_to(w: World) {
    let thread = w.thread().await;
    let strict = ConsentPolicy { marketing: Need::Required, utility: Need::Implied };
    let sent = template(&w, &thread, Purpose::Marketing).await;
    let did = begin(&w, &thread, &sent, strict).await;
    assert_eq!(did, Did::NotNow(NotNow::Denied(Denied::NoConsent)));
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!(row.code.as_deref(), Some("puente.no_consent"));
    let sent = template(&w, &thread, Purpose::Utility).await;
    assert!(matches!(begin(&w, &thread, &sent, strict).await, Did::Permit(_)));
    w.did(Op::Consent(said(&thread, 1, ConsentKind::OptIn, T0))).await;
    let sent = template(&w, &thread, Purpose::Marketing).await;
    assert!(matches!(begin(&w, &thread, &sent, strict).await, Did::Permit(_)));
}

pub async fn who_wants_no_service_is_answered_when_they_write_again(w: World) {
    let thread = w.thread().await;
    w.wrote_in(&thread, T0.plus(-HOUR)).await;
    let mut out = said(&thread, 1, ConsentKind::OptOut, T0.plus(-HOUR));
    out.purpose = Purpose::Service;
    w.did(Op::Consent(out)).await;
    let sent = w.send(&thread, |_| {}).await;
    let did = begin(&w, &thread, &sent, ConsentPolicy::IMPLIED).await;
    assert_eq!(did, Did::NotNow(NotNow::Denied(Denied::OptedOut)));
    // that it was heard is said all the same
    let notice = w.send(&thread, |new| new.purpose = Purpose::Notice).await;
    let did = begin(&w, &thread, &notice, ConsentPolicy::IMPLIED).await;
    assert!(matches!(did, Did::Permit(_)));
    w.wrote_in(&thread, T0.plus(-MINUTE)).await;
    let sent = w.send(&thread, |_| {}).await;
    let did = begin(&w, &thread, &sent, ConsentPolicy::IMPLIED).await;
    assert!(matches!(did, Did::Permit(_)));
}

pub async fn a_message_names_whom_an_opt_out_is_of(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let mut event = said(&thread, 1, ConsentKind::OptOut, T0);
    event.whom = Whom::Message(KEY);
    assert_eq!(w.did(Op::Consent(event.clone())).await, Did::New(false));
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    assert_eq!(w.did(Op::Consent(event.clone())).await, Did::New(true));
    assert_eq!(w.did(Op::Consent(event)).await, Did::New(false));
    let now = w.store.consents(&thread.tenant, thread.person).await.unwrap();
    assert_eq!(now[0].kind, ConsentKind::OptOut);
}

pub async fn consents_of_two_tenants_never_meet(w: World) {
    let thread = w.thread().await;
    let other = w.tenant("globex").await;
    w.number(&other, "200").await;
    let theirs = w.person(&other, "200").await;
    w.did(Op::Consent(said(&thread, 1, ConsentKind::OptOut, T0))).await;
    // the same key of another tenant is another event
    assert_eq!(w.did(Op::Consent(said(&theirs, 1, ConsentKind::OptIn, T0))).await, Did::New(true));
    assert!(w.store.consents(&other, thread.person).await.unwrap().is_empty());
    assert!(w.store.consent_events(&other, thread.person, 9).await.unwrap().is_empty());
    let mut across = said(&theirs, 2, ConsentKind::OptOut, T0);
    across.whom = Whom::Person(thread.person);
    assert!(matches!(w.refused(Op::Consent(across)).await, StoreError::Conflict("person")));
    assert_eq!(w.store.consents(&other, theirs.person).await.unwrap()[0].kind, ConsentKind::OptIn);
}
