//! What somebody becomes whom Salesforce does not know.

use model::UnixMs;
use model::ids::{PhoneNumberId, TenantId};
use rules::routing::{self, Known};
use store::{Person, Store, StoreError};

use super::active::Active;
use super::heard::Heard;
use super::plan::{Make, Plan};
use crate::hours;

/// Of what they wrote, so much is looked at, from the first message on.
const HEARD_MAX: u32 = 50;

/// By the first of their messages for which a rule makes something; where we
/// wrote first, and they never did, by the number alone.
pub async fn newcomer(
    store: &Store,
    tenant: &TenantId,
    active: &Active,
    hours: &hours::Active,
    person: &Person,
    number: Option<PhoneNumberId>,
    now: UnixMs,
) -> Result<Plan, StoreError> {
    let mut heard = Vec::new();
    if active.newcomers_differ() {
        let mut messages = store.person_messages(tenant, person.id, None, HEARD_MAX).await?;
        messages.reverse();
        heard = Heard::all(&messages);
    }
    if heard.is_empty() {
        let number = number.unwrap_or_else(|| PhoneNumberId::new(""));
        heard.push(Heard::nothing(number, now));
    }
    let mut last = None;
    for one in &heard {
        let facts = one.facts(Known::Nobody, &[], hours);
        let verdict = routing::newcomer(&active.routing, &facts);
        let make = verdict.act.map_or(Make::Nothing, Make::from);
        let done = make != Make::Nothing;
        last = Some(Plan::new(active.version, &verdict, make));
        if done {
            break;
        }
    }
    Ok(last.unwrap_or_else(|| Plan {
        version: active.version,
        rule: None,
        why: "nothing was written".into(),
        make: Make::Nothing,
    }))
}
