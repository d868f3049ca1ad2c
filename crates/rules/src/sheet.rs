//! A file of rules as its tables and values, each with its line: what the
//! readers of mapping, routing, hours and surveys have in common.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::complaint::Complaint;

/// Of a file.
pub const BYTES_MAX: usize = 256 << 10;

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub line: usize,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Float(f64),
    /// A date, a time, or both, as it was written.
    Time(String),
    List(Vec<Node>),
    Table(Table),
    /// A number that is too large, as it was written.
    Huge(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub line: usize,
    /// What complaints call it.
    pub name: String,
    keys: Vec<(String, Node)>,
}

/// The top of a file of `format = 1`. `guide` teaches how to write it.
pub(crate) fn open(text: &str, guide: &str) -> Result<Table, Vec<Complaint>> {
    if text.len() > BYTES_MAX {
        let why = format!("it has {} bytes, more than {BYTES_MAX}", text.len());
        return Err(vec![Complaint::at(1, "file", why, "make it shorter")]);
    }
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        vec![Complaint::at(line, "file", error.message(), format!("write it as TOML: {guide}"))]
    })?;
    let top = Table { line: 1, name: "file".into(), keys: keys(text, document.get_ref()) };
    match top.get("format") {
        Some(Node { value: Value::Integer(1), .. }) => Ok(top),
        found => {
            let why = "the file does not say that it is of format 1";
            let line = found.map_or(1, |node| node.line);
            Err(vec![Complaint::at(line, "format", why, "write `format = 1` at the top")])
        }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

fn keys(text: &str, table: &DeTable<'_>) -> Vec<(String, Node)> {
    let mut keys: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let mut node = node(text, value);
            // a table stands where its header is, anything else where its key is
            if !matches!(node.value, Value::Table(_)) {
                node.line = line_of(text, key.span().start);
            }
            (key.get_ref().to_string(), node)
        })
        .collect();
    keys.sort_by_key(|(_, node)| node.line);
    keys
}

fn node(text: &str, value: &Spanned<DeValue<'_>>) -> Node {
    let line = line_of(text, value.span().start);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match number.to_string().parse() {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Huge(number.to_string()),
        },
        DeValue::Boolean(flag) => Value::Boolean(*flag),
        DeValue::Array(list) => Value::List(list.iter().map(|value| node(text, value)).collect()),
        DeValue::Table(table) => {
            Value::Table(Table { line, name: "table".into(), keys: keys(text, table) })
        }
        DeValue::Float(number) => match number.to_string().parse() {
            Ok(number) => Value::Float(number),
            Err(_) => Value::Huge(number.to_string()),
        },
        DeValue::Datetime(at) => Value::Time(at.to_string()),
    };
    Node { line, value }
}

impl Table {
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.keys.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// Of a key, or of the table where it is missing.
    pub fn line_of(&self, key: &str) -> usize {
        self.get(key).map_or(self.line, |node| node.line)
    }

    pub fn keys(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.keys.iter().map(|(key, node)| (key.as_str(), node))
    }

    pub fn no(&self, line: usize, why: impl Into<String>, cure: impl Into<String>) -> Complaint {
        Complaint::at(line, self.name.clone(), why, cure)
    }

    /// Every key is one of `known`.
    pub fn only(&self, known: &[&str]) -> Result<(), Complaint> {
        match self.keys().find(|(key, _)| !known.contains(key)) {
            None => Ok(()),
            Some((key, node)) => {
                let cure = format!("use {}", known.join(", "));
                Err(self.no(node.line, format!("there is no key '{key}'"), cure))
            }
        }
    }

    /// Not blank, and of at most `max` UTF-16 code units.
    pub fn text(&self, key: &str, max: usize) -> Result<Option<&str>, Complaint> {
        match self.get(key) {
            None => Ok(None),
            Some(Node { line, value: Value::Text(text) }) if !text.trim().is_empty() => {
                match text.encode_utf16().count() {
                    units if units > max => {
                        let why = format!("`{key}` has {units} characters, more than {max}");
                        Err(self.no(*line, why, "make it shorter"))
                    }
                    _ => Ok(Some(text)),
                }
            }
            Some(Node { line, .. }) => {
                Err(self.no(*line, format!("`{key}` is no text"), "write it in quotes"))
            }
        }
    }

    pub fn needed_text(&self, key: &str, max: usize, cure: &str) -> Result<&str, Complaint> {
        self.text(key, max)?.ok_or_else(|| self.no(self.line, format!("`{key}` is missing"), cure))
    }

    /// A list of texts, none blank and none twice; `None` where the key is not there.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, Complaint> {
        let Some(node) = self.get(key) else { return Ok(None) };
        let cure = format!("write a list of texts: {key} = [\"one\", \"two\"]");
        let no = || self.no(node.line, format!("`{key}` is no list of texts"), cure.clone());
        let Value::List(list) = &node.value else { return Err(no()) };
        let mut texts: Vec<String> = Vec::new();
        for part in list {
            match &part.value {
                Value::Text(text) if texts.contains(text) => {
                    let why = format!("'{text}' stands twice in `{key}`");
                    return Err(self.no(part.line, why, "leave one out"));
                }
                Value::Text(text) if !text.trim().is_empty() => texts.push(text.clone()),
                _ => return Err(no()),
            }
        }
        if texts.is_empty() { Err(no()) } else { Ok(Some(texts)) }
    }

    pub fn flag(&self, key: &str) -> Result<Option<bool>, Complaint> {
        match self.get(key) {
            None => Ok(None),
            Some(Node { value: Value::Boolean(flag), .. }) => Ok(Some(*flag)),
            Some(Node { line, .. }) => {
                let why = format!("`{key}` is neither true nor false");
                Err(self.no(*line, why, "write true or false, without quotes"))
            }
        }
    }

    pub fn number(&self, key: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Complaint> {
        match self.get(key) {
            None => Ok(None),
            Some(Node { value: Value::Integer(number), .. }) if range.contains(number) => {
                Ok(Some(*number))
            }
            Some(Node { line, .. }) => {
                let cure = format!("write a number from {} to {}", range.start(), range.end());
                Err(self.no(*line, format!("`{key}` is no number within its limits"), cure))
            }
        }
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, Complaint> {
        let Some(text) = self.text(key, 100)? else { return Ok(None) };
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| Some(*value)).ok_or_else(|| self.no_word(key, text, words))
    }

    pub fn words<T: Copy>(
        &self,
        key: &str,
        words: &[(&str, T)],
    ) -> Result<Option<Vec<T>>, Complaint> {
        let Some(texts) = self.texts(key)? else { return Ok(None) };
        let value = |text: &String| {
            let found = words.iter().find(|(word, _)| word == text);
            found.map(|(_, value)| *value).ok_or_else(|| self.no_word(key, text, words))
        };
        texts.iter().map(value).collect::<Result<_, _>>().map(Some)
    }

    fn no_word<T>(&self, key: &str, text: &str, words: &[(&str, T)]) -> Complaint {
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let line = self.line_of(key);
        let cure = format!("use one of {}", known.join(", "));
        self.no(line, format!("there is no `{key}` '{text}'"), cure)
    }

    /// `[key]`
    pub fn table(&self, key: &str) -> Result<Option<Table>, Complaint> {
        match self.get(key) {
            None => Ok(None),
            Some(Node { value: Value::Table(table), .. }) => Ok(Some(table.named(key.to_owned()))),
            Some(Node { line, .. }) => {
                let why = "it is no table";
                Err(Complaint::at(*line, key, why, format!("write it as [{key}]")))
            }
        }
    }

    /// `[[key]]`, in the order of the file, each called by its `name` if it has one.
    pub fn tables(&self, key: &str) -> Result<Vec<Table>, Complaint> {
        let Some(node) = self.get(key) else { return Ok(Vec::new()) };
        let no = |line| {
            let why = "it is no list of tables";
            Complaint::at(line, key, why, format!("write each as [[{key}]]"))
        };
        let Value::List(list) = &node.value else { return Err(no(node.line)) };
        let table = |part: &Node| match &part.value {
            Value::Table(table) => {
                let name = match table.get("name") {
                    Some(Node { value: Value::Text(name), .. }) => format!("{key}.{name}"),
                    _ => key.to_owned(),
                };
                Ok(table.named(name))
            }
            _ => Err(no(part.line)),
        };
        list.iter().map(table).collect()
    }

    fn named(&self, name: String) -> Table {
        Table { name, ..self.clone() }
    }

    /// The whole table in one line, without `name`: two of equal text do the same.
    pub fn said(&self) -> String {
        let mut parts: Vec<_> = self
            .keys()
            .filter(|(key, _)| *key != "name")
            .map(|(key, node)| format!("{key} = {}", node.said()))
            .collect();
        parts.sort_unstable();
        parts.join(", ")
    }
}

impl Node {
    fn said(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("{text:?}"),
            Value::Integer(number) => number.to_string(),
            Value::Boolean(flag) => flag.to_string(),
            Value::List(list) => {
                let parts: Vec<_> = list.iter().map(Node::said).collect();
                format!("[{}]", parts.join(", "))
            }
            Value::Table(table) => format!("{{ {} }}", table.said()),
            Value::Float(number) => number.to_string(),
            Value::Time(text) | Value::Huge(text) => text.clone(),
        }
    }
}
