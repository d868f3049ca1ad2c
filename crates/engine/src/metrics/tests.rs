//! Days are counted, settle, and are held against what was kept.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::ids::{ConversationId, LaneId, MessageId, PersonId, PhoneNumberId};
use model::{Ambient, Clock, Month, Status, UnixMs};
use rules::metrics::{By, Day, Metric, Zone};
use store::op::*;
use store::{Commit, CostCount, Direction, MetricCell, Op, Profile, Store};

use super::{Counter, Figures, night};
use crate::lease::Lease;
use crate::nudge::Nudges;
use crate::stage::{NUMBER, ambient, store, tenant};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Ten in the morning of 2026-11-02 in Bogota.
const START: UnixMs = UnixMs(1_793_631_600_000);

struct Moved(Arc<AtomicI64>);

impl Clock for Moved {
    fn wall(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::Relaxed))
    }

    fn mono(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Stand {
    now: Arc<AtomicI64>,
    store: Store,
    ambient: Ambient,
    counter: Counter,
    person: PersonId,
    lane: LaneId,
    conversation: ConversationId,
}

async fn stand() -> Stand {
    let now = Arc::new(AtomicI64::new(START.0));
    let ambient = Ambient { clock: Arc::new(Moved(now.clone())), ..ambient() };
    let store = store(&ambient);
    let counter = counter(&store, &ambient, "one");
    let (person, lane) = (PersonId::new(&ambient), LaneId::new(&ambient));
    let conversation = ConversationId::new(&ambient);
    let (tenant, number) = (tenant(), PhoneNumberId::new(NUMBER));
    let ops = vec![
        Op::PutTenant(TenantRow { tenant: tenant.clone(), org: None, at: START }),
        Op::NewPerson(NewPerson {
            tenant: tenant.clone(),
            id: person,
            at: START,
            profile: Profile::default(),
        }),
        Op::NewLane(NewLane { tenant: tenant.clone(), id: lane, number: number.clone(), person }),
        Op::NewConversation(NewConversation {
            tenant,
            id: conversation,
            lane,
            person,
            number,
            opened_at: START,
        }),
    ];
    store.commit(Commit::of(ops)).await.unwrap();
    Stand { now, store, ambient, counter, person, lane, conversation }
}

fn counter(store: &Store, ambient: &Ambient, holder: &str) -> Counter {
    let zone = Zone::named("America/Bogota").unwrap();
    Counter {
        tenant: tenant(),
        figures: Arc::new(Figures {
            store: store.clone(),
            ambient: ambient.clone(),
            nudges: Nudges::default(),
            zones: BTreeMap::from([(tenant(), zone)]),
        }),
        lease: Lease {
            store: store.clone(),
            ambient: ambient.clone(),
            name: "metrics.acme".into(),
            holder: holder.into(),
            taken: Arc::default(),
        },
        compared: Arc::default(),
    }
}

impl Stand {
    fn later(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    async fn message(&self, direction: Direction, n: u8, at: UnixMs) {
        let id = MessageId::new(&self.ambient);
        let message = NewMessage {
            tenant: tenant(),
            id,
            conversation: self.conversation,
            person: self.person,
            lane: self.lane,
            number: PhoneNumberId::new(NUMBER),
            direction,
            kind: "text".into(),
            record_key: format!("{n:064x}"),
            state_key: (direction != Direction::In).then_some([n; 16]),
            outbox: None,
            journal: None,
            sent_at: at,
            received_at: at,
            late: false,
            body: b"{}".to_vec(),
        };
        self.store.commit(Commit::of(vec![Op::NewMessage(message)])).await.unwrap();
    }

    async fn status(&self, n: u8, status: Status, at: UnixMs, pricing: Option<Pricing>) {
        let seen = StatusSeen {
            tenant: tenant(),
            number: PhoneNumberId::new(NUMBER),
            state_key: [n; 16],
            status,
            at,
            code: (status == Status::Failed).then(|| "wa.131026".into()),
            detail: None,
            pricing,
            attempt: None,
            wamid: format!("wamid.{n}"),
            sync_due_at: at,
        };
        self.store.commit(Commit::of(vec![Op::MergeStatus(seen)])).await.unwrap();
    }

    async fn cell(&self, day: Day, metric: Metric) -> (i64, i64) {
        let by = Some(By::All.as_str());
        let cells = self.store.metric_cells(&tenant(), day.0, day.0, by).await.unwrap();
        let found = cells.iter().find(|(_, cell)| cell.metric == metric.as_str());
        found.map_or((0, 0), |(_, cell)| (cell.count, cell.sum))
    }

    async fn alerts(&self) -> Vec<(String, String)> {
        let open = self.store.alerts_open(&tenant()).await.unwrap();
        open.into_iter().map(|alert| (alert.subject, alert.text)).collect()
    }

    fn today(&self) -> Day {
        self.counter.figures.today(&tenant())
    }
}

#[tokio::test]
async fn the_day_under_way_is_counted_each_hour_and_days_before_each_night() {
    let s = stand().await;
    let day = s.today();
    assert_eq!(day.to_string(), "2026-11-02");
    s.message(Direction::In, 1, START).await;
    s.message(Direction::Echo, 2, START.plus(5_000)).await;
    s.status(2, Status::Read, START.plus(9_000), None).await;
    s.counter.turn().await.unwrap();
    for (metric, want) in [
        (Metric::ConversationsOpened, (1, 1)),
        (Metric::ConversationsActive, (1, 1)),
        (Metric::Received, (1, 1)),
        (Metric::Asked, (1, 1)),
        (Metric::Delivered, (1, 1)),
        (Metric::Response, (1, 5_000)),
        (Metric::Failed, (0, 0)),
    ] {
        assert_eq!(s.cell(day, metric).await, want, "{metric:?}");
    }
    s.message(Direction::In, 3, START.plus(60_000)).await;
    s.later(HOUR);
    s.counter.turn().await.unwrap();
    assert_eq!(s.cell(day, Metric::Received).await.0, 1, "not an hour yet");
    s.later(1);
    s.counter.turn().await.unwrap();
    assert_eq!(s.cell(day, Metric::Received).await.0, 2);
    // after midnight it is yesterday, and waits for the night
    s.message(Direction::Echo, 4, START.plus(HOUR)).await;
    s.later(14 * HOUR);
    s.counter.turn().await.unwrap();
    assert_eq!((s.today(), s.cell(day, Metric::Asked).await.0), (day.plus(1), 1));
    s.later(3 * HOUR);
    s.counter.turn().await.unwrap();
    assert_eq!(s.cell(day, Metric::Asked).await.0, 2);
}

#[tokio::test]
async fn a_day_that_settled_is_kept_and_a_difference_is_told_until_it_is_taken() {
    let s = stand().await;
    let day = s.today();
    s.message(Direction::Echo, 1, START).await;
    s.status(1, Status::Sent, START, None).await;
    for _ in 0..17 {
        s.later(DAY);
        s.counter.turn().await.unwrap();
    }
    let kept = s.store.metric_days(&tenant(), day.0, day.0).await.unwrap();
    assert!(kept[0].settled);
    // read long after: no figure of that day's
    s.status(1, Status::Read, START.plus(12 * DAY), None).await;
    s.later(DAY);
    s.counter.turn().await.unwrap();
    assert!(s.alerts().await.is_empty());
    // a message of that day that nobody knew of
    s.message(Direction::In, 2, START.plus(1)).await;
    for _ in 0..2 {
        s.later(DAY);
        s.counter.turn().await.unwrap();
        assert_eq!(s.cell(day, Metric::Received).await.0, 0);
        let alerts = s.alerts().await;
        let subjects: Vec<_> = alerts.iter().map(|(subject, _)| subject.as_str()).collect();
        assert_eq!(subjects, ["received 2026-11-02", "replied 2026-11-02"]);
        for (_, text) in alerts {
            assert!(text.contains("0 was kept, 1 is counted now"), "{text}");
        }
    }
    s.counter.figures.ask(&tenant(), day, day).await.unwrap();
    s.counter.turn().await.unwrap();
    assert_eq!(s.cell(day, Metric::Received).await.0, 1);
    assert!(s.alerts().await.is_empty());
    s.later(DAY);
    s.counter.turn().await.unwrap();
    assert!(s.alerts().await.is_empty());
}

#[tokio::test]
async fn a_figure_that_was_changed_behind_our_back_is_told() {
    let s = stand().await;
    let day = s.today();
    s.later(18 * DAY);
    s.counter.turn().await.unwrap();
    let cell = MetricCell {
        metric: Metric::Delivered.as_str().into(),
        by: By::Number.as_str().into(),
        key: NUMBER.into(),
        count: 3,
        sum: 3,
    };
    let at = s.ambient.now();
    let keep = MetricsKept { tenant: tenant(), day: day.0, at, settled: true, cells: vec![cell] };
    s.store.commit(Commit::of(vec![Op::KeepMetrics(keep)])).await.unwrap();
    s.later(DAY);
    s.counter.turn().await.unwrap();
    let subjects: Vec<_> = s.alerts().await.into_iter().map(|(subject, _)| subject).collect();
    assert_eq!(subjects, ["conversations_opened 2026-11-02", "delivered 2026-11-02"]);
}

#[tokio::test]
async fn the_records_behind_a_figure_are_as_many_and_sum_to_it() {
    let s = stand().await;
    let day = s.today();
    // more than a page, over two days
    for n in 0..130u8 {
        let at = START.plus(i64::from(n) * 10 * 60_000);
        s.message(Direction::In, n, at).await;
        s.message(Direction::Echo, n, at.plus(1_000)).await;
        let end = if n % 3 == 0 { Status::Failed } else { Status::Delivered };
        s.status(n, end, at.plus(2_000), None).await;
    }
    s.later(30 * HOUR);
    s.counter.turn().await.unwrap();
    let figures = &s.counter.figures;
    for metric in Metric::ALL {
        let (first, second) = (s.cell(day, *metric).await, s.cell(day.plus(1), *metric).await);
        let (mut records, mut after) = (Vec::new(), None);
        loop {
            let days = (day, day.plus(1));
            let (page, next) = figures.records(&tenant(), *metric, days, after, 7).await.unwrap();
            assert!(page.len() <= 7);
            records.extend(page);
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(records.len() as i64, first.0 + second.0, "{metric:?}");
        let sum: i64 = records.iter().map(|record| record.value).sum();
        assert_eq!(sum, first.1 + second.1, "{metric:?}");
        assert!(records.windows(2).all(|pair| pair[0].at <= pair[1].at), "{metric:?}");
    }
    let failed = s.cell(day, Metric::Failed).await.0 + s.cell(day.plus(1), Metric::Failed).await.0;
    assert_eq!(failed, 44);
    let codes = s.store.metric_cells(&tenant(), day.0, day.0 + 1, Some("code")).await.unwrap();
    assert!(
        codes.iter().all(|(_, c)| (c.metric.as_str(), c.key.as_str()) == ("failed", "wa.131026"))
    );
}

#[tokio::test]
async fn one_process_counts_at_a_time() {
    let s = stand().await;
    s.message(Direction::In, 1, START).await;
    s.counter.turn().await.unwrap();
    let other = counter(&s.store, &s.ambient, "two");
    s.message(Direction::In, 2, START.plus(1)).await;
    other.figures.ask(&tenant(), s.today(), s.today()).await.unwrap();
    other.turn().await.unwrap();
    assert_eq!(s.cell(s.today(), Metric::Received).await.0, 1, "the lease is another's");
    s.counter.turn().await.unwrap();
    assert_eq!(s.cell(s.today(), Metric::Received).await.0, 2);
}

#[tokio::test]
async fn costs_that_agree_with_the_messages_are_left_alone() {
    let s = stand().await;
    let pricing = Pricing {
        category: "service".into(),
        kind: "regular".into(),
        model: "PMP".into(),
        billable: true,
        calling_code: None,
    };
    s.status(1, Status::Delivered, START, Some(pricing)).await;
    s.counter.turn().await.unwrap();
    assert!(s.alerts().await.is_empty());
    let (kept, told) = s.store.cost_compared(&tenant(), Month::of(START)).await.unwrap();
    assert_eq!((kept.len(), &kept), (1, &told));
}

#[test]
fn costs_that_differ_are_told_and_counted_anew_until_they_agree() {
    let count = |messages| CostCount {
        number: PhoneNumberId::new(NUMBER),
        category: "service".into(),
        kind: "regular".into(),
        model: "PMP".into(),
        billable: true,
        calling_code: String::new(),
        messages,
    };
    let (three, two) = ([count(3)], [count(2)]);
    let month = Month::of(START);
    let judged = |kept: &[CostCount], told: &[CostCount], open| {
        night::judged(&tenant(), month, kept, told, open, START)
    };
    assert!(judged(&three, &three, false).is_empty());
    for open in [false, true] {
        match judged(&three, &two, open).as_slice() {
            [Op::RecountCost(recount), Op::RaiseAlert(alert)] => {
                assert_eq!((recount.month, alert.subject.as_str()), (month, "2026-11"));
                assert!(
                    alert.text.contains("3 were counted, the messages say 2"),
                    "{}",
                    alert.text
                );
            }
            other => panic!("{other:?}"),
        }
    }
    let over = judged(&two, &two, true);
    assert!(matches!(over.as_slice(), [Op::ClearAlert(alert)] if alert.subject == "2026-11"));
}
