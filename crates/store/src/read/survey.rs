//! What the customers of closed cases are asked, and what they answered.

use model::UnixMs;
use model::ids::{PersonId, SurveyId, TenantId};

use super::{boxed, every};
use crate::apply::survey::COMMENT;
use crate::cx::Cx;
use crate::row::{SurveyAsk, SurveyCase, SurveyState};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! surveys {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, id, case_id, conversation, lane, person, number, noticed_at, \
             closed_at, state, due_at, reason, version, message, asked_at, scale, answer_hours, \
             comment_minutes, score, answered_at, comment, heard, written FROM survey_case ",
            $rest
        )
    };
}

async fn survey(cx: &mut Cx, mut row: Cols) -> Result<SurveyCase, StoreError> {
    let (tenant, id): (TenantId, SurveyId) = (row.get()?, row.get()?);
    let mut survey = SurveyCase {
        id,
        case: row.get()?,
        conversation: row.get()?,
        lane: row.get()?,
        person: row.get()?,
        number: row.get()?,
        noticed_at: row.get()?,
        closed_at: row.get()?,
        state: row.get()?,
        due_at: row.get()?,
        reason: row.get()?,
        asked: ask(&mut row)?,
        score: row.get()?,
        answered_at: row.get()?,
        comment: None,
        heard: 0,
        written: 0,
    };
    if let Some(sealed) = row.get::<Option<Vec<u8>>>()? {
        let opened = cx.open(tenant.as_str(), COMMENT, id.as_bytes(), sealed).await?;
        survey.comment = Some(String::from_utf8_lossy(&opened).into_owned());
    }
    (survey.heard, survey.written) = (row.get()?, row.get()?);
    Ok(survey)
}

fn ask(row: &mut Cols) -> Result<Option<SurveyAsk>, StoreError> {
    let (version, message, at) = (row.get()?, row.get()?, row.get()?);
    let (scale, hours, minutes) = (row.get()?, row.get()?, row.get()?);
    let all = (version, message, at, scale, hours, minutes);
    let (Some(version), Some(message), Some(at), Some(scale), Some(hours), Some(minutes)) = all
    else {
        return Ok(None);
    };
    let (answer_hours, comment_minutes) = (hours, minutes);
    Ok(Some(SurveyAsk { version, message, at, scale, answer_hours, comment_minutes }))
}

impl Store {
    /// Those that exist, in the order they were asked for.
    pub async fn surveys(
        &self,
        tenant: &TenantId,
        ids: &[SurveyId],
    ) -> Result<Vec<SurveyCase>, StoreError> {
        const SQL: &str = surveys!("WHERE tenant = $1 AND id = $2");
        let lists = ids.iter().map(|id| args![tenant, *id]).collect();
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.each(SQL, lists).await?;
                every(cx, rows, |cx, row| boxed(survey(cx, row))).await
            })
        })
        .await
    }

    /// Those that wait and whose time has come, longest due first.
    pub async fn surveys_waiting(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<SurveyCase>, StoreError> {
        const SQL: &str = surveys!(
            "WHERE tenant = $1 AND state = 'waiting' AND due_at <= $2 ORDER BY due_at, id LIMIT $3"
        );
        self.survey_rows(SQL, args![tenant, now, max]).await
    }

    /// Those whose case does not have all that was heard, longest due first.
    pub async fn surveys_unwritten(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<SurveyCase>, StoreError> {
        const SQL: &str = surveys!(
            "WHERE tenant = $1 AND written < heard AND due_at <= $2 ORDER BY due_at, id LIMIT $3"
        );
        self.survey_rows(SQL, args![tenant, now, max]).await
    }

    /// Newest first by when the case was noticed, of one state or of all; `before`
    /// is the last one of the page before.
    pub async fn surveys_list(
        &self,
        tenant: &TenantId,
        state: Option<SurveyState>,
        before: Option<(UnixMs, SurveyId)>,
        max: u32,
    ) -> Result<Vec<SurveyCase>, StoreError> {
        const SQL: &str = surveys!(
            "WHERE tenant = $1 AND (noticed_at, id) < ($2, $3) AND ($4 = '' OR state = $4) \
             ORDER BY noticed_at DESC, id DESC LIMIT $5"
        );
        let end = (UnixMs(i64::MAX), SurveyId::from_bytes([0xff; 16]));
        let (at, id) = before.unwrap_or(end);
        let state = state.map_or("", SurveyState::as_str);
        self.survey_rows(SQL, args![tenant, at, id, state, max]).await
    }

    /// Answered then, in order of time, after the one at `after`.
    pub async fn surveys_answered(
        &self,
        tenant: &TenantId,
        from: UnixMs,
        until: UnixMs,
        after: Option<(UnixMs, SurveyId)>,
        max: u32,
    ) -> Result<Vec<SurveyCase>, StoreError> {
        const SQL: &str = surveys!(
            "WHERE tenant = $1 AND answered_at >= $2 AND answered_at < $3 \
               AND (answered_at, id) > ($4, $5) ORDER BY answered_at, id LIMIT $6"
        );
        let (at, id) = after.unwrap_or((UnixMs(i64::MIN), SurveyId::from_bytes([0; 16])));
        self.survey_rows(SQL, args![tenant, from, until, at, id, max]).await
    }

    /// When the person was last asked, about whatever case.
    pub async fn last_surveyed(
        &self,
        tenant: &TenantId,
        person: PersonId,
    ) -> Result<Option<UnixMs>, StoreError> {
        const SQL: &str = "SELECT MAX(asked_at) FROM survey_case WHERE tenant = $1 AND person = $2";
        let args = args![tenant, person];
        self.read(move |cx| {
            boxed(async move {
                Ok(match cx.tx.row(SQL, args).await? {
                    Some(mut row) => row.get()?,
                    None => None,
                })
            })
        })
        .await
    }

    /// Some conversation that opened since then has a case.
    pub async fn has_cases(&self, tenant: &TenantId, since: UnixMs) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT 1 FROM conversation \
            WHERE tenant = $1 AND opened_at >= $2 AND case_id IS NOT NULL LIMIT 1";
        let args = args![tenant, since];
        self.read(move |cx| boxed(async move { Ok(cx.tx.row(SQL, args).await?.is_some()) })).await
    }

    async fn survey_rows(
        &self,
        sql: &'static str,
        args: Vec<V>,
    ) -> Result<Vec<SurveyCase>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(sql, args).await?;
                every(cx, rows, |cx, row| boxed(survey(cx, row))).await
            })
        })
        .await
    }
}
