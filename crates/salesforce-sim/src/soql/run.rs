//! Answering a query from the rows of the org.

use serde_json::{Map, Value, json};

use super::aggregate::aggregate;
use super::ast::{Expr, Item, Operator, Path, Select};
use super::compare::{Test, order, test};
use super::resolve::{Column, Names};
use crate::error::ApiError;
use crate::org::{Org, Row};
use crate::schema::{Field, Kind};

const OFFSET_MAX: usize = 2_000;

/// The rows of an answer, all of them; paging is the caller's.
#[derive(Debug)]
pub struct Found {
    /// Rows that matched; more than `rows` only for `COUNT()`.
    pub total: usize,
    pub rows: Vec<Value>,
    /// Two long texts or more: pages are smaller then.
    pub is_wide: bool,
}

/// `base` is `/services/data/vXX.0`; `with_deleted` is queryAll.
pub fn run(
    org: &Org,
    query: &str,
    select: &Select,
    base: &str,
    with_deleted: bool,
    now_ms: i64,
) -> Result<Found, ApiError> {
    let object = org.schema.object(&select.object).cloned().ok_or_else(|| {
        let text = format!(
            "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
            select.object
        );
        ApiError::bad("INVALID_TYPE", text)
    })?;
    if select.offset > OFFSET_MAX {
        let text = format!("Maximum SOQL offset allowed is {OFFSET_MAX}");
        return Err(ApiError::bad("NUMBER_OUTSIDE_VALID_RANGE", text));
    }
    if &*object.name == "ContentDocumentLink" && !select.filter.as_ref().is_some_and(bound) {
        let text = "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.";
        return Err(ApiError::bad("MALFORMED_QUERY", text));
    }
    let names = Names { org, query, object };
    let filter = select.filter.as_ref().map(|f| test(&names, f, now_ms)).transpose()?;
    let mut rows = matching(&names, filter.as_ref(), with_deleted || select.all_rows);
    if select.items == [Item::CountAll] {
        let total =
            rows.len().saturating_sub(select.offset).min(select.limit.unwrap_or(usize::MAX));
        return Ok(Found { total, rows: Vec::new(), is_wide: false });
    }
    let grouped = !select.group.is_empty()
        || select.items.iter().any(|i| matches!(i, Item::Aggregate { .. }));
    if grouped {
        let lines = cut(select, aggregate(&names, select, &rows)?);
        return Ok(Found { total: lines.len(), rows: lines, is_wide: false });
    }
    sort(&names, select, &mut rows)?;
    let columns = columns(&names, select)?;
    let rows: Vec<_> = cut(select, rows)
        .into_iter()
        .map(|(id, row)| show(&names, &columns, base, id, row))
        .collect();
    let long = columns.iter().filter(|(_, c)| c.field.kind == Kind::LongText).count();
    Ok(Found { total: rows.len(), rows, is_wide: long >= 2 })
}

/// Whether the filter names documents or records.
fn bound(filter: &Expr) -> bool {
    let named = |path: &Path| {
        let [step] = &path.steps[..] else { return false };
        ["ContentDocumentId", "LinkedEntityId"].iter().any(|name| step.eq_ignore_ascii_case(name))
    };
    match filter {
        Expr::And(parts) => parts.iter().any(bound),
        Expr::Compare { path, operator: Operator::Equal, .. } => named(path),
        Expr::In { path, negated: false, .. } => named(path),
        _ => false,
    }
}

fn matching<'a>(
    names: &Names<'a>,
    filter: Option<&Test>,
    with_deleted: bool,
) -> Vec<(&'a str, &'a Row)> {
    let org: &'a Org = names.org;
    let table = org.table(&names.object);
    let live = |id: &str| with_deleted || table.live(id).is_some();
    let meets = |id: &str, row: &Row| filter.is_none_or(|f| f.meets(org, id, row));
    // Deleted rows are not indexed.
    let candidates = filter.filter(|_| !with_deleted).and_then(|f| f.candidates(org, names));
    match candidates {
        Some(ids) => ids
            .iter()
            .filter_map(|id| table.entry(id))
            .filter(|(id, row)| live(id) && meets(id, row))
            .collect(),
        None => table.iter().filter(|(id, row)| live(id) && meets(id, row)).collect(),
    }
}

fn sort(names: &Names<'_>, select: &Select, rows: &mut [(&str, &Row)]) -> Result<(), ApiError> {
    let mut keys = Vec::new();
    for by in &select.order {
        keys.push((names.column(&by.path)?, by));
    }
    rows.sort_by(|(a_id, a), (b_id, b)| {
        let mut result = std::cmp::Ordering::Equal;
        for (column, by) in &keys {
            let (a, b) = (column.value(names.org, a_id, a), column.value(names.org, b_id, b));
            let plain = order(&column.field, &a, &b);
            // Nulls come first both ways, unless the query says last.
            let one_is_null = a.is_null() != b.is_null();
            result = if one_is_null {
                if by.nulls_last { plain.reverse() } else { plain }
            } else if by.descending {
                plain.reverse()
            } else {
                plain
            };
            if result.is_ne() {
                break;
            }
        }
        result
    });
    Ok(())
}

fn cut<T>(select: &Select, rows: Vec<T>) -> Vec<T> {
    rows.into_iter().skip(select.offset).take(select.limit.unwrap_or(usize::MAX)).collect()
}

/// What is shown of each row: the names of the hops and the field.
fn columns(names: &Names<'_>, select: &Select) -> Result<Vec<(Vec<String>, Column)>, ApiError> {
    let mut columns = Vec::new();
    let mut put = |column: Column| {
        let hops = column.hops.iter().filter_map(|f| f.reference.as_ref()?.hop.clone()).collect();
        columns.push((hops, column));
    };
    for item in &select.items {
        match item {
            Item::Field(path) => put(names.column(path)?),
            Item::Fields(which) => {
                if select.limit.is_none_or(|l| l > 200) {
                    let text = "The SOQL FIELDS function must have a LIMIT of at most 200";
                    return Err(ApiError::bad("MALFORMED_QUERY", text));
                }
                let wanted = |f: &Field| which == "all" || f.custom == (which == "custom");
                for field in names.object.fields().iter().filter(|f| wanted(f)) {
                    let path = Path { steps: vec![field.name.to_string()], at: 0 };
                    if let Ok(column) = names.column(&path) {
                        put(column);
                    }
                }
            }
            _ => return Err(ApiError::bad("MALFORMED_QUERY", "COUNT() stands alone")),
        }
    }
    Ok(columns)
}

fn show(
    names: &Names<'_>,
    columns: &[(Vec<String>, Column)],
    base: &str,
    id: &str,
    row: &Row,
) -> Value {
    let object = &names.object.name;
    let mut out = Map::new();
    out.insert(
        "attributes".into(),
        json!({ "type": &**object, "url": format!("{base}/sobjects/{object}/{id}") }),
    );
    for (hops, column) in columns {
        let value = column.value(names.org, id, row);
        place(names.org, &mut out, hops, column, row, base, value);
    }
    Value::Object(out)
}

/// Puts a value where its hops lead; a parent that is not there is null.
fn place(
    org: &Org,
    out: &mut Map<String, Value>,
    hops: &[String],
    column: &Column,
    row: &Row,
    base: &str,
    value: Value,
) {
    let (Some((hop, rest)), Some(field)) = (hops.split_first(), column.hops.first()) else {
        out.insert(column.field.name.to_string(), value);
        return;
    };
    let parent = row.get(&field.name).and_then(Value::as_str).and_then(|id| org.row(id));
    let Some((object, id, parent_row)) = parent else {
        out.insert(hop.clone(), Value::Null);
        return;
    };
    let url = format!("{base}/sobjects/{}/{id}", object.name);
    let fresh = || json!({ "attributes": { "type": &*object.name, "url": url } });
    let slot = out.entry(hop.clone()).or_insert_with(fresh);
    if let Value::Object(inner) = slot {
        let next = Column { hops: column.hops[1..].to_vec(), field: column.field.clone() };
        place(org, inner, rest, &next, parent_row, base, value);
    }
}
