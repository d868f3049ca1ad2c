//! Ids of the queues and record types that places name: asked for once a version.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Fault;
use parking_lot::Mutex;
use salesforce::Client;

use super::active::Active;
use super::plan::Place;

const ROWS_MAX: usize = 2_000;

#[derive(Debug, Default)]
pub struct Targets {
    /// By developer name.
    queues: BTreeMap<String, String>,
    /// By object and developer name.
    record_types: BTreeMap<(String, String), String>,
}

/// With the version of the routing that they were asked for.
pub type TargetsKept = Arc<Mutex<Option<(i64, Arc<Targets>)>>>;

impl Targets {
    pub async fn ask(client: &Client) -> Result<Self, Fault> {
        let mut targets = Self::default();
        let soql = "SELECT Id, DeveloperName FROM Group WHERE Type = 'Queue'";
        for row in client.query(soql, ROWS_MAX).await?.rows {
            if let (Some(id), Some(name)) = (row.id(), row.text("DeveloperName")) {
                targets.queues.insert(name.to_owned(), id.to_string());
            }
        }
        let soql = "SELECT Id, DeveloperName, SobjectType FROM RecordType WHERE IsActive = true";
        for row in client.query(soql, ROWS_MAX).await?.rows {
            let named = (row.text("SobjectType"), row.text("DeveloperName"));
            if let (Some(id), (Some(object), Some(name))) = (row.id(), named) {
                let key = (object.to_owned(), name.to_owned());
                targets.record_types.insert(key, id.to_string());
            }
        }
        Ok(targets)
    }

    /// Owner and record type. What was taken out of the org since the file was
    /// put to use is left out: a record without its queue is better than none.
    pub fn of<'a>(&'a self, place: &'a Place, object: &str) -> (Option<&'a str>, Option<&'a str>) {
        let queue = place.queue.as_ref().and_then(|name| self.queues.get(name));
        let owner = place.user.as_deref().or(queue.map(String::as_str));
        let key = |name: &String| (object.to_owned(), name.clone());
        let of_type = place.record_type.as_ref().and_then(|name| self.record_types.get(&key(name)));
        (owner, of_type.map(String::as_str))
    }
}

/// Kept for as long as the version is in use.
pub fn known(kept: &TargetsKept, active: &Active) -> Option<Arc<Targets>> {
    let kept = kept.lock();
    kept.as_ref().filter(|(version, _)| *version == active.version).map(|(_, t)| t.clone())
}
