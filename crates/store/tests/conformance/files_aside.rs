//! Files that were set aside, as dead letters.

use model::UnixMs;
use model::ids::RecordId;
use store::op::*;
use store::{Did, LetterId, MediaKind, MediaState, Object, Op, OutboxState, Reach};

use crate::ambient::T0;
use crate::media::{arrived, claim, row, step, wanted};
use crate::world::{HOUR, MINUTE, Thread, World};

const DONE: Did = Did::Decided(Decided::Done);
const GONE: Did = Did::Decided(Decided::Gone);

fn reach(thread: &Thread) -> Reach {
    Reach { tenant: thread.tenant.clone(), apps: vec![], numbers: vec![] }
}

async fn aside(w: &World, at: UnixMs) {
    let held = claim(w, MediaLane::Fetch).await.remove(0);
    let aside = MediaMove::Aside { code: "puente.media_gone".into(), detail: "too late \0".into() };
    let Op::MediaStep(ended) = step(&held, aside) else { panic!("a step") };
    w.did(Op::MediaStep(MediaStep { at, ..ended })).await;
}

/// The file of a customer's message, set aside then.
pub async fn file_aside(w: &World, thread: &Thread, at: UnixMs) -> LetterId {
    let media = arrived(w, thread).await;
    aside(w, at).await;
    LetterId::File(media.id)
}

fn replay(thread: &Thread, id: LetterId, effects: Vec<Op>) -> Op {
    let (tenant, at) = (thread.tenant.clone(), T0.plus(HOUR));
    Op::ReplayLetter(LetterReplay { tenant, id, at, intake: None, effects })
}

pub async fn a_file_is_a_letter_that_tells_whose_it_is(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let at = T0.plus(MINUTE);
    aside(&w, at).await;
    let id = LetterId::File(media.id);
    let letter = w.store.letter(&reach(&thread), id).await.unwrap().unwrap();
    assert_eq!((letter.at, letter.code.as_str()), (at, "puente.media_gone"));
    assert_eq!(letter.detail.as_deref(), Some("too late \0"));
    assert_eq!((letter.person, letter.message), (media.person, media.message));
    assert_eq!(letter.number, media.number);

    assert_eq!(w.did(replay(&thread, id, vec![])).await, DONE);
    assert_eq!(w.did(replay(&thread, id, vec![])).await, GONE, "once");
    let back = row(&w, &media).await;
    assert_eq!((back.state, back.attempts, back.code), (MediaState::Requested, 0, None));
    assert_eq!(back.due_at, Some(T0.plus(HOUR)));
    assert_eq!(w.store.letter(&reach(&thread), id).await.unwrap(), None);
    let key = (Object::Message, *media.message.unwrap().as_bytes());
    let wants = w.store.sync_rows(&thread.tenant, &[key]).await.unwrap();
    assert_eq!(wants[0].wanted, 2, "Salesforce shows that it failed, then that it waits again");
}

pub async fn a_file_that_is_in_salesforce_goes_on_from_there(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let held = claim(&w, MediaLane::Fetch).await.remove(0);
    let version = Some(RecordId::new("068000000000001AAA"));
    let there = MediaMove::Reached {
        state: MediaState::Uploaded,
        due_at: Some(T0),
        about: None,
        bytes: None,
        version,
        document: None,
    };
    w.did(step(&held, there)).await;
    let held = claim(&w, MediaLane::Deliver).await.remove(0);
    let aside = MediaMove::Aside { code: "sf.INSUFFICIENT_ACCESS".into(), detail: "no".into() };
    w.did(step(&held, aside)).await;
    let id = LetterId::File(media.id);
    let letter = w.store.letter(&reach(&thread), id).await.unwrap().unwrap();
    assert_eq!(letter.record, Some(RecordId::new("068000000000001AAA")));
    assert_eq!(w.did(replay(&thread, id, vec![])).await, DONE);
    assert_eq!(row(&w, &media).await.state, MediaState::Uploaded, "it is linked, not fetched");
}

pub async fn a_discarded_file_is_tried_no_more(w: World) {
    let thread = w.thread().await;
    let id = file_aside(&w, &thread, T0).await;
    let LetterId::File(file) = id else { panic!("{id}") };
    let (tenant, reason) = (thread.tenant.clone(), "ours".to_owned());
    let discard = LetterDiscard { tenant, id, at: T0, reason, effects: vec![] };
    assert_eq!(w.did(Op::DiscardLetter(discard)).await, DONE);
    assert_eq!(w.did(replay(&thread, id, vec![])).await, GONE);
    let (tenant, at) = (thread.tenant.clone(), T0);
    let retry = MediaRetry { tenant, id: file, at, send_at: at };
    assert!(w.refused(Op::RetryMedia(retry)).await.is_conflict());
    let depths = w.store.depths(Some(&thread.tenant)).await.unwrap();
    assert_eq!((depths.media_aside, depths.media_due), (0, 0));
}

pub async fn the_file_of_a_send_comes_back_with_its_send(w: World) {
    let thread = w.thread().await;
    w.wrote_in(&thread, T0).await;
    let sent = w.send(&thread, |new| new.due_at = T0.plus(24 * HOUR)).await;
    let media = NewMedia {
        kind: MediaKind::Out,
        outbox: Some(sent.outbox),
        ..wanted(&w, &thread, sent.message)
    };
    w.did(Op::NewMedia(media.clone())).await;
    aside(&w, T0).await;
    let (tenant, outbox) = (thread.tenant.clone(), sent.outbox);
    let (code, detail) = ("puente.media_gone".into(), "too late".into());
    w.did(Op::SendHopeless(SendHopeless { tenant, outbox, at: T0, code, detail })).await;
    let letters = w.store.letters(&reach(&thread), &Default::default(), 9).await.unwrap();
    assert_eq!(letters.iter().map(|l| l.id).collect::<Vec<_>>(), [LetterId::Send(sent.outbox)]);
    assert_eq!((letters[0].person, letters[0].message), (media.person, media.message));
    assert_eq!(w.store.depths(None).await.unwrap().media_aside, 0, "one count for one letter");

    let (tenant, at, send_at) = (thread.tenant.clone(), T0.plus(HOUR), T0.plus(24 * HOUR));
    let retry = Op::RetryMedia(MediaRetry { tenant, id: media.id, at, send_at });
    let again = replay(&thread, LetterId::Send(sent.outbox), vec![retry]);
    assert_eq!(w.did(again.clone()).await, DONE);
    assert_eq!(w.did(again).await, GONE);
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Queued);
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!(row.due_at, send_at, "it waits for its file");
    let file = w.store.media(&thread.tenant, media.id).await.unwrap().unwrap();
    assert_eq!((file.state, file.due_at), (MediaState::Requested, Some(at)));
}
