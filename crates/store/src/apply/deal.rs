//! Opportunities that puente made, and to what they are owed.

use super::Applied;
use crate::cx::Cx;
use crate::op::{Attributed, DealStands, Did, NewDeal};
use crate::sql::args;

pub(super) async fn attribute(cx: &mut Cx, op: Attributed) -> Applied {
    const SQL: &str = "INSERT INTO attribution (tenant, person, touch, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant, person) DO UPDATE SET touch = excluded.touch, at = excluded.at";
    cx.tx.exec(SQL, args![&op.tenant, op.person, op.touch, op.at]).await?;
    Ok(Did::Done)
}

pub(super) async fn insert(cx: &mut Cx, op: NewDeal) -> Applied {
    const SQL: &str = "INSERT INTO deal (tenant, conversation, record, person, number, made_at, \
            touch) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let NewDeal { tenant, conversation, record, person, number, at, touch } = op;
    let args = args![&tenant, conversation, &record, person, &number, at, touch];
    Ok(Did::New(cx.tx.exec(SQL, args).await? > 0))
}

pub(super) async fn stands(cx: &mut Cx, op: DealStands) -> Applied {
    const SQL: &str = "UPDATE deal SET amount = $1, is_won = $2, closed_at = \
            CASE WHEN CAST($3 AS BIGINT) IS NULL THEN NULL WHEN is_won <> $2 THEN $3 \
            ELSE COALESCE(closed_at, $3) END \
        WHERE tenant = $4 AND record = $5";
    let args = args![op.amount, op.is_won, op.closed_at, &op.tenant, &op.record];
    cx.tx.exec(SQL, args).await?;
    Ok(Did::Done)
}
