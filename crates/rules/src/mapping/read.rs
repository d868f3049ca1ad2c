//! The file, read strictly: each mistake with its line and its cure.

use serde_json::Value;

use super::Mapping;
use super::entry::{Entry, From, TooLong, When};
use super::expr::Expr;
use super::paths::{is_path, nearest};
use super::target::Target;
use super::value::{Kind, convert, is_empty};
use crate::complaint::Complaint;
use crate::sheet::{self, Node, Table, Value as Written};

/// Entries of a file: more than all fields of all objects together.
const ENTRIES_MAX: usize = 1_000;
const KEYS: &str = "to, from, expr, type, default, when, max_length, too_long, values, on";

pub fn read(text: &str) -> Result<Mapping, Vec<Complaint>> {
    let top = sheet::open(text, "docs/guides/mapping.md")?;
    let mut complaints = Vec::new();
    for (key, node) in top.keys().filter(|(key, _)| !["format", "field"].contains(key)) {
        let why = "there is no such key at the top of the file";
        let cure = "write `format = 1` first, and each entry as a [[field]]";
        complaints.push(Complaint::at(node.line, key, why, cure));
    }
    let mut note = |complaint| complaints.push(complaint);
    let tables = top.tables("field").map_err(&mut note).unwrap_or_default();
    let entries: Vec<_> =
        tables.into_iter().filter_map(|table| entry(table).map_err(&mut note).ok()).collect();
    if entries.len() > ENTRIES_MAX {
        let why = format!("more than {ENTRIES_MAX} entries");
        note(Complaint::at(1, "field", why, "leave some out"));
    }
    if complaints.is_empty() {
        return Ok(Mapping { entries });
    }
    complaints.sort_by_key(|complaint| complaint.line);
    Err(complaints)
}

fn entry(mut table: Table) -> Result<Entry, Complaint> {
    let to = target(&table)?;
    table.name = format!("{}.{}", to.0, to.1);
    for (key, node) in table.keys() {
        if !KEYS.split(", ").any(|known| known == key) {
            return Err(table.no(
                node.line,
                format!("there is no key '{key}'"),
                format!("use {KEYS}"),
            ));
        }
    }
    let kind = match text(&table, "type")? {
        None => Kind::Text,
        Some((line, word)) => Kind::parse(word).ok_or_else(|| {
            let words = Kind::ALL.map(Kind::word).join(", ");
            table.no(line, format!("there is no type '{word}'"), format!("use one of {words}"))
        })?,
    };
    let (max_length, too_long) = length(&table, kind)?;
    let values = values(&table, kind)?;
    let default = default(&table, kind, max_length)?;
    let from = from(&table, default.is_some())?;
    let when = match text(&table, "when")? {
        None => None,
        Some((line, text)) => {
            Some(Expr::compile(text).map_err(|(why, cure)| table.no(line, why, cure))?)
        }
    };
    let on = on(&table, &to)?;
    let line = table.line;
    let entry = Entry { line, to, from, kind, default, when, max_length, too_long, values, on };
    if let Some(text) = entry.default.as_ref().and_then(Value::as_str)
        && !entry.allows(text)
    {
        let why = format!("`default` is '{text}', which is none of `values`");
        return Err(table.no(line, why, "add it to `values`, or change it"));
    }
    Ok(entry)
}

/// With its line.
fn text<'a>(table: &'a Table, key: &str) -> Result<Option<(usize, &'a str)>, Complaint> {
    Ok(table.text(key, usize::MAX)?.map(|text| (table.line_of(key), text)))
}

fn target(table: &Table) -> Result<(Target, String), Complaint> {
    let cure = "write Object.Field, for instance Lead.Phone";
    let Some((line, to)) = text(table, "to")? else {
        return Err(table.no(table.line, "`to` is missing", cure));
    };
    let Some((object, field)) = to.split_once('.') else {
        return Err(Complaint::at(line, to, "`to` names no object and field", cure));
    };
    let Some(target) = Target::parse(object) else {
        let known = Target::ALL.map(Target::object).join(", ");
        let why = format!("puente writes no records of '{object}'");
        return Err(Complaint::at(line, to, why, format!("use one of {known}")));
    };
    let word = field.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !word || !field.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let why = format!("'{field}' is no field's API name");
        return Err(Complaint::at(line, to, why, cure));
    }
    if target.keeps(field) {
        let why = "puente keeps this field itself";
        return Err(Complaint::at(line, to, why, "map to a field of your own"));
    }
    Ok((target, field.to_owned()))
}

fn length(table: &Table, kind: Kind) -> Result<(Option<usize>, TooLong), Complaint> {
    let max = match table.get("max_length") {
        None => None,
        Some(Node { line, value }) => {
            let line = *line;
            let number = match value {
                Written::Integer(number) => usize::try_from(*number).ok(),
                _ => None,
            };
            let cure = "write a number from 1 to 131072";
            let max = number.filter(|max| (1..=131_072).contains(max));
            let max = max.ok_or_else(|| table.no(line, "`max_length` is no length", cure))?;
            if !kind.is_text() {
                let why = format!("`max_length` means nothing for type {}", kind.word());
                return Err(table.no(line, why, "leave it out"));
            }
            Some(max)
        }
    };
    let too_long = match text(table, "too_long")? {
        None | Some((_, "cut")) => TooLong::Cut,
        Some((_, "refuse")) => TooLong::Refuse,
        Some((line, word)) => {
            let why = format!("`too_long` is '{word}'");
            return Err(table.no(line, why, "write cut or refuse"));
        }
    };
    if too_long == TooLong::Cut && kind == Kind::Picklist && table.get("too_long").is_some() {
        let why = "a value of a picklist that is cut is another value";
        return Err(table.no(table.line, why, "leave `too_long` out, or write refuse"));
    }
    let too_long = if kind == Kind::Picklist { TooLong::Refuse } else { too_long };
    Ok((max, too_long))
}

fn values(table: &Table, kind: Kind) -> Result<Option<Vec<String>>, Complaint> {
    let Some(Node { line, value }) = table.get("values") else { return Ok(None) };
    let cure = "write a list of texts: values = [\"Web\", \"WhatsApp\"]";
    let text = |node: &Node| match &node.value {
        Written::Text(text) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    };
    let values = match value {
        Written::List(list) => list.iter().map(text).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let values = values.filter(|values| !values.is_empty());
    let values = values.ok_or_else(|| table.no(*line, "`values` is no list of texts", cure))?;
    if !kind.is_text() {
        let why = format!("`values` means nothing for type {}", kind.word());
        return Err(table.no(*line, why, "leave it out"));
    }
    Ok(Some(values))
}

fn default(table: &Table, kind: Kind, max: Option<usize>) -> Result<Option<Value>, Complaint> {
    let Some(Node { line, value }) = table.get("default") else { return Ok(None) };
    let given = match value {
        Written::Text(text) => Value::from(text.as_str()),
        Written::Boolean(flag) => Value::from(*flag),
        Written::Integer(number) => Value::from(*number),
        Written::Float(number) => Value::from(*number),
        Written::Time(at) => Value::from(at.as_str()),
        Written::List(_) | Written::Table(_) | Written::Huge(_) => Value::Null,
    };
    let cure = format!("write a value of type {}, or change `type`", kind.word());
    if is_empty(&given) {
        return Err(table.no(*line, "`default` is empty", "leave it out"));
    }
    let default = convert(&given, kind)
        .map_err(|why| table.no(*line, format!("`default` is {why}"), cure))?;
    let units = default.as_str().map_or(0, |text| text.encode_utf16().count());
    if let Some(max) = max.filter(|max| units > *max) {
        let why = format!("`default` has {units} characters, more than {max}");
        return Err(table.no(*line, why, "make it shorter"));
    }
    Ok(Some(default))
}

fn from(table: &Table, has_default: bool) -> Result<From, Complaint> {
    match (text(table, "from")?, text(table, "expr")?) {
        (Some(_), Some((line, _))) => {
            Err(table.no(line, "both `from` and `expr` are there", "keep one of them"))
        }
        (Some((_, path)), None) if is_path(path) => Ok(From::Path(path.to_owned())),
        (Some((line, path)), None) => {
            let cure = format!("did you mean {}? `puente mapping paths` lists all", nearest(path));
            Err(table.no(line, format!("there is no path '{path}'"), cure))
        }
        (None, Some((line, text))) => {
            let expr = Expr::compile(text).map_err(|(why, cure)| table.no(line, why, cure))?;
            Ok(From::Expr(expr))
        }
        (None, None) if has_default => Ok(From::Nothing),
        (None, None) => {
            let why = "it says nothing about where the value is from";
            Err(table.no(table.line, why, "give it `from`, `expr` or `default`"))
        }
    }
}

fn on(table: &Table, to: &(Target, String)) -> Result<When, Complaint> {
    let said = text(table, "on")?;
    let on = match said {
        None => When::default(),
        Some((_, "create")) => When::Create,
        Some((_, "update")) => When::Update,
        Some((_, "both")) => When::Both,
        Some((line, word)) => {
            let why = format!("`on` is '{word}'");
            return Err(table.no(line, why, "write create, update or both"));
        }
    };
    let line = said.map_or(table.line, |(line, _)| line);
    if to.0.is_ours() {
        return match said {
            None => Ok(When::Both),
            Some(_) => {
                let why = format!("{} is written each time something changes", to.0);
                Err(table.no(line, why, "leave `on` out"))
            }
        };
    }
    if on != When::Update && !to.0.is_made() {
        let why = format!("puente makes no {}", to.0);
        return Err(table.no(line, why, "write on = \"update\""));
    }
    if on != When::Create && to.0.only_once(&to.1) {
        let why = "once the record is made, this field is for agents and for the org's rules";
        return Err(table.no(line, why, "write on = \"create\", or leave `on` out"));
    }
    Ok(on)
}
