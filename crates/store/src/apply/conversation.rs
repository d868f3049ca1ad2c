//! Episodes: from open to close, one open at a time on a lane.

use model::Urgency;

use super::{Applied, met, sync};
use crate::cx::Cx;
use crate::op::{
    CaseSeen, ConversationClosed, ConversationLink, ConversationTold, ConversationTouch, Did,
    NewConversation, Want,
};
use crate::row::Object;
use crate::sql::args;

pub(super) async fn insert(cx: &mut Cx, op: NewConversation) -> Applied {
    const SQL: &str = "INSERT INTO conversation (tenant, id, lane, person, number, opened_at) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let args = args![&op.tenant, op.id, op.lane, op.person, &op.number, op.opened_at];
    let rows = cx.tx.exec(SQL, args).await?;
    met(rows, "conversation")
}

/// The first response is the earliest outbound message that came no earlier
/// than the first inbound one.
pub(super) async fn touch(cx: &mut Cx, op: ConversationTouch) -> Applied {
    const INBOUND: &str = "UPDATE conversation SET \
            first_inbound_at = CASE WHEN first_inbound_at < $1 THEN first_inbound_at ELSE $1 END, \
            last_inbound_at = CASE WHEN last_inbound_at > $1 THEN last_inbound_at ELSE $1 END, \
            last_message_at = CASE WHEN last_message_at > $1 THEN last_message_at ELSE $1 END \
        WHERE tenant = $2 AND id = $3 AND closed_at IS NULL";
    const OUTBOUND: &str = "UPDATE conversation SET \
            first_response_at = CASE \
                WHEN first_inbound_at IS NULL OR first_inbound_at > $1 THEN first_response_at \
                WHEN first_response_at < $1 THEN first_response_at ELSE $1 END, \
            last_message_at = CASE WHEN last_message_at > $1 THEN last_message_at ELSE $1 END \
        WHERE tenant = $2 AND id = $3 AND closed_at IS NULL";
    let mut rows = 1;
    for (sql, at) in [(INBOUND, op.inbound_at), (OUTBOUND, op.outbound_at)] {
        if let Some(at) = at {
            rows = cx.tx.exec(sql, args![at, &op.tenant, op.id]).await?;
        }
    }
    met(rows, "conversation")
}

/// Salesforce is to show it, behind what somebody waits for: a campaign's
/// conversations end by the thousand.
pub(super) async fn close(cx: &mut Cx, op: ConversationClosed) -> Applied {
    const SQL: &str = "UPDATE conversation SET closed_at = $1 \
        WHERE tenant = $2 AND id = $3 AND closed_at IS NULL \
          AND last_message_at IS NOT DISTINCT FROM $4 RETURNING person";
    let row = cx.tx.row(SQL, args![op.at, &op.tenant, op.id, op.last]).await?;
    let Some(mut row) = row else { return Ok(Did::Count(0)) };
    let (object, id, root) = (Object::Conversation, *op.id.as_bytes(), row.get()?);
    let want = Want { tenant: op.tenant, object, id, root, due_at: op.due_at };
    sync::want(cx, want, Urgency::Status).await?;
    Ok(Did::Count(1))
}

pub(super) async fn told(cx: &mut Cx, op: ConversationTold) -> Applied {
    const SQL: &str = "UPDATE conversation SET told_at = $1 WHERE tenant = $2 AND id = $3";
    met(cx.tx.exec(SQL, args![op.at, &op.tenant, op.id]).await?, "conversation")
}

pub(super) async fn case_seen(cx: &mut Cx, op: CaseSeen) -> Applied {
    const SQL: &str = "UPDATE conversation SET \
            moved_at = CASE WHEN moved_at > $1 THEN moved_at ELSE COALESCE($1, moved_at) END, \
            rule_closed_at = COALESCE(rule_closed_at, $2) \
        WHERE tenant = $3 AND id = $4";
    met(cx.tx.exec(SQL, args![op.moved, op.closed, &op.tenant, op.id]).await?, "conversation")
}

pub(super) async fn link(cx: &mut Cx, op: ConversationLink) -> Applied {
    const SQL: &str = "UPDATE conversation SET case_id = COALESCE($1, case_id), \
            opportunity_id = COALESCE($2, opportunity_id) \
        WHERE tenant = $3 AND id = $4";
    let args = args![op.case.as_ref(), op.opportunity.as_ref(), &op.tenant, op.id];
    let rows = cx.tx.exec(SQL, args).await?;
    met(rows, "conversation")
}
