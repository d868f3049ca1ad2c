//! Lanes: one number and one person, leased to one sender at a time.

use model::UnixMs;
use model::ids::{LaneId, PersonId, PhoneNumberId, TenantId};
use model::planted::{Planted, planted};

use super::{Applied, hold, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{ClaimLanes, ClaimedLane, Did, LaneInbound, LaneRelease, NewLane};
use crate::row::Class;
use crate::sql::args;

pub(super) async fn insert(cx: &mut Cx, op: NewLane) -> Applied {
    const SQL: &str = "INSERT INTO lane (tenant, id, number, person) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT DO NOTHING";
    let rows = cx.tx.exec(SQL, args![&op.tenant, op.id, &op.number, op.person]).await?;
    met(rows, "lane")
}

pub(super) async fn inbound(cx: &mut Cx, op: LaneInbound) -> Applied {
    const SQL: &str = "UPDATE lane SET last_inbound_at = \
            CASE WHEN last_inbound_at > $1 THEN last_inbound_at ELSE $1 END \
        WHERE tenant = $2 AND id = $3";
    let rows = cx.tx.exec(SQL, args![op.at, &op.tenant, op.lane]).await?;
    met(rows, "lane")
}

struct Head {
    due_at: UnixMs,
    seq: i64,
    tenant: TenantId,
    lane: LaneId,
    number: PhoneNumberId,
    person: PersonId,
}

/// Class by class, so that each reads its own stretch of one index. The lanes
/// are locked in the order of their ids: two claimers never wait in a circle.
pub(super) async fn claim(cx: &mut Cx, op: ClaimLanes) -> Applied {
    const TAKE: &str = "UPDATE lane SET epoch = epoch + 1, lease_until = $1 \
                        WHERE id = $2 AND lease_until <= $3 RETURNING epoch";
    if hold::is_on(cx).await? {
        return Ok(Did::Claimed(vec![]));
    }
    let now = cx.tx.now().await?;
    let mut heads = vec![];
    for class in Class::ALL {
        let kept = if *class == Class::Live { 0 } else { op.live_only as usize };
        let left = (op.lanes_max as usize).saturating_sub(heads.len() + kept);
        if left > 0 {
            heads.extend(due(cx, *class, &op, now, left).await?);
        }
    }
    let mut order: Vec<usize> = (0..heads.len()).collect();
    order.sort_unstable_by_key(|at| heads[*at].lane);
    let mut epochs = vec![None; heads.len()];
    for at in order {
        let args = args![now + op.lease_ms, heads[at].lane, now];
        epochs[at] = cx.tx.row(TAKE, args).await?.map(|mut row| row.get::<i64>()).transpose()?;
    }
    let claimed = heads.into_iter().zip(epochs).filter_map(|(head, epoch)| {
        let Head { tenant, lane, number, person, .. } = head;
        Some(ClaimedLane { tenant, lane, epoch: epoch?, number, person })
    });
    Ok(Did::Claimed(claimed.collect()))
}

macro_rules! heads {
    ($of:literal, $states:literal, $max:literal) => {
        concat!(
            "SELECT o.due_at, o.seq, l.tenant, l.id, l.number, l.person \
             FROM outbox o JOIN lane l ON l.tenant = o.tenant AND l.id = o.lane \
             WHERE o.state = 'queued' AND o.class = $1 AND o.due_at <= $2 \
               AND l.hold_until <= $2 AND l.lease_until <= $3 ",
            $of,
            " AND NOT EXISTS (SELECT 1 FROM outbox p \
                 WHERE p.tenant = o.tenant AND p.lane = o.lane AND p.state ",
            $states,
            " AND (p.class < o.class OR (p.class = o.class AND p.seq < o.seq))) \
             ORDER BY o.due_at, o.seq LIMIT ",
            $max
        )
    };
}

/// Lanes that nobody holds and whose oldest queued row, by class and then by
/// order of acceptance, is of this class and due.
async fn due(
    cx: &mut Cx,
    class: Class,
    op: &ClaimLanes,
    now: i64,
    max: usize,
) -> Result<Vec<Head>, StoreError> {
    const OF_ALL: &str = heads!("", "= 'queued'", "$4");
    const OF_ONE: &str = heads!("AND o.number = $4", "= 'queued'", "$5");
    const HELD: &str = heads!("", "IN ('queued', 'uncertain', 'asked', 'failed')", "$4");
    let (at, max_rows) = (op.now, max as i64);
    let rows = match &op.numbers {
        None => {
            let sql = if planted(Planted::DeadHeadHoldsLane) { HELD } else { OF_ALL };
            cx.tx.rows(sql, args![class, at, now, max_rows]).await?
        }
        Some(numbers) => {
            let of = |number| args![class, at, now, number, max_rows];
            cx.tx.each(OF_ONE, numbers.iter().map(of).collect()).await?
        }
    };
    let head = |mut row: crate::sql::Cols| -> Result<Head, StoreError> {
        Ok(Head {
            due_at: row.get()?,
            seq: row.get()?,
            tenant: row.get()?,
            lane: row.get()?,
            number: row.get()?,
            person: row.get()?,
        })
    };
    let mut heads = rows.into_iter().map(head).collect::<Result<Vec<_>, _>>()?;
    heads.sort_by_key(|head| (head.due_at, head.seq));
    heads.truncate(max);
    Ok(heads)
}

/// A lane that went to another holder is theirs: nothing to give back.
pub(super) async fn release(cx: &mut Cx, op: LaneRelease) -> Applied {
    const SQL: &str = "UPDATE lane SET lease_until = 0, hold_until = $1 \
                       WHERE id = $2 AND epoch = $3";
    let hold_until = op.hold_until.map_or(0, |until| until.0);
    cx.tx.exec(SQL, args![hold_until, op.lane, op.epoch]).await?;
    Ok(Did::Done)
}
