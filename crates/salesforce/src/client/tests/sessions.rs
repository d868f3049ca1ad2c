//! Sessions that end.

use super::*;

#[tokio::test]
async fn an_ended_session_is_renewed_once_for_all_and_each_call_repeated_once() {
    let fake = Fake::signed_in(|seen| match seen.header("authorization") {
        Some("Bearer token-1") => session_ended(),
        _ => answer(201, &json!({"id": "00Q5500001QdQWaEAN", "success": true, "errors": []})),
    });
    let client = Arc::new(client(&fake, &Names::none()));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        all.spawn(async move {
            let lead = Record::new(&Names::none(), "Lead").set("LastName", "Ana");
            client.create(&lead, DuplicateRule::Obey).await.unwrap()
        });
    }
    for outcome in all.join_all().await {
        assert_eq!(shown(&outcome), "created 00Q5500001QdQWaEAN");
    }
    assert_eq!(fake.logins(), 2);
    let accepted =
        fake.seen().iter().filter(|s| s.header("authorization") == Some("Bearer token-2")).count();
    assert_eq!(accepted, 20);
}

#[tokio::test]
async fn a_new_session_that_is_refused_at_once_parks() {
    let fake = Fake::signed_in(|_| session_ended());
    let client = client(&fake, &Names::none());
    let fault = client.limits().await.unwrap_err();
    assert_eq!((fault.code.as_str(), fault.act), (local::SESSION_REFUSED, Act::Ask));
    assert!(fault.cure.contains("needs an administrator"), "{fault}");
    assert_eq!((fake.logins(), fake.seen().len()), (2, 4));
    client.limits().await.unwrap_err();
    assert_eq!(fake.seen().len(), 4, "a parked client calls nobody");
}

#[tokio::test]
async fn a_session_that_worked_and_died_again_does_not_park() {
    // The second session serves one call, then all sessions die at once.
    let served = AtomicBool::new(false);
    let fake = Fake::signed_in(move |seen| match seen.header("authorization") {
        Some("Bearer token-2") if !served.swap(true, Ordering::SeqCst) => answer(200, &json!({})),
        Some("Bearer token-1" | "Bearer token-2") => session_ended(),
        _ => answer(200, &json!({})),
    });
    let client = client(&fake, &Names::none());
    let (a, b) = tokio::join!(client.limits(), client.limits());
    let died = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    for fault in &died {
        assert_eq!(fault.act, Act::Retry { after: None }, "{fault}");
    }
    assert_eq!(died.len(), 1);
    assert_eq!(client.tokens().parked(), None);
    assert!(client.limits().await.is_ok());
    assert_eq!(fake.logins(), 3);
}

#[tokio::test]
async fn a_policy_refusal_parks_without_renewal() {
    let fake = Fake::signed_in(|_| {
        answer(
            401,
            &json!([{"errorCode": "INVALID_SESSION_ID", "message": "This session is not valid for use with the REST API"}]),
        )
    });
    let client = client(&fake, &Names::none());
    let fault = client.limits().await.unwrap_err();
    assert_eq!(fault.act, Act::Ask);
    assert_eq!(client.tokens().parked(), Some(fault));
    client.limits().await.unwrap_err();
    assert_eq!((fake.logins(), fake.seen().len()), (1, 2));
}
