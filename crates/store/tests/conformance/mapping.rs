//! What a mapping is tried on.

use model::ids::MessageId;
use store::{Direction, Op};

use crate::ambient::T0;
use crate::world::{MINUTE, World};

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
