//! The org's rows. Everything that reads or writes them holds one lock, so a
//! transaction is what happens between taking it and giving it back.

mod changes;
mod knobs;
mod table;
mod txn;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

pub use changes::{Change, Changes};
pub use knobs::{DuplicateAction, DuplicateRule, Knobs, TriggerFailure};
pub use table::{Row, Table};
pub use txn::{Actor, Txn};

use crate::config::Config;
use crate::ids::{self, Minter};
use crate::schema::{Field, Object, Schema};
use crate::time;

/// A query's answer that is fetched page by page.
#[derive(Debug)]
pub struct Cursor {
    pub rows: Vec<Value>,
    pub batch: usize,
    pub used_ms: i64,
}

#[derive(Debug)]
pub struct Org {
    pub schema: Arc<Schema>,
    pub knobs: Knobs,
    pub changes: Changes,
    pub cursors: BTreeMap<String, Cursor>,
    pub org_id: String,
    /// Bytes of files, by what `ContentVersion.VersionData` holds here.
    pub blobs: BTreeMap<String, Bytes>,
    /// What list views and reports find, as SOQL by their ids.
    pub views: BTreeMap<String, String>,
    tables: BTreeMap<Arc<str>, Table>,
    hidden: BTreeSet<(String, String)>,
    minter: Minter,
    numbers: BTreeMap<Arc<str>, u64>,
}

/// What an administrator sets up: no records that take storage, and kept when a
/// page starts over.
const SETUP: [&str; 10] = [
    "User",
    "Organization",
    "Group",
    "QueueSobject",
    "RecordType",
    "AssignmentRule",
    "CaseStatus",
    "OpportunityStage",
    "ListView",
    "Report",
];

/// Ids of what every org has alike; minted ones begin behind.
fn numbered(prefix: &str, n: usize) -> String {
    let id = format!("{prefix}{:012}", n + 1);
    ids::full(&id).unwrap_or(id)
}

impl Org {
    pub fn new(config: &Config, first_id: u64, now_ms: i64) -> Result<Self, String> {
        let schema = Arc::new(Schema::load(&config.namespace, &config.custom_fields)?);
        let tables = schema.objects().map(|o| (o.name.clone(), Table::default())).collect();
        let knobs = Knobs { storage_rows_max: config.storage_rows_max, ..Knobs::default() };
        let org_id =
            ids::full(&config.org_id).ok_or("org_id: 15 or 18 characters, starting with 00D")?;
        let mut org = Self {
            schema,
            knobs,
            changes: Changes::default(),
            cursors: BTreeMap::new(),
            org_id,
            blobs: BTreeMap::new(),
            views: BTreeMap::new(),
            tables,
            hidden: BTreeSet::new(),
            minter: Minter::new(first_id),
            numbers: BTreeMap::new(),
        };
        org.furnish(config, now_ms);
        Ok(org)
    }

    /// The rows that every org has: itself and its users.
    fn furnish(&mut self, config: &Config, now_ms: i64) {
        let (org_id, now) = (self.org_id.clone(), time::datetime(now_ms));
        let org = [
            ("Name", json!("Acme")),
            ("IsSandbox", json!(config.is_sandbox)),
            ("OrganizationType", json!("Developer Edition")),
            ("InstanceName", json!("HO1")),
            ("LanguageLocaleKey", json!("en_US")),
            ("CreatedDate", json!(now)),
            ("SystemModstamp", json!(now)),
        ];
        self.seed_row("Organization", org_id, org.to_vec());
        for user in &config.users {
            let id = self.minter.mint("005");
            let row = [
                ("Username", json!(user.username)),
                ("FirstName", json!(user.first_name)),
                ("LastName", json!(user.last_name)),
                ("Name", json!(format!("{} {}", user.first_name, user.last_name))),
                ("Email", json!(user.username)),
                ("Alias", json!("sim")),
                ("IsActive", json!(user.active)),
                ("UserType", json!("Standard")),
                ("CreatedDate", json!(now)),
                ("SystemModstamp", json!(now)),
            ];
            self.seed_row("User", id, row.to_vec());
        }
        self.furnish_lists();
    }

    /// What the picklists of a Case and an Opportunity say beside their words.
    fn furnish_lists(&mut self) {
        let closes = |word: &str| word.starts_with("Closed");
        for (n, (word, first)) in self.words("Case", "Status").into_iter().enumerate() {
            let row = [
                ("ApiName", json!(word)),
                ("MasterLabel", json!(word)),
                ("IsClosed", json!(closes(&word))),
                ("IsDefault", json!(first)),
            ];
            self.seed_row("CaseStatus", numbered("0Ct", n), row.to_vec());
        }
        for (n, (word, _)) in self.words("Opportunity", "StageName").into_iter().enumerate() {
            let row = [
                ("ApiName", json!(word)),
                ("MasterLabel", json!(word)),
                ("IsActive", json!(true)),
                ("IsClosed", json!(closes(&word))),
                ("IsWon", json!(word == "Closed Won")),
            ];
            self.seed_row("OpportunityStage", numbered("0Os", n), row.to_vec());
        }
        for (n, object) in ["Lead", "Case"].into_iter().enumerate() {
            let row = [
                ("Name", json!("Standard")),
                ("SobjectType", json!(object)),
                ("Active", json!(true)),
            ];
            self.seed_row("AssignmentRule", numbered("01Q", n), row.to_vec());
        }
    }

    /// Values of a picklist, each with whether it is the default.
    fn words(&self, object: &str, field: &str) -> Vec<(String, bool)> {
        let field = self.schema.object(object).and_then(|o| o.field(field).cloned());
        let Some(field) = field else { return Vec::new() };
        let default = field.default.as_ref().and_then(Value::as_str);
        field.picklist.iter().map(|word| (word.clone(), default == Some(word))).collect()
    }

    pub fn seed_row(&mut self, object: &str, id: String, values: Vec<(&str, Value)>) {
        let Some(object) = self.schema.object(object).cloned() else {
            return;
        };
        let mut row = Row::new();
        for (name, value) in values {
            if let Some(field) = object.field(name) {
                row.insert(field.name.clone(), value);
            }
        }
        self.put(&object, &id, Some(row));
    }

    /// Keeps the bytes of a file; they count against the file storage.
    pub fn keep_blob(&mut self, bytes: Bytes) -> String {
        let key = format!("blob:{}", self.blobs.len() + 1);
        self.blobs.insert(key.clone(), bytes);
        key
    }

    pub fn mint(&mut self, prefix: &str) -> String {
        self.minter.mint(prefix)
    }

    /// The next value of an auto number such as `WM-{0000000000}`.
    pub fn next_number(&mut self, object: &Object, format: &str) -> String {
        let n = self.numbers.entry(object.name.clone()).or_insert(0);
        *n += 1;
        let (head, rest) = format.split_once('{').unwrap_or((format, "0}"));
        let (zeros, tail) = rest.split_once('}').unwrap_or((rest, ""));
        format!("{head}{n:0width$}{tail}", width = zeros.len())
    }

    pub fn table(&self, object: &Object) -> &Table {
        // Every object of the schema got its table when the org was made.
        &self.tables[&object.name]
    }

    /// Sets or removes a row and keeps the indexes true; gives back what was there.
    pub fn put(&mut self, object: &Object, id: &str, row: Option<Row>) -> Option<Row> {
        self.tables.get_mut(&object.name)?.put(object, id, row)
    }

    /// A row by id in either form, deleted or not.
    pub fn row(&self, id: &str) -> Option<(Arc<Object>, String, &Row)> {
        let id = ids::full(id)?;
        let object = self.schema.of_id(&id)?;
        let row = self.table(object).get(&id)?;
        Some((object.clone(), id, row))
    }

    /// Whether its rows are what an administrator sets up, and no records.
    pub fn is_setup(object: &Object) -> bool {
        SETUP.contains(&&*object.name)
    }

    pub fn rows_stored(&self) -> usize {
        self.tables
            .iter()
            .filter(|(name, _)| !SETUP.contains(&&***name))
            .filter(|(name, _)| !name.starts_with("Content"))
            .map(|(_, table)| table.len())
            .sum()
    }

    pub fn user_id(&self, username: &str) -> Option<String> {
        let users = self.schema.object("User")?;
        self.table(users)
            .iter()
            .find(|(_, row)| row.get("Username").and_then(Value::as_str) == Some(username))
            .map(|(id, _)| id.to_owned())
    }

    /// Takes a field away from, or gives it back to, the API's user.
    pub fn set_field_visible(&mut self, object: &str, field: &str, visible: bool) {
        let key = (object.to_lowercase(), field.to_lowercase());
        if visible {
            self.hidden.remove(&key);
        } else {
            self.hidden.insert(key);
        }
    }

    pub fn is_hidden(&self, object: &Object, field: &Field) -> bool {
        !self.hidden.is_empty()
            && self.hidden.contains(&(object.name.to_lowercase(), field.name.to_lowercase()))
    }

    /// A field by name as the API's user sees it.
    pub fn visible<'a>(&self, object: &'a Object, name: &str) -> Option<&'a Arc<Field>> {
        object.field(name).filter(|f| !self.is_hidden(object, f))
    }

    /// Forgets all rows but users and the org itself; for a page's "start over".
    pub fn clear(&mut self) {
        for (name, table) in &mut self.tables {
            if !SETUP.contains(&&**name) {
                *table = Table::default();
            }
        }
        self.cursors.clear();
        self.blobs.clear();
    }
}
