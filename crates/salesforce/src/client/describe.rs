//! What an object is like for the integration user.

use model::Fault;
use serde::Deserialize;

use super::Client;
use crate::faults;

/// An object. Names are wire names. A field that field-level security hides is
/// absent: that is how a missing permission shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Describe {
    pub name: String,
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub key_prefix: Option<String>,
    #[serde(default)]
    pub createable: bool,
    #[serde(default)]
    pub updateable: bool,
    #[serde(default)]
    pub deletable: bool,
    #[serde(default)]
    pub queryable: bool,
    #[serde(default)]
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    pub name: String,
    #[serde(default)]
    pub label: String,
    /// `string`, `phone`, `reference`, `picklist`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Characters of a text; 0 for other kinds.
    #[serde(default)]
    pub length: u32,
    #[serde(default)]
    pub nillable: bool,
    #[serde(default)]
    pub createable: bool,
    #[serde(default)]
    pub updateable: bool,
    #[serde(default)]
    pub defaulted_on_create: bool,
    #[serde(default)]
    pub unique: bool,
    #[serde(default)]
    pub external_id: bool,
    #[serde(default)]
    pub case_sensitive: bool,
    #[serde(default)]
    pub restricted_picklist: bool,
    #[serde(default)]
    pub picklist_values: Vec<PicklistValue>,
    #[serde(default)]
    pub reference_to: Vec<String>,
    #[serde(default)]
    pub relationship_name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PicklistValue {
    pub value: String,
    #[serde(default)]
    pub active: bool,
    #[serde(default)]
    pub default_value: bool,
}

impl Describe {
    /// Names are compared without regard to case, as Salesforce does.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

impl Field {
    /// A create without a value for it fails.
    pub fn required_at_create(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted_on_create
    }

    /// A restricted picklist refuses all but its active values.
    pub fn takes(&self, value: &str) -> bool {
        !self.restricted_picklist
            || self.picklist_values.iter().any(|v| v.active && v.value == value)
    }
}

impl Client {
    /// Describes an object by its wire name. A hidden or missing one is
    /// `sf.NOT_FOUND`.
    pub async fn describe(&self, sobject: &str) -> Result<Describe, Fault> {
        let path = self.data(&format!("/sobjects/{sobject}/describe"));
        Describe::deserialize(self.read(path).await?)
            .map_err(|why| faults::not_understood(format!("describe of {sobject}: {why}")))
    }
}
