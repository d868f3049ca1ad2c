//! What the customers of closed cases are asked, and what they answered.

use model::ids::{MessageId, RecordId, SurveyId};
use store::op::*;
use store::{Did, Op, StoreError, SurveyAsk, SurveyState};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World};

fn case(n: u8) -> RecordId {
    RecordId::new(format!("500000000000{n:03}AAA"))
}

async fn noticed(w: &World, thread: &Thread, n: u8) -> (SurveyId, Did) {
    let id = SurveyId::new(&w.ambient);
    let did = w
        .did(Op::NewSurvey(NewSurvey {
            tenant: thread.tenant.clone(),
            id,
            case: case(n),
            conversation: thread.conversation,
            lane: thread.lane,
            person: thread.person,
            number: thread.number.clone(),
            at: T0.plus(i64::from(n) * MINUTE),
            closed_at: T0,
            due_at: T0,
        }))
        .await;
    (id, did)
}

fn step(thread: &Thread, id: SurveyId, step: SurveyTo) -> Op {
    Op::SurveyStep(SurveyStep { tenant: thread.tenant.clone(), id, step })
}

fn ask(w: &World) -> SurveyAsk {
    SurveyAsk {
        version: 2,
        message: MessageId::new(&w.ambient),
        at: T0.plus(HOUR),
        scale: "csat".into(),
        answer_hours: 24,
        comment_minutes: 30,
    }
}

fn heard(thread: &Thread, id: SurveyId, score: Option<u32>, comment: Option<&str>) -> Op {
    let (tenant, at, due_at) = (thread.tenant.clone(), T0.plus(2 * HOUR), T0.plus(2 * HOUR));
    let comment = comment.map(str::to_owned);
    Op::SurveyHeard(SurveyHeard { tenant, id, score, comment, at, due_at })
}

/// A repeat of `Asked` accepts no second send.
pub async fn a_case_is_noticed_once_and_asked_about_once(w: World) {
    let thread = w.thread().await;
    let (id, did) = noticed(&w, &thread, 1).await;
    assert_eq!(did, Did::New(true));
    assert_eq!(noticed(&w, &thread, 1).await.1, Did::New(false));
    let due = w.store.surveys_waiting(&thread.tenant, T0, 9).await.unwrap();
    assert_eq!((due.len(), due[0].id, &due[0].case), (1, id, &case(1)));
    assert_eq!(w.store.last_surveyed(&thread.tenant, thread.person).await.unwrap(), None);

    let later = step(&thread, id, SurveyTo::Later { due_at: T0.plus(HOUR) });
    assert_eq!(w.did(later).await, Did::Count(1));
    assert!(w.store.surveys_waiting(&thread.tenant, T0, 9).await.unwrap().is_empty());
    let (sent, send) = w.outbox(&thread, |_| {});
    let (_, again) = w.outbox(&thread, |_| {});
    let asked = ask(&w);
    let first = SurveyTo::Asked { ask: asked.clone(), effects: vec![send] };
    assert_eq!(w.did(step(&thread, id, first)).await, Did::Count(1));
    let second = SurveyTo::Asked { ask: ask(&w), effects: vec![again] };
    assert_eq!(w.did(step(&thread, id, second)).await, Did::Count(0));
    assert_eq!(w.did(step(&thread, id, SurveyTo::Forgotten)).await, Did::Count(0));
    let skipped = SurveyTo::Skipped { reason: "opted_out".into() };
    assert_eq!(w.did(step(&thread, id, skipped)).await, Did::Count(0));

    let row = w.store.surveys(&thread.tenant, &[id]).await.unwrap().remove(0);
    assert_eq!((row.state, row.asked.as_ref()), (SurveyState::Asked, Some(&asked)));
    assert!(w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().is_some());
    let queued = w.store.depths(None).await.unwrap().outbox_queued;
    assert_eq!(queued, 1, "the second send was skipped whole");
    let lane = w.store.lane(&thread.tenant, thread.lane).await.unwrap().unwrap();
    assert_eq!(lane.survey, Some(id));
    let last = w.store.last_surveyed(&thread.tenant, thread.person).await.unwrap();
    assert_eq!(last, Some(asked.at));
}

pub async fn an_answer_keeps_its_first_time_and_is_owed_to_the_case(w: World) {
    let thread = w.thread().await;
    let (id, _) = noticed(&w, &thread, 1).await;
    let refused = w.refused(heard(&thread, id, Some(5), None)).await;
    assert!(matches!(refused, StoreError::Conflict(_)), "nobody asked: {refused}");
    w.did(step(&thread, id, SurveyTo::Asked { ask: ask(&w), effects: vec![] })).await;
    w.did(heard(&thread, id, Some(5), None)).await;
    let owed = w.store.surveys_unwritten(&thread.tenant, T0.plus(3 * HOUR), 9).await.unwrap();
    assert_eq!((owed.len(), owed[0].score, owed[0].heard), (1, Some(5), 1));
    // a comment comes while the score is being written
    w.did(heard(&thread, id, None, Some("muy amables"))).await;
    let written = |heard| {
        let (tenant, due_at) = (thread.tenant.clone(), T0.plus(2 * HOUR));
        Op::SurveyWritten(SurveyWritten { tenant, id, heard, due_at })
    };
    w.did(written(Some(1))).await;
    let owed = w.store.surveys_unwritten(&thread.tenant, T0.plus(3 * HOUR), 9).await.unwrap();
    assert_eq!(owed[0].comment.as_deref(), Some("muy amables"));
    w.did(written(Some(2))).await;
    w.did(written(Some(1))).await;
    w.did(written(None)).await;
    let late = T0.plus(9 * HOUR);
    assert!(w.store.surveys_unwritten(&thread.tenant, late, 9).await.unwrap().is_empty());
    let row = w.store.surveys(&thread.tenant, &[id]).await.unwrap().remove(0);
    assert_eq!((row.state, row.score), (SurveyState::Answered, Some(5)));
    assert_eq!((row.answered_at, row.heard, row.written), (Some(T0.plus(2 * HOUR)), 2, 2));
    let until = T0.plus(3 * HOUR);
    let told = w.store.surveys_answered(&thread.tenant, T0, until, None, 9).await.unwrap();
    assert_eq!(told.len(), 1);
    let after = Some((T0.plus(2 * HOUR), id));
    let told = w.store.surveys_answered(&thread.tenant, T0, until, after, 9).await.unwrap();
    assert!(told.is_empty());
}

pub async fn surveys_are_listed_newest_first_and_of_one_tenant(w: World) {
    let thread = w.thread().await;
    let other = w.tenant("globex").await;
    w.number(&other, "200").await;
    let stranger = w.person(&other, "200").await;
    let mut ids = Vec::new();
    for n in 1..=3 {
        ids.push(noticed(&w, &thread, n).await.0);
    }
    assert_eq!(noticed(&w, &stranger, 1).await.1, Did::New(true), "another tenant's case");
    let reason = SurveyTo::Skipped { reason: "window_closed".into() };
    w.did(step(&thread, ids[1], reason)).await;
    let list = async |state, before| {
        let rows = w.store.surveys_list(&thread.tenant, state, before, 2).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None, None).await, [ids[2], ids[1]]);
    let last = Some((T0.plus(2 * MINUTE), ids[1]));
    assert_eq!(list(None, last).await, [ids[0]]);
    assert_eq!(list(Some(SurveyState::Skipped), None).await, [ids[1]]);
    // open again: as if it had never been closed
    assert_eq!(w.did(step(&thread, ids[0], SurveyTo::Forgotten)).await, Did::Count(1));
    assert_eq!(noticed(&w, &thread, 1).await.1, Did::New(true));
    let theirs = w.store.surveys_list(&other, None, None, 9).await.unwrap();
    assert_eq!(theirs.len(), 1);
    assert!(w.store.surveys(&other, &ids).await.unwrap().is_empty());
    assert!(!w.store.has_cases(&thread.tenant, T0.plus(-HOUR)).await.unwrap());
}
