//! What the bridge did with each message, newest first.

use engine::Find;
use engine::body::Body;
use model::ids::MessageId;
use serde_json::{Value, json};
use store::{Direction, StoreError};

use super::Demo;

const TRACES_MAX: u32 = 25;

pub async fn traces(demo: &Demo) -> Result<Vec<Value>, StoreError> {
    let mut newest: Vec<MessageId> = Vec::new();
    let (_, horizon) = demo.store.feed_bounds(&demo.tenant).await?;
    let after = (horizon - 400).max(0);
    for row in demo.store.feed_after(&demo.tenant, after, 400).await?.into_iter().rev() {
        if !newest.contains(&row.message) {
            newest.push(row.message);
        }
    }
    newest.truncate(TRACES_MAX as usize);
    let mut traces = Vec::new();
    for id in newest {
        for trace in demo.board.trace(&demo.tenant, Find::Message(id)).await? {
            let message = demo.store.messages(&demo.tenant, &[id]).await?.pop();
            let title = message.map(|m| Body::open(&m.body).text.unwrap_or(m.kind));
            let customer = trace.wamid.as_deref().and_then(|wamid| customer_of(demo, wamid));
            let steps: Vec<_> = trace
                .steps
                .iter()
                .map(|s| json!({ "at": s.at.0, "what": s.what, "detail": s.detail }))
                .collect();
            let incoming = trace.direction == Direction::In;
            traces.push(json!({
                "messageId": id.to_string(),
                "wamid": trace.wamid,
                "direction": if incoming { "inbound" } else { "outbound" },
                "customerId": customer,
                "title": title,
                "steps": steps,
            }));
        }
    }
    Ok(traces)
}

fn customer_of(demo: &Demo, wamid: &str) -> Option<String> {
    demo.phones.read(|world| world.message(wamid).map(|m| m.customer_id.clone()))
}
