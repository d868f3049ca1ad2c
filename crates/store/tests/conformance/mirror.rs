//! What Salesforce should show, in key order; and the reports about it.

use model::UnixMs;
use model::ids::{MessageId, RecordId, ReportId};
use store::op::*;
use store::{Did, Direction, MirrorRange, Mirrored, Object, Op, OutboxState, ReportState, Synced};

use crate::ambient::T0;
use crate::inbound::item;
use crate::world::{HOUR, MINUTE, Thread, World, accepted, status};

fn range(after: Option<&Mirrored>, max: u32) -> MirrorRange {
    let after = after.map(|row| (row.key.clone(), row.id));
    MirrorRange { after, since: None, until: T0.plus(HOUR), max }
}

async fn stored(w: &World, thread: &Thread, key: &str, at: UnixMs) -> MessageId {
    let id = MessageId::new(&w.ambient);
    let new = NewMessage { record_key: key.repeat(32), received_at: at, ..w.message(thread, id) };
    w.did(Op::NewMessage(new)).await;
    id
}

pub async fn rows_come_in_the_order_of_their_keys_page_by_page(w: World) {
    let thread = w.thread().await;
    for key in ["0f", "aa", "00", "10", "aa"] {
        stored(&w, &thread, key, T0).await;
    }
    let (tenant, object) = (&thread.tenant, Object::Message);
    let mut got: Vec<Mirrored> = vec![];
    loop {
        let page = w.store.mirror(tenant, object, range(got.last(), 2)).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        got.extend(page);
    }
    let keys: Vec<_> = got.iter().map(|row| &row.key[..2]).collect();
    assert_eq!(keys, ["00", "0f", "10", "aa", "aa"]);
    assert!(got.iter().all(|row| row.direction == Some(Direction::In) && row.sync.is_none()));
    assert_eq!(got[0].root, thread.person);
    for (object, key) in [
        (Object::Person, thread.person.to_string()),
        (Object::Conversation, thread.conversation.to_string()),
    ] {
        let page = w.store.mirror(tenant, object, range(None, 9)).await.unwrap();
        assert_eq!(page.iter().map(|row| &row.key).collect::<Vec<_>>(), [&key]);
        let next = w.store.mirror(tenant, object, range(page.last(), 9)).await.unwrap();
        assert!(next.is_empty());
        let found = w.store.mirror_by_keys(tenant, object, &[key, "x".into()]).await.unwrap();
        assert_eq!(found, page);
    }
    let found = w.store.mirror_by_keys(tenant, object, &["0f".repeat(32)]).await.unwrap();
    assert_eq!(found, got[1..2]);
    let other = w.tenant("globex").await;
    assert!(w.store.mirror(&other, object, range(None, 9)).await.unwrap().is_empty());
}

pub async fn a_range_of_time_is_kept_to(w: World) {
    let thread = w.thread().await;
    for (key, at) in [("aa", -1), ("bb", 0), ("cc", 5), ("dd", 10)] {
        stored(&w, &thread, key, T0.plus(at)).await;
    }
    let range = MirrorRange { after: None, since: Some(T0), until: T0.plus(10), max: 9 };
    let page = w.store.mirror(&thread.tenant, Object::Message, range).await.unwrap();
    let keys: Vec<_> = page.iter().map(|row| &row.key[..2]).collect();
    assert_eq!(keys, ["bb", "cc"]);
}

pub async fn a_row_tells_how_far_it_got_and_what_is_known_of_it(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let read = || async {
        let page = w.store.mirror(&thread.tenant, Object::Message, range(None, 9)).await;
        page.unwrap().remove(0)
    };
    assert_eq!(read().await.outbox, Some(OutboxState::Queued));
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    w.did(Op::MergeStatus(status(&thread, model::Status::Delivered, T0))).await;
    let row = read().await;
    assert_eq!(row.stated, Some(model::Status::Delivered));
    assert_eq!(row.outbox, Some(OutboxState::Accepted));
    let wanted = row.sync.unwrap().wanted;
    let row = SyncRef { object: Object::Message, id: *sent.message.as_bytes(), version: wanted };
    let tenant = thread.tenant.clone();
    w.did(Op::SyncBegin(SyncBegin { tenant: tenant.clone(), rows: vec![row], at: T0 })).await;
    let record = RecordId::new("a0X000000000001AAA");
    let end = SyncOutcome::Written(record.clone());
    w.did(Op::SyncEnd(SyncEnd { tenant, row, at: T0, end })).await;
    let synced = Synced { wanted, done: wanted, aside: false, code: None, record: Some(record) };
    assert_eq!(read().await.sync, Some(synced));
}

pub async fn an_item_whose_message_is_not_there_is_found(w: World) {
    let thread = w.thread().await;
    let (kept, lost) = (MessageId::new(&w.ambient), MessageId::new(&w.ambient));
    for (day, message, effects) in
        [(1, kept, vec![Op::NewMessage(w.message(&thread, kept))]), (2, lost, vec![])]
    {
        let mut item = item(&thread, day, effects);
        item.message = Some(message);
        w.did(Op::Item(item)).await;
    }
    let first = MessageId::from_bytes([0; 16]);
    let mut want = vec![(kept, true), (lost, false)];
    want.sort();
    let page = w.store.items_with_message(&thread.tenant, first, 9).await.unwrap();
    assert_eq!(page, want);
    let rest = w.store.items_with_message(&thread.tenant, want[0].0, 9).await.unwrap();
    assert_eq!(rest, want[1..]);
}

pub async fn a_report_is_asked_for_once_made_once_and_sealed(w: World) {
    let tenant = w.tenant("acme").await;
    let id = ReportId::new(&w.ambient);
    let ask = |id, at| {
        Op::AskReport(NewReport {
            tenant: tenant.clone(),
            id,
            asked_at: at,
            asked_by: "daily".into(),
            since: Some(T0.plus(-HOUR)),
            repair: true,
        })
    };
    assert_eq!(w.did(ask(id, T0)).await, Did::New(true));
    assert_eq!(w.did(ask(id, T0.plus(MINUTE))).await, Did::New(false));
    let later = ReportId::new(&w.ambient);
    w.did(ask(later, T0.plus(MINUTE))).await;
    let wanted = w.store.report_wanted(&tenant).await.unwrap().unwrap();
    assert_eq!((wanted.id, wanted.asked_at, wanted.since), (id, T0, Some(T0.plus(-HOUR))));
    assert!(wanted.repair && wanted.summary.is_none());
    let end = |id, body: Option<&[u8]>, summary: &str| {
        let (at, body) = (T0.plus(HOUR), body.map(<[u8]>::to_vec));
        Op::EndReport(ReportEnd { tenant: tenant.clone(), id, at, summary: summary.into(), body })
    };
    w.did(end(id, Some(b"{}"), "all is well")).await;
    // a second maker comes late
    w.did(end(id, None, "could not")).await;
    let (made, body) = w.store.report(&tenant, id).await.unwrap().unwrap();
    assert_eq!((made.state, made.summary.as_deref()), (ReportState::Done, Some("all is well")));
    assert_eq!((made.ended_at, body.as_deref()), (Some(T0.plus(HOUR)), Some(&b"{}"[..])));
    w.did(end(later, None, "sf.login.unreachable")).await;
    assert_eq!(w.store.report_wanted(&tenant).await.unwrap(), None);
    let all = w.store.reports(&tenant, 9).await.unwrap();
    assert_eq!(all.iter().map(|r| r.id).collect::<Vec<_>>(), [later, id]);
    assert_eq!(all[0].state, ReportState::Failed);
    let other = w.tenant("globex").await;
    assert!(w.store.reports(&other, 9).await.unwrap().is_empty());
    assert!(w.store.report(&other, id).await.unwrap().is_none());
    let unknown = end(ReportId::new(&w.ambient), None, "x");
    assert!(matches!(w.refused(unknown).await, store::StoreError::Conflict("report")));
}
