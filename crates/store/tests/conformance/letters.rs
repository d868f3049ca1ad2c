//! Dead letters: one list over all tables, and what people do about them.

use bytes::Bytes;
use model::UnixMs;
use model::ids::{AppId, PersonId, PhoneNumberId};
use store::op::*;
use store::{
    Did, Letter, LetterFilter, LetterId, LetterKind, Object, Op, OutboxState, Reach, RecordKind,
    RecordState,
};

use crate::ambient::T0;
use crate::files_aside::file_aside;
use crate::inbound::item;
use crate::world::{MINUTE, Sent, Thread, World, accepted};

const DONE: Did = Did::Decided(Decided::Done);
const GONE: Did = Did::Decided(Decided::Gone);
const ROW: [u8; 16] = [5; 16];

fn reach(thread: &Thread) -> Reach {
    Reach { tenant: thread.tenant.clone(), apps: vec![AppId::new("main")], numbers: vec![] }
}

fn at(n: i64) -> UnixMs {
    T0.plus(n * MINUTE)
}

async fn list(w: &World, reach: &Reach, filter: LetterFilter) -> Vec<Letter> {
    w.store.letters(reach, &filter, 100).await.unwrap()
}

async fn ids(w: &World, reach: &Reach) -> Vec<LetterId> {
    list(w, reach, LetterFilter::default()).await.into_iter().map(|l| l.id).collect()
}

async fn webhook(w: &World, app: &str, time: UnixMs) -> LetterId {
    let (app, body) = (AppId::new(app), Bytes::from_static(b"not json"));
    let did = w.did(Op::AppendWebhook(NewWebhook { app, received_at: T0, body })).await;
    let Did::Seq(seq) = did else { panic!("{did:?}") };
    w.did(Op::JournalAside { seq, at: time, code: "puente.not_json".into() }).await;
    LetterId::Webhook(seq)
}

async fn item_aside(w: &World, thread: &Thread, day: i32, time: UnixMs) {
    let state = ItemState::Aside { code: "puente.broken_item".into(), detail: "no \0 id".into() };
    let new = NewItem {
        state,
        at: time,
        raw: Some(Bytes::from_static(b"{}")),
        envelope: Some(Bytes::from_static(b"{\"entry\":[]}")),
        ..item(thread, day, vec![])
    };
    assert_eq!(w.did(Op::Item(new)).await, Did::New(true));
}

async fn unclaimed(w: &World, thread: &Thread, day: i32, time: UnixMs) {
    let new = NewItem {
        tenant: None,
        person: None,
        number: Some(PhoneNumberId::new("999")),
        state: ItemState::Unclaimed,
        at: time,
        raw: Some(Bytes::from_static(b"{}")),
        envelope: Some(Bytes::from_static(b"{\"entry\":[]}")),
        ..item(thread, day, vec![])
    };
    assert_eq!(w.did(Op::Item(new)).await, Did::New(true));
}

async fn refused(w: &World, thread: &Thread, time: UnixMs) -> Sent {
    let sent = w.sent(thread).await;
    let permit = w.permit(thread, &sent).await;
    let end = SendEnd::Refused { code: "wa.131026".into(), detail: "undeliverable".into() };
    w.did(Op::FinishSend(FinishSend { permit, at: time, end, sync_due_at: time })).await;
    sent
}

async fn write_aside(w: &World, thread: &Thread, time: UnixMs) {
    let (tenant, root) = (thread.tenant.clone(), thread.person);
    let row = SyncRef { object: Object::Conversation, id: ROW, version: 1 };
    let want = Want { tenant: tenant.clone(), object: row.object, id: ROW, root, due_at: T0 };
    w.did(Op::Want(want)).await;
    w.did(Op::SyncBegin(SyncBegin { tenant: tenant.clone(), rows: vec![row], at: T0 })).await;
    let end = SyncOutcome::Aside { code: "sf.INVALID_FIELD".into(), detail: "hidden".into() };
    w.did(Op::SyncEnd(SyncEnd { tenant, row, at: time, end })).await;
}

async fn record_aside(w: &World, thread: &Thread, time: UnixMs) -> LetterId {
    let slot = *thread.person.as_bytes();
    w.did(Op::WantRecord(NewRecordLink {
        tenant: thread.tenant.clone(),
        person: thread.person,
        kind: RecordKind::Lead,
        slot,
        at: T0,
        due_at: T0,
        again: false,
    }))
    .await;
    w.did(Op::RecordStep(RecordStep {
        tenant: thread.tenant.clone(),
        person: thread.person,
        kind: RecordKind::Lead,
        slot,
        state: RecordState::Aside,
        record: None,
        due_at: T0,
        charge: true,
        code: Some("sf.DUPLICATES_DETECTED".into()),
        detail: Some("two candidates".into()),
        plan: None,
        at: time,
    }))
    .await;
    LetterId::Record(RecordKind::Lead, slot)
}

/// One of each kind; but for files, the last kind first in time.
async fn all(w: &World) -> (Thread, Vec<LetterId>) {
    let thread = w.thread().await;
    let record = record_aside(w, &thread, at(1)).await;
    write_aside(w, &thread, at(2)).await;
    let sent = refused(w, &thread, at(3)).await;
    item_aside(w, &thread, 1, at(4)).await;
    let hook = webhook(w, "main", at(5)).await;
    let write = LetterId::Write(Object::Conversation, ROW);
    let found = list(w, &reach(&thread), LetterFilter::default()).await;
    let item = found.iter().find(|l| l.id.kind() == LetterKind::Item).map(|l| l.id).unwrap();
    let file = file_aside(w, &thread, at(6)).await;
    (thread, vec![record, write, LetterId::Send(sent.outbox), item, hook, file])
}

fn replay(thread: &Thread, id: LetterId, intake: Option<IntakeAgain>) -> Op {
    let tenant = thread.tenant.clone();
    Op::ReplayLetter(LetterReplay { tenant, id, at: at(60), intake, effects: vec![] })
}

async fn intake(w: &World, thread: &Thread, id: LetterId) -> IntakeAgain {
    let found = w.store.letter_intake(&reach(thread), id).await.unwrap().unwrap();
    IntakeAgain { app: found.app, body: found.body.unwrap(), forget: found.key }
}

pub async fn letters_of_all_kinds_are_one_list_in_order_of_time(w: World) {
    let (thread, want) = all(&w).await;
    assert_eq!(ids(&w, &reach(&thread)).await, want);
    let letters = list(&w, &reach(&thread), LetterFilter::default()).await;
    let told: Vec<_> = letters.iter().map(|l| (l.at, l.code.as_str())).collect();
    assert_eq!(
        told,
        [
            (at(1), "sf.DUPLICATES_DETECTED"),
            (at(2), "sf.INVALID_FIELD"),
            (at(3), "wa.131026"),
            (at(4), "puente.broken_item"),
            (at(5), "puente.not_json"),
            (at(6), "puente.media_gone"),
        ]
    );
    assert_eq!(letters[3].detail.as_deref(), Some("no \0 id"));
    assert_eq!(letters[2].number, Some(thread.number.clone()));
    for letter in letters {
        let one = w.store.letter(&reach(&thread), letter.id).await.unwrap();
        assert_eq!(one, Some(letter));
    }
    let depths = w.store.depths(Some(&thread.tenant)).await.unwrap();
    assert_eq!((depths.journal_aside, depths.items_aside, depths.sends_failed), (1, 1, 1));
    assert_eq!((depths.sync_aside, depths.records_aside, depths.media_aside), (1, 1, 1));
}

pub async fn a_page_goes_on_where_the_one_before_ended(w: World) {
    let (thread, _) = all(&w).await;
    // several of each kind at one time
    for day in 10..13 {
        item_aside(&w, &thread, day, at(9)).await;
        refused(&w, &thread, at(9)).await;
        webhook(&w, "main", at(9)).await;
        file_aside(&w, &thread, at(9)).await;
    }
    let want = ids(&w, &reach(&thread)).await;
    assert_eq!(want.len(), 18);
    for size in 1..=4 {
        let (mut seen, mut after) = (vec![], None);
        loop {
            let filter = LetterFilter { after, ..LetterFilter::default() };
            let page = w.store.letters(&reach(&thread), &filter, size).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some((last.at, last.id));
            seen.extend(page.into_iter().map(|l| l.id));
        }
        assert_eq!(seen, want, "pages of {size}");
    }
}

pub async fn letters_are_chosen_by_kind_code_and_time(w: World) {
    let (thread, all) = all(&w).await;
    unclaimed(&w, &thread, 50, at(6)).await;
    let reach = reach(&thread);
    for (kind, n) in [
        (LetterKind::Record, 0),
        (LetterKind::Write, 1),
        (LetterKind::Send, 2),
        (LetterKind::File, 5),
    ] {
        let filter = LetterFilter { kind: Some(kind), ..LetterFilter::default() };
        let found = list(&w, &reach, filter).await;
        assert_eq!(found.iter().map(|l| l.id).collect::<Vec<_>>(), [all[n]]);
    }
    for (code, count) in [("wa.131026", 1), ("sf.INVALID_FIELD", 1), ("unclaimed", 1), ("wa.1", 0)]
    {
        let filter = LetterFilter { code: Some(code.into()), ..LetterFilter::default() };
        assert_eq!(list(&w, &reach, filter).await.len(), count, "{code}");
    }
    let (from, until) = (Some(at(2)), Some(at(4)));
    let found = list(&w, &reach, LetterFilter { from, until, ..LetterFilter::default() }).await;
    assert_eq!(found.iter().map(|l| l.id).collect::<Vec<_>>(), all[1..3]);
}

pub async fn another_tenants_letters_are_out_of_reach(w: World) {
    let (thread, all) = all(&w).await;
    unclaimed(&w, &thread, 50, at(6)).await;
    let other = w.tenant("globex").await;
    let nobody = Reach { tenant: other.clone(), apps: vec![], numbers: vec![] };
    assert!(ids(&w, &nobody).await.is_empty());
    let theirs = Thread { tenant: other.clone(), ..thread.clone() };
    for id in all {
        assert_eq!(w.store.letter(&nobody, id).await.unwrap(), None, "{id}");
        assert!(w.store.letter_intake(&nobody, id).await.unwrap().is_none(), "{id}");
        if id.kind() == LetterKind::Webhook {
            continue; // a body belongs to its app: reading it comes before
        }
        let again = IntakeAgain { app: AppId::new("main"), body: Bytes::new(), forget: None };
        let again = (id.kind() == LetterKind::Item).then_some(again);
        assert_eq!(w.did(replay(&theirs, id, again)).await, GONE, "{id}");
        let (tenant, reason) = (other.clone(), "mine".to_owned());
        let discard = LetterDiscard { tenant, id, at: at(9), reason, effects: vec![] };
        assert_eq!(w.did(Op::DiscardLetter(discard)).await, GONE, "{id}");
    }
    let number = Reach { numbers: vec![PhoneNumberId::new("999")], ..nobody };
    let found = list(&w, &number, LetterFilter::default()).await;
    assert_eq!(found.len(), 1, "the number is theirs by now");
    assert_eq!(found[0].code, "unclaimed");
    let both = Reach { apps: vec![AppId::new("main")], ..number };
    let items = LetterFilter { kind: Some(LetterKind::Item), ..LetterFilter::default() };
    assert_eq!(list(&w, &both, items).await.len(), 1, "each once");
}

pub async fn a_send_is_replayed_once_and_at_the_tail(w: World) {
    let thread = w.thread().await;
    let sent = refused(&w, &thread, at(1)).await;
    let next = w.send(&thread, |_| {}).await;
    let id = LetterId::Send(sent.outbox);
    assert_eq!(w.did(replay(&thread, id, None)).await, DONE);
    assert_eq!(w.did(replay(&thread, id, None)).await, GONE);
    let order = w.store.outbox_in_state(&thread.tenant, OutboxState::Queued, 9).await.unwrap();
    let queued: Vec<_> = order.iter().map(|row| (row.id, row.replays)).collect();
    assert_eq!(queued, [(next.outbox, 0), (sent.outbox, 1)]);
    assert!(ids(&w, &reach(&thread)).await.is_empty());
    let Did::Permit(second) = w.begin(&thread, &sent, at(60)).await else { panic!("no permit") };
    w.finish(&second, accepted()).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
    assert_eq!(w.did(replay(&thread, id, None)).await, GONE, "what Meta has is not sent again");
}

pub async fn a_write_is_replayed_with_all_its_attempts(w: World) {
    let thread = w.thread().await;
    write_aside(&w, &thread, at(1)).await;
    let id = LetterId::Write(Object::Conversation, ROW);
    assert_eq!(w.did(replay(&thread, id, None)).await, DONE);
    let due = w.store.sync_due(&thread.tenant, at(60), 9).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].attempts, due[0].wanted, due[0].done, due[0].aside), (0, 1, 0, false));
    assert_eq!(w.did(replay(&thread, id, None)).await, GONE);
}

pub async fn a_record_is_looked_up_anew(w: World) {
    let thread = w.thread().await;
    let id = record_aside(&w, &thread, at(1)).await;
    assert_eq!(w.did(replay(&thread, id, None)).await, DONE);
    let links = w.store.record_links_due(&thread.tenant, at(60), 9).await.unwrap();
    assert_eq!((links[0].state, links[0].attempts), (RecordState::Wanted, 0));
    assert_eq!(w.did(replay(&thread, id, None)).await, GONE);
}

pub async fn an_item_is_taken_in_anew(w: World) {
    let thread = w.thread().await;
    item_aside(&w, &thread, 7, at(1)).await;
    let id = ids(&w, &reach(&thread)).await[0];
    let again = intake(&w, &thread, id).await;
    assert_eq!(again.forget, Some(DayKey { day: 7, hash: [3; 16] }));
    assert_eq!(w.did(replay(&thread, id, Some(again.clone()))).await, DONE);
    let open = w.store.journal_next(9).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].body.as_ref(), open[0].received_at), (&b"{\"entry\":[]}"[..], at(60)));
    assert_eq!(w.store.keys_seen(&[DayKey { day: 7, hash: [3; 16] }]).await.unwrap(), [false]);
    assert_eq!(w.did(replay(&thread, id, Some(again))).await, GONE);
    assert_eq!(w.store.journal_next(9).await.unwrap().len(), 1, "taken in once");
    assert_eq!(w.store.depths(None).await.unwrap().items_aside, 0);
}

pub async fn a_body_is_taken_in_anew(w: World) {
    let thread = w.thread().await;
    let id = webhook(&w, "main", at(1)).await;
    let again = intake(&w, &thread, id).await;
    assert_eq!(w.did(replay(&thread, id, Some(again.clone()))).await, DONE);
    assert_eq!(w.did(replay(&thread, id, Some(again))).await, GONE);
    let open = w.store.journal_next(9).await.unwrap();
    assert_eq!(open.iter().map(|row| row.body.as_ref()).collect::<Vec<_>>(), [b"not json"]);
    assert_eq!(w.store.depths(None).await.unwrap().journal_aside, 0);
}

pub async fn what_is_discarded_stays_with_its_reason(w: World) {
    let (thread, all) = all(&w).await;
    for id in &all {
        let discard = || {
            let (tenant, reason) = (thread.tenant.clone(), "a test\0".to_owned());
            let id = *id;
            Op::DiscardLetter(LetterDiscard { tenant, id, at: at(9), reason, effects: vec![] })
        };
        assert_eq!(w.did(discard()).await, DONE, "{id}");
        assert_eq!(w.did(discard()).await, GONE, "{id}");
        let again = IntakeAgain { app: AppId::new("main"), body: Bytes::new(), forget: None };
        let intaken = matches!(id.kind(), LetterKind::Webhook | LetterKind::Item);
        assert_eq!(w.did(replay(&thread, *id, intaken.then_some(again))).await, GONE, "{id}");
    }
    assert!(ids(&w, &reach(&thread)).await.is_empty());
    assert!(w.store.sync_due(&thread.tenant, at(99), 9).await.unwrap().iter().all(|r| r.id != ROW));
    let LetterId::Send(outbox) = all[2] else { panic!("the third is a send") };
    let row = w.store.outbox(&thread.tenant, outbox).await.unwrap().unwrap();
    assert_eq!((row.state, row.detail.as_deref()), (OutboxState::Dropped, Some("a test\0")));
    // wanted anew, a row goes on, and is a letter again when it is refused again
    write_aside(&w, &thread, at(10)).await;
    let row = SyncRef { object: Object::Conversation, id: ROW, version: 2 };
    let end = SyncOutcome::Aside { code: "sf.INVALID_FIELD".into(), detail: "hidden".into() };
    let tenant = thread.tenant.clone();
    w.did(Op::SyncEnd(SyncEnd { tenant, row, at: at(11), end })).await;
    assert_eq!(ids(&w, &reach(&thread)).await, [all[1]]);
}

pub async fn an_edited_send_is_sent_as_edited(w: World) {
    let thread = w.thread().await;
    let sent = refused(&w, &thread, at(1)).await;
    let edit = |outbox| {
        let edit = Edit::Send {
            body: b"{\"type\":\"image\"}".to_vec(),
            free_form: false,
            template: None,
            kind: "image".into(),
            shown: b"a picture".to_vec(),
            sync_due_at: at(2),
        };
        let (tenant, id) = (thread.tenant.clone(), LetterId::Send(outbox));
        Op::EditLetter(LetterEdit { tenant, id, edit, effects: vec![] })
    };
    assert_eq!(w.did(edit(sent.outbox)).await, DONE);
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!((row.body.as_slice(), row.free_form), (&b"{\"type\":\"image\"}"[..], false));
    assert_eq!(row.state, OutboxState::Failed, "only a replay sends");
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    assert_eq!((message.kind.as_str(), message.body.as_slice()), ("image", &b"a picture"[..]));
    let queued = w.send(&thread, |_| {}).await;
    assert_eq!(w.did(edit(queued.outbox)).await, GONE, "only a letter is edited");
}

pub async fn an_edited_body_is_taken_in_as_edited(w: World) {
    let thread = w.thread().await;
    let hook = webhook(&w, "main", at(1)).await;
    item_aside(&w, &thread, 7, at(2)).await;
    for id in ids(&w, &reach(&thread)).await {
        let body = Bytes::from_static(b"{\"object\":\"mended\"}");
        let (tenant, edit) = (thread.tenant.clone(), Edit::Body(body.clone()));
        let edit = LetterEdit { tenant, id, edit, effects: vec![] };
        assert_eq!(w.did(Op::EditLetter(edit)).await, DONE, "{id}");
        assert_eq!(intake(&w, &thread, id).await.body, body);
        let again = intake(&w, &thread, id).await;
        assert_eq!(w.did(replay(&thread, id, Some(again))).await, DONE);
        let (tenant, edit) = (thread.tenant.clone(), Edit::Body(body));
        let edit = LetterEdit { tenant, id, edit, effects: vec![] };
        assert_eq!(w.did(Op::EditLetter(edit)).await, GONE, "{id}");
    }
    assert_eq!(hook.kind(), LetterKind::Webhook);
    assert_eq!(w.store.journal_next(9).await.unwrap().len(), 2);
    let nobody = PersonId::new(&w.ambient);
    let other = LetterId::Record(RecordKind::Lead, *nobody.as_bytes());
    let edit = Edit::Body(Bytes::new());
    let edit = LetterEdit { tenant: thread.tenant, id: other, edit, effects: vec![] };
    assert!(w.refused(Op::EditLetter(edit)).await.is_conflict(), "a record has no body");
}
