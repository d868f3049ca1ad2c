//! Campaigns over a store in memory.

mod world;

use model::Denied;
use model::ids::{AttemptId, CampaignId};
use serde_json::json;
use store::op::{BeginSend, FinishSend, SendEnd};
use store::{CampaignState, Did, MemberState, Op};

use crate::consent::Said;
use crate::stage::{NOW, tenant};

use world::*;

#[tokio::test]
async fn an_audience_is_read_line_by_line_and_the_same_file_adds_nobody() {
    let w = World::new().await;
    let id = w.draft(3, json!({})).await;
    let file = "phone;name;city\n+525510000000;Otra;x\n5510000001;Sin;x\n+52 55 9999 9999;Eva;x\n\
                +525599999999;Eva;x\nMX.1;Bis;x\n";
    let taken = w.desk.add(&caller(), id, file.as_bytes()).await.unwrap();
    assert_eq!((taken.new, taken.known, taken.refused), (1, 2, 2), "{taken:?}");
    assert_eq!(taken.complaints.iter().map(|c| c.line).collect::<Vec<_>>(), [Some(3), Some(6)]);
    assert_eq!(taken.unused, ["city"]);
    let again = w.desk.add(&caller(), id, file.as_bytes()).await.unwrap();
    assert_eq!((again.new, again.known), (0, 3));
    let members = w.members(id).await;
    assert_eq!(members.len(), 4);
    assert_eq!(members[0].bound, br#"{"name":"Ana 0"}"#, "the first line holds");
}

#[tokio::test]
async fn a_check_says_who_is_left_out_and_sends_nothing() {
    let w = World::new().await;
    let plan = json!({ "tier": "2K", "zone": "America/Mexico_City" });
    let id = w.draft(3, plan).await;
    w.desk.add(&caller(), id, b"phone,name\n+12025550123,Sam\n").await.unwrap();
    let said = Said {
        whom: "+525510000000".into(),
        purpose: model::Purpose::Marketing,
        kind: model::ConsentKind::OptOut,
        channel: "api".into(),
        source: "api".into(),
        happened_at: None,
        wording: None,
        evidence: None,
    };
    w.desk.desk.record_consent(&caller(), &said).await.unwrap();
    let report = w.check(id).await.unwrap();
    let left: Vec<_> = report.left_out.iter().map(|(why, n)| (why.as_str(), *n)).collect();
    assert_eq!((report.taken, left), (2, vec![("opted_out", 1), ("united_states", 1)]));
    assert_eq!((report.tier_left, report.by_tier), (Some(1_800), false));
    assert!(report.ends_at.is_some());
    assert_eq!(w.campaign(id).await.state, CampaignState::Checked);
    w.turn().await;
    assert!(w.queued().await.is_empty());
    w.desk.start(&caller(), id, None).await.unwrap();
    w.turn().await;
    assert_eq!(w.queued().await.len(), 2);
    let codes: Vec<_> = w.members(id).await.into_iter().filter_map(|m| m.code).collect();
    assert_eq!(codes, ["puente.opted_out", "puente.united_states"]);
}

#[tokio::test]
async fn a_plan_or_a_template_that_cannot_be_sent_is_refused_with_its_field() {
    let w = World::new().await;
    for (with, field) in [
        (json!({ "zone": "Bogota" }), "zone"),
        (json!({ "quiet": "night" }), "quiet"),
        (json!({ "days": ["lunes"] }), "days"),
        (json!({ "tier": "many" }), "tier"),
        (json!({ "per_second": 0 }), "per_second"),
        (json!({ "cap": { "messages": 0, "days": 1 } }), "cap.messages"),
        (json!({ "pause_at": { "failed": 101 } }), "pause_at"),
        (json!({ "ends_at": "2025-01-01T00:00" }), "ends_at"),
        (json!({ "colour": 1 }), "plan"),
        (json!({ "template": { "name": "spring" } }), "plan.template"),
    ] {
        let id = CampaignId::new(&w.desk.desk.ambient);
        let refused = w.desk.make(&caller(), id, "x", None, plan(with)).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
    }
    let empty = w.draft(0, json!({})).await;
    assert_eq!(w.check(empty).await.unwrap_err().field.as_deref(), Some("audience"));
    let refused = w.desk.start(&caller(), empty, None).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "puente.campaign_state");
    assert!(refused.cause.contains("check it first"), "{}", refused.cause);
    let id = w.draft(1, json!({})).await;
    w.template(|template| template.state = "PAUSED".into()).await;
    assert_eq!(w.check(id).await.unwrap_err().code.as_str(), "puente.template_stopped");
}

#[tokio::test]
async fn each_member_is_queued_once_whenever_the_worker_is_another() {
    let w = World::new().await;
    let id = w.running(120, json!({})).await;
    for _ in 0..6 {
        worker(&w.desk).turn().await.unwrap();
        w.pass(1_000);
    }
    let sends = w.queued().await;
    assert_eq!(sends.len(), 120);
    // of some the answer is lost, and of some the answer comes while nobody hears
    for (n, outbox) in sends.iter().enumerate() {
        let lost = SendEnd::Uncertain {
            code: "wa.no_answer".into(),
            detail: String::new(),
            until: w.now().plus(120_000),
        };
        w.call(*outbox, if n % 10 == 0 { lost } else { taken(*outbox) }).await;
    }
    for _ in 0..3 {
        worker(&w.desk).turn().await.unwrap();
        w.pass(DAY_MS);
    }
    assert_eq!(w.queued().await.len(), 0);
    assert_eq!(w.in_state(id, MemberState::Uncertain).await, 12);
    assert_eq!(w.in_state(id, MemberState::Sent).await, 108);
    assert!(w.members(id).await.iter().all(|member| member.rounds == 1));
    assert_eq!(w.campaign(id).await.state, CampaignState::Done);
}

#[tokio::test]
async fn what_meta_holds_back_is_tried_after_a_day_and_then_ever_later() {
    let w = World::new().await;
    let id = w.running(1, json!({ "pause_at": { "failed": 100 } })).await;
    for gap in [1, 2, 4] {
        w.turn().await;
        w.pass(1_000);
        w.fails(w.queued().await[0], "wa.131049").await;
        w.turn().await;
        let member = w.members(id).await.remove(0);
        let told = (member.state, member.code.as_deref());
        assert_eq!(told, (MemberState::HeldBack, Some("wa.131049")));
        let waits = member.due_at.since(w.now());
        assert!((gap * DAY_MS..gap * DAY_MS + 2 * HOUR_MS).contains(&waits), "{gap}: {waits}");
        w.pass(gap * DAY_MS - 1);
        w.turn().await;
        assert!(w.queued().await.is_empty(), "not before");
        w.pass(2 * HOUR_MS);
    }
    w.turn().await;
    w.fails(w.queued().await[0], "wa.131049").await;
    w.turn().await;
    assert_eq!(w.in_state(id, MemberState::Failed).await, 1);
    w.pass(7 * HOUR_MS);
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Done);
}

#[tokio::test]
async fn what_would_end_alike_for_all_pauses_it_and_loses_nobody() {
    for (code, why) in [
        ("wa.131063", "marketing_elsewhere"),
        ("wa.131048", "spam"),
        ("puente.template_stopped", "template"),
    ] {
        let w = World::new().await;
        let id = w.running(20, json!({})).await;
        w.turn().await;
        let sends = w.queued().await;
        w.fails(sends[0], code).await;
        w.turn().await;
        let paused = w.campaign(id).await;
        assert_eq!((paused.state, paused.why.as_deref()), (CampaignState::Paused, Some(why)));
        assert!(w.queued().await.is_empty(), "{code}: what waits is held");
        w.pass(HOUR_MS);
        w.turn().await;
        assert!(w.queued().await.is_empty());
        w.desk.resume(&caller(), id).await.unwrap();
        w.pass(6_000);
        w.turn().await;
        assert_eq!(w.queued().await.len(), 20, "{code}: with the one that failed");
    }
}

#[tokio::test]
async fn it_pauses_at_failures_and_at_a_lower_rating_and_a_resume_counts_anew() {
    let w = World::new().await;
    let id = w.running(40, json!({ "pause_at": { "failed": 20, "after": 10 } })).await;
    w.turn().await;
    let sends = w.queued().await;
    for (n, outbox) in sends.iter().take(10).enumerate() {
        match n < 3 {
            true => w.fails(*outbox, "wa.131026").await,
            false => w.call(*outbox, taken(*outbox)).await,
        }
    }
    w.turn().await;
    w.pass(6_000);
    w.turn().await;
    assert_eq!(w.campaign(id).await.why.as_deref(), Some("failures"));
    w.desk.resume(&caller(), id).await.unwrap();
    w.pass(6_000);
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Running, "what was seen is seen");
    w.template(|template| template.quality = Some("YELLOW".into())).await;
    w.pass(6_000);
    w.turn().await;
    assert_eq!(w.campaign(id).await.why.as_deref(), Some("template_quality"));
}

#[tokio::test]
async fn a_stop_takes_back_what_was_not_called_and_waits_for_what_was() {
    let w = World::new().await;
    let id = w.running(10, json!({})).await;
    w.turn().await;
    let first = w.queued().await[0];
    let permit = w.permit(first).await;
    w.desk.stop(&caller(), id).await.unwrap();
    w.turn().await;
    assert_eq!(w.in_state(id, MemberState::LeftOut).await, 9);
    assert_eq!(w.campaign(id).await.state, CampaignState::Stopping, "a call is open");
    let (at, sync_due_at) = (w.now(), w.now());
    let end = taken(first);
    w.did(Op::FinishSend(FinishSend { permit, at, end, sync_due_at })).await;
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Stopped);
    assert_eq!(w.in_state(id, MemberState::Sent).await, 1);
    let refused = w.desk.resume(&caller(), id).await.unwrap_err();
    assert!(refused.cause.contains("make a new campaign"), "{}", refused.cause);
}

#[tokio::test]
async fn it_begins_at_its_time_and_nobody_is_written_to_in_quiet_hours() {
    let w = World::new().await;
    let with = json!({ "zone": "America/Bogota", "quiet": "21:00-08:00" });
    let id = w.draft(5, with).await;
    w.check(id).await.unwrap();
    // it is seven in the evening there
    w.desk.start(&caller(), id, Some("2025-12-31T20:59")).await.unwrap();
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Scheduled);
    w.pass(2 * HOUR_MS);
    w.turn().await;
    w.turn().await;
    let waits = w.campaign(id).await;
    assert_eq!((waits.state, waits.wait_for.as_deref()), (CampaignState::Running, Some("hours")));
    assert_eq!(waits.wait_until, Some(NOW.plus(13 * HOUR_MS)));
    assert!(w.queued().await.is_empty());
    w.pass(11 * HOUR_MS);
    w.turn().await;
    assert_eq!(w.queued().await.len(), 5);
    assert_eq!(w.campaign(id).await.wait_for, None);
}

#[tokio::test]
async fn no_more_people_than_the_portfolio_has_left_and_the_cap_holds_over_campaigns() {
    let w = World::new().await;
    let id = w.running(300, json!({ "tier": "250" })).await;
    for _ in 0..20 {
        w.turn().await;
        for outbox in w.queued().await {
            w.call(outbox, taken(outbox)).await;
        }
        w.pass(1_000);
    }
    assert_eq!(w.in_state(id, MemberState::Sent).await, 225, "a tenth is not for campaigns");
    assert_eq!(w.campaign(id).await.wait_for.as_deref(), Some("tier"));
    w.desk.stop(&caller(), id).await.unwrap();
    w.turn().await;
    let capped = json!({ "cap": { "messages": 1, "days": 7 } });
    let other = w.running(226, capped).await;
    w.turn().await;
    assert_eq!(w.queued().await.len(), 1, "who was written to waits");
    let waiting = w.members(other).await;
    let waits = waiting.iter().filter(|member| member.state == MemberState::Waiting);
    let waits: Vec<_> = waits.map(|member| member.due_at.since(w.now())).collect();
    assert_eq!(waits.len(), 225);
    assert!(waits.iter().all(|ms| (6 * DAY_MS..=7 * DAY_MS).contains(ms)));
}

#[tokio::test]
async fn who_opts_out_while_queued_is_left_out_and_not_failed() {
    let w = World::new().await;
    let id = w.running(1, json!({})).await;
    w.turn().await;
    let outbox = w.queued().await[0];
    let said = Said {
        whom: "+525510000000".into(),
        purpose: model::Purpose::Marketing,
        kind: model::ConsentKind::OptOut,
        channel: "api".into(),
        source: "api".into(),
        happened_at: None,
        wording: None,
        evidence: None,
    };
    w.desk.desk.record_consent(&caller(), &said).await.unwrap();
    let begin = BeginSend {
        tenant: tenant(),
        outbox,
        attempt: AttemptId::new(&w.desk.desk.ambient),
        at: w.now(),
        deadline: w.now().plus(10_000),
        sync_due_at: w.now(),
        policy: model::ConsentPolicy::IMPLIED,
    };
    let did = w.did(Op::BeginSend(begin)).await;
    assert_eq!(did, Did::NotNow(store::op::NotNow::Denied(Denied::OptedOut)));
    w.turn().await;
    let member = w.members(id).await.remove(0);
    let told = (member.state, member.code.as_deref());
    assert_eq!(told, (MemberState::LeftOut, Some("puente.opted_out")));
}
