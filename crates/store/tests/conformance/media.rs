//! Files on their way.

use model::ids::{MediaId, MessageId, RecordId};
use store::op::*;
use store::{Did, Media, MediaKind, MediaState, Object, Op, OutboxState, StoreError};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World};

pub fn wanted(w: &World, thread: &Thread, message: MessageId) -> NewMedia {
    NewMedia {
        tenant: thread.tenant.clone(),
        id: MediaId::new(&w.ambient),
        kind: MediaKind::In,
        state: MediaState::Requested,
        person: Some(thread.person),
        message: Some(message),
        outbox: None,
        number: Some(thread.number.clone()),
        at: T0,
        due_at: Some(T0),
        expires_at: Some(T0.plus(HOUR)),
        bytes: None,
        about: b"about".to_vec(),
    }
}

/// A message of the thread and the file that came with it.
pub async fn arrived(w: &World, thread: &Thread) -> NewMedia {
    let message = MessageId::new(&w.ambient);
    let media = wanted(w, thread, message);
    let row = w.message(thread, message);
    w.commit(vec![Op::NewMessage(row), Op::NewMedia(media.clone())]).await.unwrap();
    media
}

pub async fn claim(w: &World, lane: MediaLane) -> Vec<ClaimedMedia> {
    claim_as(w, "a", lane).await
}

async fn claim_as(w: &World, holder: &str, lane: MediaLane) -> Vec<ClaimedMedia> {
    let holder = holder.to_owned();
    let claim = ClaimMedia { lane, lease_ms: MINUTE, rows_max: 9, holder, now: T0 };
    match w.did(Op::ClaimMedia(claim)).await {
        Did::Media(claimed) => claimed,
        other => panic!("{other:?}"),
    }
}

pub fn step(claimed: &ClaimedMedia, step: MediaMove) -> Op {
    let ClaimedMedia { tenant, id, epoch } = claimed.clone();
    Op::MediaStep(MediaStep { tenant, id, epoch, at: T0.plus(5), step })
}

fn reached(state: MediaState, due: bool) -> MediaMove {
    MediaMove::Reached {
        state,
        due_at: due.then_some(T0),
        about: None,
        bytes: None,
        version: None,
        document: None,
    }
}

pub async fn row(w: &World, media: &NewMedia) -> Media {
    w.store.media(&media.tenant, media.id).await.unwrap().unwrap()
}

pub async fn a_file_goes_step_by_step_and_the_message_shows_it(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let message = media.message.unwrap();
    assert!(claim(&w, MediaLane::Deliver).await.is_empty());
    let held = claim(&w, MediaLane::Fetch).await;
    assert_eq!(held.len(), 1);
    assert!(claim(&w, MediaLane::Fetch).await.is_empty(), "it is held");
    let here = MediaMove::Reached {
        state: MediaState::Downloaded,
        due_at: Some(T0),
        about: Some(b"sealed anew".to_vec()),
        bytes: Some(9),
        version: None,
        document: None,
    };
    w.did(step(&held[0], here)).await;
    let now = row(&w, &media).await;
    assert_eq!(
        (now.state, now.bytes, &now.about[..]),
        (MediaState::Downloaded, Some(9), &b"sealed anew"[..])
    );
    assert_eq!((now.downloaded_at, now.called), (Some(T0.plus(5)), false));
    assert!(claim(&w, MediaLane::Fetch).await.is_empty());
    let held = claim(&w, MediaLane::Deliver).await;
    w.did(step(&held[0], MediaMove::Called)).await;
    assert!(row(&w, &media).await.called);
    assert!(claim(&w, MediaLane::Deliver).await.is_empty(), "a call keeps its lease");
    let there = MediaMove::Reached {
        state: MediaState::Uploaded,
        due_at: Some(T0),
        about: None,
        bytes: None,
        version: Some(RecordId::new("068000000000001AAA")),
        document: None,
    };
    w.did(step(&held[0], there)).await;
    let key = (Object::Message, *message.as_bytes());
    assert!(w.store.sync_rows(&thread.tenant, &[key]).await.unwrap().is_empty());
    let held = claim(&w, MediaLane::Deliver).await;
    let mut end = reached(MediaState::Linked, false);
    if let MediaMove::Reached { document, .. } = &mut end {
        *document = Some(RecordId::new("069000000000001AAA"));
    }
    w.did(step(&held[0], end)).await;
    let now = row(&w, &media).await;
    assert_eq!((now.state, now.due_at, now.bytes), (MediaState::Linked, None, Some(9)));
    assert_eq!(now.version, Some(RecordId::new("068000000000001AAA")));
    let shown = w.store.messages(&thread.tenant, &[message]).await.unwrap().remove(0);
    let shown = shown.media.unwrap();
    assert_eq!((shown.state, shown.document), (MediaState::Linked, now.document));
    let wants = w.store.sync_rows(&thread.tenant, &[key]).await.unwrap();
    assert_eq!(wants.len(), 1, "what became of it is to be seen in Salesforce");
    assert!(claim(&w, MediaLane::Deliver).await.is_empty());
}

pub async fn a_file_of_a_message_is_wanted_once(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let twice = wanted(&w, &thread, media.message.unwrap());
    assert!(w.refused(Op::NewMedia(twice)).await.is_conflict());
    let found = w.store.media_of_message(&thread.tenant, media.message.unwrap()).await.unwrap();
    assert_eq!(found.map(|m| m.id), Some(media.id));
    let other = w.tenant("other").await;
    assert!(w.store.media(&other, media.id).await.unwrap().is_none());
}

pub async fn the_holder_before_may_write_nothing(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let before = claim(&w, MediaLane::Fetch).await;
    w.did(Op::TakeOver { at: T0 }).await;
    let after = claim(&w, MediaLane::Fetch).await;
    assert_eq!(after.len(), 1, "a dead process holds nothing");
    let late = w.refused(step(&before[0], reached(MediaState::Downloaded, true))).await;
    assert!(matches!(late, StoreError::Fenced));
    assert_eq!(row(&w, &media).await.state, MediaState::Requested);
    w.did(step(&after[0], reached(MediaState::Downloaded, true))).await;
}

pub async fn a_customers_file_goes_to_who_holds_the_writer(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let sent = NewMedia {
        kind: MediaKind::Out,
        message: None,
        ..wanted(&w, &thread, MessageId::new(&w.ambient))
    };
    w.did(Op::NewMedia(sent.clone())).await;
    let take = |holder: &str, name: String| {
        let holder = holder.to_owned();
        Op::TakeLease(TakeLease { name, holder, lease_ms: MINUTE })
    };
    let other = w.tenant("other").await;
    w.did(take("b", format!("{WRITER}{}", thread.tenant))).await;
    w.did(take("a", format!("{WRITER}{other}"))).await;
    let ids = |claimed: Vec<ClaimedMedia>| claimed.into_iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!(ids(claim_as(&w, "a", MediaLane::Fetch).await), [sent.id], "not the other's");
    let held = claim_as(&w, "b", MediaLane::Fetch).await;
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].id, media.id);
    w.did(step(&held[0], reached(MediaState::Downloaded, true))).await;
    assert!(claim_as(&w, "a", MediaLane::Deliver).await.is_empty());
    // a writer that nobody holds holds nothing back
    w.did(Op::TakeOver { at: T0 }).await;
    assert_eq!(ids(claim_as(&w, "a", MediaLane::Deliver).await), [media.id]);
}

pub async fn attempts_are_charged_and_what_is_aside_can_be_tried_again(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let again = |charge, due_at| MediaMove::Again {
        due_at,
        charge,
        code: Some("wa.131052".into()),
        detail: Some("gone \0".into()),
    };
    let held = claim(&w, MediaLane::Fetch).await;
    w.did(step(&held[0], again(false, T0))).await;
    let held = claim(&w, MediaLane::Fetch).await;
    w.did(step(&held[0], again(true, T0))).await;
    let now = row(&w, &media).await;
    assert_eq!((now.attempts, now.detail.as_deref()), (1, Some("gone \0")));
    let held = claim(&w, MediaLane::Fetch).await;
    let aside = MediaMove::Aside { code: "puente.media_gone".into(), detail: "too late".into() };
    w.did(step(&held[0], aside)).await;
    let list = w.store.media_aside(&thread.tenant, 9).await.unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].code.as_deref(), Some("puente.media_gone"));
    let depths = w.store.depths(Some(&thread.tenant)).await.unwrap();
    assert_eq!((depths.media_due, depths.media_aside, depths.sync_due), (0, 1, 1));
    assert!(claim(&w, MediaLane::Fetch).await.is_empty());
    let (tenant, id) = (thread.tenant.clone(), media.id);
    let retry = MediaRetry { tenant, id, at: T0, send_at: T0.plus(HOUR) };
    w.did(Op::RetryMedia(retry.clone())).await;
    assert_eq!(row(&w, &media).await.attempts, 0);
    assert_eq!(claim(&w, MediaLane::Fetch).await.len(), 1);
    assert!(w.refused(Op::RetryMedia(retry)).await.is_conflict());
}

pub async fn a_file_that_is_not_due_wakes_in_time(w: World) {
    let thread = w.thread().await;
    let media = arrived(&w, &thread).await;
    let held = claim(&w, MediaLane::Fetch).await;
    let later =
        MediaMove::Again { due_at: T0.plus(MINUTE), charge: true, code: None, detail: None };
    w.did(step(&held[0], later)).await;
    assert!(claim(&w, MediaLane::Fetch).await.is_empty());
    assert_eq!(w.store.next_due(T0).await.unwrap(), Some(T0.plus(MINUTE)));
    assert_eq!(row(&w, &media).await.due_at, Some(T0.plus(MINUTE)));
}

pub async fn uploads_are_kept_for_a_while_and_copies_as_long_as_meta_does(w: World) {
    let thread = w.thread().await;
    let kept = NewMedia {
        kind: MediaKind::Kept,
        state: MediaState::Downloaded,
        person: None,
        message: None,
        due_at: None,
        ..wanted(&w, &thread, MessageId::new(&w.ambient))
    };
    w.did(Op::NewMedia(kept.clone())).await;
    assert_eq!(row(&w, &kept).await.about, b"about");
    assert!(claim(&w, MediaLane::Deliver).await.is_empty(), "nobody works at it");
    let stranger = MediaId::new(&w.ambient);
    assert_eq!(w.store.media_needed(&[kept.id, stranger]).await.unwrap(), vec![kept.id]);
    let copy = |meta_id: &str| {
        Op::KeepCopy(MediaCopy {
            tenant: thread.tenant.clone(),
            number: thread.number.clone(),
            hash: [3; 32],
            meta_id: meta_id.into(),
            expires_at: T0.plus(HOUR),
        })
    };
    w.commit(vec![copy("1"), copy("2")]).await.unwrap();
    let held = async |hash, now| {
        w.store.media_copy(&thread.tenant, &thread.number, &hash, now).await.unwrap()
    };
    assert_eq!(held([3; 32], T0).await.as_deref(), Some("2"));
    assert_eq!(held([4; 32], T0).await, None);
    assert_eq!(held([3; 32], T0.plus(HOUR)).await, None);
    assert_eq!(w.did(Op::PurgeMedia { now: T0.plus(HOUR - 1) }).await, Did::Count(0));
    assert_eq!(w.did(Op::PurgeMedia { now: T0.plus(HOUR) }).await, Did::Count(2));
    assert!(w.store.media_needed(&[kept.id]).await.unwrap().is_empty());
}

pub async fn a_send_waits_for_its_file(w: World) {
    let thread = w.thread().await;
    w.wrote_in(&thread, T0).await;
    let far = T0.plus(24 * HOUR);
    let first = w.send(&thread, |new| new.due_at = far).await;
    let second = w.send(&thread, |_| {}).await;
    assert!(w.claim(T0).await.is_empty(), "the lane waits whole");
    let (tenant, outbox) = (thread.tenant.clone(), first.outbox);
    w.did(Op::SendReady(SendReady { tenant, outbox, at: T0 })).await;
    assert_eq!(w.claim(T0).await.len(), 1);
    let hopeless = SendHopeless {
        tenant: thread.tenant.clone(),
        outbox: second.outbox,
        at: T0,
        code: "puente.media_too_large".into(),
        detail: "6 MB".into(),
    };
    w.did(Op::SendHopeless(hopeless.clone())).await;
    assert_eq!(w.outbox_state(&thread, &second).await, OutboxState::Failed);
    let row = w.store.outbox(&thread.tenant, second.outbox).await.unwrap().unwrap();
    assert_eq!(row.detail.as_deref(), Some("6 MB"));
    w.permit(&thread, &first).await;
    w.did(Op::SendHopeless(SendHopeless { outbox: first.outbox, ..hopeless })).await;
    assert_eq!(w.outbox_state(&thread, &first).await, OutboxState::Sending, "it is under way");
}
