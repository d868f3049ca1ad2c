//! The document: counts, what differs, and one sentence.

use model::UnixMs;
use model::ids::{OrgId, ReportId, TenantId};
use rules::reconcile::{Kind, Met, Tally, Theirs, Verdict};
use rules::signed::Signer;
use salesforce::time::to_text;
use serde_json::{Value, json};
use store::{Depths, Installation, Store};

use super::compare::Compared;
use super::named::Named;
use super::run::Scope;

/// What the installation's signing key is derived for.
pub const SIGNING: &str = "signed reports, Ed25519";

/// The key that this installation signs its reports with.
pub fn signer(store: &Store) -> Signer {
    Signer::new(&store.derive(SIGNING))
}

/// Items of webhooks that made a message.
#[derive(Default)]
pub(super) struct Items {
    pub told: u64,
    /// Their message is not stored: a defect of ours.
    pub lost: u64,
    pub lost_named: Vec<String>,
    /// Set aside before they made one, newest first.
    pub aside: Vec<store::Item>,
}

pub(super) struct Document {
    pub id: ReportId,
    pub tenant: TenantId,
    pub scope: Scope,
    pub installation: Option<Installation>,
    pub org: Option<OrgId>,
    pub ended_at: UnixMs,
    pub depths: Depths,
    pub items: Items,
    /// Persons, conversations, messages.
    pub tallies: [Tally; 3],
    pub calls: u64,
    pub repaired: u64,
}

impl Document {
    pub fn new(id: ReportId, tenant: TenantId, scope: Scope) -> Self {
        Self {
            id,
            tenant,
            scope,
            installation: None,
            org: None,
            ended_at: scope.until,
            depths: Depths::default(),
            items: Items::default(),
            tallies: Default::default(),
            calls: 0,
            repaired: 0,
        }
    }

    pub fn add(&mut self, kind: Kind, compared: Compared) {
        self.tallies[kind as usize] = compared.tally;
        self.calls += compared.calls;
        self.repaired += compared.repaired;
    }

    /// A row there that has no key.
    pub fn keyless(&mut self, kind: Kind, row: Theirs, named: &mut Named) {
        let met = Met::Right(row);
        self.tallies[kind as usize].count(&met, Verdict::Extra);
        named.add(kind, Verdict::Extra, &met, None);
    }

    /// Of all three objects.
    pub fn sum(&self, verdict: Verdict) -> u64 {
        self.tallies.iter().map(|tally| tally.of(verdict)).sum()
    }

    /// `received 48,210, sent 31,004, in Salesforce 79,214, waiting 0, set aside 3`,
    /// and what differs, if anything does.
    pub fn sentence(&self) -> String {
        let messages = &self.tallies[Kind::Message as usize];
        let mut parts = vec![
            format!("received {}", grouped(messages.received)),
            format!("sent {}", grouped(messages.here - messages.received)),
            format!("in Salesforce {}", grouped(messages.both)),
            format!("waiting {}", grouped(self.sum(Verdict::Waiting))),
            format!("set aside {}", grouped(self.sum(Verdict::Aside) + self.depths.items_aside)),
        ];
        for verdict in Verdict::ALL.into_iter().filter(|v| v.needs_a_second_look()) {
            if self.sum(verdict) > 0 {
                parts.push(format!("{} {}", verdict.as_str(), grouped(self.sum(verdict))));
            }
        }
        if self.items.lost > 0 {
            parts.push(format!("lost {}", grouped(self.items.lost)));
        }
        if self.repaired > 0 {
            parts.push(format!("to be written again {}", grouped(self.repaired)));
        }
        parts.join(", ")
    }

    pub fn into_json(self, named: Named) -> Value {
        let sentence = self.sentence();
        let installation = self.installation.map(|i| i.id.to_string());
        let [persons, conversations, messages] = self.tallies.each_ref().map(counts);
        let unnamed = named.unnamed;
        json!({
            "kind": "puente reconcile",
            "format": 1,
            "id": self.id.to_string(),
            "installation": installation,
            "generation": self.installation.map(|i| i.generation),
            "tenant": self.tenant.as_str(),
            "org": self.org.as_ref().map(OrgId::as_str),
            "since": self.scope.since.map(to_text),
            "began_at": to_text(self.scope.until),
            "ended_at": to_text(self.ended_at),
            "sentence": sentence,
            "webhooks": { "unread": self.depths.journal },
            "items": {
                "with_message": self.items.told,
                "aside": self.depths.items_aside,
                "aside_items": self.items.aside.iter().map(item).collect::<Vec<_>>(),
                "lost": self.items.lost,
                "lost_messages": self.items.lost_named,
            },
            "persons": persons,
            "conversations": conversations,
            "messages": messages,
            "differences": named.into_entries(),
            "differences_not_named": unnamed,
            "repair": self.scope.repair,
            "to_be_written_again": self.repaired,
            "api_calls": self.calls,
        })
    }
}

fn counts(tally: &Tally) -> Value {
    let mut counts = json!({
        "here": tally.here,
        "received": tally.received,
        "in_salesforce": tally.both,
        "there": tally.there,
    });
    for verdict in Verdict::ALL {
        counts[verdict.as_str()] = tally.of(verdict).into();
    }
    counts
}

fn item(item: &store::Item) -> Value {
    json!({ "id": item.id, "kind": item.kind, "code": item.code,
            "received_at": to_text(item.received_at) })
}

/// `48,210`
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (n, text) in [(0, "0"), (999, "999"), (48_210, "48,210"), (1_000_000, "1,000,000")] {
            assert_eq!(grouped(n), text);
        }
    }
}
