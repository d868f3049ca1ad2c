//! What objects and fields the org has: standard ones from a table, ours from
//! the very files of the package.

mod describe;
mod package;
mod standard;
mod xml;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Id,
    Text,
    TextArea,
    LongText,
    Phone,
    Email,
    Url,
    Picklist,
    Boolean,
    Int,
    Double,
    Currency,
    Percent,
    Date,
    DateTime,
    Reference,
}

/// What happens to a row when the row it looks up is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    SetNull,
    Cascade,
    Restrict,
}

#[derive(Clone, Debug)]
pub struct Reference {
    pub to: Vec<String>,
    /// Name of the hop to the parent: `Account`, `Person__r`.
    pub hop: Option<String>,
    /// Name of the children on the parent's side.
    pub children: Option<String>,
    pub on_delete: OnDelete,
    /// Master-detail: required, fixed at create, locks the parent.
    pub master: bool,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: Arc<str>,
    pub label: String,
    pub kind: Kind,
    /// UTF-16 units; 0 where it does not apply.
    pub length: u32,
    pub precision: u32,
    pub scale: u32,
    /// Must be given at create and cannot be cleared.
    pub required: bool,
    pub createable: bool,
    pub updateable: bool,
    pub unique: bool,
    pub case_sensitive: bool,
    pub external_id: bool,
    pub id_lookup: bool,
    pub custom: bool,
    pub name_field: bool,
    pub restricted: bool,
    pub picklist: Vec<String>,
    pub default: Option<Value>,
    /// `WM-{0000000000}`.
    pub auto_number: Option<String>,
    pub reference: Option<Reference>,
}

impl Field {
    /// A field that anyone may write, of no length.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: Arc::from(name),
            label: name.to_owned(),
            kind,
            length: 0,
            precision: 0,
            scale: 0,
            required: false,
            createable: true,
            updateable: true,
            unique: false,
            case_sensitive: false,
            external_id: false,
            id_lookup: false,
            custom: false,
            name_field: false,
            restricted: false,
            picklist: Vec::new(),
            default: None,
            auto_number: None,
            reference: None,
        }
    }

    pub fn read_only(mut self) -> Self {
        (self.createable, self.updateable) = (false, false);
        self
    }

    pub fn referring(mut self, to: &[&str], hop: Option<&str>) -> Self {
        self.reference = Some(Reference {
            to: to.iter().map(|t| (*t).to_owned()).collect(),
            hop: hop.map(str::to_owned),
            children: None,
            on_delete: OnDelete::SetNull,
            master: false,
        });
        self
    }

    /// Whether rows can be found by it in an upsert.
    pub fn is_key(&self) -> bool {
        self.external_id || self.id_lookup || self.kind == Kind::Id
    }

    pub fn is_indexed(&self) -> bool {
        self.external_id || self.id_lookup || self.unique || self.kind == Kind::Reference
    }

    pub fn is_filterable(&self) -> bool {
        self.kind != Kind::LongText
    }

    /// The form in which values of this field are compared for equality.
    pub fn fold(&self, text: &str) -> String {
        if self.case_sensitive || matches!(self.kind, Kind::Id | Kind::Reference) {
            text.to_owned()
        } else {
            text.to_lowercase()
        }
    }
}

#[derive(Clone, Debug)]
pub struct Object {
    pub name: Arc<str>,
    pub label: String,
    pub plural: String,
    pub prefix: String,
    pub custom: bool,
    fields: Vec<Arc<Field>>,
    by_name: BTreeMap<String, usize>,
}

impl Object {
    pub fn new(name: &str, label: &str, plural: &str, prefix: &str) -> Self {
        Self {
            name: Arc::from(name),
            label: label.to_owned(),
            plural: plural.to_owned(),
            prefix: prefix.to_owned(),
            custom: name.ends_with("__c"),
            fields: Vec::new(),
            by_name: BTreeMap::new(),
        }
    }

    /// Adds a field; one of the same name stays.
    pub fn add(&mut self, field: Field) {
        let lower = field.name.to_lowercase();
        if !self.by_name.contains_key(&lower) {
            self.by_name.insert(lower, self.fields.len());
            self.fields.push(Arc::new(field));
        }
    }

    pub fn fields(&self) -> &[Arc<Field>] {
        &self.fields
    }

    /// By name, in any case.
    pub fn field(&self, name: &str) -> Option<&Arc<Field>> {
        self.by_name.get(&name.to_lowercase()).map(|at| &self.fields[*at])
    }

    /// The lookup whose hop has this name, in any case.
    pub fn hop(&self, name: &str) -> Option<&Arc<Field>> {
        self.fields.iter().find(|f| {
            let hop = f.reference.as_ref().and_then(|r| r.hop.as_deref());
            hop.is_some_and(|hop| hop.eq_ignore_ascii_case(name))
        })
    }

    /// Lookups to any kind of record (they know the User, too) take these as well.
    pub fn open_lookups_to(&mut self, objects: &[String]) {
        for field in &mut self.fields {
            let of_any = |f: &Field| {
                f.reference
                    .as_ref()
                    .is_some_and(|r| r.to.len() > 2 && r.to.iter().any(|t| t == "User"))
            };
            if of_any(field)
                && let Some(reference) = &mut Arc::make_mut(field).reference
            {
                reference.to.extend_from_slice(objects);
            }
        }
    }

    pub fn master(&self) -> Option<&Arc<Field>> {
        self.fields.iter().find(|f| f.reference.as_ref().is_some_and(|r| r.master))
    }

    /// The name of `Version__c` here, when the package's guard watches it.
    pub fn guarded_version(&self) -> Option<&Arc<Field>> {
        let is_it = |name: &str| name == "Version__c" || name.ends_with("__Version__c");
        self.fields.iter().find(|f| self.custom && is_it(&f.name) && f.kind == Kind::Double)
    }
}

#[derive(Clone, Debug)]
pub struct Schema {
    objects: BTreeMap<String, Arc<Object>>,
    by_prefix: BTreeMap<String, Arc<Object>>,
}

impl Schema {
    /// Standard objects and the package's own, whose custom names get
    /// `namespace` (`""` or `"ns__"`) put before them; and fields that the
    /// customer added ([`crate::Config::custom_fields`]), which stay as they are.
    ///
    /// Fails with the name of the file, or the line, that does not read.
    pub fn load(namespace: &str, added: &[String]) -> Result<Self, String> {
        let mut objects = standard::objects()?;
        package::extend(&mut objects, namespace)?;
        for line in added {
            standard::add(&mut objects, line).ok_or_else(|| format!("custom field: {line}"))?;
        }
        let objects: Vec<_> = objects.into_values().map(Arc::new).collect();
        Ok(Self {
            by_prefix: objects.iter().map(|o| (o.prefix.clone(), o.clone())).collect(),
            objects: objects.into_iter().map(|o| (o.name.to_lowercase(), o)).collect(),
        })
    }

    /// By name, in any case.
    pub fn object(&self, name: &str) -> Option<&Arc<Object>> {
        self.objects.get(&name.to_lowercase())
    }

    pub fn of_id(&self, id: &str) -> Option<&Arc<Object>> {
        self.by_prefix.get(id.get(..3)?)
    }

    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values()
    }

    /// Lookups of any object that may point to `parent`.
    pub fn lookups_to(&self, parent: &Object) -> Vec<(Arc<Object>, Arc<Field>)> {
        let mut found = Vec::new();
        for object in self.objects.values() {
            for field in object.fields() {
                let refers = field
                    .reference
                    .as_ref()
                    .is_some_and(|r| r.to.iter().any(|t| **t == *parent.name));
                if refers {
                    found.push((object.clone(), field.clone()));
                }
            }
        }
        found
    }
}
