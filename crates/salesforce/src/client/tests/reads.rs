//! Refusals told apart, queries, the budget, the org.

use super::*;

#[tokio::test]
async fn a_refusal_of_the_record_differs_from_one_of_the_org() {
    let step = Arc::new(AtomicUsize::new(0));
    let at = step.clone();
    let fake = Fake::signed_in(move |_| match at.load(Ordering::SeqCst) {
        0 => answer(
            400,
            &json!([{"errorCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [LastName]", "fields": ["LastName"]}]),
        ),
        1 => answer(
            403,
            &json!([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]),
        ),
        2 => answer(
            400,
            &json!([{"errorCode": "STORAGE_LIMIT_EXCEEDED", "message": "storage limit exceeded"}]),
        ),
        3 => answer(500, &json!([{"errorCode": "UNKNOWN_EXCEPTION", "message": "x"}])),
        4 => Err(Lost::AfterWrite),
        5 => Err(Lost::BeforeWrite),
        6 => Ok(Response::builder().status(201).body("<html>".into()).unwrap()),
        _ => answer(404, &json!([{"errorCode": "NOT_FOUND", "message": "x"}])),
    });
    let client = client(&fake, &Names::none());
    let lead = Record::new(&Names::none(), "Lead").set("Company", "x");
    let RecordOutcome::Refused(why) = client.create(&lead, DuplicateRule::Obey).await.unwrap()
    else {
        panic!("not refused")
    };
    assert_eq!(why.fields, ["LastName"]);
    for (code, stage) in [
        ("sf.REQUEST_LIMIT_EXCEEDED", Stage::NotSent),
        ("sf.STORAGE_LIMIT_EXCEEDED", Stage::Answered),
        ("sf.UNKNOWN_EXCEPTION", Stage::Unknown),
        ("sf.LOST_AFTER_WRITE", Stage::Unknown),
        ("sf.LOST_BEFORE_WRITE", Stage::NotSent),
        ("sf.NOT_UNDERSTOOD", Stage::Unknown),
    ] {
        step.fetch_add(1, Ordering::SeqCst);
        let fault = client.create(&lead, DuplicateRule::Obey).await.unwrap_err();
        assert_eq!((fault.code.as_str(), fault.stage), (code, stage));
    }
    step.fetch_add(1, Ordering::SeqCst);
    let id = RecordId::new("00Q5500001QdQWaEAN");
    assert_eq!(client.get("Lead", &id, &["Id"]).await.unwrap(), None);
    let RecordOutcome::Refused(why) = client.delete("Lead", &id).await.unwrap() else {
        panic!("not refused")
    };
    assert_eq!(why.clue, Clue::Gone);
}

#[tokio::test]
async fn queries_page_to_the_end_or_to_their_bound() {
    let fake = Fake::signed_in(|seen| {
        let page = seen.url.rsplit_once("cursor-").map_or(0, |(_, n)| n.parse::<u64>().unwrap());
        let rows: Vec<_> = (0..2).map(|i| json!({"Id": null, "ns__N__c": page * 2 + i})).collect();
        let mut body = json!({"totalSize": 10, "done": page == 4, "records": rows});
        if page < 4 {
            body["nextRecordsUrl"] =
                json!(format!("/services/data/v66.0/query/cursor-{}", page + 1));
        }
        answer(200, &body)
    });
    let client = client(&fake, &Names::new("ns__").unwrap());
    let all = client.query("SELECT N__c FROM X", 1_000).await.unwrap();
    let numbers: Vec<_> = all.rows.iter().map(|row| row.number("N__c").unwrap()).collect();
    assert_eq!(numbers, (0..10).map(f64::from).collect::<Vec<_>>());
    assert_eq!((all.total, all.next), (10, None));
    let some = client.query_all("SELECT N__c FROM X", 3).await.unwrap();
    assert_eq!(some.rows.len(), 4);
    let next = some.next.unwrap();
    assert_eq!(client.query_more(&next).await.unwrap().rows[0].number("N__c"), Some(4.0));
    assert!(fake.seen().iter().any(|s| s.url.contains("/queryAll?q=SELECT")));
    let away = client.query_more("https://elsewhere.example/x").await.unwrap_err();
    assert_eq!(away.code.as_str(), local::REQUEST);
}

#[tokio::test]
async fn each_answer_moves_the_budget() {
    let used = AtomicUsize::new(10);
    let fake = Fake::signed_in(move |_| {
        let usage = format!("api-usage={}/15000", used.fetch_add(1, Ordering::SeqCst));
        Ok(Response::builder()
            .status(403)
            .header("Sforce-Limit-Info", usage)
            .body(bytes::Bytes::new())
            .unwrap())
    });
    let client = client(&fake, &Names::none());
    let mut budget = client.watch_budget();
    assert_eq!(client.budget(), None);
    for want in [10, 11] {
        client.limits().await.unwrap_err();
        assert!(budget.has_changed().unwrap());
        assert_eq!(budget.borrow_and_update().unwrap().used, want);
    }
    assert_eq!(client.budget().unwrap().left(), 15_000 - 11);
}

#[tokio::test]
async fn the_org_is_told() {
    let fake = Fake::signed_in(|seen| {
        if seen.url.ends_with("/limits") {
            answer(
                200,
                &json!({"DailyApiRequests": {"Max": 15000, "Remaining": 14998, "App": {"Max": 0, "Remaining": 0}}, "Odd": 1}),
            )
        } else if seen.url.ends_with("/services/data") {
            answer(
                200,
                &json!([{"version": "66.0", "label": "Spring '26", "url": "/services/data/v66.0"}]),
            )
        } else {
            answer(
                200,
                &json!({"user_id": "0055500001QdQWaAAN", "organization_id": "00D5500001QdQWa", "preferred_username": "u@acme.example", "language": "es", "locale": "es_AR"}),
            )
        }
    });
    let client = client(&fake, &Names::none());
    let limits = client.limits().await.unwrap();
    assert_eq!(
        (limits["DailyApiRequests"].max, limits["DailyApiRequests"].remaining),
        (15_000, 14_998)
    );
    assert_eq!(limits.len(), 1);
    assert_eq!(client.versions().await.unwrap()[0].version, "66.0");
    let user = client.user_info().await.unwrap();
    assert_eq!(user.org_id.as_str(), fake::ORG);
    assert_eq!((user.username.as_str(), user.language.as_str()), ("u@acme.example", "es"));
}
