//! Building URLs: what came from outside never changes where a request goes.

/// Everything but letters, digits and `-._~` as `%XX`.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte as char);
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// `?a=b&c=d`; empty without pairs.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (key, value) in pairs {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(key);
        out.push('=');
        out.push_str(&encode(value));
    }
    out
}

/// Whether our token may go to `url`: to where we call anyway, or over TLS to
/// the hosts that Meta serves files from.
pub fn may_hold_media(url: &http::Uri, base_url: &str) -> bool {
    let same = base_url
        .parse::<http::Uri>()
        .is_ok_and(|base| base.scheme() == url.scheme() && base.authority() == url.authority());
    let host = url.host().unwrap_or_default().to_ascii_lowercase();
    let of_meta = ["fbsbx.com", "fbcdn.net", "whatsapp.net", "facebook.com"]
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.')));
    let plain = url.authority().is_some_and(|a| !a.as_str().contains('@'));
    plain && (same || (url.scheme_str() == Some("https") && of_meta))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_from_outside_stay_one_segment() {
        assert_eq!(encode("1065/../me?x=1#"), "1065%2F..%2Fme%3Fx%3D1%23");
        assert_eq!(query(&[("fields", "id,name"), ("a", "ñ|")]), "?fields=id%2Cname&a=%C3%B1%7C");
        assert_eq!(query(&[]), "");
    }

    #[test]
    fn tokens_go_to_meta_or_where_we_call() {
        let base = "http://127.0.0.1:4010";
        let may = |url: &str| may_hold_media(&url.parse().unwrap(), base);
        assert!(may("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"));
        assert!(may("http://127.0.0.1:4010/media/1"));
        for no in [
            "http://lookaside.fbsbx.com/x",
            "https://fbsbx.com.example.com/x",
            "https://evilfbsbx.com/x",
            "https://user@lookaside.fbsbx.com/x",
            "http://127.0.0.1:4011/media/1",
            "https://127.0.0.1:4010/media/1",
        ] {
            assert!(!may(no), "{no}");
        }
    }
}
