//! Addresses of the web that callers wrote.

use std::net::IpAddr;

use http::Uri;

/// HTTPS, a host that is a name or a public address, and no password in it. What
/// a name stands for is looked at when it is called.
pub fn read(url: &str) -> Result<Uri, &'static str> {
    let uri: Uri = url.trim().parse().map_err(|_| "a URL that begins with https://")?;
    let authority = uri.authority().map_or("", |a| a.as_str());
    let host = uri.host().unwrap_or_default();
    if uri.scheme_str() != Some("https") || host.is_empty() {
        return Err("a URL that begins with https://");
    }
    if authority.contains('@') {
        return Err("a URL without a user and password");
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let local = host.eq_ignore_ascii_case("localhost") || !host.contains(['.', ':']);
    if local || literal.is_ok_and(|ip| !rules::network::is_public(ip)) {
        return Err("an address of the public internet");
    }
    Ok(uri)
}

/// Where a redirect leads.
pub fn next(from: &Uri, location: &str) -> Result<Uri, &'static str> {
    if location.starts_with('/') && !location.starts_with("//") {
        let authority = from.authority().map_or("", |a| a.as_str());
        return read(&format!("https://{authority}{location}"));
    }
    match location.strip_prefix("//") {
        Some(rest) => read(&format!("https://{rest}")),
        None => read(location),
    }
}

/// The file's name, by the last part of the path.
pub fn file_name(uri: &Uri) -> Option<String> {
    let last = uri.path().rsplit('/').next().filter(|last| last.contains('.'))?;
    super::convert::clean(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_web_over_tls() {
        for good in [
            "https://files.example.com/a.pdf?x=1",
            " https://1.1.1.1/a",
            "https://[2606:4700::1]/a",
        ] {
            assert!(read(good).is_ok(), "{good}");
        }
        for bad in [
            "http://files.example.com/a",
            "ftp://files.example.com/a",
            "https://user:pw@files.example.com/a",
            "https://127.0.0.1/a",
            "https://[::ffff:10.0.0.1]/a",
            "https://169.254.169.254/latest",
            "https://localhost/a",
            "https://intranet/a",
            "/a",
            "",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn redirects_are_held_to_the_same() {
        let from = read("https://files.example.com/a").unwrap();
        assert_eq!(next(&from, "/b?c").unwrap(), "https://files.example.com/b?c");
        assert_eq!(next(&from, "//cdn.example.com/b").unwrap(), "https://cdn.example.com/b");
        assert!(next(&from, "https://cdn.example.com/b").is_ok());
        for bad in ["http://files.example.com/b", "https://10.0.0.1/b", "b", ""] {
            assert!(next(&from, bad).is_err(), "{bad}");
        }
        assert_eq!(
            file_name(&read("https://a.example/x/Plan%20A.pdf").unwrap()).as_deref(),
            Some("Plan%20A.pdf")
        );
        assert_eq!(file_name(&from), None);
    }
}
