//! What to look for: exactly one of the ways to name a message.

use engine::Find;
use model::ids::PhoneNumberId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::ids;
use crate::problem::Problem;

#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// A message (`msg_...`) or a send (`out_...`).
    id: Option<String>,
    /// Meta's id of the message.
    wamid: Option<String>,
    /// With `wamid`: Meta's id of the business number, where two may share one.
    number: Option<String>,
    /// The reference given to `POST /send`.
    reference: Option<String>,
    /// A conversation (`con_...`).
    conversation: Option<String>,
    /// A person (`per_...`).
    person: Option<String>,
    /// A Salesforce record: Case, Lead, Contact ...
    record: Option<String>,
    /// 1 to 200; 50 when left out.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

const WAYS: &str = "id, wamid, reference, conversation, person or record";

impl Query {
    pub fn find(&self) -> Result<Find, Problem> {
        let mut ways = Vec::new();
        if let Some(text) = &self.id {
            ways.push(by_id(text)?);
        }
        if let Some(text) = &self.wamid {
            ways.push(by_wamid(text, self.number.as_deref())?);
        } else if self.number.is_some() {
            let cure = "Send it together with wamid.";
            return Err(Problem::field("number", "A number alone names no message.", cure));
        }
        if let Some(text) = &self.reference {
            ways.push(Find::Reference(text.clone()));
        }
        if let Some(text) = &self.conversation {
            ways.push(Find::Conversation(ids::conversation("conversation", text)?));
        }
        if let Some(text) = &self.person {
            ways.push(Find::Person(ids::person("person", text)?));
        }
        if let Some(text) = &self.record {
            ways.push(Find::Record(ids::record("record", text)?));
        }
        let given = ways.len();
        match (ways.pop(), given) {
            (Some(find), 1) => Ok(find),
            _ => Err(Problem::field(
                "query",
                format!("It names {given} ways to find a message."),
                format!("Send exactly one of {WAYS}."),
            )),
        }
    }
}

/// A send or a message, by the prefix of its id.
pub fn by_id(text: &str) -> Result<Find, Problem> {
    if text.starts_with("out_") {
        return Ok(Find::Outbox(ids::outbox("id", text)?));
    }
    Ok(Find::Message(ids::message("id", text)?))
}

pub fn by_wamid(text: &str, number: Option<&str>) -> Result<Find, Problem> {
    if text.is_empty() || text.len() > 512 {
        let cure = "Send the whole id, which begins with wamid.";
        return Err(Problem::field("wamid", "It has not 1 to 512 characters.", cure));
    }
    let number = number.map(PhoneNumberId::new);
    Ok(Find::Wamid { number, wamid: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(set: impl FnOnce(&mut Query)) -> Result<Find, Problem> {
        let mut query = Query::default();
        set(&mut query);
        query.find()
    }

    #[test]
    fn exactly_one_way() {
        let (msg, out) = (format!("msg_{}", "1".repeat(32)), format!("out_{}", "2".repeat(32)));
        let text = |t: &str| Some(t.to_owned());
        assert!(matches!(query(|q| q.id = text(&msg)), Ok(Find::Message(_))));
        assert!(matches!(query(|q| q.id = text(&out)), Ok(Find::Outbox(_))));
        assert!(matches!(query(|q| q.reference = text("r")), Ok(Find::Reference(_))));
        assert!(matches!(query(|q| q.record = text("500000000000001")), Ok(Find::Record(_))));
        let wamid = query(|q| (q.wamid, q.number) = (text("wamid.A"), text("1")));
        assert!(matches!(wamid, Ok(Find::Wamid { number: Some(_), .. })));
        assert!(query(|_| ()).is_err());
        assert!(query(|q| q.number = text("1")).is_err());
        assert!(query(|q| (q.id, q.reference) = (text(&msg), text("r"))).is_err());
        for bad in ["msg_1", "out_x", "per_1", ""] {
            assert!(query(|q| q.id = text(bad)).is_err(), "{bad}");
        }
        assert!(query(|q| q.record = text("500")).is_err());
        assert!(query(|q| q.wamid = text("")).is_err());
    }
}
