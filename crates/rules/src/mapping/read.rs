//! The file, read strictly: each mistake with its line and its cure.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mapping;
use super::complaint::Complaint;
use super::entry::{Entry, From, TooLong, When};
use super::expr::Expr;
use super::paths::{is_path, nearest};
use super::target::Target;
use super::value::{Kind, convert, is_empty};

/// Of a file.
pub const BYTES_MAX: usize = 256 << 10;
/// Entries of a file: more than all fields of all objects together.
const ENTRIES_MAX: usize = 1_000;
const KEYS: &str = "to, from, expr, type, default, when, max_length, too_long, values, on";

type Refused = Complaint;

pub fn read(text: &str) -> Result<Mapping, Vec<Complaint>> {
    if text.len() > BYTES_MAX {
        let why = format!("it has {} bytes, more than {BYTES_MAX}", text.len());
        return Err(vec![Complaint::at(1, "file", why, "make it shorter")]);
    }
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        vec![Complaint::at(
            line,
            "file",
            error.message(),
            "write it as TOML: docs/guides/mapping.md",
        )]
    })?;
    let mut reader = Reader { text, complaints: Vec::new() };
    let mut entries = Vec::new();
    let mut format = None;
    for (key, value) in document.get_ref() {
        let line = reader.line(key);
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("format", DeValue::Integer(number)) => format = Some((line, number.to_string())),
            ("field", DeValue::Array(tables)) => {
                for table in tables {
                    entries.extend(reader.entry(table));
                }
            }
            (name, _) => reader.complaints.push(Complaint::at(
                line,
                name,
                "there is no such key at the top of the file",
                "write `format = 1` first, and each entry as a [[field]]",
            )),
        }
    }
    if format.as_ref().is_none_or(|(_, number)| number != "1") {
        let line = format.map_or(1, |(line, _)| line);
        let why = "the file does not say that it is of format 1";
        reader.complaints.push(Complaint::at(line, "format", why, "write `format = 1` at the top"));
    }
    if entries.len() > ENTRIES_MAX {
        let why = format!("more than {ENTRIES_MAX} entries");
        reader.complaints.push(Complaint::at(1, "field", why, "leave some out"));
    }
    if reader.complaints.is_empty() {
        return Ok(Mapping { entries });
    }
    reader.complaints.sort_by_key(|complaint| complaint.line);
    Err(reader.complaints)
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

struct Reader<'a> {
    text: &'a str,
    complaints: Vec<Complaint>,
}

/// The keys of one table, each with its line.
struct Table<'a> {
    line: usize,
    name: String,
    keys: Vec<(&'a str, usize, &'a DeValue<'a>)>,
}

impl<'a> Table<'a> {
    fn get(&self, key: &str) -> Option<(usize, &'a DeValue<'a>)> {
        self.keys.iter().find(|(name, _, _)| *name == key).map(|(_, line, value)| (*line, *value))
    }

    fn text(&self, key: &str) -> Result<Option<(usize, &'a str)>, Refused> {
        match self.get(key) {
            None => Ok(None),
            Some((line, DeValue::String(text))) if !text.trim().is_empty() => {
                Ok(Some((line, text.as_ref())))
            }
            Some((line, _)) => {
                Err(self.no(line, format!("`{key}` is no text"), "write it in quotes"))
            }
        }
    }

    fn no(&self, line: usize, why: impl Into<String>, cure: impl Into<String>) -> Refused {
        Complaint::at(line, self.name.clone(), why, cure)
    }
}

impl Reader<'_> {
    fn line<T>(&self, spanned: &Spanned<T>) -> usize {
        line_of(self.text, spanned.span().start)
    }

    fn entry(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Entry> {
        let DeValue::Table(keys) = value.get_ref() else {
            let why = "an entry is no table";
            self.complaints.push(Complaint::at(
                self.line(value),
                "field",
                why,
                "write it as a [[field]] with `to` and `from`",
            ));
            return None;
        };
        let keys: Vec<_> = keys
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), self.line(key), value.get_ref()))
            .collect();
        let line = self.line(value);
        let mut table = Table { line, name: "field".into(), keys };
        match entry(&mut table) {
            Ok(entry) => Some(entry),
            Err(complaint) => {
                self.complaints.push(complaint);
                None
            }
        }
    }
}

fn entry(table: &mut Table<'_>) -> Result<Entry, Refused> {
    let to = target(table)?;
    table.name = format!("{}.{}", to.0, to.1);
    for (key, line, _) in &table.keys {
        if !KEYS.split(", ").any(|known| known == *key) {
            return Err(table.no(*line, format!("there is no key '{key}'"), format!("use {KEYS}")));
        }
    }
    let kind = match table.text("type")? {
        None => Kind::Text,
        Some((line, word)) => Kind::parse(word).ok_or_else(|| {
            let words = Kind::ALL.map(Kind::word).join(", ");
            table.no(line, format!("there is no type '{word}'"), format!("use one of {words}"))
        })?,
    };
    let (max_length, too_long) = length(table, kind)?;
    let values = values(table, kind)?;
    let default = default(table, kind, max_length)?;
    let from = from(table, default.is_some())?;
    let when = match table.text("when")? {
        None => None,
        Some((line, text)) => {
            Some(Expr::compile(text).map_err(|(why, cure)| table.no(line, why, cure))?)
        }
    };
    let on = on(table, &to)?;
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

fn target(table: &Table<'_>) -> Result<(Target, String), Refused> {
    let cure = "write Object.Field, for instance Lead.Phone";
    let Some((line, to)) = table.text("to")? else {
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

fn length(table: &Table<'_>, kind: Kind) -> Result<(Option<usize>, TooLong), Refused> {
    let max = match table.get("max_length") {
        None => None,
        Some((line, value)) => {
            let number = match value {
                DeValue::Integer(number) => number.to_string().parse().ok(),
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
    let too_long = match table.text("too_long")? {
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

fn values(table: &Table<'_>, kind: Kind) -> Result<Option<Vec<String>>, Refused> {
    let Some((line, value)) = table.get("values") else { return Ok(None) };
    let cure = "write a list of texts: values = [\"Web\", \"WhatsApp\"]";
    let text = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
        _ => None,
    };
    let values = match value {
        DeValue::Array(list) => list.iter().map(text).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let values = values.filter(|values| !values.is_empty());
    let values = values.ok_or_else(|| table.no(line, "`values` is no list of texts", cure))?;
    if !kind.is_text() {
        let why = format!("`values` means nothing for type {}", kind.word());
        return Err(table.no(line, why, "leave it out"));
    }
    Ok(Some(values))
}

fn default(table: &Table<'_>, kind: Kind, max: Option<usize>) -> Result<Option<Value>, Refused> {
    let Some((line, value)) = table.get("default") else { return Ok(None) };
    let given = match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Integer(number) => {
            number.to_string().parse::<i64>().map_or(Value::Null, Value::from)
        }
        DeValue::Float(number) => {
            number.to_string().parse::<f64>().map_or(Value::Null, Value::from)
        }
        DeValue::Datetime(at) => Value::from(at.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => Value::Null,
    };
    let cure = format!("write a value of type {}, or change `type`", kind.word());
    if is_empty(&given) {
        return Err(table.no(line, "`default` is empty", "leave it out"));
    }
    let default =
        convert(&given, kind).map_err(|why| table.no(line, format!("`default` is {why}"), cure))?;
    let units = default.as_str().map_or(0, |text| text.encode_utf16().count());
    if let Some(max) = max.filter(|max| units > *max) {
        let why = format!("`default` has {units} characters, more than {max}");
        return Err(table.no(line, why, "make it shorter"));
    }
    Ok(Some(default))
}

fn from(table: &Table<'_>, has_default: bool) -> Result<From, Refused> {
    match (table.text("from")?, table.text("expr")?) {
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

fn on(table: &Table<'_>, to: &(Target, String)) -> Result<When, Refused> {
    let said = table.text("on")?;
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
