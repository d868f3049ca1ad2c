//! What a reader that missed changes needs to stand where we stand.

use engine::Find;
use model::ids::TenantId;
use serde::Serialize;

use super::standing::Standing;
use crate::problem::Problem;
use crate::state::Inner;

const CONVERSATIONS: u32 = 20;
const MESSAGES_EACH: u32 = 10;

#[derive(Serialize)]
pub struct Snapshot {
    items: Vec<Standing>,
}

/// The newest messages of the newest conversations.
pub async fn take(app: &Inner, tenant: &TenantId) -> Result<Snapshot, Problem> {
    let mut items = Vec::new();
    for conversation in app.store.conversations_list(tenant, None, CONVERSATIONS).await? {
        let find = Find::Conversation(conversation.id);
        let page = app.board.find(tenant, find, None, MESSAGES_EACH).await?;
        items.extend(page.items.into_iter().map(Standing::from));
    }
    Ok(Snapshot { items })
}
