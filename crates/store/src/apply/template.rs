//! Message templates: listed, told, agreed to.

use model::ids::{OutboxId, PhoneNumberId, TenantId};
use model::{Purpose, UnixMs};

use super::{Applied, alert, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{
    AlertCleared, AlertRaised, Did, TEMPLATE_CATEGORY, TemplateAgreed, TemplateListStep,
    TemplateListWanted, TemplateListed, TemplateNews, TemplateTold,
};
use crate::sql::{V, args};

/// Meta's list holds an event after this long at the latest.
const SETTLED_MS: i64 = 60_000;

pub(super) async fn listed(cx: &mut Cx, op: TemplateListed) -> Applied {
    const INSERT: &str = "INSERT INTO template (tenant, waba, name, language, meta_id, state, \
            category, agreed, named, parts, reason, quality, listed_at, told_at, event_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12, 0, 0) \
        ON CONFLICT (tenant, waba, name, language) DO NOTHING";
    // parts are told by lists alone, so they are taken whatever a webhook said
    const PARTS: &str = "UPDATE template SET parts = $1, named = $2, listed_at = $3 \
        WHERE tenant = $4 AND waba = $5 AND name = $6 AND language = $7 AND listed_at <= $3";
    const REST: &str = "UPDATE template SET meta_id = $1, state = $2, category = $3, \
            announced = CASE WHEN announced = $3 THEN NULL ELSE announced END, \
            agreed = CASE WHEN agreed = '' THEN $3 ELSE agreed END, reason = $4, quality = $5 \
        WHERE tenant = $6 AND waba = $7 AND name = $8 AND language = $9 \
            AND listed_at <= $10 AND told_at <= $10";
    let insert = args![
        &op.tenant,
        &op.waba,
        &op.name,
        &op.language,
        &op.meta_id,
        &op.state,
        &op.category,
        op.named,
        &op.parts,
        op.reason.as_deref(),
        op.quality.as_deref(),
        op.at,
    ];
    if cx.tx.exec(INSERT, insert).await? == 1 {
        return Ok(Did::Done);
    }
    let key =
        Key { tenant: &op.tenant, waba: op.waba.as_str(), name: &op.name, lang: &op.language };
    let mut rest =
        args![&op.meta_id, &op.state, &op.category, op.reason.as_deref(), op.quality.as_deref(),];
    rest.extend(key.args());
    rest.extend(args![op.at]);
    cx.tx.exec(REST, rest).await?;
    let mut parts = args![&op.parts, op.named, op.at];
    parts.extend(key.args());
    cx.tx.exec(PARTS, parts).await?;
    category(cx, &key, op.at).await?;
    Ok(Did::Done)
}

pub(super) async fn told(cx: &mut Cx, op: TemplateTold) -> Applied {
    // first heard of: no category is known, so none was agreed to
    const INSERT: &str = "INSERT INTO template (tenant, waba, name, language, meta_id, state, \
            category, agreed, named, parts, listed_at, told_at, event_at) \
        VALUES ($1, $2, $3, $4, $5, 'PENDING', '', '', 0, '[]', 0, 0, 0) \
        ON CONFLICT (tenant, waba, name, language) DO NOTHING";
    const FRESH: &str = "UPDATE template SET told_at = $1, event_at = $2, \
            meta_id = COALESCE($3, meta_id) \
        WHERE tenant = $4 AND waba = $5 AND name = $6 AND language = $7 \
            AND event_at <= $2 AND listed_at < $8";
    const STATE: &str = "UPDATE template SET state = $1, reason = $2, \
            category = COALESCE($3, category), \
            agreed = CASE WHEN agreed = '' THEN COALESCE($3, '') ELSE agreed END \
        WHERE tenant = $4 AND waba = $5 AND name = $6 AND language = $7";
    const QUALITY: &str = "UPDATE template SET quality = $1 \
        WHERE tenant = $2 AND waba = $3 AND name = $4 AND language = $5";
    const CATEGORY: &str = "UPDATE template SET category = $1, announced = NULL, \
            agreed = CASE WHEN agreed = '' THEN $2 ELSE agreed END \
        WHERE tenant = $3 AND waba = $4 AND name = $5 AND language = $6";
    const ANNOUNCED: &str = "UPDATE template SET announced = $1 \
        WHERE tenant = $2 AND waba = $3 AND name = $4 AND language = $5";
    let meta_id = op.meta_id.as_deref();
    let insert = args![&op.tenant, &op.waba, &op.name, &op.language, meta_id.unwrap_or_default()];
    cx.tx.exec(INSERT, insert).await?;
    let (tenant, waba, at) = (op.tenant.clone(), op.waba.clone(), op.received_at);
    wanted(cx, TemplateListWanted { tenant, waba, at }).await?;
    let key =
        Key { tenant: &op.tenant, waba: op.waba.as_str(), name: &op.name, lang: &op.language };
    let mut fresh = args![op.received_at, op.event_at, meta_id];
    fresh.extend(key.args());
    fresh.extend(args![op.event_at.plus(SETTLED_MS)]);
    if cx.tx.exec(FRESH, fresh).await? == 0 {
        return Ok(Did::Done);
    }
    let (sql, mut news) = match op.news {
        TemplateNews::State { state, reason, category } => (STATE, args![state, reason, category]),
        TemplateNews::Quality(score) => (QUALITY, args![score]),
        TemplateNews::Category { previous, category } => {
            (CATEGORY, args![category, previous.unwrap_or_default()])
        }
        TemplateNews::Announced(category) => (ANNOUNCED, args![category]),
        TemplateNews::Parts => return Ok(Did::Done),
    };
    news.extend(key.args());
    cx.tx.exec(sql, news).await?;
    category(cx, &key, op.received_at).await?;
    Ok(Did::Done)
}

pub(super) async fn agree(cx: &mut Cx, op: TemplateAgreed) -> Applied {
    const SQL: &str = "UPDATE template SET agreed = $1 \
        WHERE tenant = $2 AND waba = $3 AND name = $4 AND language = $5 AND category = $1";
    let key =
        Key { tenant: &op.tenant, waba: op.waba.as_str(), name: &op.name, lang: &op.language };
    let mut args = args![&op.category];
    args.extend(key.args());
    met(cx.tx.exec(SQL, args).await?, "template")?;
    category(cx, &key, op.at).await?;
    Ok(Did::Done)
}

pub(super) async fn wanted(cx: &mut Cx, op: TemplateListWanted) -> Applied {
    const SQL: &str = "INSERT INTO template_list (tenant, waba, wanted_at, due_at) \
        VALUES ($1, $2, $3, $3) ON CONFLICT (tenant, waba) DO UPDATE SET \
            wanted_at = CASE WHEN template_list.wanted_at > excluded.wanted_at \
                THEN template_list.wanted_at ELSE excluded.wanted_at END";
    cx.tx.exec(SQL, args![&op.tenant, &op.waba, op.at]).await?;
    Ok(Did::Done)
}

pub(super) async fn step(cx: &mut Cx, op: TemplateListStep) -> Applied {
    const STEP: &str = "UPDATE template_list SET due_at = $1, began_at = $2, cursor = $3, \
            done_at = $4 WHERE tenant = $5 AND waba = $6";
    const GONE: &str = "UPDATE template SET state = 'DELETED' WHERE tenant = $1 AND waba = $2 \
        AND listed_at < $3 AND told_at < $3 AND state <> 'DELETED'";
    let list = op.list;
    if let Some(began_at) = list.began_at.filter(|_| op.ended) {
        cx.tx.exec(GONE, args![&list.tenant, &list.waba, began_at]).await?;
    }
    let began_at = list.began_at.filter(|_| !op.ended);
    let args = args![list.due_at, began_at, list.cursor, list.done_at, &list.tenant, &list.waba];
    met(cx.tx.exec(STEP, args).await?, "template_list")
}

/// What is known now of the template that a send uses.
pub(super) struct Used {
    /// Why it cannot go.
    pub stop: Option<&'static str>,
    /// Of its category, once that was told.
    pub purpose: Option<Purpose>,
}

/// `None` where nothing is known of it: then Meta decides.
pub(super) async fn used(
    cx: &mut Cx,
    tenant: &TenantId,
    outbox: OutboxId,
    number: &PhoneNumberId,
) -> Result<Option<Used>, StoreError> {
    const SQL: &str = "SELECT t.state, t.category, t.agreed FROM outbox o \
        JOIN number n ON n.id = $1 AND n.tenant = o.tenant \
        JOIN template t ON t.tenant = o.tenant AND t.waba = n.waba \
            AND t.name = o.template AND t.language = o.language \
        WHERE o.tenant = $2 AND o.id = $3";
    let Some(mut row) = cx.tx.row(SQL, args![number, tenant, outbox]).await? else {
        return Ok(None);
    };
    let (state, category, agreed): (String, String, String) = (row.get()?, row.get()?, row.get()?);
    let stop = match state.as_str() {
        "APPROVED" if category == agreed || agreed.is_empty() => None,
        "APPROVED" => Some("puente.template_category"),
        _ => Some("puente.template_stopped"),
    };
    Ok(Some(Used { stop, purpose: Purpose::of_category(&category) }))
}

struct Key<'a> {
    tenant: &'a TenantId,
    waba: &'a str,
    name: &'a str,
    lang: &'a str,
}

impl Key<'_> {
    fn args(&self) -> Vec<V> {
        args![self.tenant, self.waba, self.name, self.lang]
    }
}

/// Says aloud that nobody agreed to the category, or no longer.
async fn category(cx: &mut Cx, key: &Key<'_>, at: UnixMs) -> Result<(), StoreError> {
    const SQL: &str = "SELECT category, agreed FROM template \
        WHERE tenant = $1 AND waba = $2 AND name = $3 AND language = $4";
    let Some(mut row) = cx.tx.row(SQL, key.args()).await? else {
        return Ok(());
    };
    let (category, agreed): (String, String) = (row.get()?, row.get()?);
    let (tenant, kind) = (key.tenant.clone(), TEMPLATE_CATEGORY.to_owned());
    let subject = format!("{}/{}/{}", key.waba, key.name, key.lang);
    if category == agreed || agreed.is_empty() {
        alert::clear(cx, AlertCleared { tenant, kind, subject, at }).await?;
    } else {
        let text = format!(
            "Meta put the template {} ({}) from {agreed} into {category}. It is not sent until \
             a person agrees: puente templates agree {} --language {}",
            key.name, key.lang, key.name, key.lang
        );
        alert::raise(cx, AlertRaised { tenant, kind, subject, text, at }).await?;
    }
    Ok(())
}
