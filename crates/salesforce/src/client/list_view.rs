//! List views: which records a list on a tab shows.

use model::Fault;
use model::ids::RecordId;
use serde::Deserialize;

use super::Client;
use crate::faults;

/// A list view as a query (REST API, List View Describe).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListView {
    pub sobject_type: String,
    /// SOQL with `Id` among its fields. It finds what the user of this client
    /// may see; "my records" are that user's.
    pub query: String,
}

impl Client {
    /// `sobject`, a wire name, is `SobjectType` of the row in `ListView`.
    pub async fn list_view(&self, sobject: &str, id: &RecordId) -> Result<ListView, Fault> {
        let path = self.data(&format!("/sobjects/{sobject}/listviews/{id}/describe"));
        ListView::deserialize(self.read(path).await?)
            .map_err(|why| faults::not_understood(format!("describe of the list view {id}: {why}")))
    }
}
