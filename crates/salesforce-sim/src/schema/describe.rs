//! Describe answers (REST API, sObject Describe).

use serde_json::{Value, json};

use super::{Field, Kind, Object, OnDelete, Schema};

impl Kind {
    /// The name in `fields[].type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "string",
            Self::TextArea | Self::LongText => "textarea",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::Picklist => "picklist",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Reference => "reference",
        }
    }

    fn soap(self) -> &'static str {
        match self {
            Self::Id | Self::Reference => "tns:ID",
            Self::Boolean => "xsd:boolean",
            Self::Int => "xsd:int",
            Self::Double | Self::Currency | Self::Percent => "xsd:double",
            Self::Date => "xsd:date",
            Self::DateTime => "xsd:dateTime",
            _ => "xsd:string",
        }
    }
}

impl Object {
    /// The entry of the global describe; `base` is `/services/data/vXX.0`.
    pub fn summary(&self, base: &str) -> Value {
        let path = format!("{base}/sobjects/{}", self.name);
        json!({
            "name": &*self.name, "label": self.label, "labelPlural": self.plural,
            "keyPrefix": self.prefix, "custom": self.custom, "customSetting": false,
            "createable": true, "updateable": true, "deletable": true, "queryable": true,
            "retrieveable": true, "searchable": true, "undeletable": true, "replicateable": true,
            "triggerable": true, "layoutable": true, "feedEnabled": false,
            "mergeable": matches!(&*self.name, "Lead" | "Contact" | "Account" | "Case"),
            "urls": { "sobject": path, "describe": format!("{path}/describe"), "rowTemplate": format!("{path}/{{ID}}") },
        })
    }

    /// The whole describe, without the fields that `hidden` names.
    pub fn describe(&self, schema: &Schema, base: &str, hidden: &dyn Fn(&Field) -> bool) -> Value {
        let mut out = self.summary(base);
        let fields: Vec<_> =
            self.fields().iter().filter(|f| !hidden(f)).map(|f| f.describe()).collect();
        let mut children = Vec::new();
        for (child, field) in schema.lookups_to(self) {
            let Some(reference) = &field.reference else {
                continue;
            };
            children.push(json!({
                "childSObject": &*child.name, "field": &*field.name, "relationshipName": reference.children,
                "cascadeDelete": reference.on_delete == OnDelete::Cascade,
                "restrictedDelete": reference.on_delete == OnDelete::Restrict,
                "deprecatedAndHidden": false,
            }));
        }
        out["fields"] = json!(fields);
        out["childRelationships"] = json!(children);
        out["recordTypeInfos"] = json!([{
            "recordTypeId": "012000000000000AAA", "developerName": "Master", "name": "Master",
            "master": true, "available": true, "active": true, "defaultRecordTypeMapping": true,
        }]);
        out["supportedScopes"] = json!([]);
        out["hasSubtypes"] = json!(false);
        out
    }
}

impl Field {
    fn describe(&self) -> Value {
        let reference = self.reference.as_ref();
        let picklist: Vec<_> = self
            .picklist
            .iter()
            .map(|v| json!({ "active": true, "defaultValue": self.default.as_ref().and_then(Value::as_str) == Some(v), "label": v, "validFor": null, "value": v }))
            .collect();
        let defaulted =
            self.default.is_some() || self.auto_number.is_some() || self.is_set_by_the_system();
        json!({
            "name": &*self.name, "label": self.label, "type": self.kind.name(), "soapType": self.kind.soap(),
            "length": self.length, "byteLength": self.length * 3, "precision": self.precision, "scale": self.scale,
            "digits": if self.kind == Kind::Int { 9 } else { 0 },
            "custom": self.custom, "nillable": !(self.required || self.kind == Kind::Boolean || self.is_set_by_the_system()),
            "createable": self.createable, "updateable": self.updateable, "defaultedOnCreate": defaulted,
            "unique": self.unique, "caseSensitive": self.case_sensitive, "externalId": self.external_id,
            "idLookup": self.id_lookup || self.external_id, "autoNumber": self.auto_number.is_some(),
            "nameField": self.name_field, "calculated": false, "defaultValue": self.default,
            "restrictedPicklist": self.restricted, "picklistValues": picklist, "dependentPicklist": false,
            "referenceTo": reference.map_or(&[][..], |r| &r.to), "relationshipName": reference.and_then(|r| r.hop.clone()),
            "relationshipOrder": reference.and_then(|r| r.master.then_some(0)),
            "cascadeDelete": reference.is_some_and(|r| r.on_delete == OnDelete::Cascade),
            "restrictedDelete": reference.is_some_and(|r| r.on_delete == OnDelete::Restrict),
            "polymorphicForeignKey": reference.is_some_and(|r| r.to.len() > 1),
            "filterable": self.is_filterable(), "sortable": self.is_filterable(), "groupable": self.is_filterable(),
            "aggregatable": true, "permissionable": self.custom && !self.required, "deprecatedAndHidden": false,
            "encrypted": false, "htmlFormatted": false, "writeRequiresMasterRead": false,
        })
    }

    fn is_set_by_the_system(&self) -> bool {
        matches!(
            &*self.name,
            "Id" | "OwnerId"
                | "IsDeleted"
                | "CreatedDate"
                | "CreatedById"
                | "LastModifiedDate"
                | "LastModifiedById"
                | "SystemModstamp"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(namespace: &str, object: &str) -> Value {
        let schema = Schema::load(namespace, &[]).unwrap();
        schema.object(object).unwrap().describe(&schema, "/services/data/v66.0", &|_| false)
    }

    fn field<'a>(object: &'a Value, name: &str) -> &'a Value {
        object["fields"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap()
    }

    #[test]
    fn the_package_is_what_is_served() {
        let message = described("", "puente_message__c");
        let key = field(&message, "Key__c");
        for flag in ["unique", "caseSensitive", "externalId", "createable"] {
            assert_eq!(key[flag], true, "{flag}");
        }
        assert_eq!((&key["length"], &key["byteLength"]), (&json!(64), &json!(192)));
        let parent = field(&message, "Conversation__c");
        // an upsert names the conversation each time: docs/decisions/0010
        assert_eq!((&parent["updateable"], &parent["nillable"]), (&json!(true), &json!(false)));
        assert_eq!(parent["relationshipName"], "Conversation__r");
        assert_eq!(field(&message, "Status__c")["restrictedPicklist"], true);
        assert!(message["fields"].as_array().unwrap().iter().all(|f| f["name"] != "OwnerId"));
        assert_eq!(field(&described("", "Lead"), "Puente_Create_Key__c")["unique"], true);
    }

    #[test]
    fn a_namespace_stands_before_every_custom_name() {
        let person = described("ns__", "ns__Puente_Person__c");
        assert_eq!(field(&person, "ns__Lead__c")["relationshipName"], "ns__Lead__r");
        assert_eq!(field(&person, "ns__Lead__c")["referenceTo"], json!(["Lead"]));
        let conversation = described("ns__", "ns__Puente_Conversation__c");
        assert_eq!(
            field(&conversation, "ns__Person__c")["referenceTo"],
            json!(["ns__Puente_Person__c"])
        );
        assert!(Schema::load("ns__", &[]).unwrap().object("Puente_Person__c").is_none());
        let children = person["childRelationships"].as_array().unwrap();
        assert!(children.iter().any(|c| c["relationshipName"] == "ns__Conversations__r"));
    }

    #[test]
    fn required_is_createable_and_neither_nillable_nor_defaulted() {
        let required = |object: &str| -> Vec<String> {
            let about = described("", object);
            let mut names: Vec<_> = about["fields"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|f| {
                    f["createable"] == true
                        && f["nillable"] == false
                        && f["defaultedOnCreate"] == false
                })
                .map(|f| f["name"].as_str().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        assert_eq!(required("Lead"), ["Company", "LastName"]);
        assert_eq!(required("Contact"), ["LastName"]);
        assert_eq!(required("Case"), [""; 0]);
        assert_eq!(required("Opportunity"), ["CloseDate", "Name", "StageName"]);
        assert_eq!(required("Puente_Message__c"), ["Conversation__c"]);
        assert_eq!(required("Puente_Person__c"), [""; 0]);
    }
}
