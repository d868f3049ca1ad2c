//! The org's namespace in front of our names. The package is installed without
//! a namespace or with one (`ns__`), and only our own names carry it.

use std::sync::Arc;

use model::Fault;

use crate::faults::local;

/// What all our objects, and our fields on standard objects, begin with.
const OURS: &str = "Puente_";

/// Turns the names of the package's source into the names of one org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    prefix: Arc<str>,
}

impl Names {
    /// `prefix` is empty, or a namespace with or without its two underscores.
    /// A namespace has 1 to 15 letters, digits and single underscores and
    /// begins with a letter.
    pub fn new(prefix: &str) -> Result<Self, Fault> {
        let bare = prefix.strip_suffix("__").unwrap_or(prefix);
        if prefix.is_empty() {
            return Ok(Self::none());
        }
        let word = bare.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let edges = bare.starts_with(|c: char| c.is_ascii_alphabetic()) && !bare.ends_with('_');
        if !word || !edges || bare.contains("__") || bare.len() > 15 {
            return Err(local::config(
                format!("namespace: '{prefix}' is none"),
                "use '' or the package's namespace, e.g. 'ns__': a letter first, at most 15 letters, digits and single underscores",
            ));
        }
        Ok(Self { prefix: format!("{bare}__").into() })
    }

    /// No namespace.
    pub fn none() -> Self {
        Self { prefix: "".into() }
    }

    /// Empty, or the namespace with its two underscores.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// `Puente_Person__c` with the prefix; standard objects and those of the
    /// customer stay as they are.
    pub fn object(&self, name: &str) -> String {
        if name.starts_with(OURS) { self.own(name) } else { name.to_owned() }
    }

    /// A field that is ours, on whatever object: `Key__c`. Standard fields
    /// (`Name`) stay as they are.
    pub fn field(&self, name: &str) -> String {
        self.own(name)
    }

    /// A relationship that is ours: `Person__r`, `Messages__r`.
    pub fn relationship(&self, name: &str) -> String {
        self.own(name)
    }

    /// A field of `object` (named as in the package, without prefix): on our
    /// objects all custom fields are ours, elsewhere those that begin with
    /// `Puente_`.
    pub fn field_of(&self, object: &str, name: &str) -> String {
        if object.starts_with(OURS) || name.starts_with(OURS) {
            self.own(name)
        } else {
            name.to_owned()
        }
    }

    /// Replaces each `{Name}` by our name with the prefix:
    /// `SELECT Id, {Person__r}.{Key__c} FROM {Puente_Conversation__c}`. Expand
    /// the template before values are put in ([`crate::soql`] escapes those).
    pub fn expand(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            out.push_str(&self.own(name));
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// The name without our prefix: how answers are read.
    pub fn strip<'a>(&self, wire: &'a str) -> &'a str {
        match wire.strip_prefix(&*self.prefix) {
            Some(bare) if is_custom(bare) => bare,
            _ => wire,
        }
    }

    fn own(&self, name: &str) -> String {
        if is_custom(name) { format!("{}{name}", self.prefix) } else { name.to_owned() }
    }
}

/// Ends like a custom name (`__c`, `__r`, `__e`, `__mdt`) and has no namespace.
fn is_custom(name: &str) -> bool {
    name.split_once("__")
        .is_some_and(|(stem, end)| !stem.is_empty() && matches!(end, "c" | "r" | "e" | "mdt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_names_get_the_prefix() {
        for (prefix, p) in [("", ""), ("ns__", "ns__"), ("ns", "ns__")] {
            let names = Names::new(prefix).unwrap();
            assert_eq!(names.object("Puente_Person__c"), format!("{p}Puente_Person__c"));
            assert_eq!(names.object("Lead"), "Lead");
            assert_eq!(names.object("Invoice__c"), "Invoice__c");
            assert_eq!(names.field("Key__c"), format!("{p}Key__c"));
            assert_eq!(names.field("Name"), "Name");
            assert_eq!(names.relationship("Person__r"), format!("{p}Person__r"));
            assert_eq!(names.field_of("Lead", "Score__c"), "Score__c");
            let create_key = names.field_of("Lead", "Puente_Create_Key__c");
            assert_eq!(create_key, format!("{p}Puente_Create_Key__c"));
            assert_eq!(names.field_of("Puente_Person__c", "Lead__c"), format!("{p}Lead__c"));
            assert_eq!(names.field_of("Puente_Person__c", "LastModifiedDate"), "LastModifiedDate");
            assert_eq!(
                names.expand(
                    "SELECT Id,{Person__r}.{Key__c} FROM {Puente_Conversation__c} WHERE x={"
                ),
                format!(
                    "SELECT Id,{p}Person__r.{p}Key__c FROM {p}Puente_Conversation__c WHERE x={{"
                )
            );
        }
    }

    #[test]
    fn a_prefix_is_never_put_on_twice_and_comes_off_again() {
        let names = Names::new("ns__").unwrap();
        let once = names.field("Key__c");
        assert_eq!(names.field(&once), once);
        assert_eq!(names.strip(&once), "Key__c");
        assert_eq!(names.strip("other__Key__c"), "other__Key__c");
        assert_eq!(names.strip("Name"), "Name");
        assert_eq!(Names::none().strip("Key__c"), "Key__c");
    }

    #[test]
    fn a_prefix_that_is_no_namespace_is_refused() {
        for bad in ["__", "n s__", "9ns", "ns'", "a__b", "abcdefghijklmnop", "ns_"] {
            let fault = Names::new(bad).unwrap_err();
            assert!(fault.to_string().contains("namespace"), "{bad}");
        }
    }
}
