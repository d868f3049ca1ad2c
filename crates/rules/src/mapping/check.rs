//! A mapping against what the org says of its objects.

use std::collections::BTreeMap;

use super::Mapping;
use super::entry::{Entry, From, Moment, TooLong};
use super::paths::is_always;
use super::target::Target;
use super::value::Kind;
use crate::complaint::Complaint;

/// An object as the integration user may use it.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    pub createable: bool,
    pub updateable: bool,
    pub slots: Vec<Slot>,
}

/// A field of it. Names are as the mapping writes them.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    pub name: String,
    /// Salesforce's word: `string`, `phone`, `picklist`, ...
    pub kind: String,
    /// Characters of a text; 0 for others.
    pub length: usize,
    pub createable: bool,
    pub updateable: bool,
    /// A create without a value for it fails.
    pub required: bool,
    /// A restricted picklist takes these and no other.
    pub only: Option<Vec<String>>,
}

/// Each mistake; none: every record that it makes will be taken, as far as the
/// org tells. Validation rules and triggers cannot be seen.
pub fn check(mapping: &Mapping, shapes: &BTreeMap<Target, Shape>) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for entry in &mapping.entries {
        let complaint =
            |why: String, cure: String| Complaint::at(entry.line, entry.name(), why, cure);
        let Some(shape) = shapes.get(&entry.to.0) else {
            let cure = "give the integration user access to the object, or leave the entry out";
            complaints
                .push(complaint("the object is missing or hidden in the org".into(), cure.into()));
            continue;
        };
        if let Err((why, cure)) = one(entry, shape) {
            complaints.push(complaint(why, cure));
        }
    }
    for (target, shape) in shapes.iter().filter(|(t, _)| t.is_made() && !t.is_ours()) {
        complaints.extend(unfilled(mapping, *target, shape));
        complaints.extend(half_owned(mapping, *target));
    }
    complaints
}

/// Fields that the org requires and for which there may be no value.
pub fn unfilled(mapping: &Mapping, target: Target, shape: &Shape) -> Vec<Complaint> {
    let required = shape.slots.iter().filter(|slot| slot.required);
    let unsure =
        required.filter(|slot| !mapping.entries.iter().any(|e| is_sure(e, target, &slot.name)));
    unsure
        .map(|slot| {
            let field = format!("{target}.{}", slot.name);
            let entry = mapping
                .entries
                .iter()
                .find(|e| e.to.0 == target && e.to.1.eq_ignore_ascii_case(&slot.name));
            let (why, cure) = match entry {
                None => (
                    "the org requires the field, and no entry fills it",
                    format!("add a [[field]] with to = \"{field}\" and a `default`"),
                ),
                Some(_) => (
                    "the org requires the field, and the entry may give nothing",
                    "give the entry a `default`, and no `when`".to_owned(),
                ),
            };
            Complaint { line: entry.map(|e| e.line), field, why: why.into(), cure }
        })
        .collect()
}

/// Records are made many at a time, and a call that names an owner for one of
/// them switches the org's assignment rules off for all.
fn half_owned(mapping: &Mapping, target: Target) -> Option<Complaint> {
    let owners = || mapping.entries.iter().filter(|e| e.to == (target, OWNER.to_owned()));
    let first = owners().next()?;
    (!owners().any(|entry| is_sure(entry, target, OWNER))).then(|| {
        let why = "some records would get an owner here, and the others neither one nor what the \
                   org's assignment rules choose";
        let cure = "end with an entry for it that has a `default` and no `when`, or leave owners \
                    to assignment rules";
        Complaint::at(first.line, first.name(), why, cure)
    })
}

fn is_sure(entry: &Entry, target: Target, field: &str) -> bool {
    let always = matches!(&entry.from, From::Path(path) if is_always(path))
        && entry.kind == Kind::Text
        && entry.values.is_none()
        && entry.too_long == TooLong::Cut;
    entry.to.0 == target
        && entry.to.1.eq_ignore_ascii_case(field)
        && entry.on.holds(Moment::Create)
        && entry.when.is_none()
        && (entry.default.is_some() || always)
}

const OWNER: &str = "OwnerId";

type Wrong = (String, String);

fn one(entry: &Entry, shape: &Shape) -> Result<(), Wrong> {
    let (target, field) = &entry.to;
    let Some(slot) = shape.slots.iter().find(|s| s.name.eq_ignore_ascii_case(field)) else {
        let cure = "check the API name in Setup > Object Manager, and that the integration user's \
                    permission set may edit the field";
        return Err(("the org has no such field, or hides it".into(), cure.into()));
    };
    if slot.name != *field {
        return Err((
            "the field is written differently in the org".into(),
            format!("write {target}.{}", slot.name),
        ));
    }
    let grant =
        "give the integration user's permission set the right to edit it, or leave the entry out";
    let makes = entry.on.holds(Moment::Create);
    if makes && !(shape.createable && slot.createable) {
        return Err(("it may not be set when a record is made".into(), grant.into()));
    }
    if entry.on.holds(Moment::Update) && !(shape.updateable && slot.updateable) {
        return Err(("it may not be changed later".into(), grant.into()));
    }
    fits(entry, slot)?;
    length(entry, slot)?;
    picklist(entry, slot)
}

/// Types that a field of Salesforce's type takes; the first is its own.
fn takes(kind: &str) -> &'static [Kind] {
    match kind {
        "string" | "textarea" | "phone" | "url" | "email" | "encryptedstring" => &[Kind::Text],
        // a combobox offers values and takes any
        "combobox" => &[Kind::Text, Kind::Picklist],
        "picklist" | "multipicklist" => &[Kind::Picklist],
        "boolean" => &[Kind::Boolean],
        "int" | "long" => &[Kind::Integer],
        "double" | "currency" | "percent" => &[Kind::Number, Kind::Integer],
        "date" => &[Kind::Date],
        "datetime" => &[Kind::Datetime],
        "reference" => &[Kind::Reference],
        _ => &[],
    }
}

fn fits(entry: &Entry, slot: &Slot) -> Result<(), Wrong> {
    let takes = takes(&slot.kind);
    if takes.contains(&entry.kind) {
        return Ok(());
    }
    let why = format!(
        "the field is of Salesforce's type {}, the entry of type {}",
        slot.kind,
        entry.kind.word()
    );
    match takes.first() {
        Some(own) => Err((why, format!("write type = \"{}\"", own.word()))),
        None => Err((why, "map to another field: such a one cannot be filled".into())),
    }
}

fn length(entry: &Entry, slot: &Slot) -> Result<(), Wrong> {
    if !entry.kind.is_text() || slot.length == 0 {
        return Ok(());
    }
    match entry.max_length {
        Some(max) if max <= slot.length => Ok(()),
        // a picklist's values are as long as the org made them
        None if entry.kind == Kind::Picklist => Ok(()),
        Some(max) => Err((
            format!("the field takes {} characters, the entry up to {max}", slot.length),
            format!("write max_length = {}", slot.length),
        )),
        None => Err((
            format!(
                "the field takes {} characters, and the entry does not say how many",
                slot.length
            ),
            format!(
                "write max_length = {}; longer text is cut, or refused with too_long = \"refuse\"",
                slot.length
            ),
        )),
    }
}

/// Only a value that is known before any message comes can be held against the
/// org's list: one in quotes, the default, or one of `values`.
fn picklist(entry: &Entry, slot: &Slot) -> Result<(), Wrong> {
    let Some(only) = &slot.only else { return Ok(()) };
    let fixed = match &entry.from {
        From::Expr(expr) => literal(&expr.text),
        _ => None,
    };
    let open = !matches!(entry.from, From::Nothing) && fixed.is_none() && entry.values.is_none();
    if open {
        let why = "the picklist is restricted, and the entry may give any value";
        let cure = format!("list those it may give: values = [...], of {}", shown(only));
        return Err((why.into(), cure));
    }
    let default = entry.default.as_ref().and_then(|d| d.as_str()).map(str::to_owned);
    let listed = entry.values.iter().flatten().cloned();
    let mut known = fixed.into_iter().chain(default).chain(listed);
    let unknown = known.find_map(|value| {
        let part = value.split(';').find(|part| !only.iter().any(|known| known == part));
        part.map(str::to_owned)
    });
    match unknown {
        None => Ok(()),
        Some(value) => {
            let why = format!("the picklist is restricted and does not know '{value}'");
            Err((why, format!("use one of {}", shown(only))))
        }
    }
}

/// The text of an expression that is nothing but a text in quotes.
fn literal(text: &str) -> Option<String> {
    let text = text.trim();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then(|| inner.to_owned())
}

fn shown(values: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = values.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if values.len() > SHOWN {
        text.push_str(&format!(" and {} more", values.len() - SHOWN));
    }
    text
}
