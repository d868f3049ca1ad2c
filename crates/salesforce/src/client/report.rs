//! Reports, run at once with their rows.

use std::collections::BTreeMap;

use model::Fault;
use model::ids::RecordId;
use serde::Deserialize;
use serde_json::Value;

use super::Client;
use crate::{faults, ids};

/// What a run told (Reports and Dashboards REST API, Execute Sync). A run gives
/// at most 2,000 rows.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportRun {
    /// Cells by row, in the order of the report's columns. Those of a grouped
    /// report come group by group.
    pub rows: Vec<Vec<Cell>>,
    /// `false`: the report has more rows than a run gives.
    pub complete: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Cell {
    #[serde(default)]
    pub label: Value,
    #[serde(default)]
    pub value: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    all_data: bool,
    fact_map: BTreeMap<String, Fact>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fact {
    #[serde(default)]
    rows: Vec<WireRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireRow {
    data_cells: Vec<Cell>,
}

impl Client {
    /// Runs a report with its rows. One that is not there, or that the user may
    /// not see, is `sf.NOT_FOUND`.
    pub async fn report(&self, id: &RecordId) -> Result<ReportRun, Fault> {
        let path = self.data(&format!("/analytics/reports/{id}?includeDetails=true"));
        let wire = Wire::deserialize(self.read(path).await?)
            .map_err(|why| faults::not_understood(format!("run of the report {id}: {why}")))?;
        let rows = wire.fact_map.into_values().flat_map(|fact| fact.rows);
        Ok(ReportRun { rows: rows.map(|row| row.data_cells).collect(), complete: wire.all_data })
    }
}

impl Cell {
    /// The record that the cell leads to: a name is shown with the id behind it,
    /// an id column shows it.
    pub fn record(&self) -> Option<RecordId> {
        [&self.value, &self.label].into_iter().find_map(|text| ids::answered(text.as_str()?))
    }
}
