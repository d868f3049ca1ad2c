//! Versions of documents.

use model::ids::TenantId;
use store::op::{NewVersion, VersionUse};
use store::{Did, Document, Op, StoreError};

use crate::ambient::T0;
use crate::world::{MINUTE, World};

pub async fn a_version_never_changes_and_one_is_in_use(w: World) {
    let (tenant, other) = (w.tenant("acme").await, w.tenant("globex").await);
    for document in Document::ALL {
        held(&w, &tenant, &other, *document).await;
    }
}

/// The same of each document, whatever the others have come to.
async fn held(w: &World, tenant: &TenantId, other: &TenantId, document: Document) {
    let make = |tenant: &TenantId, text: &str, minutes: i64| {
        let (tenant, text) = (tenant.clone(), text.to_owned());
        let at = T0.plus(minutes * MINUTE);
        Op::NewVersion(NewVersion { tenant, document, text, at, actor: "key_1".into() })
    };
    let activate = |version: i64| {
        let (tenant, at) = (tenant.clone(), T0.plus(9 * MINUTE));
        Op::UseVersion(VersionUse { tenant, document, version, at, actor: "key_2".into() })
    };
    let active = |tenant: &TenantId| {
        let (store, tenant) = (w.store.clone(), tenant.clone());
        async move { store.active_version(&tenant, document).await.unwrap() }
    };
    assert_eq!(active(tenant).await, None);
    assert_eq!(w.did(make(tenant, "one", 0)).await, Did::Version(1));
    assert_eq!(w.did(make(tenant, "two", 1)).await, Did::Version(2));
    // the same again is no other version
    assert_eq!(w.did(make(tenant, "two", 2)).await, Did::Version(2));
    assert_eq!(w.did(make(other, "theirs", 3)).await, Did::Version(1));
    let all = w.store.versions(tenant, document, 9).await.unwrap();
    assert_eq!(
        all.iter().map(|made| (made.version, made.made_at)).collect::<Vec<_>>(),
        [(2, T0.plus(MINUTE)), (1, T0)]
    );
    assert_eq!(w.did(activate(1)).await, Did::Version(1));
    let used = active(tenant).await.unwrap();
    assert_eq!((used.version, used.actor.as_str()), (1, "key_2"));
    assert_eq!(used.at, T0.plus(9 * MINUTE));
    // going back makes no version; what comes after it is new all the same
    assert_eq!(w.did(make(tenant, "one", 4)).await, Did::Version(3));
    assert_eq!(w.did(activate(0)).await, Did::Version(0));
    assert_eq!(active(tenant).await.unwrap().version, 0);
    match w.refused(activate(4)).await {
        StoreError::Conflict(what) => assert_eq!(what, document.as_str()),
        other => panic!("{other:?}"),
    }
    assert_eq!(active(tenant).await.unwrap().version, 0);
    let text = |tenant: &TenantId, version: i64| {
        let (store, tenant) = (w.store.clone(), tenant.clone());
        async move { store.version_text(&tenant, document, version).await.unwrap() }
    };
    let texts = [(1, Some("one")), (2, Some("two")), (3, Some("one")), (4, None), (0, None)];
    for (version, expected) in texts {
        assert_eq!(text(tenant, version).await.as_deref(), expected);
    }
    assert_eq!(text(other, 1).await.as_deref(), Some("theirs"));
    assert_eq!(text(other, 2).await, None);
    assert_eq!(active(other).await.unwrap().version, 1);
}
