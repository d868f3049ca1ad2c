//! Meta's way of writing JSON: `\/`, and everything beyond ASCII as `\u00e1`.

use serde_json::Value;

/// The bytes that go over the wire and that are signed.
pub fn bytes(body: &Value) -> Vec<u8> {
    let plain = body.to_string();
    let mut out = String::with_capacity(plain.len() + plain.len() / 8);
    for c in plain.chars() {
        match c {
            '/' => out.push_str("\\/"),
            '@' => out.push_str("\\u0040"),
            '%' => out.push_str("\\u0025"),
            '<' => out.push_str("\\u003C"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_form_is_metas() {
        let body = json!({"a/b": "né 👍 \u{0} \n \"x\" a@b 5% <i>"});
        let want = r#"{"a\/b":"n\u00e9 \ud83d\udc4d \u0000 \n \"x\" a\u0040b 5\u0025 \u003Ci>"}"#;
        assert_eq!(String::from_utf8(bytes(&body)).unwrap(), want);
    }

    #[test]
    fn it_reads_back_as_the_same_value() {
        let all: String = (0..=0x2fff).filter_map(char::from_u32).chain("𐍈🇪🇸".chars()).collect();
        let body = json!({ "all": all });
        let bytes = bytes(&body);
        assert!(bytes.is_ascii());
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), body);
    }
}
