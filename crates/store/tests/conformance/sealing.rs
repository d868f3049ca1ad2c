//! What can be read without its key: nothing.

use model::ids::{PersonId, TenantId};
use store::StoreError;
use store::op::*;
use store::{Op, Profile};

use crate::ambient::T0;
use crate::world::World;

pub async fn hashes_differ_by_tenant_and_stay_over_a_restart(w: World) {
    let [a, b] = ["acme", "globex"].map(TenantId::new);
    let mine = w.store.hmac(&a, b"15550100001");
    assert_ne!(mine, w.store.hmac(&b, b"15550100001"));
    assert_ne!(mine, w.store.hmac(&a, b"15550100002"));
    assert_ne!(mine, w.store.hmac_installation(b"15550100001"));
    let again = w.reopened().await;
    assert_eq!(mine, again.hmac(&a, b"15550100001"));
    assert_eq!(w.store.hmac_installation(b"x"), again.hmac_installation(b"x"));
    let (before, after) =
        (w.store.installation().await.unwrap(), again.installation().await.unwrap());
    assert_eq!(before, after);
    assert_eq!(before.generation, 1);
}

pub async fn an_erased_person_cannot_be_read_and_others_can(w: World) {
    let ana = w.thread().await;
    let other = w.person(&ana.tenant, "100").await;
    let ana_sent = w.sent(&ana).await;
    let other_sent = w.sent(&other).await;
    assert!(w.store.erase_person_key(&ana.tenant, ana.person).await.unwrap());
    assert!(!w.store.erase_person_key(&ana.tenant, ana.person).await.unwrap());
    for store in [w.store.clone(), w.reopened().await] {
        let read = store.messages(&ana.tenant, &[ana_sent.message]).await;
        assert!(matches!(read, Err(StoreError::Sealed(_))), "{read:?}");
        let read = store.persons(&ana.tenant, &[ana.person]).await;
        assert!(matches!(read, Err(StoreError::Sealed(_))), "{read:?}");
        let read = store.outbox(&ana.tenant, ana_sent.outbox).await;
        assert!(matches!(read, Err(StoreError::Sealed(_))), "{read:?}");
        assert_eq!(store.messages(&ana.tenant, &[other_sent.message]).await.unwrap().len(), 1);
        assert_eq!(store.persons(&ana.tenant, &[other.person]).await.unwrap().len(), 1);
    }
    let id = model::ids::MessageId::new(&w.ambient);
    let refused = w.refused(Op::NewMessage(w.message(&ana, id))).await;
    assert!(
        matches!(refused, StoreError::Sealed(_)),
        "an erased person got a new key: {refused:?}"
    );
}

pub async fn a_tenant_must_be_put_before_anything_is_sealed_for_it(w: World) {
    let person = NewPerson {
        tenant: TenantId::new("nobody"),
        id: PersonId::new(&w.ambient),
        at: T0,
        profile: Profile::default(),
    };
    let refused = w.refused(Op::NewPerson(person)).await;
    assert!(refused.to_string().contains("PutTenant"), "{refused}");
}

pub async fn a_key_of_a_failed_commit_is_never_used(w: World) {
    let thread = w.thread().await;
    let id = PersonId::new(&w.ambient);
    let tenant = thread.tenant.clone();
    let profile = Profile { display_name: Some("Ana".into()), ..Profile::default() };
    let new = Op::NewPerson(NewPerson { tenant: tenant.clone(), id, at: T0, profile });
    let failing = [vec![new.clone()], thread.ops(Profile::default())].concat();
    assert!(w.commit(failing).await.unwrap_err().is_conflict());
    w.did(new).await;
    for store in [w.store.clone(), w.reopened().await] {
        let person = store.persons(&tenant, &[id]).await.unwrap().remove(0);
        assert_eq!(person.profile.display_name.as_deref(), Some("Ana"));
    }
}
