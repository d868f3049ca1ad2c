//! Standard objects, read from a table of one line a field.
//!
//! `Name type(length[,scale]) flags -> Object|Object as Hop {*Default|Other}`;
//! flags: `required`, `ro` (never writable), `once` (at create only), `idlookup`,
//! `name`, `auto=DIGITS`, `cascade`, `restricted`.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Field, Kind, Object, OnDelete};

const TABLE: &str = include_str!("standard.txt");

pub fn objects() -> Result<BTreeMap<String, Object>, String> {
    let mut objects = BTreeMap::new();
    let mut current: Option<Object> = None;
    for line in TABLE.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
        if let Some(field) = line.strip_prefix("  ") {
            let object = current.as_mut().ok_or("a field stands before the first object")?;
            object.add(field_of(field).ok_or_else(|| format!("standard.txt: {field}"))?);
        } else {
            finish(&mut objects, current.take());
            current = Some(object_of(line).ok_or_else(|| format!("standard.txt: {line}"))?);
        }
    }
    finish(&mut objects, current);
    Ok(objects)
}

fn finish(objects: &mut BTreeMap<String, Object>, object: Option<Object>) {
    if let Some(mut object) = object {
        system_fields(&mut object);
        objects.insert(object.name.to_string(), object);
    }
}

/// What every row carries.
pub fn system_fields(object: &mut Object) {
    let user = |name: &str, hop: &str| {
        Field::new(name, Kind::Reference).read_only().referring(&["User"], Some(hop))
    };
    let mut id = Field::new("Id", Kind::Id).read_only();
    (id.length, id.id_lookup) = (18, true);
    object.add(id);
    object.add(Field::new("IsDeleted", Kind::Boolean).read_only());
    for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        object.add(Field::new(name, Kind::DateTime).read_only());
    }
    object.add(user("CreatedById", "CreatedBy"));
    object.add(user("LastModifiedById", "LastModifiedBy"));
}

/// The owner of rows that are not details of others.
pub fn owner_field() -> Field {
    Field::new("OwnerId", Kind::Reference).referring(&["User", "Group"], Some("Owner"))
}

/// `Lead 00Q Lead/Leads owner`
fn object_of(line: &str) -> Option<Object> {
    let mut words = line.split_whitespace();
    let (name, prefix, labels) = (words.next()?, words.next()?, words.next()?);
    let (label, plural) = labels.split_once('/')?;
    let mut object = Object::new(name, &label.replace('_', " "), &plural.replace('_', " "), prefix);
    if words.next() == Some("owner") {
        object.add(owner_field());
    }
    Some(object)
}

/// A field that the customer added to an object: `Lead Region__c string(80)`.
pub fn add(objects: &mut BTreeMap<String, Object>, line: &str) -> Option<()> {
    let (object, field) = line.split_once(' ')?;
    let mut field = field_of(field).filter(|field| field.name.ends_with("__c"))?;
    field.custom = true;
    objects.values_mut().find(|o| *o.name == *object)?.add(field);
    Some(())
}

fn field_of(line: &str) -> Option<Field> {
    let (line, values) = match line.split_once('{') {
        Some((line, values)) => (line, values.strip_suffix('}')?),
        None => (line, ""),
    };
    let (line, reference) = line.split_once("->").unwrap_or((line, ""));
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let (kind, size) = kind_of(words.next()?)?;
    let mut field = Field::new(name, kind);
    match kind {
        Kind::Double | Kind::Currency | Kind::Percent => (field.precision, field.scale) = size,
        _ => field.length = size.0,
    }
    if kind == Kind::Boolean {
        field.default = Some(json!(false));
    }
    for value in values.split('|').filter(|v| !v.is_empty()) {
        let plain = value.strip_prefix('*').unwrap_or(value);
        if plain != value {
            field.default = Some(json!(plain));
        }
        field.picklist.push(plain.to_owned());
    }
    if !reference.is_empty() {
        let (to, hop) = reference.split_once(" as ")?;
        let to: Vec<_> = to.trim().split('|').collect();
        field = field.referring(&to, Some(hop.trim()));
    }
    for flag in words {
        field = flagged(field, flag)?;
    }
    Some(field)
}

fn flagged(mut field: Field, flag: &str) -> Option<Field> {
    match flag {
        "required" => field.required = true,
        "ro" => field = field.read_only(),
        "once" => field.updateable = false,
        "restricted" => field.restricted = true,
        "idlookup" => field.id_lookup = true,
        "name" => field.name_field = true,
        "cascade" => field.reference.as_mut()?.on_delete = OnDelete::Cascade,
        _ => {
            let digits: usize = flag.strip_prefix("auto=")?.parse().ok()?;
            field.auto_number = Some(format!("{{{}}}", "0".repeat(digits)));
        }
    }
    Some(field)
}

fn kind_of(word: &str) -> Option<(Kind, (u32, u32))> {
    let (name, size) = match word.split_once('(') {
        Some((name, size)) => (name, size.strip_suffix(')')?),
        None => (word, ""),
    };
    let (length, scale) = size.split_once(',').unwrap_or((size, "0"));
    let kind = match name {
        "string" => Kind::Text,
        "textarea" => Kind::TextArea,
        "long" => Kind::LongText,
        "phone" => Kind::Phone,
        "email" => Kind::Email,
        "url" => Kind::Url,
        "picklist" => Kind::Picklist,
        "boolean" => Kind::Boolean,
        "int" => Kind::Int,
        "double" => Kind::Double,
        "currency" => Kind::Currency,
        "percent" => Kind::Percent,
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        "ref" => Kind::Reference,
        _ => return None,
    };
    Some((kind, (length.parse().unwrap_or(0), scale.parse().ok()?)))
}
