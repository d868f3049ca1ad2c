//! What both sides hold in the end, read once, for the checkers.

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;
use store::Depths;
use whatsapp_sim::{Direction, Message};

use super::callers::Accepted;
use super::kind::Kind;
use super::outside::{Outside, Pair, TENANTS};
use super::process::Process;
use super::work::{Deed, on_phones, shared_text};

/// A message that a customer wrote, as the far side knows it.
#[derive(Clone, Debug)]
pub struct Said {
    pub tenant: usize,
    pub wamid: String,
    pub text: String,
    /// Meta's time, in seconds.
    pub at_s: Option<i64>,
}

#[derive(Clone)]
pub struct Facts {
    pub pairs: Vec<Pair>,
    pub said: Vec<Said>,
    pub accepted: Vec<Accepted>,
    /// All that we sent, in the order in which it came to the phones.
    pub phones: Vec<Message>,
    /// By tenant and object.
    pub rows: Vec<BTreeMap<&'static str, Vec<Value>>>,
    /// `GET /status/{id}` of each accepted send.
    pub standings: BTreeMap<String, Value>,
    /// `GET /status/{id}` with the other tenant's key.
    pub seen_by_others: Vec<String>,
    /// `GET /api/v1/dead-letters` of each tenant.
    pub dead_letters: Vec<Value>,
    /// `GET /api/v1/uncertain-sends` of each tenant.
    pub uncertain: Vec<Value>,
    pub depths: Depths,
    /// Our clock was behind for a while: what seems to come from the future is
    /// dated by it.
    pub clock_was_behind: bool,
    pub nameless: u64,
    pub stray: u64,
}

const OBJECTS: [&str; 6] =
    ["Lead", "Contact", "Case", "Puente_Person__c", "Puente_Conversation__c", "Puente_Message__c"];

impl Facts {
    pub async fn read(
        outside: &Outside,
        process: &Process,
        api_keys: &[String],
        deeds: &[(i64, Deed)],
        accepted: Vec<Accepted>,
    ) -> Result<Self, String> {
        let ask = async |path: String, tenant: usize| {
            let front = &outside.front;
            let asked = front.ask(Method::GET, &path, &api_keys[tenant], None, &Value::Null);
            asked.await.ok_or_else(|| format!("GET {path}: no answer"))
        };
        let (mut standings, mut seen_by_others) = (BTreeMap::new(), Vec::new());
        for send in &accepted {
            let path = format!("/status/{}", send.id);
            standings.insert(send.id.clone(), ask(path.clone(), send.tenant).await?.1);
            if ask(path, 1 - send.tenant).await?.0.is_success() {
                seen_by_others.push(send.text.clone());
            }
        }
        let (mut dead_letters, mut uncertain) = (Vec::new(), Vec::new());
        for tenant in 0..TENANTS.len() {
            dead_letters.push(ask("/api/v1/dead-letters?limit=200".into(), tenant).await?.1);
            uncertain.push(ask("/api/v1/uncertain-sends?limit=200".into(), tenant).await?.1);
        }
        let count = |of: fn(&Deed) -> bool| deeds.iter().filter(|(_, d)| of(d)).count() as u64;
        Ok(Self {
            pairs: outside.pairs.clone(),
            said: said(outside, deeds),
            accepted,
            phones: on_phones(outside, Direction::Out),
            rows: rows(outside),
            standings,
            seen_by_others,
            dead_letters,
            uncertain,
            depths: process.store.depths(None).await.map_err(|e| e.to_string())?,
            clock_was_behind: outside.tally.counts().contains_key(&Kind::ClockBack),
            nameless: count(|deed| matches!(deed, Deed::Nameless { .. })),
            stray: count(|deed| matches!(deed, Deed::Stray { .. })),
        })
    }

    /// The same, and what the remotes hold now.
    pub fn remote(outside: &Outside, before: &Self) -> Self {
        let phones = on_phones(outside, Direction::Out);
        Self { phones, rows: rows(outside), ..before.clone() }
    }

    pub fn messages(&self, tenant: usize) -> &[Value] {
        self.rows[tenant].get("Puente_Message__c").map_or(&[], Vec::as_slice)
    }

    pub fn copies(&self, text: &str) -> Vec<&Message> {
        self.phones.iter().filter(|m| m.content["body"] == text).collect()
    }
}

fn rows(outside: &Outside) -> Vec<BTreeMap<&'static str, Vec<Value>>> {
    let rows = |org: &salesforce_sim::SalesforceSim| {
        OBJECTS.into_iter().map(|object| (object, org.handle().rows(object))).collect()
    };
    outside.orgs.iter().map(rows).collect()
}

fn said(outside: &Outside, deeds: &[(i64, Deed)]) -> Vec<Said> {
    let mut said: Vec<Said> = on_phones(outside, Direction::In)
        .into_iter()
        .filter_map(|message| {
            let tenant = TENANTS.iter().position(|t| t.number == message.number_id)?;
            let text = message.content["body"].as_str()?.to_owned();
            Some(Said { tenant, wamid: message.wamid, text, at_s: Some(message.at_ms / 1000) })
        })
        .collect();
    for (_, deed) in deeds {
        if let Deed::Shared { wamid } = deed {
            said.extend((0..TENANTS.len()).map(|tenant| Said {
                tenant,
                wamid: wamid.clone(),
                text: shared_text(tenant),
                at_s: None,
            }));
        }
    }
    said
}
