//! Custom objects and fields, read from the package's own source files, so
//! that the program, the package and this simulator cannot drift apart.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use serde_json::json;

use super::standard::{owner_field, system_fields};
use super::xml::Element;
use super::{Field, Kind, Object, OnDelete, Reference};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../salesforce-package/force-app/main/default/objects"]
struct Source;

/// Adds the package's objects and its fields on standard objects.
pub fn extend(objects: &mut BTreeMap<String, Object>, namespace: &str) -> Result<(), String> {
    let mut paths: Vec<_> = Source::iter().collect();
    paths.sort();
    for path in paths.iter().filter(|p| p.ends_with(".object-meta.xml")) {
        let folder = path.split('/').next().unwrap_or_default();
        let position = objects.values().filter(|o| o.custom).count();
        let mut object = object_of(&read(path)?, &format!("{namespace}{folder}"), position);
        system_fields(&mut object);
        objects.insert(object.name.to_string(), object);
    }
    for path in paths.iter().filter(|p| p.ends_with(".field-meta.xml")) {
        let folder = path.split('/').next().unwrap_or_default();
        let field = field_of(&read(path)?, namespace).map_err(|e| format!("{path}: {e}"))?;
        let object = objects
            .values_mut()
            .find(|o| *o.name == *folder || *o.name == format!("{namespace}{folder}"))
            .ok_or_else(|| format!("{path}: no object {folder}"))?;
        object.add(field);
    }
    let ours: Vec<_> = objects.values().filter(|o| o.custom).map(|o| o.name.to_string()).collect();
    for object in objects.values_mut().filter(|o| o.name.starts_with("Content")) {
        object.open_lookups_to(&ours);
    }
    for object in objects.values_mut().filter(|o| o.custom && o.master().is_none()) {
        object.add(owner_field());
    }
    Ok(())
}

fn read(path: &str) -> Result<Element, String> {
    let file = Source::get(path).ok_or_else(|| format!("{path}: gone"))?;
    let text = std::str::from_utf8(&file.data).map_err(|e| format!("{path}: {e}"))?;
    Element::parse(text).map_err(|e| format!("{path}: {e}"))
}

fn object_of(xml: &Element, name: &str, position: usize) -> Object {
    let mut object =
        Object::new(name, xml.get("label"), xml.get("pluralLabel"), &format!("a{position:02}"));
    let mut field = Field::new("Name", Kind::Text);
    (field.length, field.name_field) = (80, true);
    if let Some(about) = xml.child("nameField") {
        about.get("label").clone_into(&mut field.label);
        if about.get("type") == "AutoNumber" {
            field.auto_number = Some(about.get("displayFormat").to_owned());
            field = field.read_only();
        }
    }
    object.add(field);
    object
}

/// Custom names end in `__c`; names of hops in `__r`.
fn named(namespace: &str, name: &str) -> String {
    if name.ends_with("__c") { format!("{namespace}{name}") } else { name.to_owned() }
}

fn field_of(xml: &Element, namespace: &str) -> Result<Field, String> {
    let kind = match xml.get("type") {
        "Text" => Kind::Text,
        "TextArea" => Kind::TextArea,
        "LongTextArea" => Kind::LongText,
        "Phone" => Kind::Phone,
        "Email" => Kind::Email,
        "Url" => Kind::Url,
        "Picklist" => Kind::Picklist,
        "Checkbox" => Kind::Boolean,
        "Number" => Kind::Double,
        "Currency" => Kind::Currency,
        "Percent" => Kind::Percent,
        "Date" => Kind::Date,
        "DateTime" => Kind::DateTime,
        "Lookup" | "MasterDetail" => Kind::Reference,
        other => return Err(format!("field type {other:?} is not known here")),
    };
    let name = named(namespace, xml.get("fullName"));
    let mut field = Field::new(&name, kind);
    field.custom = true;
    xml.get("label").clone_into(&mut field.label);
    field.length = match kind {
        Kind::TextArea | Kind::Url | Kind::Picklist => 255,
        Kind::Phone => 40,
        Kind::Email => 80,
        _ => xml.number("length"),
    };
    (field.precision, field.scale) = (xml.number("precision"), xml.number("scale"));
    (field.required, field.unique) = (xml.is("required"), xml.is("unique"));
    (field.external_id, field.case_sensitive) = (xml.is("externalId"), xml.is("caseSensitive"));
    match kind {
        Kind::Boolean => field.default = Some(json!(xml.is("defaultValue"))),
        Kind::Picklist => picklist(&mut field, xml),
        Kind::Reference => refer(&mut field, xml, namespace),
        _ => {}
    }
    Ok(field)
}

fn picklist(field: &mut Field, xml: &Element) {
    let Some(set) = xml.child("valueSet") else {
        return;
    };
    field.restricted = set.is("restricted");
    for value in set.child("valueSetDefinition").iter().flat_map(|d| d.all("value")) {
        field.picklist.push(value.get("fullName").to_owned());
        if value.is("default") {
            field.default = Some(json!(value.get("fullName")));
        }
    }
}

fn refer(field: &mut Field, xml: &Element, namespace: &str) {
    let master = xml.get("type") == "MasterDetail";
    field.required |= master;
    field.updateable = !master || xml.is("reparentableMasterDetail");
    let hop = field.name.strip_suffix("__c").map(|stem| format!("{stem}__r"));
    field.reference = Some(Reference {
        to: vec![named(namespace, xml.get("referenceTo"))],
        hop,
        children: Some(format!("{namespace}{}__r", xml.get("relationshipName"))),
        on_delete: match xml.get("deleteConstraint") {
            _ if master => OnDelete::Cascade,
            "Cascade" => OnDelete::Cascade,
            "Restrict" => OnDelete::Restrict,
            _ => OnDelete::SetNull,
        },
        master,
    });
}
