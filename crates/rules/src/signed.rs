//! Documents that can be checked later: canonical JSON and an Ed25519
//! signature (RFC 8032) over it.
//!
//! Canonical is RFC 8785 (JSON Canonicalization Scheme) for what our documents
//! hold: ASCII names in order, whole numbers, no spaces.

use std::fmt::Write as _;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

const ALGORITHM: &str = "Ed25519";

/// Why a document cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    #[error("it is no signed document: {0} is missing or malformed")]
    Shape(&'static str),
    #[error("the signature does not fit: the document was altered after it was signed")]
    Altered,
    #[error("it was signed by another key: {0}")]
    Stranger(String),
}

pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// From 32 secret bytes.
    pub fn new(seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed);
        Self(pair.expect("any 32 bytes are a seed of Ed25519"))
    }

    /// 64 hexadecimal digits: what a reader must know to check a document.
    pub fn public_key(&self) -> String {
        hex(self.0.public_key().as_ref())
    }

    /// `{ "report": ..., "signature": { "algorithm", "public_key", "value" } }`
    pub fn sign(&self, report: Value) -> Value {
        let value = hex(self.0.sign(canonical(&report).as_bytes()).as_ref());
        let public_key = self.public_key();
        json!({
            "report": report,
            "signature": { "algorithm": ALGORITHM, "public_key": public_key, "value": value },
        })
    }
}

/// The report inside, when its signature is this key's.
pub fn verify<'a>(signed: &'a Value, public_key: &str) -> Result<&'a Value, Unsigned> {
    let report = signed.get("report").ok_or(Unsigned::Shape("report"))?;
    let word =
        |name: &'static str| signed["signature"][name].as_str().ok_or(Unsigned::Shape("signature"));
    if word("algorithm")? != ALGORITHM {
        return Err(Unsigned::Shape("signature.algorithm"));
    }
    let theirs = word("public_key")?;
    if !theirs.eq_ignore_ascii_case(public_key) {
        return Err(Unsigned::Stranger(theirs.to_owned()));
    }
    let key = bytes(theirs).ok_or(Unsigned::Shape("signature.public_key"))?;
    let value = bytes(word("value")?).ok_or(Unsigned::Shape("signature.value"))?;
    UnparsedPublicKey::new(&ED25519, key)
        .verify(canonical(report).as_bytes(), &value)
        .map_err(|_| Unsigned::Altered)?;
    Ok(report)
}

/// One text for one value, whatever the order in which it was built.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut names: Vec<_> = fields.keys().collect();
            names.sort();
            out.push('{');
            for (at, name) in names.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(&Value::String(name.clone()), out);
                out.push(':');
                write(&fields[name], out);
            }
            out.push('}');
        }
        plain => {
            let _ = write!(out, "{plain}");
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let nibble = |d: u8| char::from(d).to_digit(16).map(|n| n as u8);
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| Some(nibble(pair[0])? << 4 | nibble(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, test 1.
    #[test]
    fn keys_are_those_of_the_standard() {
        let seed =
            bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let signer = Signer::new(&seed.try_into().unwrap());
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(signer.public_key(), public);
    }

    #[test]
    fn the_order_of_names_and_spaces_do_not_matter() {
        let a: Value = serde_json::from_str(r#"{"b":[1,{"d":"x\"","c":null}],"a":true}"#).unwrap();
        let b: Value =
            serde_json::from_str("{ \"a\": true, \"b\": [1, {\"c\": null, \"d\": \"x\\\"\"}]}")
                .unwrap();
        assert_eq!(canonical(&a), r#"{"a":true,"b":[1,{"c":null,"d":"x\""}]}"#);
        assert_eq!(canonical(&a), canonical(&b));
    }

    #[test]
    fn what_was_altered_or_signed_by_another_is_not_believed() {
        let (mine, other) = (Signer::new(&[1; 32]), Signer::new(&[2; 32]));
        let signed = mine.sign(json!({ "missing": 3, "extra": 1 }));
        assert_eq!(verify(&signed, &mine.public_key()).unwrap()["missing"], 3);
        // as it is after a save by an editor that orders and indents
        let saved = serde_json::to_string_pretty(&signed).unwrap();
        let read: Value = serde_json::from_str(&saved).unwrap();
        assert!(verify(&read, &mine.public_key()).is_ok());
        let mut altered = signed.clone();
        altered["report"]["missing"] = json!(0);
        assert_eq!(verify(&altered, &mine.public_key()), Err(Unsigned::Altered));
        let stranger = Unsigned::Stranger(mine.public_key());
        assert_eq!(verify(&signed, &other.public_key()), Err(stranger));
        let mut claimed = other.sign(signed["report"].clone());
        claimed["signature"]["public_key"] = json!(mine.public_key());
        assert_eq!(verify(&claimed, &mine.public_key()), Err(Unsigned::Altered));
        for (text, what) in [("{}", "report"), (r#"{"report":1}"#, "signature")] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(verify(&value, ""), Err(Unsigned::Shape(what)));
        }
    }
}
