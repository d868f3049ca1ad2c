//! Reports that compare both sides.

use super::{Applied, met};
use crate::cx::Cx;
use crate::op::{Did, NewReport, ReportEnd};
use crate::row::ReportState;
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const BODY: &str = "reconcile_report.body";

pub(super) async fn ask(cx: &mut Cx, op: NewReport) -> Applied {
    const SQL: &str = "INSERT INTO reconcile_report \
            (tenant, id, state, asked_at, asked_by, since, repair) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, id) DO NOTHING";
    let NewReport { tenant, id, asked_at, asked_by, since, repair } = op;
    let args = args![&tenant, id, ReportState::Wanted, asked_at, asked_by, since, repair];
    Ok(Did::New(cx.tx.exec(SQL, args).await? > 0))
}

pub(super) async fn end(cx: &mut Cx, op: ReportEnd) -> Applied {
    const END: &str = "UPDATE reconcile_report SET \
            state = CASE WHEN state = 'wanted' THEN $1 ELSE state END, \
            ended_at = COALESCE(ended_at, $2), summary = COALESCE(summary, $3), \
            body = CASE WHEN state = 'wanted' THEN $4 ELSE body END \
        WHERE tenant = $5 AND id = $6";
    const OLD: &str = "DELETE FROM reconcile_report WHERE tenant = $1 AND state <> 'wanted' \
          AND (asked_at, id) < (SELECT asked_at, id FROM reconcile_report \
              WHERE tenant = $1 ORDER BY asked_at DESC, id DESC LIMIT 1 OFFSET 399)";
    let state = if op.body.is_some() { ReportState::Done } else { ReportState::Failed };
    let body = match &op.body {
        Some(body) => {
            let owner = Owner::Tenant(op.tenant.clone());
            Some(cx.seal(&owner, BODY, op.id.as_bytes(), body).await?)
        }
        None => None,
    };
    let args = args![state, op.at, op.summary, body, &op.tenant, op.id];
    let ended = cx.tx.exec(END, args).await?;
    cx.tx.exec(OLD, args![&op.tenant]).await?;
    met(ended, "report")
}
