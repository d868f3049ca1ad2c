//! One request to the REST API: sent alone, or as a part of a composite call.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use http::Method;
use model::Fault;
use model::ids::RecordId;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::faults::local;
use crate::{Record, encode};

/// Records that one collection holds.
pub const RECORDS_MAX: usize = 200;
/// Runs of records of one object that one collection holds.
const RUNS_MAX: usize = 10;

/// What a duplicate rule may do to a create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicateRule {
    /// Refuse, and name the records it found.
    Obey,
    /// Save all the same, where the rule lets.
    AllowSave,
}

/// A request without host, version and token. Each constructor checks the
/// limits of the API; its fault names the one that was passed.
///
/// `reference_id` names the part in a composite call: letters, digits and
/// underscores, unique in the call. Object and field names are those of the
/// package; the org's prefix is put on by the [`Record`]s.
#[derive(Clone)]
pub struct Subrequest {
    pub(crate) reference_id: String,
    pub(crate) method: Method,
    /// Below `/services/data/v66.0`.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) body: Option<Box<RawValue>>,
    pub(crate) shape: Shape,
}

/// What the answer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A list, one item a record.
    Collection { records: usize, creates: bool },
    /// One record's result; an update or a delete answers nothing, so its id is kept.
    Write { id: Option<RecordId> },
    /// One record.
    Row,
    /// A page of records.
    Page,
}

impl Subrequest {
    /// Upserts up to 200 records of one object by its external id, which each
    /// record holds; no two hold the same. Records stand or fall one by one.
    pub fn upsert(
        reference_id: &str,
        external_id_field: &str,
        records: &[Record],
    ) -> Result<Self, Fault> {
        let first = check_count(records)?;
        let mut seen = BTreeSet::new();
        for record in records {
            if record.sobject() != first.sobject() {
                return Err(local::request(
                    format!("upsert of {} and {}", first.sobject(), record.sobject()),
                    "one upsert takes records of one object",
                ));
            }
            let key = record.get(external_id_field).map(ToString::to_string).unwrap_or_default();
            if key.is_empty() || key == "null" {
                return Err(local::request(
                    format!("{external_id_field}: missing in a record of {}", first.sobject()),
                    "each record of an upsert needs its external id",
                ));
            }
            if !seen.insert(key) {
                return Err(local::request(
                    format!("{external_id_field}: twice in one upsert of {}", first.sobject()),
                    "write each record once per request",
                ));
            }
        }
        let field = first.wire_field(external_id_field);
        let path = format!("/composite/sobjects/{}/{field}", first.sobject());
        Self::collection(reference_id, Method::PATCH, path, records, false)
    }

    /// Creates up to 200 records, of up to ten runs of one object each. Not
    /// repeatable: for standard objects, look the create key up first.
    pub fn create_all(
        reference_id: &str,
        records: &[Record],
        rule: DuplicateRule,
    ) -> Result<Self, Fault> {
        check_runs(records)?;
        let path = "/composite/sobjects".to_owned();
        let mut this = Self::collection(reference_id, Method::POST, path, records, true)?;
        this.headers.push(duplicate_rule(rule));
        Ok(this)
    }

    /// Updates up to 200 records by the id that each holds ([`Record::with_id`]),
    /// of up to ten runs of one object each. Whoever owns one goes on owning it.
    pub fn update_all(reference_id: &str, records: &[Record]) -> Result<Self, Fault> {
        check_runs(records)?;
        if records.iter().any(|record| record.id().is_none()) {
            return Err(local::request(
                "id: missing in a record",
                "an update needs the record's id",
            ));
        }
        let path = "/composite/sobjects".to_owned();
        let mut this = Self::collection(reference_id, Method::PATCH, path, records, false)?;
        this.headers = vec![no_assignment()];
        Ok(this)
    }

    /// Creates one record. Not repeatable, as [`Self::create_all`].
    pub fn create(reference_id: &str, record: &Record, rule: DuplicateRule) -> Result<Self, Fault> {
        let path = format!("/sobjects/{}", record.sobject());
        let shape = Shape::Write { id: None };
        let mut this = Self::new(reference_id, Method::POST, path, shape)?;
        this.headers.extend(assignment(std::slice::from_ref(record)));
        this.headers.push(duplicate_rule(rule));
        this.with_body(record.fields())
    }

    /// Updates one record in the fields that are set. Whoever owns it goes on
    /// owning it.
    pub fn update(reference_id: &str, id: &RecordId, record: &Record) -> Result<Self, Fault> {
        let path = format!("/sobjects/{}/{}", record.sobject(), encode::component(id.as_str()));
        let shape = Shape::Write { id: Some(id.clone()) };
        let mut this = Self::new(reference_id, Method::PATCH, path, shape)?;
        this.headers.push(no_assignment());
        this.with_body(record.fields())
    }

    /// Deletes one record, into the recycle bin. `sobject` is a wire name.
    pub fn delete(reference_id: &str, sobject: &str, id: &RecordId) -> Result<Self, Fault> {
        let path = format!("/sobjects/{sobject}/{}", encode::component(id.as_str()));
        Self::new(reference_id, Method::DELETE, path, Shape::Write { id: Some(id.clone()) })
    }

    /// Reads one record. `sobject` and `fields` are wire names.
    pub fn get<S: AsRef<str>>(
        reference_id: &str,
        sobject: &str,
        id: &RecordId,
        fields: &[S],
    ) -> Result<Self, Fault> {
        let fields: Vec<_> = fields.iter().map(|f| encode::component(f.as_ref())).collect();
        let id = encode::component(id.as_str());
        let path = format!("/sobjects/{sobject}/{id}?fields={}", fields.join(","));
        Self::new(reference_id, Method::GET, path, Shape::Row)
    }

    /// The first page of a query.
    pub fn query(reference_id: &str, soql: &str) -> Result<Self, Fault> {
        let path = format!("/query?q={}", encode::component(soql));
        Self::new(reference_id, Method::GET, path, Shape::Page)
    }

    /// [`Self::query`] over deleted, merged and archived records, too.
    pub fn query_all(reference_id: &str, soql: &str) -> Result<Self, Fault> {
        let path = format!("/queryAll?q={}", encode::component(soql));
        Self::new(reference_id, Method::GET, path, Shape::Page)
    }

    pub fn reference_id(&self) -> &str {
        &self.reference_id
    }

    /// Which assignment rule runs over what is created: `TRUE`, `FALSE` or the id
    /// of a rule (REST API, Assignment Rule Header). Without it the org's active
    /// one does, unless a record names its owner.
    #[must_use]
    pub fn assigned_by(mut self, value: &str) -> Self {
        self.headers.retain(|(name, _)| *name != ASSIGNMENT);
        self.headers.push((ASSIGNMENT, Cow::Owned(value.to_owned())));
        self
    }

    /// How many outcomes the answer will have; 0 for a read.
    pub fn records(&self) -> usize {
        self.shape.records()
    }

    /// Counts against the five collections and queries of a composite call.
    pub fn is_heavy(&self) -> bool {
        matches!(self.shape, Shape::Collection { .. } | Shape::Page)
    }

    pub(crate) fn writes(&self) -> bool {
        self.method != Method::GET
    }

    fn new(reference_id: &str, method: Method, path: String, shape: Shape) -> Result<Self, Fault> {
        let word = reference_id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !word || !reference_id.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(local::request(
                format!("referenceId: '{reference_id}'"),
                "use letters, digits and underscores, a letter or digit first",
            ));
        }
        // Address and headers share 16,384 bytes; the token is one of the headers.
        if path.len() > 14_000 {
            return Err(local::request(
                format!("address: {} bytes, at most 14,000", path.len()),
                "cut long IN lists with soql::lists",
            ));
        }
        let reference_id = reference_id.to_owned();
        Ok(Self { reference_id, method, path, headers: Vec::new(), body: None, shape })
    }

    fn collection(
        reference_id: &str,
        method: Method,
        path: String,
        records: &[Record],
        creates: bool,
    ) -> Result<Self, Fault> {
        #[derive(Serialize)]
        struct Body<'a> {
            #[serde(rename = "allOrNone")]
            all_or_none: bool,
            records: &'a [Record],
        }
        let shape = Shape::Collection { records: records.len(), creates };
        let mut this = Self::new(reference_id, method, path, shape)?;
        this.headers.extend(assignment(records));
        this.with_body(&Body { all_or_none: false, records })
    }

    fn with_body(mut self, body: &impl Serialize) -> Result<Self, Fault> {
        let json = serde_json::value::to_raw_value(body).map_err(|why| {
            local::request(format!("body: {why}"), "a defect of puente: report it")
        })?;
        self.body = Some(json);
        Ok(self)
    }
}

impl Shape {
    pub(crate) fn records(&self) -> usize {
        match self {
            Self::Collection { records, .. } => *records,
            Self::Write { .. } => 1,
            Self::Row | Self::Page => 0,
        }
    }
}

/// Without the body: what is written is personal; nor the query's values.
impl fmt::Debug for Subrequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "{} {} {path} {:?}", self.reference_id, self.method, self.shape)
    }
}

/// Assignment rules are on unless a call switches them off (REST API, Assignment
/// Rule Header). An update of ours must not take a record from its agent.
const ASSIGNMENT: &str = "Sforce-Auto-Assign";

fn no_assignment() -> (&'static str, Cow<'static, str>) {
    (ASSIGNMENT, Cow::Borrowed("FALSE"))
}

/// They would move a record whose owner we set.
fn assignment(records: &[Record]) -> Option<(&'static str, Cow<'static, str>)> {
    records.iter().any(Record::sets_owner).then(no_assignment)
}

fn duplicate_rule(rule: DuplicateRule) -> (&'static str, Cow<'static, str>) {
    let value = match rule {
        DuplicateRule::Obey => "allowSave=false; includeRecordDetails=true",
        DuplicateRule::AllowSave => "allowSave=true; includeRecordDetails=true",
    };
    ("Sforce-Duplicate-Rule-Header", Cow::Borrowed(value))
}

fn check_count(records: &[Record]) -> Result<&Record, Fault> {
    match records.first() {
        Some(first) if records.len() <= RECORDS_MAX => Ok(first),
        _ => Err(local::request(
            format!("records: {}, at least 1 and at most {RECORDS_MAX}", records.len()),
            "cut the collection",
        )),
    }
}

fn check_runs(records: &[Record]) -> Result<(), Fault> {
    check_count(records)?;
    let runs = records.chunk_by(|a, b| a.sobject() == b.sobject()).count();
    if runs > RUNS_MAX {
        return Err(local::request(
            format!("runs of one object: {runs}, at most {RUNS_MAX}"),
            "order the records by object, or cut the collection",
        ));
    }
    Ok(())
}
