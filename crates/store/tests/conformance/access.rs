//! Leases, pins, keys, the trail, alerts, cursors, the feed.

use model::ids::{KeyId, MessageId, OrgId, TenantId};
use store::op::*;
use store::{Did, Fence, Op, StoreError};

use crate::ambient::T0;
use crate::world::{HOUR, World};

fn lease(holder: &str, lease_ms: i64) -> Op {
    Op::TakeLease(TakeLease { name: "writer/acme".into(), holder: holder.into(), lease_ms })
}

pub async fn a_lease_has_one_holder_and_a_rising_epoch(w: World) {
    assert_eq!(w.did(lease("a", HOUR)).await, Did::Lease(Some(1)));
    assert_eq!(w.did(lease("b", HOUR)).await, Did::Lease(None));
    assert_eq!(w.did(lease("a", HOUR)).await, Did::Lease(Some(1)));
    assert_eq!(w.did(lease("a", -1)).await, Did::Lease(Some(1)));
    assert_eq!(w.did(lease("b", -1)).await, Did::Lease(Some(2)));
    assert_eq!(w.did(lease("a", HOUR)).await, Did::Lease(Some(3)));
}

pub async fn a_fenced_commit_writes_nothing(w: World) {
    let tenant = w.tenant("acme").await;
    w.did(lease("a", -1)).await;
    w.did(lease("b", HOUR)).await;
    let put = |value: &[u8]| {
        let (tenant, name) = (tenant.clone(), "replay".into());
        vec![Op::PutCursor(CursorRow { tenant, name, value: value.to_vec() })]
    };
    for (name, epoch) in [("writer/acme", 1), ("writer/acme", 3), ("other", 2)] {
        let fence = Fence::Lease { name: name.into(), epoch };
        assert!(matches!(w.fenced(fence, put(b"stale")).await, Err(StoreError::Fenced)));
    }
    assert_eq!(w.store.cursor(&tenant, "replay").await.unwrap(), None);
    let fence = Fence::Lease { name: "writer/acme".into(), epoch: 2 };
    w.fenced(fence, put(b"ours")).await.unwrap();
    assert_eq!(w.store.cursor(&tenant, "replay").await.unwrap(), Some(b"ours".to_vec()));
}

pub async fn an_org_is_pinned(w: World) {
    let put = |org: Option<&str>| {
        let org = org.map(OrgId::new);
        Op::PutTenant(TenantRow { tenant: TenantId::new("acme"), org, at: T0 })
    };
    w.did(put(None)).await;
    w.did(put(Some("00D5500001QdQWaAAN"))).await;
    for same in [None, Some("00D5500001QdQWaAAN"), Some("00D5500001QdQWa")] {
        w.did(put(same)).await;
    }
    assert!(w.refused(put(Some("00D5500001qdQWaAAN"))).await.is_conflict());
    let tenants = w.store.tenants().await.unwrap();
    assert_eq!(tenants.len(), 1);
    assert_eq!(tenants[0].org, Some(OrgId::new("00D5500001QdQWaAAN")));
}

pub async fn a_number_has_one_owner(w: World) {
    let (acme, globex) = (w.tenant("acme").await, w.tenant("globex").await);
    w.number(&acme, "100").await;
    w.number(&acme, "100").await;
    let mut row = w.store.numbers(&acme).await.unwrap().remove(0);
    row.tenant = globex.clone();
    assert!(w.refused(Op::PutNumber(row.clone())).await.is_conflict());
    assert!(w.store.numbers(&globex).await.unwrap().is_empty());
    row.tenant = TenantId::new("nobody");
    row.number = model::ids::PhoneNumberId::new("101");
    assert!(w.refused(Op::PutNumber(row)).await.is_conflict());
}

pub async fn api_keys_come_and_are_revoked(w: World) {
    let tenant = w.tenant("acme").await;
    let new = NewApiKey {
        tenant: tenant.clone(),
        id: KeyId::new(&w.ambient),
        hash: [4; 32],
        scopes: vec!["send".into(), "read".into()],
        label: "the panel\0".into(),
        at: T0,
        expires_at: Some(T0.plus(HOUR)),
    };
    w.did(Op::NewApiKey(new.clone())).await;
    let again = NewApiKey { id: KeyId::new(&w.ambient), ..new.clone() };
    assert!(w.refused(Op::NewApiKey(again)).await.is_conflict());
    let key = w.store.api_key(&[4; 32]).await.unwrap().unwrap();
    assert_eq!((key.scopes, key.expires_at, key.revoked_at), (new.scopes, new.expires_at, None));
    assert_eq!(key.label, "the panel\u{fffd}");
    assert!(w.store.api_key(&[5; 32]).await.unwrap().is_none());
    for at in [T0.plus(7), T0.plus(9)] {
        w.did(Op::RevokeApiKey(ApiKeyRevoked { tenant: tenant.clone(), id: new.id, at })).await;
    }
    assert_eq!(w.store.api_keys(&tenant).await.unwrap()[0].revoked_at, Some(T0.plus(7)));
    let other = ApiKeyRevoked { tenant: w.tenant("globex").await, id: new.id, at: T0 };
    assert!(w.refused(Op::RevokeApiKey(other)).await.is_conflict());
}

pub async fn the_audit_trail_is_a_chain(w: World) {
    let tenant = w.tenant("acme").await;
    let entry = |tenant: &TenantId, subject: &str| {
        Op::Audit(AuditEntry {
            tenant: tenant.clone(),
            at: T0,
            actor: "key_00".into(),
            action: "send.accepted".into(),
            subject: subject.into(),
            detail: "a\0b".into(),
        })
    };
    let other = w.tenant("globex").await;
    w.commit(vec![entry(&tenant, "1"), entry(&other, "x"), entry(&tenant, "2")]).await.unwrap();
    w.did(entry(&tenant, "3")).await;
    let lines = w.store.audit_after(&tenant, 0, 9).await.unwrap();
    let shown: Vec<_> = lines.iter().map(|line| (line.seq, line.subject.as_str())).collect();
    assert_eq!(shown, [(1, "1"), (2, "2"), (3, "3")]);
    let mut before = [0; 32];
    for line in &lines {
        assert!(line.follows(&before));
        before = line.hash;
    }
    let mut bent = lines[1].clone();
    bent.subject = "9".into();
    assert!(!bent.follows(&lines[0].hash) && !lines[2].follows(&lines[0].hash));
    assert_eq!(w.store.audit_after(&tenant, 2, 9).await.unwrap().len(), 1);
}

pub async fn alerts_open_once_and_close(w: World) {
    let tenant = w.tenant("acme").await;
    let raise = |subject: &str, text: &str, at| {
        let (kind, subject, text) = ("disk".into(), subject.into(), text.into());
        Op::RaiseAlert(AlertRaised { tenant: tenant.clone(), kind, subject, text, at })
    };
    w.did(raise("a", "first", T0)).await;
    w.did(raise("a", "second", T0.plus(5))).await;
    w.did(raise("b\0", "other", T0.plus(1))).await;
    let open = w.store.alerts_open(&tenant).await.unwrap();
    let shown: Vec<_> = open.iter().map(|alert| (alert.text.as_str(), alert.raised_at)).collect();
    assert_eq!(shown, [("second", T0), ("other", T0.plus(1))]);
    let clear = || {
        let (kind, subject) = ("disk".into(), "a".into());
        Op::ClearAlert(AlertCleared { tenant: tenant.clone(), kind, subject, at: T0 })
    };
    w.did(clear()).await;
    w.did(clear()).await;
    assert_eq!(w.store.alerts_open(&tenant).await.unwrap().len(), 1);
    w.did(raise("a", "again", T0.plus(9))).await;
    assert_eq!(w.store.alerts_open(&tenant).await.unwrap().len(), 2);
}

pub async fn cursors_keep_the_last_value(w: World) {
    let tenant = w.tenant("acme").await;
    for value in [b"1".to_vec(), b"\0\xff".to_vec()] {
        let (tenant, name) = (tenant.clone(), "replay".into());
        w.did(Op::PutCursor(CursorRow { tenant, name, value })).await;
    }
    assert_eq!(w.store.cursor(&tenant, "replay").await.unwrap(), Some(b"\0\xff".to_vec()));
    assert_eq!(w.store.cursor(&tenant, "other").await.unwrap(), None);
    assert_eq!(w.store.cursor(&TenantId::new("globex"), "replay").await.unwrap(), None);
}

pub async fn feed_rows_are_numbered_without_gaps(w: World) {
    let thread = w.thread().await;
    assert_eq!(w.store.feed_bounds(&thread.tenant).await.unwrap(), (1, 0));
    let ids: Vec<_> = (0..4).map(|_| MessageId::new(&w.ambient)).collect();
    let new = |id: MessageId| Op::NewMessage(w.message(&thread, id));
    w.commit(vec![new(ids[0]), new(ids[1])]).await.unwrap();
    // A commit that fails takes no number with it.
    assert!(w.commit(vec![new(ids[2]), new(ids[0])]).await.is_err());
    w.did(new(ids[3])).await;
    let rows = w.store.feed_after(&thread.tenant, 0, 9).await.unwrap();
    let shown: Vec<_> = rows.iter().map(|row| (row.seq, row.message)).collect();
    assert_eq!(shown, [(1, ids[0]), (2, ids[1]), (3, ids[3])]);
    assert!(rows.iter().all(|row| row.kind == "message.in" && row.status.is_none()));
    assert_eq!(w.store.feed_after(&thread.tenant, 2, 9).await.unwrap().len(), 1);
    assert_eq!(w.store.feed_bounds(&thread.tenant).await.unwrap(), (1, 3));
    let before = async |at| w.store.feed_before(&thread.tenant, at).await.unwrap();
    assert_eq!((before(rows[0].at).await, before(rows[2].at.plus(1)).await), (None, Some(3)));
}
