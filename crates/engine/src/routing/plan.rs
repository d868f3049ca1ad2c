//! What a record is to be: decided once, and kept with its link.

use rules::routing::{Account, Newcomer, Owner, Placement, Verdict};
use serde::{Deserialize, Serialize};

/// Kept as JSON: its names are of the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Of the routing that decided; 0 is the program's own.
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    pub why: String,
    pub make: Make,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Make {
    Nothing,
    Lead(Place),
    Contact {
        /// The Account's id; `None`: one of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        place: Place,
    },
    Case(Place),
    /// The record of the link, back into this status.
    Reopen {
        status: String,
    },
    /// The record of the link, as it is.
    Take,
    Opportunity(Deal),
}

/// What an Opportunity says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    pub name: String,
    pub stage: String,
    /// `2026-12-31`
    pub close_on: String,
    pub place: Place,
    /// To what it is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touch: Option<String>,
}

/// Whose a new record is, and of which type: names of the org, whose ids are
/// asked for when it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_type: Option<String>,
    /// `Sforce-Auto-Assign`; `None`: the org's active rule runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign: Option<String>,
}

impl Place {
    pub fn of(placement: &Placement) -> Self {
        let (user, queue) = match &placement.owner {
            Owner::User(id) => (Some(id.clone()), None),
            Owner::Queue(name) => (None, Some(name.clone())),
            Owner::Assigned | Owner::AssignedBy(_) | Owner::Maker => (None, None),
        };
        let assign = match &placement.owner {
            Owner::Assigned => None,
            owner => Some(owner.auto_assign().to_owned()),
        };
        Self { user, queue, record_type: placement.record_type.clone(), assign }
    }

    /// Nothing of the org must be asked for.
    pub fn is_plain(&self) -> bool {
        self.queue.is_none() && self.record_type.is_none()
    }
}

impl Plan {
    pub fn new<T>(version: i64, verdict: &Verdict<'_, T>, make: Make) -> Self {
        let rule = verdict.rule.map(str::to_owned);
        Self { version, rule, why: verdict.why.to_owned(), make }
    }

    /// What was kept; `None` also for what an older program decided, which goes
    /// by the usual way.
    pub fn kept(json: Option<&str>) -> Option<Self> {
        json.and_then(|json| serde_json::from_str(json).ok())
    }

    pub fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

impl From<&Newcomer> for Make {
    fn from(newcomer: &Newcomer) -> Self {
        match newcomer {
            Newcomer::Lead(placement) => Self::Lead(Place::of(placement)),
            Newcomer::Contact(account, placement) => {
                let account = match account {
                    Account::Shared(id) => Some(id.clone()),
                    // a person account is refused before it is used
                    Account::Own | Account::Person => None,
                };
                Self::Contact { account, place: Place::of(placement) }
            }
            Newcomer::Nothing => Self::Nothing,
        }
    }
}
