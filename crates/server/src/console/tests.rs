use super::*;
use http_body_util::BodyExt;

const INDEX: &str = r#"<meta name="csp-nonce" content="__NONCE__"><div id="root"></div>"#;

fn files(path: &str) -> Option<File> {
    let bytes: &'static [u8] = match path {
        "index.html" => INDEX.as_bytes(),
        "assets/app-1a2b.js" => b"let a = 1",
        "assets/app-1a2b.js.br" => b"packed",
        "logo.svg" => b"<svg/>",
        _ => return None,
    };
    Some(File { bytes: Bytes::from_static(bytes), hash: [7; 32] })
}

fn get(path: &str, sent: &[(header::HeaderName, &str)]) -> Response {
    let headers = sent.iter().map(|(n, v)| (n.clone(), v.parse().unwrap())).collect();
    page(path, &headers, "n0nce", files)
}

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn head(response: &Response, name: header::HeaderName) -> &str {
    response.headers().get(name).map_or("", |v| v.to_str().unwrap())
}

#[tokio::test]
async fn every_page_gets_its_nonce_in_text_and_policy() {
    for path in ["/", "/index.html", "/conversations", "/conversations/con_1"] {
        let response = get(path, &[]);
        assert_eq!(response.status(), 200, "{path}");
        assert!(head(&response, header::CONTENT_SECURITY_POLICY).contains("'nonce-n0nce'"));
        assert_eq!(head(&response, header::CACHE_CONTROL), "", "`request::finish` says no-store");
        let text = text(response).await;
        assert!(text.contains(r#"content="n0nce""#) && !text.contains(NONCE_MARK), "{path}");
    }
}

#[tokio::test]
async fn files_are_packed_when_that_is_accepted() {
    let table = [
        ("", "", "let a = 1"),
        ("gzip, br", "br", "packed"),
        ("BR;q=0.5", "br", "packed"),
        ("br;q=0, gzip", "", "let a = 1"),
        ("gzip", "", "let a = 1"),
    ];
    for (accepted, encoding, body) in table {
        let response = get("/assets/app-1a2b.js", &[(header::ACCEPT_ENCODING, accepted)]);
        assert_eq!(head(&response, header::CONTENT_ENCODING), encoding, "{accepted}");
        assert!(head(&response, header::CACHE_CONTROL).contains("immutable"));
        assert!(head(&response, header::CONTENT_TYPE).starts_with("text/javascript"));
        assert_eq!(text(response).await, body);
    }
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let first = get("/logo.svg", &[]);
    let tag = head(&first, header::ETAG).to_owned();
    assert_eq!(head(&first, header::CACHE_CONTROL), "no-cache");
    let again = get("/logo.svg", &[(header::IF_NONE_MATCH, &tag)]);
    assert_eq!(again.status(), 304);
    assert_eq!(text(again).await, "");
    assert_eq!(get("/logo.svg", &[(header::IF_NONE_MATCH, "\"other\"")]).status(), 200);
}

#[test]
fn what_is_not_there() {
    for path in ["/assets/gone.js", "/favicon.ico", "/../Cargo.toml", "/assets/app-1a2b.js.br"] {
        assert_eq!(get(path, &[]).status(), 404, "{path}");
    }
}

#[tokio::test]
async fn without_pages_it_says_so() {
    let response = page("/", &HeaderMap::new(), "n0nce", |_| None);
    assert_eq!(response.status(), 200);
    let text = text(response).await;
    assert!(text.contains("cargo xtask console") && text.contains(r#"nonce="n0nce""#));
}
