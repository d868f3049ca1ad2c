//! One call, or one subrequest of a composite.

use http::Method;
use serde_json::Value;

use crate::error::ApiError;
use crate::org::Actor;
use crate::web::{decode, pairs};

#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    /// 66 for v66.0.
    pub version: u16,
    /// What follows `/services/data/vXX.0`, decoded.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    /// Null when there is none.
    pub body: Value,
    pub actor: Actor,
    /// From `Sforce-Query-Options`.
    pub batch_size: Option<usize>,
}

impl Call {
    /// Reads `/services/data/v66.0/...?...`; `None` for other paths.
    pub fn at(method: Method, target: &str, body: Value, actor: Actor) -> Option<Self> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let rest = path.strip_prefix("/services/data/v")?;
        let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let version = version.strip_suffix(".0")?.parse().ok()?;
        let path = rest.split('/').filter(|s| !s.is_empty()).map(decode).collect();
        Some(Self { method, version, path, query: pairs(query), body, actor, batch_size: None })
    }

    pub fn base(&self) -> String {
        format!("/services/data/v{}.0", self.version)
    }

    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| k == name).map(|(_, v)| &**v)
    }

    /// The member of the body, or nothing.
    pub fn member(&self, name: &str) -> &Value {
        self.body.get(name).unwrap_or(&Value::Null)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.member(name).as_bool().unwrap_or(false)
    }

    pub fn not_allowed(&self, allowed: &str) -> ApiError {
        let text = format!("HTTP Method '{}' not allowed. Allowed are {allowed}", self.method);
        ApiError::new(405, "METHOD_NOT_ALLOWED", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_taken_apart() {
        let actor = Actor::of("005", 0);
        let target = "/services/data/v66.0/sobjects/X__c/Key__c/a%2Fb+c?fields=A,B&q=a+b%2B";
        let call = Call::at(Method::GET, target, Value::Null, actor.clone()).unwrap();
        assert_eq!((call.version, &*call.base()), (66, "/services/data/v66.0"));
        assert_eq!(call.path, ["sobjects", "X__c", "Key__c", "a/b+c"]);
        assert_eq!((call.param("fields"), call.param("q")), (Some("A,B"), Some("a b+")));
        for other in ["/services/apexrest/x", "/services/data/66.0/x", "/services/data/v66/x"] {
            assert!(Call::at(Method::GET, other, Value::Null, actor.clone()).is_none(), "{other}");
        }
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%41"), "%zzA");
    }
}
