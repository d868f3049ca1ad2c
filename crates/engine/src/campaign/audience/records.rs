//! Records of the org as people with their values, read once for each page.

use std::collections::BTreeMap;

use model::ids::{PersonId, RecordId, TenantId};
use rules::campaign::audience::value;
use rules::mapping::Complaint;
use rules::phone::{self, Country, Reading};
use salesforce::{Row, soql};
use serde_json::Value;
use store::{RecordKind, Store};

use super::Wish;
use super::source::{Named, is_contact};
use crate::org::Org;
use crate::outbound::Refusal;

/// Where a number stands, the one to write to first.
const CONTACT_PHONES: [&str; 4] = ["MobilePhone", "Phone", "HomePhone", "OtherPhone"];
const LEAD_PHONES: [&str; 2] = ["MobilePhone", "Phone"];
/// What one query finds at most in its first page.
const ROWS_MAX: usize = 2_000;

/// What the page's records say of their people.
pub struct People {
    pub wishes: Vec<Wish>,
    pub odd: Vec<Complaint>,
}

/// Reads the columns that the template wants, which are fields of the org.
pub struct Reader<'a> {
    pub org: &'a Org,
    pub store: &'a Store,
    pub tenant: &'a TenantId,
    /// Whose numbers are written without a country code.
    pub home: Option<Country>,
    pub wanted: &'a [String],
}

impl Reader<'_> {
    pub async fn people(&self, named: Vec<Named>) -> Result<People, Refusal> {
        let mut rows = BTreeMap::new();
        for (kind, object, phones) in [
            (RecordKind::Contact, "Contact", &CONTACT_PHONES[..]),
            (RecordKind::Lead, "Lead", &LEAD_PHONES[..]),
        ] {
            let of = |one: &&Named| is_contact(&one.record) == (kind == RecordKind::Contact);
            let ids: Vec<_> = named.iter().filter(of).map(|one| one.record.as_str()).collect();
            if !ids.is_empty() {
                let paths = self.paths(object).await?;
                for row in self.rows(object, phones, &paths, &ids).await? {
                    let Some(id) = row.id() else { continue };
                    rows.insert(id.to_string(), (kind, phones, paths.clone(), row));
                }
            }
        }
        let mut people = People { wishes: Vec::new(), odd: Vec::new() };
        for one in named {
            let Some((kind, phones, paths, row)) = rows.get(one.record.as_str()) else {
                let cure = "share it with puente's user, or restore it";
                people.odd.push(odd(&one.record, "it is not there, or hidden", cure));
                continue;
            };
            let known = self.store.person_by_record(self.tenant, &one.record).await?;
            match self.wish(&one, *kind, phones, paths, row, known.map(|person| person.id)) {
                Ok(wish) => people.wishes.push(wish),
                Err((why, cure)) => people.odd.push(odd(&one.record, why, cure)),
            }
        }
        Ok(people)
    }

    /// The wanted fields by the org's own names. One that is not there is
    /// refused before anybody is taken.
    async fn paths(&self, object: &str) -> Result<Vec<String>, Refusal> {
        let ask = async |object: &str| {
            let told = self.org.call(self.org.client.describe(object)).await;
            told.map_err(|fault| Refusal::org_away(&fault))
        };
        let own = ask(object).await?;
        let mut paths = Vec::new();
        for wanted in self.wanted {
            let found = match wanted.split_once('.') {
                None => own.field(wanted).map(|field| field.name.clone()),
                Some((hop, name)) => {
                    let leads = |name: &&salesforce::client::Field| {
                        name.relationship_name.as_ref().is_some_and(|r| r.eq_ignore_ascii_case(hop))
                    };
                    match own.fields.iter().find(leads) {
                        Some(field) => {
                            let parent = field.reference_to.first().map_or("", String::as_str);
                            let hop = field.relationship_name.as_deref().unwrap_or_default();
                            let parent = ask(parent).await?;
                            parent.field(name).map(|field| format!("{hop}.{}", field.name))
                        }
                        None => None,
                    }
                }
            };
            paths.push(found.ok_or_else(|| {
                let cause = format!("{object} has no field '{wanted}' that puente may read");
                let cure = "write the field's API name, or Relationship.Field, as Object Manager \
                            shows it, and let the integration user read it";
                Refusal::invalid("puente.field", "plan.template", cause, cure)
            })?);
        }
        Ok(paths)
    }

    async fn rows(
        &self,
        object: &str,
        phones: &[&str],
        paths: &[String],
        ids: &[&str],
    ) -> Result<Vec<Row>, Refusal> {
        let mut fields: Vec<&str> = ["Id"].into_iter().chain(phones.iter().copied()).collect();
        if object == "Lead" {
            fields.push("IsConverted");
        }
        for path in paths {
            if !fields.iter().any(|known| known.eq_ignore_ascii_case(path)) {
                fields.push(path);
            }
        }
        let fields = fields.join(", ");
        let mut found = Vec::new();
        for list in soql::lists(ids, soql::LIST_BYTES_MAX) {
            let query = format!("SELECT {fields} FROM {object} WHERE Id IN {list}");
            let page = self.org.call(self.org.client.query(&query, ROWS_MAX)).await;
            found.extend(page.map_err(|fault| Refusal::org_away(&fault))?.rows);
        }
        Ok(found)
    }

    fn wish(
        &self,
        one: &Named,
        kind: RecordKind,
        phones: &[&str],
        paths: &[String],
        row: &Row,
        person: Option<PersonId>,
    ) -> Result<Wish, (String, &'static str)> {
        if row.flag("IsConverted") == Some(true) {
            return Err(("the lead was converted".into(), "take its contact instead"));
        }
        let to = match (person, number(row, phones, self.home)) {
            (_, Ok(digits)) => format!("+{digits}"),
            (Some(_), Err(_)) => String::new(),
            (None, Err(no)) => return Err(no),
        };
        let mut values = Vec::new();
        for (name, path) in self.wanted.iter().zip(paths) {
            let text = value(name, &text(row, path)).map_err(|(field, why, _)| {
                (format!("{field}: {why}"), "mend the field in Salesforce, or bind another")
            })?;
            values.push(text);
        }
        let record = Some((kind, one.record.clone()));
        Ok(Wish { to, person, record, member: one.member.clone(), values })
    }
}

/// The first that is surely a line. One that may be of two countries is nobody's.
fn number(
    row: &Row,
    phones: &[&str],
    home: Option<Country>,
) -> Result<String, (String, &'static str)> {
    let mut written = false;
    for text in phones.iter().filter_map(|field| row.text(field)) {
        written = true;
        if let Some(digits) = phone::read(text, home).and_then(Reading::sure) {
            return Ok(digits);
        }
    }
    Err(match written {
        true => (
            "no phone of it is surely a number of one country".into(),
            "write it with + and the country code",
        ),
        false => ("it has no phone".into(), "fill MobilePhone or Phone"),
    })
}

/// As a message shows it. Empty: the variable's fallback.
fn text(row: &Row, path: &str) -> String {
    let held = match path.split_once('.') {
        None => row.get(path).cloned(),
        Some((hop, name)) => row.parent(hop).and_then(|parent| parent.get(name).cloned()),
    };
    match held {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => format!("{whole:.0}"),
            _ => number.to_string(),
        },
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

fn odd(record: &RecordId, why: impl Into<String>, cure: &str) -> Complaint {
    Complaint { line: None, field: record.to_string(), why: why.into(), cure: cure.to_owned() }
}
