//! The truth for tests, and the hands of the org's own people.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sim_kit::Gate;

use crate::config::Latency;
use crate::error::ApiError;
use crate::locks::Held;
use crate::oauth::OAuthError;
use crate::org::{Actor, Change, Knobs, Org, Txn};
use crate::records::{self, ConvertLead, Converted, Op, Values, Verb};
use crate::shared::Shared;
use crate::traffic::Traffic;

/// Reads and drives the simulator from outside of its HTTP face. Nothing done
/// here counts as an API call. Clones drive the same org.
#[derive(Clone)]
pub struct Handle {
    pub(crate) shared: Arc<Shared>,
}

impl Handle {
    /// Clock, fault script and request log.
    pub fn gate(&self) -> &Gate {
        &self.shared.gate
    }

    /// API calls that were counted since the start.
    pub fn api_calls(&self) -> u64 {
        self.shared.usage.lock().total
    }

    /// Live rows of an object, each with its `Id`, in the order they were made.
    pub fn rows(&self, object: &str) -> Vec<Value> {
        let org = self.shared.org.lock();
        let Some(object) = org.schema.object(object).cloned() else {
            return Vec::new();
        };
        let table = org.table(&object);
        table
            .iter()
            .filter(|(id, _)| table.live(id).is_some())
            .map(|(id, row)| shown(id, row))
            .collect()
    }

    /// A row by its id, deleted or not.
    pub fn row(&self, id: &str) -> Option<Value> {
        let org = self.shared.org.lock();
        let (_, id, row) = org.row(id)?;
        Some(shown(&id, row))
    }

    /// A person uploads a file. The id of its version.
    pub fn add_file(&self, name: &str, bytes: impl Into<bytes::Bytes>) -> Result<String, ApiError> {
        let key = self.shared.org.lock().keep_blob(bytes.into());
        self.create("ContentVersion", json!({ "PathOnClient": name, "VersionData": key }))
    }

    /// The bytes of a file's version.
    pub fn file(&self, version: &str) -> Option<bytes::Bytes> {
        let org = self.shared.org.lock();
        let (_, _, row) = org.row(version)?;
        org.blobs.get(row.get("VersionData")?.as_str()?).cloned()
    }

    /// A list view that shows what the query finds; `Id` is among its fields.
    pub fn add_list_view(&self, name: &str, query: &str) -> Result<String, ApiError> {
        self.add_view("ListView", name, query)
    }

    /// A tabular report of what the query finds, its fields as columns.
    pub fn add_report(&self, name: &str, query: &str) -> Result<String, ApiError> {
        self.add_view("Report", name, query)
    }

    fn add_view(&self, object: &str, name: &str, query: &str) -> Result<String, ApiError> {
        let of = crate::soql::parse(query)?.object;
        let mut org = self.shared.org.lock();
        let prefix = org.schema.object(object).ok_or_else(ApiError::not_found)?.prefix.clone();
        let id = org.mint(&prefix);
        let values = vec![("Name", json!(name)), ("SobjectType", json!(of))];
        org.seed_row(object, id.clone(), values);
        org.views.insert(id.clone(), query.to_owned());
        Ok(id)
    }

    pub fn count(&self, object: &str) -> usize {
        let org = self.shared.org.lock();
        org.schema.object(object).map_or(0, |o| org.table(o).len())
    }

    /// Live records by object, for objects that have any. What an administrator
    /// sets up is none.
    pub fn counts(&self) -> Value {
        let org = self.shared.org.lock();
        let records = org.schema.objects().filter(|o| !Org::is_setup(o));
        let counts = records.map(|o| (o.name.to_string(), org.table(o).len()));
        counts.filter(|(_, n)| *n > 0).map(|(name, n)| (name, json!(n))).collect()
    }

    /// The Bulk jobs that are not deleted, as the API shows them.
    pub fn bulk_jobs(&self) -> Vec<Value> {
        self.shared.jobs.lock().iter().map(|job| job.shown(false)).collect()
    }

    /// Ends all Bulk jobs that are not over, as an administrator can; says how many.
    pub fn abort_bulk_jobs(&self) -> usize {
        self.shared.jobs.lock().abort()
    }

    /// Creates a record as an agent would, rules and all.
    pub fn create(&self, object: &str, body: Value) -> Result<String, ApiError> {
        self.within(|txn| {
            let object = txn.org.schema.object(object).cloned().ok_or_else(ApiError::not_found)?;
            let values = records::parse(txn.org, &object, members(&body)?)?;
            Ok(Op { object, verb: Verb::Create, values }.apply(txn)?.id)
        })
    }

    /// Changes a record as an agent would.
    pub fn update(&self, id: &str, body: Value) -> Result<(), ApiError> {
        self.within(|txn| {
            let object = txn.org.schema.of_id(id).cloned().ok_or_else(ApiError::not_found)?;
            let values = records::parse(txn.org, &object, members(&body)?)?;
            Op { object, verb: Verb::Update { id: id.to_owned() }, values }.apply(txn).map(drop)
        })
    }

    pub fn delete(&self, id: &str) -> Result<(), ApiError> {
        self.within(|txn| {
            let object = txn.org.schema.of_id(id).cloned().ok_or_else(ApiError::not_found)?;
            Op { object, verb: Verb::Delete { id: id.to_owned() }, values: Values::default() }
                .apply(txn)
                .map(drop)
        })
    }

    pub fn close_case(&self, id: &str) -> Result<(), ApiError> {
        self.update(id, json!({ "Status": "Closed" }))
    }

    pub fn convert_lead(&self, id: &str, how: &ConvertLead) -> Result<Converted, ApiError> {
        self.within(|txn| records::convert_lead(txn, id, how))
    }

    /// Merges the second record into the first.
    pub fn merge(&self, winner: &str, loser: &str) -> Result<(), ApiError> {
        self.within(|txn| records::merge(txn, winner, loser))
    }

    fn within<T>(
        &self,
        act: impl FnOnce(&mut Txn<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let now = self.shared.gate.clock.now_ms();
        let mut org = self.shared.org.lock();
        let mut actor = Actor::of("005000000000000AAA", now);
        actor.auto_assign = false;
        actor.allow_save = true;
        let mut txn = Txn::begin(&mut org, actor);
        let done = act(&mut txn)?;
        txn.commit();
        Ok(done)
    }

    /// Committed changes with a number above `after`, oldest first, at most `max`.
    pub fn changes(&self, after: u64, max: usize) -> Vec<Change> {
        self.shared.org.lock().changes.after(after).take(max).cloned().collect()
    }

    /// The number of the newest change.
    pub fn last_change(&self) -> u64 {
        self.shared.org.lock().changes.last()
    }

    /// Duplicate rules, failing triggers, storage, assignment rules.
    pub fn knobs(&self) -> Knobs {
        self.shared.org.lock().knobs.clone()
    }

    pub fn set_knobs(&self, change: impl FnOnce(&mut Knobs)) {
        change(&mut self.shared.org.lock().knobs);
    }

    /// Takes a field away from the API's user (field-level security), or gives it back.
    pub fn set_field_visible(&self, object: &str, field: &str, visible: bool) {
        self.shared.org.lock().set_field_visible(object, field, visible);
    }

    pub fn set_latency(&self, latency: Latency) {
        *self.shared.latency.lock() = latency;
    }

    /// How many calls were under way at once, and how many rows could not be
    /// locked, since the start or the last [`Handle::forget_traffic`].
    pub fn traffic(&self) -> Traffic {
        self.shared.road.traffic(self.shared.gate.clock.now_ms())
    }

    pub fn forget_traffic(&self) {
        self.shared.road.forget(self.shared.gate.clock.now_ms());
    }

    /// Calls that the org's other programs made some time ago, before any other.
    pub fn others_called(&self, calls: u64, ago_ms: i64) {
        self.shared.usage.lock().add(self.shared.gate.clock.now_ms() - ago_ms, calls);
    }

    /// The daily quota of calls.
    pub fn set_daily_calls(&self, max: u64) {
        self.shared.usage.lock().max = max;
    }

    /// Ends every session; says how many there were.
    pub fn invalidate_sessions(&self) -> usize {
        self.shared.auth.lock().invalidate()
    }

    /// Lets the token endpoint refuse all that comes, until called with `None`.
    pub fn refuse_tokens(&self, with: Option<OAuthError>) {
        self.shared.auth.lock().refusal = with;
    }

    pub fn set_user_active(&self, username: &str, active: bool) {
        self.shared.auth.lock().set_active(username, active);
    }

    /// `instance_url` of the next token: an org that moved.
    pub fn set_instance_url(&self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.shared.auth.lock().instance_url);
    }

    /// A refresh token, as the web server flow would have given.
    pub fn issue_refresh_token(&self, consumer_key: &str, username: &str) -> String {
        self.shared.auth.lock().open_refresh(consumer_key, username)
    }

    /// Holds rows as a transaction of somebody else would, until dropped.
    pub async fn hold(&self, ids: impl IntoIterator<Item = String>) -> Held {
        let ids: BTreeSet<String> = ids.into_iter().collect();
        self.shared.locks.take(ids).await
    }

    /// Forgets all records; users, sessions, knobs and counters stay.
    pub fn clear(&self) {
        self.shared.org.lock().clear();
    }
}

fn members(body: &Value) -> Result<&Map<String, Value>, ApiError> {
    body.as_object().ok_or_else(|| ApiError::json("a record is an object of fields"))
}

fn shown(id: &str, row: &crate::org::Row) -> Value {
    let fields = row.iter().map(|(k, v)| (k.to_string(), v.clone()));
    let mut out: Map<String, Value> = fields.collect();
    out.insert("Id".into(), json!(id));
    Value::Object(out)
}
