//! Every step of one message through both systems, with times: read from the
//! rows that each step left, never from a log.

use model::UnixMs;
use model::ids::{MessageId, TenantId};
use store::{Direction, Media, Message, Object, RecordLink, Store, StoreError, SyncRow};

use super::standing::{self, Standing};
use crate::routing::Plan;

#[derive(Clone, Debug)]
pub struct Trace {
    pub message: MessageId,
    pub wamid: Option<String>,
    pub direction: Direction,
    /// In the order of their times.
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub at: UnixMs,
    pub what: &'static str,
    /// Ids, codes and states; never a body, a name or a number.
    pub detail: String,
}

pub async fn trace(
    store: &Store,
    tenant: &TenantId,
    message: &Message,
) -> Result<Trace, StoreError> {
    let outbox = match message.outbox {
        Some(id) => store.outbox(tenant, id).await?,
        None => None,
    };
    let shown = standing::standing(message, outbox.as_ref(), None);
    let mut steps = Vec::new();
    let mut step = |at: UnixMs, what: &'static str, detail: String| {
        steps.push(Step { at, what, detail });
    };
    for item in store.items_of_message(tenant, message.id).await? {
        step(item.received_at, "webhook stored", format!("journal {}", item.journal));
        step(item.at, "registered", format!("item {} as {}", item.id, item.kind));
    }
    if let Some(row) = &outbox {
        step(
            row.created_at,
            "send accepted",
            format!("{} in class {}", row.id, row.class.as_str()),
        );
        for attempt in store.attempts(tenant, row.id).await? {
            step(attempt.begun_at, "call to WhatsApp", attempt.id.to_string());
            if let Some(ended) = attempt.ended_at {
                let code = attempt.code.map(|c| format!(" ({c})")).unwrap_or_default();
                step(ended, "call ended", format!("{} {}{code}", attempt.id, attempt.end));
            }
        }
        if let Some(at) = row.replayed_at {
            step(at, "queued again", format!("decision {}, out of order", row.replays));
        }
    }
    told_by_meta(message.direction, &shown, &mut step);
    let own = (Object::Message, *message.id.as_bytes());
    for row in store.sync_rows(tenant, &[own]).await? {
        written(&row, &mut step);
        for attempt in store.sync_attempts(tenant, own.0, &own.1).await? {
            let detail =
                format!("version {}: {} ({})", attempt.version, attempt.outcome, attempt.code);
            step(attempt.at, "call to Salesforce failed", detail);
        }
    }
    if let Some(media) = store.media_of_message(tenant, message.id).await? {
        file(&media, &mut step);
    }
    let began = message.received_at;
    let parents = [
        (Object::Person, *message.person.as_bytes()),
        (Object::Conversation, *message.conversation.as_bytes()),
    ];
    for row in store.sync_rows(tenant, &parents).await? {
        if let (Some(at), Some(record)) = (row.last_done_at, &row.record)
            && at >= began
        {
            step(at, "in Salesforce", done(&row, record));
        }
    }
    for link in store.record_links(tenant, message.person).await? {
        let of_another =
            link.kind == store::RecordKind::Case && link.slot != *message.conversation.as_bytes();
        if !of_another && link.at >= began {
            linked(&link, &mut step);
        }
    }
    steps.sort_by_key(|s| s.at);
    Ok(Trace { message: message.id, wamid: shown.wamid, direction: message.direction, steps })
}

/// The way of the file that the message has.
fn file(media: &Media, step: &mut impl FnMut(UnixMs, &'static str, String)) {
    let why = media.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    let tried = match media.attempts {
        0 => String::new(),
        n => format!(", {n} attempts of this step failed"),
    };
    let now = format!("{}: {}{why}{tried}", media.id, media.state.as_str());
    step(media.requested_at, "file wanted", now);
    if let Some(at) = media.downloaded_at {
        step(
            at,
            "file in the spool",
            media.bytes.map(|n| format!("{n} bytes")).unwrap_or_default(),
        );
    }
    if let Some(at) = media.uploaded_at {
        let version = media.version.as_ref().map(ToString::to_string);
        step(at, "file passed on", version.unwrap_or_default());
    }
    if let Some(at) = media.linked_at {
        let document = media.document.as_ref().map(ToString::to_string);
        step(at, "file linked", document.unwrap_or_default());
    }
}

/// Meta tells whole seconds: a tick that would stand before our own step of
/// the same second is shown at that step.
fn told_by_meta(
    direction: Direction,
    shown: &Standing,
    step: &mut impl FnMut(UnixMs, &'static str, String),
) {
    const BY: &str = "by Meta's clock, to the second";
    let accepted = shown.times.iter().find(|(what, _)| *what == "accepted").map(|(_, at)| *at);
    let floor = accepted.unwrap_or(UnixMs(i64::MIN));
    if let Some(at) = accepted {
        step(at, "accepted", String::new());
    }
    for &(what, at) in &shown.times {
        let within = at < floor && floor.since(at) < 1_000;
        match (what, direction) {
            ("queued" | "received" | "accepted", _) => {}
            ("sent", Direction::In | Direction::Echo) => step(at, "sent by customer", BY.into()),
            _ => step(if within { floor } else { at }, what, BY.into()),
        }
    }
}

fn done(row: &SyncRow, record: &model::ids::RecordId) -> String {
    format!("{} version {} as {record}", row.object.as_str(), row.done)
}

/// The message's own row.
fn written(row: &SyncRow, step: &mut impl FnMut(UnixMs, &'static str, String)) {
    let version = |n: i64| format!("{} version {n}", row.object.as_str());
    step(row.first_wanted_at, "wanted in Salesforce", String::new());
    if let Some(at) = row.last_sent_at {
        step(at, "call to Salesforce", version(row.sent));
    }
    if let (Some(at), Some(record)) = (row.last_done_at, &row.record) {
        step(at, "in Salesforce", done(row, record));
    }
    if row.aside {
        let code = row.code.as_deref().unwrap_or("no code");
        let at = row.aside_at.unwrap_or(row.due_at);
        step(at, "set aside", format!("{}: {code}", version(row.wanted)));
    }
}

fn linked(link: &RecordLink, step: &mut impl FnMut(UnixMs, &'static str, String)) {
    let record = link.record.as_ref().map(|r| format!(" {r}")).unwrap_or_default();
    let code = link.code.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
    let state = link.state.as_str();
    let why = Plan::kept(link.plan.as_deref()).map(|plan| {
        let rule = plan.rule.map_or_else(|| "no rule".into(), |rule| format!("rule '{rule}'"));
        format!("; {rule} of routing version {}: {}", plan.version, plan.why)
    });
    let (kind, why) = (link.kind.as_str(), why.unwrap_or_default());
    step(link.at, "record link", format!("{kind} {state}{record}{code}{why}"));
}
