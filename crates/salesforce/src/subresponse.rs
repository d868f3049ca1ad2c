//! The answer to one [`Subrequest`], mapped back to its records.

use model::Fault;
use serde::Deserialize;
use serde_json::Value;

use crate::faults::{self, Refusal};
use crate::outcome::Item;
use crate::subrequest::Shape;
use crate::{Names, Page, RecordOutcome, Row, Subrequest};

/// What one part of a composite call, or a call of its own, answered.
#[derive(Clone, Debug)]
pub struct SubResponse {
    reference_id: String,
    shape: Shape,
    names: Names,
    /// The body with its HTTP status, or the refusal of the part as a whole.
    result: Result<(u16, Value), Box<Refusal>>,
}

#[derive(Deserialize)]
struct WirePage {
    #[serde(default, rename = "totalSize")]
    total: u64,
    #[serde(default, rename = "nextRecordsUrl")]
    next: Option<String>,
    records: Vec<Value>,
}

impl SubResponse {
    pub(crate) fn new(
        asked: &Subrequest,
        names: &Names,
        result: Result<(u16, Value), Box<Refusal>>,
    ) -> Self {
        let (reference_id, shape) = (asked.reference_id.clone(), asked.shape.clone());
        Self { reference_id, shape, names: names.clone(), result }
    }

    /// Of a create that was a call of its own.
    pub(crate) fn of_create(names: &Names, result: Result<(u16, Value), Box<Refusal>>) -> Self {
        let shape = Shape::Write { id: None };
        Self { reference_id: String::new(), shape, names: names.clone(), result }
    }

    pub fn reference_id(&self) -> &str {
        &self.reference_id
    }

    /// The part as a whole was refused. Its records are all refused the same,
    /// or halted.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.result.as_ref().err().map(|refusal| &**refusal)
    }

    /// One outcome per record that was put in, in order; empty for a read.
    pub fn outcomes(&self) -> Vec<RecordOutcome> {
        let count = self.shape.records();
        let (status, body) = match &self.result {
            Ok((status, body)) => (*status, body),
            Err(refusal) => return vec![RecordOutcome::refused((**refusal).clone()); count],
        };
        match &self.shape {
            Shape::Collection { creates, .. } => {
                (0..count).map(|i| item(body.get(i), *creates)).collect()
            }
            Shape::Write { id: Some(id) } => {
                vec![RecordOutcome::Written { id: id.clone(), created: false }]
            }
            Shape::Write { id: None } => vec![item(Some(body), status == 201)],
            Shape::Row | Shape::Page => Vec::new(),
        }
    }

    /// The record of a [`Subrequest::get`]; `None` when it does not exist or is hidden.
    pub fn row(&self) -> Result<Option<Row>, Fault> {
        match &self.result {
            Ok((_, body)) => match Row::from_json(&self.names, body.clone()) {
                Some(row) => Ok(Some(row)),
                None => Err(faults::not_understood("a record that is no object".to_owned())),
            },
            Err(refusal) if refusal.clue == faults::Clue::Gone => Ok(None),
            Err(refusal) => Err(refusal.fault.clone()),
        }
    }

    /// The page of a [`Subrequest::query`].
    pub fn page(&self) -> Result<Page, Fault> {
        match &self.result {
            Ok((_, body)) => read_page(&self.names, body.clone()),
            Err(refusal) => Err(refusal.fault.clone()),
        }
    }
}

pub(crate) fn read_page(names: &Names, body: Value) -> Result<Page, Fault> {
    let bad = || faults::not_understood("a query's answer without records".to_owned());
    let page = WirePage::deserialize(body).map_err(|_| bad())?;
    let rows = page.records.into_iter().map(|record| Row::from_json(names, record));
    let rows = rows.collect::<Option<Vec<_>>>().ok_or_else(bad)?;
    Ok(Page { rows, total: page.total, next: page.next })
}

fn item(body: Option<&Value>, creates: bool) -> RecordOutcome {
    match body.map(Item::deserialize) {
        Some(Ok(item)) => item.outcome(creates),
        Some(Err(_)) => RecordOutcome::not_understood("a record's result could not be read"),
        None => RecordOutcome::not_understood("the answer has fewer results than records"),
    }
}
