//! What the days of a tenant came to, and what they are counted from.

use model::ids::{MessageId, RecordId};
use model::{Status, UnixMs};
use store::op::*;
use store::{Class, Did, Direction, MetricCell, MetricMessage, Op, RecordKind, RecordState};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World, accepted, status};

const DAY: i64 = 24 * HOUR;

fn cell(metric: &str, by: &str, key: &str, count: i64) -> MetricCell {
    let (metric, by, key) = (metric.into(), by.into(), key.into());
    MetricCell { metric, by, key, count, sum: count * 2 }
}

fn kept(thread: &Thread, day: i32, settled: bool, cells: Vec<MetricCell>) -> Op {
    Op::KeepMetrics(MetricsKept { tenant: thread.tenant.clone(), day, at: T0, settled, cells })
}

pub async fn figures_of_a_day_are_replaced_whole(w: World) {
    let thread = w.thread().await;
    let other = w.tenant("other").await;
    let first = vec![cell("read", "all", "", 3), cell("read", "number", "100", 3)];
    w.did(kept(&thread, 7, false, first)).await;
    let second = vec![cell("read", "number", "100", 4), cell("sent", "all", "", 5)];
    for _ in 0..2 {
        w.did(kept(&thread, 7, true, second.clone())).await;
    }
    w.did(kept(&thread, 9, false, vec![cell("read", "all", "", 1)])).await;
    let cells = |from, to, by| w.store.metric_cells(&thread.tenant, from, to, by);
    let want: Vec<_> = second.into_iter().map(|cell| (7, cell)).collect();
    assert_eq!(cells(7, 7, None).await.unwrap(), want);
    assert_eq!(cells(7, 9, Some("all")).await.unwrap().len(), 2);
    assert!(cells(8, 8, None).await.unwrap().is_empty());
    assert!(w.store.metric_cells(&other, 0, 99, None).await.unwrap().is_empty());
    let days = w.store.metric_days(&thread.tenant, 0, 99).await.unwrap();
    let days: Vec<_> = days.iter().map(|d| (d.day, d.at, d.settled, d.asked)).collect();
    assert_eq!(days, [(7, Some(T0), true, false), (9, Some(T0), false, false)]);
}

pub async fn days_asked_for_wait_until_they_are_kept(w: World) {
    let thread = w.thread().await;
    w.did(kept(&thread, 5, true, vec![cell("read", "all", "", 1)])).await;
    let asked = MetricsAsked { tenant: thread.tenant.clone(), from: 4, to: 6 };
    for _ in 0..2 {
        assert_eq!(w.did(Op::AskMetrics(asked.clone())).await, Did::Count(3));
    }
    let waiting = || async {
        let days = w.store.metric_days_asked(&thread.tenant, 9).await.unwrap();
        days.iter().map(|d| (d.day, d.at, d.settled)).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, [(6, None, false), (5, Some(T0), true), (4, None, false)]);
    w.did(kept(&thread, 6, false, vec![])).await;
    w.did(kept(&thread, 4, false, vec![])).await;
    assert_eq!(waiting().await, [(5, Some(T0), true)]);
    // what was kept is there until it is counted anew
    assert_eq!(w.store.metric_cells(&thread.tenant, 5, 5, None).await.unwrap().len(), 1);
}

async fn wrote(w: &World, thread: &Thread, direction: Direction, at: UnixMs) -> MessageId {
    let id = MessageId::new(&w.ambient);
    let message = NewMessage { direction, sent_at: at, ..w.message(thread, id) };
    w.did(Op::NewMessage(message)).await;
    id
}

async fn sends(w: &World, thread: &Thread, class: Class, at: UnixMs) -> MessageId {
    let sent = w
        .send(thread, |new| {
            new.class = class;
            new.template = Some(TemplateUse { name: "order_ready".into(), language: "es".into() });
            new.agent = Some("005000000000001".into());
            for effect in &mut new.effects {
                if let Op::NewMessage(message) = effect {
                    message.sent_at = at;
                }
            }
        })
        .await;
    sent.message
}

async fn all(w: &World, thread: &Thread, page: u32) -> Vec<MetricMessage> {
    let (mut out, mut after) = (Vec::<MetricMessage>::new(), None);
    loop {
        let read = w.store.metric_messages(&thread.tenant, T0, T0.plus(DAY), after, page);
        let rows = read.await.unwrap();
        let Some(last) = rows.last() else { return out };
        assert!(rows.len() <= page as usize);
        after = Some((last.at, last.seq));
        out.extend(rows);
    }
}

pub async fn a_day_is_walked_through_page_by_page(w: World) {
    let thread = w.thread().await;
    w.wrote_in(&thread, T0).await;
    let other = w.person(&thread.tenant, "100").await;
    let at = |minute: i64| T0.plus(minute * MINUTE);
    let yesterday = wrote(&w, &thread, Direction::In, T0.plus(-1)).await;
    let first = wrote(&w, &thread, Direction::In, at(1)).await;
    let campaign = sends(&w, &thread, Class::Campaign, at(2)).await;
    let again = wrote(&w, &thread, Direction::In, at(3)).await;
    let answer = sends(&w, &thread, Class::Live, at(5)).await;
    let more = wrote(&w, &thread, Direction::Echo, at(6)).await;
    let elsewhere = wrote(&w, &other, Direction::In, at(6)).await;
    let tomorrow = wrote(&w, &thread, Direction::In, T0.plus(DAY)).await;
    for page in [1, 2, 100] {
        let seen = all(&w, &thread, page).await;
        let ids: Vec<_> = seen.iter().map(|m| m.id).collect();
        assert_eq!(ids, [first, campaign, again, answer, more, elsewhere], "pages of {page}");
        assert!(!ids.contains(&yesterday) && !ids.contains(&tomorrow));
        let around: Vec<_> =
            seen.iter().map(|m| (m.before_at, m.waited_since, m.replied_at)).collect();
        let want = [
            (Some(T0.plus(-1)), None, None),
            // yesterday's message was not answered either, and a campaign answers nobody
            (Some(at(1)), Some(T0.plus(-1)), Some(at(3))),
            (Some(at(2)), None, None),
            (Some(at(3)), Some(T0.plus(-1)), Some(T0.plus(DAY))),
            (Some(at(5)), None, Some(T0.plus(DAY))),
            (None, None, None),
        ];
        assert_eq!(around, want, "pages of {page}");
    }
    let seen = all(&w, &thread, 100).await;
    let of = |m: &MetricMessage| (m.class, m.template.clone(), m.agent.clone());
    let (template, agent) = (Some("order_ready".to_owned()), Some("005000000000001".to_owned()));
    assert_eq!(of(&seen[1]), (Some(Class::Campaign), template.clone(), agent.clone()));
    assert_eq!(of(&seen[3]), (Some(Class::Live), template, agent));
    assert_eq!(of(&seen[4]), (None, None, None));
    assert_eq!(seen[0].direction, Direction::In);
}

pub async fn a_day_tells_how_far_a_message_came(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    w.did(Op::MergeStatus(status(&thread, Status::Read, T0.plus(90)))).await;
    let failed = w.send(&thread, |_| {}).await;
    let permit = w.permit(&thread, &failed).await;
    let refused = SendEnd::Refused { code: "wa.131026".into(), detail: "no".into() };
    w.finish(&permit, refused).await;
    let seen = all(&w, &thread, 10).await;
    let far = |id| seen.iter().find(|m| m.id == id).unwrap();
    let came = far(sent.message);
    assert_eq!((came.accepted_at, came.read_at), (Some(T0.plus(50)), Some(T0.plus(90))));
    assert_eq!((came.failed_at, came.code.as_deref()), (None, None));
    let lost = far(failed.message);
    assert_eq!((lost.failed_at, lost.code.as_deref()), (Some(T0.plus(50)), Some("wa.131026")));
    assert_eq!(lost.accepted_at, None);
}

pub async fn conversations_and_records_of_a_day_are_paged(w: World) {
    let thread = w.thread().await;
    let mut threads = vec![thread.clone()];
    threads.push(w.person(&thread.tenant, "100").await);
    threads.push(w.person(&thread.tenant, "100").await);
    let (tenant, until) = (&thread.tenant, T0.plus(DAY));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = w.store.metric_opened(tenant, T0, until, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.opened_at, last.id));
        seen.extend(page.into_iter().map(|c| c.id));
    }
    let mut want: Vec<_> = threads.iter().map(|t| t.conversation).collect();
    want.sort();
    assert_eq!(seen, want);
    assert!(w.store.metric_opened(tenant, T0.plus(1), until, None, 9).await.unwrap().is_empty());
    assert!(w.store.metric_closed(tenant, T0, until, None, 9).await.unwrap().is_empty());
    for (n, thread) in threads.iter().enumerate() {
        let (tenant, person) = (tenant.clone(), thread.person);
        let (kind, slot) = (RecordKind::Case, *thread.conversation.as_bytes());
        w.did(Op::WantRecord(NewRecordLink {
            tenant: tenant.clone(),
            person,
            kind,
            slot,
            at: T0,
            due_at: T0,
            again: false,
        }))
        .await;
        if n == 2 {
            continue; // wanted, and not there yet
        }
        w.did(Op::RecordStep(RecordStep {
            tenant,
            person,
            kind,
            slot,
            state: RecordState::Linked,
            record: Some(RecordId::new(format!("50000000000000{n}"))),
            due_at: T0,
            charge: false,
            code: None,
            detail: None,
            plan: None,
            at: T0.plus(n as i64),
        }))
        .await;
    }
    let first = w.store.metric_records(tenant, T0, until, None, 1).await.unwrap();
    assert_eq!(first[0].number.as_ref(), Some(&thread.number));
    let after = Some((first[0].at, first[0].slot, first[0].kind));
    let rest = w.store.metric_records(tenant, T0, until, after, 9).await.unwrap();
    let records: Vec<_> = first.iter().chain(&rest).filter_map(|r| r.record.clone()).collect();
    let want = ["500000000000000", "500000000000001"].map(RecordId::new);
    assert_eq!(records, want);
}
