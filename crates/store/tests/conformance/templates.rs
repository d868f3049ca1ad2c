//! Message templates: listed, told, agreed to, and stopped.

use model::UnixMs;
use model::ids::{TenantId, WabaId};
use store::op::{
    TEMPLATE_CATEGORY, TemplateAgreed, TemplateListStep, TemplateListWanted, TemplateListed,
    TemplateNews, TemplateTold, TemplateUse,
};
use store::{Did, Op, OutboxState, StoreError, Template, TemplateList};

use crate::ambient::T0;
use crate::world::{MINUTE, World};

fn minute(n: i64) -> UnixMs {
    T0.plus(n * MINUTE)
}

fn waba() -> WabaId {
    WabaId::new("waba_1")
}

fn listed(tenant: &TenantId, name: &str, state: &str, category: &str, at: UnixMs) -> Op {
    Op::TemplateListed(TemplateListed {
        tenant: tenant.clone(),
        waba: waba(),
        name: name.into(),
        language: "es_MX".into(),
        meta_id: "1387".into(),
        state: state.into(),
        category: category.into(),
        named: true,
        parts: format!("[{}]", at.0),
        reason: None,
        quality: Some("GREEN".into()),
        at,
    })
}

fn told(tenant: &TenantId, name: &str, event: UnixMs, received: UnixMs, news: TemplateNews) -> Op {
    Op::TemplateTold(TemplateTold {
        tenant: tenant.clone(),
        waba: waba(),
        name: name.into(),
        language: "es_MX".into(),
        meta_id: Some("1387".into()),
        event_at: event,
        received_at: received,
        news,
    })
}

fn state(word: &str) -> TemplateNews {
    TemplateNews::State { state: word.into(), reason: Some("why".into()), category: None }
}

async fn one(w: &World, tenant: &TenantId, name: &str) -> Template {
    w.store.template(tenant, &waba(), name).await.unwrap().pop().unwrap()
}

pub async fn a_list_holds_what_a_webhook_did_not_change_since(w: World) {
    let (tenant, other) = (w.tenant("acme").await, w.tenant("globex").await);
    w.did(listed(&tenant, "order", "PENDING", "UTILITY", minute(1))).await;
    let first = one(&w, &tenant, "order").await;
    assert_eq!(
        (first.state.as_str(), first.agreed.as_str(), first.named),
        ("PENDING", "UTILITY", true)
    );
    assert!(!first.sendable());
    // told while the list of minute 2 was under way
    w.did(told(&tenant, "order", minute(2), minute(3), state("APPROVED"))).await;
    w.did(listed(&tenant, "order", "PENDING", "UTILITY", minute(2))).await;
    let row = one(&w, &tenant, "order").await;
    assert!(row.sendable());
    assert_eq!(row.parts, format!("[{}]", minute(2).0));
    assert_eq!(row.told_at, minute(3));
    // a later list knows better
    w.did(listed(&tenant, "order", "PAUSED", "UTILITY", minute(4))).await;
    assert_eq!(one(&w, &tenant, "order").await.state, "PAUSED");
    // and an older one changes nothing
    w.did(listed(&tenant, "order", "APPROVED", "UTILITY", minute(3))).await;
    let row = one(&w, &tenant, "order").await;
    assert_eq!((row.state.as_str(), row.listed_at), ("PAUSED", minute(4)));
    assert!(w.store.templates(&other).await.unwrap().is_empty());
    assert!(w.store.template(&other, &waba(), "order").await.unwrap().is_empty());
}

pub async fn an_older_event_changes_nothing(w: World) {
    let tenant = w.tenant("acme").await;
    // not known before: made
    w.did(told(&tenant, "new", minute(5), minute(5), state("PAUSED"))).await;
    assert_eq!(one(&w, &tenant, "new").await.state, "PAUSED");
    w.did(told(&tenant, "new", minute(4), minute(6), state("APPROVED"))).await;
    let row = one(&w, &tenant, "new").await;
    assert_eq!((row.state.as_str(), row.reason.as_deref()), ("PAUSED", Some("why")));
    // of the same second: the one that comes later
    w.did(told(&tenant, "new", minute(5), minute(6), TemplateNews::Quality("RED".into()))).await;
    assert_eq!(one(&w, &tenant, "new").await.quality.as_deref(), Some("RED"));
    // a list that was asked for long after the event held it already
    w.did(listed(&tenant, "new", "APPROVED", "UTILITY", minute(20))).await;
    w.did(told(&tenant, "new", minute(10), minute(21), state("DISABLED"))).await;
    let row = one(&w, &tenant, "new").await;
    assert_eq!((row.state.as_str(), row.agreed.as_str()), ("APPROVED", "UTILITY"));
    // each of them wants the list read again
    let lists = w.store.template_lists().await.unwrap();
    assert_eq!(lists.iter().map(|list| list.wanted_at).collect::<Vec<_>>(), [minute(21)]);
}

pub async fn what_a_whole_list_does_not_hold_is_gone(w: World) {
    let tenant = w.tenant("acme").await;
    let want =
        |at| Op::WantTemplates(TemplateListWanted { tenant: tenant.clone(), waba: waba(), at });
    let step = |cursor: Option<&str>, ended: bool| {
        let list = TemplateList {
            tenant: tenant.clone(),
            waba: waba(),
            wanted_at: T0,
            due_at: minute(9),
            began_at: Some(minute(2)),
            cursor: cursor.map(str::to_owned),
            done_at: ended.then(|| minute(2)),
        };
        Op::TemplateListStep(TemplateListStep { list, ended })
    };
    assert!(matches!(w.refused(step(None, false)).await, StoreError::Conflict("template_list")));
    w.did(want(minute(1))).await;
    for name in ["gone", "kept"] {
        w.did(listed(&tenant, name, "APPROVED", "UTILITY", minute(1))).await;
    }
    w.did(step(Some("abc"), false)).await;
    let list = w.store.template_lists().await.unwrap().pop().unwrap();
    assert_eq!((list.cursor.as_deref(), list.began_at), (Some("abc"), Some(minute(2))));
    assert_eq!((list.wanted_at, list.due_at, list.done_at), (minute(1), minute(9), None));
    w.did(listed(&tenant, "kept", "APPROVED", "UTILITY", minute(2))).await;
    w.did(told(&tenant, "told", minute(3), minute(3), state("APPROVED"))).await;
    assert_eq!(one(&w, &tenant, "gone").await.state, "APPROVED");
    w.did(step(None, true)).await;
    for (name, state) in [("gone", "DELETED"), ("kept", "APPROVED"), ("told", "APPROVED")] {
        assert_eq!(one(&w, &tenant, name).await.state, state, "{name}");
    }
    // an older wish does not hide the newer one, and none moves what is under way
    w.did(want(minute(2))).await;
    let list = w.store.template_lists().await.unwrap().pop().unwrap();
    assert_eq!((list.wanted_at, list.due_at), (minute(3), minute(9)));
    assert_eq!((list.began_at, list.done_at), (None, Some(minute(2))));
    // it is back
    w.did(listed(&tenant, "gone", "APPROVED", "UTILITY", minute(4))).await;
    assert!(one(&w, &tenant, "gone").await.sendable());
}

pub async fn a_category_is_used_when_it_is_agreed_to(w: World) {
    let tenant = w.tenant("acme").await;
    let agree = |category: &str| {
        Op::AgreeTemplate(TemplateAgreed {
            tenant: tenant.clone(),
            waba: waba(),
            name: "order".into(),
            language: "es_MX".into(),
            category: category.into(),
            at: minute(9),
        })
    };
    let alerts = async || {
        let open = w.store.alerts_open(&tenant).await.unwrap();
        open.into_iter().filter(|a| a.kind == TEMPLATE_CATEGORY).count()
    };
    assert!(matches!(w.refused(agree("UTILITY")).await, StoreError::Conflict("template")));
    w.did(listed(&tenant, "order", "APPROVED", "UTILITY", minute(1))).await;
    w.did(told(
        &tenant,
        "order",
        minute(2),
        minute(2),
        TemplateNews::Announced("MARKETING".into()),
    ))
    .await;
    let row = one(&w, &tenant, "order").await;
    assert!(row.sendable() && row.announced.as_deref() == Some("MARKETING"));
    assert_eq!(alerts().await, 0);
    let changed =
        TemplateNews::Category { previous: Some("UTILITY".into()), category: "MARKETING".into() };
    w.did(told(&tenant, "order", minute(3), minute(3), changed.clone())).await;
    let row = one(&w, &tenant, "order").await;
    assert!(!row.sendable() && row.announced.is_none());
    assert_eq!((row.category.as_str(), row.agreed.as_str()), ("MARKETING", "UTILITY"));
    assert_eq!(alerts().await, 1);
    assert!(matches!(w.refused(agree("UTILITY")).await, StoreError::Conflict("template")));
    w.did(agree("MARKETING")).await;
    assert!(one(&w, &tenant, "order").await.sendable());
    assert_eq!(alerts().await, 0);
    // a list tells it as well as a webhook does
    w.did(listed(&tenant, "order", "APPROVED", "UTILITY", minute(4))).await;
    assert!(!one(&w, &tenant, "order").await.sendable());
    assert_eq!(alerts().await, 1);
    // heard of by its change alone: it was used in the category before
    w.did(told(&tenant, "other", minute(3), minute(3), changed)).await;
    let other = one(&w, &tenant, "other").await;
    assert_eq!((other.category.as_str(), other.agreed.as_str()), ("MARKETING", "UTILITY"));
}

pub async fn a_stopped_template_is_not_sent(w: World) {
    let thread = w.thread().await;
    let tenant = &thread.tenant;
    let numbers = w.store.numbers(tenant).await.unwrap();
    let waba = numbers.into_iter().find(|n| n.number == thread.number).unwrap().waba;
    let list = |state: &str, category: &str, at| {
        let Op::TemplateListed(listed) = listed(tenant, "order", state, category, at) else {
            unreachable!()
        };
        Op::TemplateListed(TemplateListed { waba: waba.clone(), ..listed })
    };
    let send = async |language: &str| {
        w.send(&thread, |new| {
            new.free_form = false;
            new.template = Some(TemplateUse { name: "order".into(), language: language.into() });
        })
        .await
    };
    // nothing is known of it: Meta decides
    let sent = send("es_MX").await;
    assert!(matches!(w.begin(&thread, &sent, T0).await, Did::Permit(_)));
    for (n, (state, category, code)) in [
        ("APPROVED", "UTILITY", None),
        ("PAUSED", "UTILITY", Some("puente.template_stopped")),
        ("APPROVED", "MARKETING", Some("puente.template_category")),
        ("DISABLED", "MARKETING", Some("puente.template_stopped")),
    ]
    .into_iter()
    .enumerate()
    {
        w.did(list(state, category, minute(n as i64 + 1))).await;
        let other = send("en_US").await;
        assert!(matches!(w.begin(&thread, &other, T0).await, Did::Permit(_)), "{state}");
        let sent = send("es_MX").await;
        let Some(code) = code else {
            assert!(matches!(w.begin(&thread, &sent, T0).await, Did::Permit(_)), "{state}");
            continue;
        };
        assert_eq!(
            w.begin(&thread, &sent, T0).await,
            Did::NotNow(store::op::NotNow::TemplateStopped)
        );
        let row = w.store.outbox(tenant, sent.outbox).await.unwrap().unwrap();
        assert_eq!((row.state, row.code.as_deref()), (OutboxState::Failed, Some(code)));
        assert_eq!(row.attempts, 0);
    }
}
