//! One sign-in for all, early renewal, parking.

use super::*;

#[tokio::test]
async fn many_callers_cause_one_sign_in() {
    let fake = Fake::signed_in(|_| unreachable!());
    let tokens = tokens(&fake, &Arc::default(), None);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let tokens = tokens.clone();
        all.spawn(async move { tokens.session().await.unwrap() });
    }
    for session in all.join_all().await {
        assert_eq!(text(&session), "token-1");
    }
    assert_eq!(fake.logins(), 1);
}

#[tokio::test]
async fn one_death_seen_by_many_causes_one_renewal() {
    let fake = Fake::signed_in(|_| unreachable!());
    let tokens = tokens(&fake, &Arc::default(), None);
    let dead = tokens.session().await.unwrap();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (tokens, dead) = (tokens.clone(), dead.clone());
        all.spawn(async move { tokens.renew(&dead).await.unwrap() });
    }
    for session in all.join_all().await {
        assert_eq!(text(&session), "token-2");
    }
    assert_eq!(fake.logins(), 2);
    assert_eq!(fake.logins_at_once.load(Ordering::SeqCst), 1);
    // A caller that comes late with the old session gets the new one.
    assert_eq!(text(&tokens.renew(&dead).await.unwrap()), "token-2");
    assert_eq!(fake.logins(), 2);
}

#[tokio::test]
async fn an_old_session_is_renewed_and_serves_meanwhile() {
    let fake = Fake::signed_in(|_| unreachable!());
    let clock = Arc::new(Still::default());
    let tokens = tokens(&fake, &clock, None);
    tokens.session().await.unwrap();
    clock.advance(90 * 60_000 - 1);
    assert_eq!(text(&tokens.session().await.unwrap()), "token-1");
    clock.advance(1);
    let (renewing, other) = tokio::join!(tokens.session(), tokens.session());
    assert_eq!(text(&renewing.unwrap()), "token-2");
    assert_eq!(text(&other.unwrap()), "token-1");
    assert_eq!(fake.logins(), 2);
}

#[tokio::test]
async fn an_old_session_outlives_an_outage_of_the_sign_in() {
    let down = Arc::new(AtomicBool::new(false));
    let switch = down.clone();
    let fake = Fake::new(move |_| match switch.load(Ordering::SeqCst) {
        true => Err(Lost::BeforeWrite),
        false => token(1, ORG),
    });
    let clock = Arc::new(Still::default());
    let tokens = tokens(&fake, &clock, None);
    tokens.session().await.unwrap();
    down.store(true, Ordering::SeqCst);
    clock.advance(91 * 60_000);
    for _ in 0..10 {
        assert_eq!(text(&tokens.session().await.unwrap()), "token-1");
    }
    assert_eq!(fake.logins(), 2, "the failed renewal waits for its turn");
    assert_eq!(tokens.parked(), None);
}

#[tokio::test]
async fn failing_sign_ins_keep_their_distance() {
    let fake = Fake::new(|_| answer(503, &json!("<html>")));
    let clock = Arc::new(Still::default());
    let tokens = tokens(&fake, &clock, None);
    for _ in 0..20 {
        let fault = tokens.session().await.unwrap_err();
        assert_eq!((fault.code.as_str(), fault.stage), ("sf.login.unreachable", Stage::NotSent));
    }
    assert_eq!(fake.logins(), 1);
    for _ in 0..3_600 {
        clock.advance(1_000);
        let _ = tokens.session().await;
    }
    // 0.5 s, 1 s, 2 s, ... up to 30 s apart with the least jitter; Salesforce
    // takes thousands an hour.
    let tries = fake.logins();
    assert!((100..=130).contains(&tries), "{tries} sign-ins in an hour");
}

#[tokio::test]
async fn a_policy_parks_without_another_try_until_resumed() {
    let mended = Arc::new(AtomicBool::new(false));
    let switch = mended.clone();
    let fake = Fake::new(move |_| match switch.load(Ordering::SeqCst) {
        true => token(1, ORG),
        false => answer(400, &json!({"error": "invalid_app_access", "error_description": "x"})),
    });
    let clock = Arc::new(Still::default());
    let tokens = tokens(&fake, &clock, None);
    for _ in 0..5 {
        let fault = tokens.session().await.unwrap_err();
        assert_eq!(fault.act, Act::Ask);
        assert!(fault.cure.contains("needs an administrator"), "{fault}");
        clock.advance(3_600_000);
    }
    assert_eq!(fake.logins(), 1);
    assert!(tokens.parked().is_some());
    mended.store(true, Ordering::SeqCst);
    tokens.resume();
    assert_eq!(text(&tokens.session().await.unwrap()), "token-1");
    assert_eq!(tokens.parked(), None);
}

#[tokio::test]
async fn a_token_for_another_org_parks_and_is_never_used() {
    for pinned in [Some(ORG), Some(&ORG[..15])] {
        let fake = Fake::new(|_| token(1, "00D5500001QdQWbEAN"));
        let tokens = tokens(&fake, &Arc::default(), pinned);
        let fault = tokens.session().await.unwrap_err();
        assert_eq!((fault.code.as_str(), fault.act), (local::WRONG_ORG, Act::Ask));
        assert!(fault.detail.contains("00D5500001QdQWb"), "{fault}");
        tokens.session().await.unwrap_err();
        assert_eq!(fake.logins(), 1);
    }
    let fake = Fake::signed_in(|_| unreachable!());
    assert!(tokens(&fake, &Arc::default(), Some(&ORG[..15])).session().await.is_ok());
}

#[tokio::test]
async fn the_first_org_is_pinned_and_a_later_one_parks() {
    let count = AtomicUsize::new(0);
    let fake = Fake::new(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => token(1, ORG),
        _ => token(2, "00D5500001QdQWbEAN"),
    });
    let tokens = tokens(&fake, &Arc::default(), None);
    let session = tokens.session().await.unwrap();
    assert_eq!(tokens.org_id(), Some(OrgId::new(ORG)));
    assert_eq!(tokens.renew(&session).await.unwrap_err().code.as_str(), local::WRONG_ORG);
}

#[tokio::test]
async fn a_sign_in_that_was_cut_off_does_not_block_the_next() {
    let fake = Fake::signed_in(|_| unreachable!());
    let tokens = tokens(&fake, &Arc::default(), None);
    {
        let mut first = std::pin::pin!(tokens.session());
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        assert!(first.as_mut().poll(&mut context).is_pending());
    }
    assert!(tokens.session().await.is_ok());
    assert_eq!(fake.logins(), 2);
}

#[tokio::test]
async fn introspection_tells_the_end_of_the_session() {
    let fake = Fake::signed_in(|seen| {
        assert!(seen.url.ends_with("/services/oauth2/introspect"), "{}", seen.url);
        let want =
            "token=token-1&token_type_hint=access_token&client_id=key&client_secret=s%26cret";
        assert_eq!(seen.body, want);
        answer(200, &json!({"active": true, "username": "u@acme.example", "exp": 1605144733}))
    });
    let said = tokens(&fake, &Arc::default(), None).introspect().await.unwrap();
    assert!(said.active);
    assert_eq!(said.expires_at, Some(UnixMs::from_secs(1_605_144_733)));
}
