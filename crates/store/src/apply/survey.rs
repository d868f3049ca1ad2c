//! What the customers of closed cases are asked, and what they answered.

use model::ids::{PersonId, SurveyId, TenantId};

use super::{Applied, all, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, NewSurvey, SurveyHeard, SurveyStep, SurveyTo, SurveyWritten};
use crate::row::SurveyAsk;
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const COMMENT: &str = "survey_case.comment";

pub(super) async fn insert(cx: &mut Cx, op: NewSurvey) -> Applied {
    const SQL: &str = "INSERT INTO survey_case (tenant, id, case_id, conversation, lane, person, \
            number, noticed_at, closed_at, due_at, state) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting') \
        ON CONFLICT (tenant, case_id) DO NOTHING";
    let args = args![
        &op.tenant,
        op.id,
        &op.case,
        op.conversation,
        op.lane,
        op.person,
        &op.number,
        op.at,
        op.closed_at,
        op.due_at,
    ];
    Ok(Did::New(cx.tx.exec(SQL, args).await? > 0))
}

pub(super) async fn step(cx: &mut Cx, op: SurveyStep) -> Applied {
    const SKIPPED: &str = "UPDATE survey_case SET state = 'skipped', reason = $1 \
        WHERE tenant = $2 AND id = $3 AND state = 'waiting'";
    const LATER: &str = "UPDATE survey_case SET due_at = $1 \
        WHERE tenant = $2 AND id = $3 AND state = 'waiting'";
    const FORGOTTEN: &str =
        "DELETE FROM survey_case WHERE tenant = $1 AND id = $2 AND state = 'waiting'";
    let (tenant, id) = (&op.tenant, op.id);
    let rows = match op.step {
        SurveyTo::Asked { ask, effects } => {
            let moved = asked(cx, tenant, id, ask).await?;
            if moved > 0 {
                all(cx, effects).await?;
            }
            moved
        }
        SurveyTo::Skipped { reason } => cx.tx.exec(SKIPPED, args![reason, tenant, id]).await?,
        SurveyTo::Later { due_at } => cx.tx.exec(LATER, args![due_at, tenant, id]).await?,
        SurveyTo::Forgotten => cx.tx.exec(FORGOTTEN, args![tenant, id]).await?,
    };
    Ok(Did::Count(rows))
}

async fn asked(
    cx: &mut Cx,
    tenant: &TenantId,
    id: SurveyId,
    ask: SurveyAsk,
) -> Result<u64, StoreError> {
    const ASKED: &str = "UPDATE survey_case SET state = 'asked', version = $1, message = $2, \
            asked_at = $3, scale = $4, answer_hours = $5, comment_minutes = $6 \
        WHERE tenant = $7 AND id = $8 AND state = 'waiting' RETURNING lane";
    const LANE: &str = "UPDATE lane SET survey = $1 WHERE tenant = $2 AND id = $3";
    let args = args![
        ask.version,
        ask.message,
        ask.at,
        ask.scale,
        ask.answer_hours,
        ask.comment_minutes,
        tenant,
        id,
    ];
    let Some(mut row) = cx.tx.row(ASKED, args).await? else { return Ok(0) };
    let lane: model::ids::LaneId = row.get()?;
    cx.tx.exec(LANE, args![id, tenant, lane]).await
}

pub(super) async fn heard(cx: &mut Cx, op: SurveyHeard) -> Applied {
    const PERSON: &str = "SELECT person FROM survey_case WHERE tenant = $1 AND id = $2";
    const HEARD: &str = "UPDATE survey_case SET score = COALESCE($1, score), \
            comment = COALESCE($2, comment), answered_at = COALESCE(answered_at, $3), \
            state = 'answered', heard = heard + 1, due_at = $4 \
        WHERE tenant = $5 AND id = $6 AND state IN ('asked', 'answered')";
    let comment = match op.comment {
        None => None,
        Some(comment) => {
            let row = cx.tx.row(PERSON, args![&op.tenant, op.id]).await?;
            let mut row = row.ok_or(StoreError::Conflict("survey"))?;
            let owner = Owner::Person(op.tenant.clone(), row.get::<PersonId>()?);
            Some(cx.seal(&owner, COMMENT, op.id.as_bytes(), comment.as_bytes()).await?)
        }
    };
    let args = args![op.score, comment, op.at, op.due_at, &op.tenant, op.id];
    met(cx.tx.exec(HEARD, args).await?, "survey")
}

pub(super) async fn written(cx: &mut Cx, op: SurveyWritten) -> Applied {
    const SQL: &str = "UPDATE survey_case SET due_at = $1, \
            written = CASE WHEN written > $2 THEN written ELSE COALESCE($2, written) END \
        WHERE tenant = $3 AND id = $4";
    met(cx.tx.exec(SQL, args![op.due_at, op.heard, &op.tenant, op.id]).await?, "survey")
}
