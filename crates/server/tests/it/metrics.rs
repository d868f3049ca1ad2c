use model::ids::{ConversationId, LaneId, MessageId, PersonId};
use serde_json::{Value, json};
use server::auth::Scope;
use store::op::{MetricsKept, NewConversation, NewLane, NewMessage, NewPerson};
use store::{Commit, Direction, MetricCell, Op, Profile};

use crate::world::{START, World, tenant};

const METRICS: &str = "/api/v1/metrics";

fn cell(metric: &str, by: &str, key: &str, count: i64, sum: i64) -> MetricCell {
    let (metric, by, key) = (metric.into(), by.into(), key.into());
    MetricCell { metric, by, key, count, sum }
}

async fn keep(world: &World, owner: &str, day: i32, settled: bool, cells: Vec<MetricCell>) {
    let kept = MetricsKept { tenant: tenant(owner), day, at: START, settled, cells };
    world.store.commit(Commit::of(vec![Op::KeepMetrics(kept)])).await.unwrap();
}

fn day(n: i32) -> String {
    rules::metrics::Day(n).to_string()
}

#[tokio::test]
async fn figures_of_days_are_summed_for_their_tenant_only() {
    let world = World::new().await;
    let one = world.key("one", &[Scope::Read]).await;
    let two = world.key("two", &[Scope::Read]).await;
    let today = START.day();
    let of_a_number = |n| cell("response", "number", "100", n, n * 1_500);
    let cells = |n| vec![cell("response", "all", "", n, n * 1_500), of_a_number(n)];
    keep(&world, "one", today - 1, true, cells(1)).await;
    keep(&world, "one", today, false, cells(3)).await;
    let (from, to) = (day(today - 2), day(today));
    let range = format!("{METRICS}?from={from}&to={to}");
    let shown = world.get(&range, &one).await.json();
    let want = json!([{ "metric": "response", "count": 4, "mean_seconds": 1.5 }]);
    assert_eq!(shown["figures"], want);
    assert_eq!(shown["missing"], json!([from]));
    assert_eq!((&shown["changing_from"], &shown["time_zone"]), (&json!(to), &json!("UTC")));
    let by = async |by: &str| world.get(&format!("{range}&by={by}"), &one).await;
    let numbers = by("number").await.json();
    assert_eq!(
        (&numbers["figures"][0]["key"], &numbers["figures"][0]["count"]),
        (&json!("100"), &json!(4))
    );
    let days = by("day").await.json();
    let keys: Vec<&Value> = days["figures"].as_array().unwrap().iter().map(|f| &f["key"]).collect();
    assert_eq!(keys, [&json!(day(today - 1)), &json!(to)]);
    assert_eq!(by("template").await.json()["figures"], json!([]));
    assert_eq!(world.get(&range, &two).await.json()["figures"], json!([]));
    for (query, field) in [
        ("?from=yesterday", "from"),
        ("?to=2026-02-30", "to"),
        ("?from=2026-11-02&to=2026-11-01", "from"),
        ("?from=2020-01-01&to=2026-11-01", "from"),
        ("?by=moon", "by"),
        ("?by=all", "by"),
    ] {
        let (status, _, named) = world.get(&format!("{METRICS}{query}"), &one).await.problem();
        assert_eq!((status, named.as_str()), (422, field), "{query}");
    }
}

async fn wrote(world: &World, owner: &str, count: usize) {
    let (tenant, ambient) = (tenant(owner), &world.ambient);
    let number = world.state.directory.numbers_of(&tenant).next().unwrap().id.clone();
    let (person, lane) = (PersonId::new(ambient), LaneId::new(ambient));
    let id = ConversationId::new(ambient);
    let profile = Profile::default();
    let mut ops = vec![
        Op::NewPerson(NewPerson { tenant: tenant.clone(), id: person, at: START, profile }),
        Op::NewLane(NewLane { tenant: tenant.clone(), id: lane, number: number.clone(), person }),
        Op::NewConversation(NewConversation {
            tenant: tenant.clone(),
            id,
            lane,
            person,
            number: number.clone(),
            opened_at: START,
        }),
    ];
    ops.extend((0..count).map(|n| {
        let at = START.plus(n as i64);
        Op::NewMessage(NewMessage {
            tenant: tenant.clone(),
            id: MessageId::new(ambient),
            conversation: id,
            person,
            lane,
            number: number.clone(),
            direction: Direction::In,
            kind: "text".into(),
            record_key: format!("{n:064x}"),
            state_key: None,
            outbox: None,
            journal: None,
            sent_at: at,
            received_at: at,
            late: false,
            body: b"{}".to_vec(),
        })
    }));
    world.store.commit(Commit::of(ops)).await.unwrap();
}

#[tokio::test]
async fn the_records_behind_a_figure_are_paged() {
    let world = World::new().await;
    let one = world.key("one", &[Scope::Read]).await;
    let two = world.key("two", &[Scope::Read]).await;
    wrote(&world, "one", 7).await;
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{METRICS}/received/records?limit=3{cursor}");
        let page = world.get(&path, &one).await.json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 7);
    assert!(ids.iter().all(|id| id.starts_with("msg_")));
    let opened = world.get(&format!("{METRICS}/conversations_opened/records"), &one).await.json();
    assert_eq!(opened["items"].as_array().unwrap().len(), 1);
    let other = world.get(&format!("{METRICS}/received/records"), &two).await.json();
    assert_eq!(other["items"], json!([]));
    for (path, status, field) in [
        ("happiness/records", 404, ""),
        ("received/records?cursor=c.1.x", 422, "cursor"),
        ("received/records?cursor=9", 422, "cursor"),
        ("received/records?limit=201", 422, "limit"),
    ] {
        let (code, _, named) = world.get(&format!("{METRICS}/{path}"), &one).await.problem();
        assert_eq!((code, named.as_str()), (status, field), "{path}");
    }
}

#[tokio::test]
async fn only_an_admin_has_days_counted_anew_and_every_figure_is_defined() {
    let world = World::new().await;
    let reader = world.key("one", &[Scope::Read]).await;
    let admin = world.key("one", &[Scope::Admin]).await;
    let path = format!("{METRICS}/recompute");
    let today = START.day();
    let wish = json!({ "from": day(today - 1), "to": day(today) });
    assert_eq!(world.post(&path, &reader, &wish).await.problem().0, 403);
    assert_eq!(world.post(&path, &admin, &wish).await.json()["days"], 2);
    let asked = world.store.metric_days_asked(&tenant("one"), 9).await.unwrap();
    assert_eq!(asked.iter().map(|d| d.day).collect::<Vec<_>>(), [today, today - 1]);
    for (body, field) in [
        (json!({ "to": day(today + 1) }), "to"),
        (json!({ "days": 3 }), "days"),
        (json!({ "from": 3 }), "from"),
    ] {
        let (status, _, named) = world.post(&path, &admin, &body).await.problem();
        assert_eq!((status, named.as_str()), (422, field), "{body}");
    }
    let told = world.get(&format!("{METRICS}/definitions"), &reader).await.json();
    let items = told["items"].as_array().unwrap();
    assert_eq!(items.len(), rules::metrics::Metric::ALL.len());
    for item in items {
        for language in ["en", "es", "pt"] {
            assert!(item["definition"][language].as_str().unwrap().ends_with('.'), "{item}");
        }
    }
}
