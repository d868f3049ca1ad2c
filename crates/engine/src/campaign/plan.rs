//! What a campaign is to be, as a caller writes it: read once, kept as JSON.

use model::ids::RecordId;
use model::{Code, UnixMs};
use rules::campaign::{Cap, Hours, Limits, Tier, Words, starts_at};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::outbound::{Refusal, RefusalKind};

const UTC: &str = "UTC";
/// What the ids of campaigns in Salesforce begin with.
pub const CAMPAIGN: &str = "701";
const PER_SECOND_MAX: i64 = 1_000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Meta's template object; `{{column}}` in a text of its components is what
    /// the audience has in that column, `{{column|there}}` with a fallback.
    pub template: Map<String, Value>,
    /// Of its hours and times, a name of the zone database; UTC when left out.
    #[serde(default = "utc")]
    pub zone: String,
    /// `21:00-08:00`: nobody is written to then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<String>,
    /// From `mon` to `sun`; all when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<String>,
    /// Nothing is sent from then on, ms since 1970. Written as a time on the
    /// wall of `zone`, such as `2026-12-24T18:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// Messages a second, where less than the number's own rate is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_second: Option<i64>,
    /// The portfolio's messaging limit as WhatsApp Manager shows it: `2K`,
    /// `UNLIMITED`; 250 people a day when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<CapPlan>,
    #[serde(default)]
    pub pause_at: Shares,
    /// Where Salesforce shows what became of the members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Results>,
}

/// A campaign in Salesforce: its members show who was written to and who
/// answered, in the words of its member statuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// `701...`
    pub campaign: String,
    #[serde(default = "sent")]
    pub sent: String,
    #[serde(default = "responded")]
    pub responded: String,
}

impl Results {
    pub fn campaign(&self) -> RecordId {
        salesforce::ids::record_id(&self.campaign).unwrap_or_else(|| RecordId::new(&self.campaign))
    }

    pub fn words(&self) -> Words<'_> {
        Words { sent: &self.sent, responded: &self.responded }
    }
}

/// So many messages of campaigns for a person in so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapPlan {
    pub messages: usize,
    pub days: i64,
}

/// In percent of those written to, asked once `after` of them are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shares {
    pub failed: u64,
    pub opted_out: u64,
    pub after: u64,
}

impl Default for Shares {
    fn default() -> Self {
        let Limits { failed, opted_out, after } = Limits::default();
        Self { failed, opted_out, after }
    }
}

/// The same as the rules take it.
#[derive(Clone, Debug)]
pub struct Ready {
    pub hours: Hours,
    pub cap: Option<Cap>,
    pub limits: Limits,
    pub tier: Tier,
    pub ends_at: Option<UnixMs>,
}

fn utc() -> String {
    UTC.into()
}

fn sent() -> String {
    "Sent".into()
}

fn responded() -> String {
    "Responded".into()
}

impl Plan {
    /// A plan as a caller wrote it, with every field held against its limits.
    pub fn read(mut written: Map<String, Value>, now: UnixMs) -> Result<Self, Refusal> {
        let zone = written.get("zone").and_then(Value::as_str).unwrap_or(UTC).to_owned();
        if let Some(end) = written.get_mut("ends_at") {
            let text = end.as_str().unwrap_or_default();
            let at = starts_at(text, &zone, now).map_err(|(field, why, cure)| {
                no(if field == "zone" { field } else { "ends_at" }, why, cure)
            })?;
            *end = at.0.into();
        }
        let plan: Self = serde_json::from_value(written.into()).map_err(|error| {
            no("plan", error.to_string(), "docs/concepts/campaigns.md lists the fields".into())
        })?;
        plan.ready()?;
        Ok(plan)
    }

    /// One that was kept.
    pub fn kept(json: &str) -> Result<(Self, Ready), Refusal> {
        let plan: Self = serde_json::from_str(json)
            .map_err(|error| no("plan", error.to_string(), "make a new campaign".into()))?;
        let ready = plan.ready()?;
        Ok((plan, ready))
    }

    fn ready(&self) -> Result<Ready, Refusal> {
        let told = |(field, why, cure): (&'static str, String, String)| no(field, why, cure);
        let hours = Hours::read(&self.zone, self.quiet.as_deref(), &self.days).map_err(told)?;
        let cap = self.cap.map(|cap| Cap::new(cap.messages, cap.days)).transpose().map_err(told)?;
        let tier = match self.tier.as_deref() {
            None => Tier::LEAST,
            Some(word) => Tier::from_wire(word).ok_or_else(|| {
                let cure = "write it as WhatsApp Manager shows it: 250, 2K, 10K, 100K, UNLIMITED";
                no("tier", format!("'{word}' is no messaging limit"), cure.into())
            })?,
        };
        if self.per_second.is_some_and(|n| !(1..=PER_SECOND_MAX).contains(&n)) {
            let cure = format!("write 1 to {PER_SECOND_MAX} messages a second, or leave it out");
            return Err(no("per_second", "it is no rate".into(), cure));
        }
        let Shares { failed, opted_out, after } = self.pause_at;
        if failed > 100 || opted_out > 100 {
            let cure = "write percent, from 0 to 100; 100 never pauses".into();
            return Err(no("pause_at", "a share is more than all".into(), cure));
        }
        if let Some(results) = &self.results
            && !is_of(&results.campaign, CAMPAIGN)
        {
            let why = format!("'{}' is no id of a campaign in Salesforce", results.campaign);
            let cure = "write the 15 or 18 characters after /Campaign/ in its address, 701...";
            return Err(no("results.campaign", why, cure.into()));
        }
        let limits = Limits { failed, opted_out, after };
        Ok(Ready { hours, cap, limits, tier, ends_at: self.ends_at.map(UnixMs) })
    }

    /// Name and language of the template.
    pub fn names(&self) -> (&str, &str) {
        let name = self.template.get("name").and_then(Value::as_str).unwrap_or_default();
        let language = self.template.get("language").and_then(|l| l["code"].as_str());
        (name, language.unwrap_or_default())
    }
}

/// An id of a record whose object's ids begin so.
pub fn is_of(id: &str, prefix: &str) -> bool {
    id.starts_with(prefix) && salesforce::ids::to_18(id).is_some()
}

fn no(field: &str, why: String, cure: String) -> Refusal {
    Refusal::invalid("puente.field", field, why, cure)
}

/// The campaign is in a state that has no such step.
pub fn not_now(why: String) -> Refusal {
    Refusal {
        kind: RefusalKind::NoSuchStep,
        code: Code::new("puente.campaign_state"),
        field: None,
        cause: why,
        cure: "`puente campaign show` tells where it stands".into(),
    }
}
