//! Filters: whether a row meets a condition, and which rows may.

use std::cmp::Ordering;

use serde_json::Value;

use super::ast::{Expr, Literal, Operator, Path};
use super::literal;
use super::resolve::{Column, Names};
use crate::error::ApiError;
use crate::ids;
use crate::org::{Org, Row};
use crate::schema::{Field, Kind};
use crate::time;

/// A condition whose names and values are known to make sense.
pub enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Compare {
        column: Column,
        operator: Operator,
        value: Value,
    },
    /// From the first moment to before the last.
    Within {
        column: Column,
        operator: Operator,
        from: Value,
        to: Value,
    },
    In {
        column: Column,
        negated: bool,
        values: Vec<Value>,
    },
}

pub fn test(names: &Names<'_>, expr: &Expr, now_ms: i64) -> Result<Test, ApiError> {
    let all =
        |list: &[Expr]| list.iter().map(|e| test(names, e, now_ms)).collect::<Result<Vec<_>, _>>();
    Ok(match expr {
        Expr::And(list) => Test::And(all(list)?),
        Expr::Or(list) => Test::Or(all(list)?),
        Expr::Not(inner) => Test::Not(Box::new(test(names, inner, now_ms)?)),
        Expr::Compare { path, operator, value: Literal::Range(word) } => {
            let column = filterable(names, path)?;
            let (from, to) =
                literal::range(word, now_ms).ok_or_else(|| wrong_type(&column.field))?;
            let [from, to] = [from, to].map(|ms| moment(&column.field, ms));
            Test::Within { from: from?, to: to?, column, operator: *operator }
        }
        Expr::Compare { path, operator, value } => {
            let column = filterable(names, path)?;
            let value = operand(&column.field, value, *operator)?;
            Test::Compare { column, operator: *operator, value }
        }
        Expr::In { path, negated, values } => {
            let column = filterable(names, path)?;
            let values = values
                .iter()
                .map(|v| operand(&column.field, v, Operator::Equal))
                .collect::<Result<_, _>>()?;
            Test::In { column, negated: *negated, values }
        }
    })
}

fn filterable(names: &Names<'_>, path: &Path) -> Result<Column, ApiError> {
    let column = names.column(path)?;
    if column.field.is_filterable() {
        return Ok(column);
    }
    let text = format!("field '{}' can not be filtered in a query call", column.field.name);
    Err(ApiError::bad("INVALID_FIELD", text))
}

fn moment(field: &Field, ms: i64) -> Result<Value, ApiError> {
    match field.kind {
        Kind::DateTime => Ok(time::datetime(ms).into()),
        Kind::Date => Ok(time::date(ms.div_euclid(86_400_000)).into()),
        _ => Err(wrong_type(field)),
    }
}

/// The literal in the stored form of the field.
fn operand(field: &Field, value: &Literal, operator: Operator) -> Result<Value, ApiError> {
    let wrong = || wrong_type(field);
    Ok(match (field.kind, value) {
        (_, Literal::Null) => Value::Null,
        (Kind::Id | Kind::Reference, Literal::Text(id)) if operator != Operator::Like => {
            let invalid = || {
                ApiError::bad("INVALID_QUERY_FILTER_OPERATOR", format!("invalid ID field: {id}"))
            };
            ids::full(id).ok_or_else(invalid)?.into()
        }
        (Kind::Boolean, Literal::Bool(flag)) => (*flag).into(),
        (Kind::Int | Kind::Double | Kind::Currency | Kind::Percent, Literal::Number(n)) => {
            (*n).into()
        }
        (Kind::Date, Literal::Date(day)) => day.clone().into(),
        (Kind::DateTime, Literal::DateTime(text)) => {
            time::datetime(time::parse_datetime(text).ok_or_else(wrong)?).into()
        }
        (
            Kind::Boolean
            | Kind::Int
            | Kind::Double
            | Kind::Currency
            | Kind::Percent
            | Kind::Date
            | Kind::DateTime,
            _,
        ) => return Err(wrong()),
        (_, Literal::Text(text)) => text.clone().into(),
        _ => return Err(wrong()),
    })
}

fn wrong_type(field: &Field) -> ApiError {
    let (name, quotes) = match field.kind {
        Kind::DateTime => ("dateTime", "should not"),
        Kind::Boolean | Kind::Int | Kind::Double | Kind::Currency | Kind::Percent | Kind::Date => {
            (field.kind.name(), "should not")
        }
        _ => ("string", "should"),
    };
    let text = format!(
        "value of filter criterion for field '{}' must be of type {name} and {quotes} be enclosed in quotes",
        field.name
    );
    ApiError::bad("INVALID_FIELD", text)
}

impl Test {
    pub fn meets(&self, org: &Org, id: &str, row: &Row) -> bool {
        match self {
            Self::And(all) => all.iter().all(|t| t.meets(org, id, row)),
            Self::Or(any) => any.iter().any(|t| t.meets(org, id, row)),
            Self::Not(inner) => !inner.meets(org, id, row),
            Self::Compare { column, operator, value } => {
                holds(&column.field, &column.value(org, id, row), *operator, value)
            }
            Self::Within { column, operator, from, to } => {
                let held = column.value(org, id, row);
                let (lower, upper) =
                    (order(&column.field, &held, from), order(&column.field, &held, to));
                let inside = !held.is_null() && lower.is_ge() && upper.is_lt();
                match operator {
                    Operator::Equal => inside,
                    Operator::NotEqual => !inside,
                    _ if held.is_null() => false,
                    Operator::Less => lower.is_lt(),
                    Operator::LessOrEqual => upper.is_lt(),
                    Operator::Greater => upper.is_ge(),
                    Operator::GreaterOrEqual => lower.is_ge(),
                    Operator::Like => false,
                }
            }
            Self::In { column, negated, values } => {
                let held = column.value(org, id, row);
                values.iter().any(|v| holds(&column.field, &held, Operator::Equal, v)) != *negated
            }
        }
    }

    /// Ids among which all rows that meet it are, when an index tells.
    pub fn candidates(&self, org: &Org, names: &Names<'_>) -> Option<Vec<String>> {
        let look = |column: &Column, values: &[&Value]| -> Option<Vec<String>> {
            let mut ids = Vec::new();
            for value in values {
                let text = value.as_str()?;
                match column.field.kind {
                    Kind::Id => ids.push(text.to_owned()),
                    _ => ids.extend(org.table(&names.object).find(&column.field, text)?),
                }
            }
            ids.sort();
            ids.dedup();
            Some(ids)
        };
        match self {
            Self::And(all) => all.iter().find_map(|t| t.candidates(org, names)),
            Self::Compare { column, operator: Operator::Equal, value }
                if column.hops.is_empty() =>
            {
                look(column, &[value])
            }
            Self::In { column, negated: false, values } if column.hops.is_empty() => {
                look(column, &values.iter().collect::<Vec<_>>())
            }
            _ => None,
        }
    }
}

fn holds(field: &Field, held: &Value, operator: Operator, value: &Value) -> bool {
    if operator == Operator::Like {
        let texts = (held.as_str(), value.as_str());
        return matches!(texts, (Some(held), Some(pattern)) if like(&held.to_lowercase(), &pattern.to_lowercase()));
    }
    if held.is_null() || value.is_null() {
        let same = held.is_null() && value.is_null();
        return match operator {
            Operator::Equal => same,
            Operator::NotEqual => !same,
            _ => false,
        };
    }
    let order = order(field, held, value);
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Like => false,
    }
}

/// Order of two values of a field; null comes first.
pub fn order(field: &Field, a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => field.fold(a).cmp(&field.fold(b)),
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(0.0), b.as_f64().unwrap_or(0.0));
            a.total_cmp(&b)
        }
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (a, b) => b.is_null().cmp(&a.is_null()),
    }
}

/// `%` is any text, `_` one character.
fn like(text: &str, pattern: &str) -> bool {
    let Some(p) = pattern.chars().next() else {
        return text.is_empty();
    };
    let rest = &pattern[p.len_utf8()..];
    if p == '%' {
        let mut at = text.char_indices().map(|(i, _)| i).chain([text.len()]);
        return at.any(|i| like(&text[i..], rest));
    }
    match text.chars().next() {
        Some(c) if c == p || p == '_' => like(&text[c.len_utf8()..], rest),
        _ => false,
    }
}
