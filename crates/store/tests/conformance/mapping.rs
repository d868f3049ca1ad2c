//! Versions of a mapping, and what one is tried on.

use model::ids::MessageId;
use store::op::{MappingUse, NewMapping};
use store::{Did, Direction, Op, StoreError};

use crate::ambient::T0;
use crate::world::{MINUTE, World};

pub async fn a_version_never_changes_and_one_is_in_use(w: World) {
    let (tenant, other) = (w.tenant("acme").await, w.tenant("globex").await);
    let make = |tenant: &model::ids::TenantId, text: &str, minutes: i64| {
        let (tenant, text) = (tenant.clone(), text.to_owned());
        let at = T0.plus(minutes * MINUTE);
        Op::NewMapping(NewMapping { tenant, text, at, actor: "key_1".into() })
    };
    let activate = |version: i64| {
        let (tenant, at) = (tenant.clone(), T0.plus(9 * MINUTE));
        Op::UseMapping(MappingUse { tenant, version, at, actor: "key_2".into() })
    };
    assert_eq!(w.store.mapping_active(&tenant).await.unwrap(), None);
    assert_eq!(w.did(make(&tenant, "one", 0)).await, Did::Version(1));
    assert_eq!(w.did(make(&tenant, "two", 1)).await, Did::Version(2));
    // the same again is no other version
    assert_eq!(w.did(make(&tenant, "two", 2)).await, Did::Version(2));
    assert_eq!(w.did(make(&other, "theirs", 3)).await, Did::Version(1));
    let all = w.store.mappings(&tenant, 9).await.unwrap();
    assert_eq!(
        all.iter().map(|m| (m.version, m.made_at)).collect::<Vec<_>>(),
        [(2, T0.plus(MINUTE)), (1, T0)]
    );
    assert_eq!(w.did(activate(1)).await, Did::Version(1));
    let active = w.store.mapping_active(&tenant).await.unwrap().unwrap();
    assert_eq!((active.version, active.actor.as_str()), (1, "key_2"));
    assert_eq!(active.at, T0.plus(9 * MINUTE));
    // going back makes no version; what comes after it is new all the same
    assert_eq!(w.did(make(&tenant, "one", 4)).await, Did::Version(3));
    assert_eq!(w.did(activate(0)).await, Did::Version(0));
    assert_eq!(w.store.mapping_active(&tenant).await.unwrap().unwrap().version, 0);
    assert!(matches!(w.refused(activate(4)).await, StoreError::Conflict("mapping")));
    assert_eq!(w.store.mapping_active(&tenant).await.unwrap().unwrap().version, 0);
    let texts = [(1, Some("one")), (2, Some("two")), (3, Some("one")), (4, None), (0, None)];
    for (version, text) in texts {
        assert_eq!(w.store.mapping_text(&tenant, version).await.unwrap().as_deref(), text);
    }
    assert_eq!(w.store.mapping_text(&other, 1).await.unwrap().as_deref(), Some("theirs"));
    assert_eq!(w.store.mapping_text(&other, 2).await.unwrap(), None);
    assert_eq!(w.store.mapping_active(&other).await.unwrap().unwrap().version, 1);
}

pub async fn the_newest_messages_of_customers_are_found(w: World) {
    let thread = w.thread().await;
    let other = w.tenant("globex").await;
    let mut inbound = Vec::new();
    for n in 0..5 {
        let id = MessageId::new(&w.ambient);
        let mut message = w.message(&thread, id);
        message.record_key = format!("{n}");
        message.sent_at = T0.plus(-n * MINUTE);
        if n == 3 {
            message.direction = Direction::Echo;
        } else {
            inbound.insert(0, id);
        }
        w.did(Op::NewMessage(message)).await;
    }
    assert_eq!(w.store.newest_inbound(&thread.tenant, 9).await.unwrap(), inbound);
    assert_eq!(w.store.newest_inbound(&thread.tenant, 2).await.unwrap(), inbound[..2]);
    // told by Meta's time, in whatever order they came
    for (newest, id) in [(true, inbound[3]), (false, inbound[0])] {
        let (tenant, conversation) = (&thread.tenant, thread.conversation);
        let end = w.store.inbound_end(tenant, conversation, newest).await.unwrap();
        assert_eq!(end.map(|message| message.id), Some(id));
        assert!(w.store.inbound_end(&other, conversation, newest).await.unwrap().is_none());
    }
    assert!(w.store.newest_inbound(&other, 9).await.unwrap().is_empty());
}
