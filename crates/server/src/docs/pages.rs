//! The written pages that answers point to, embedded: a fault's cause and cure,
//! and the concepts they refer to.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use pulldown_cmark::{Options, Parser, html};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../docs/faults"]
struct Faults;

#[derive(RustEmbed)]
#[folder = "../../docs/concepts"]
struct Concepts;

/// `code` as the answer gave it, with or without `.md`.
pub async fn fault(Path(code): Path<String>) -> Response {
    let name = code.trim_end_matches(".md");
    page(name, Faults::get(&format!("{name}.md")))
}

pub async fn concept(Path(name): Path<String>) -> Response {
    let name = name.trim_end_matches(".md");
    page(name, Concepts::get(&format!("{name}.md")))
}

fn page(name: &str, file: Option<rust_embed::EmbeddedFile>) -> Response {
    let found = file.and_then(|file| String::from_utf8(file.data.into_owned()).ok());
    let (status, text) = match found {
        Some(text) => (StatusCode::OK, text),
        None => (StatusCode::NOT_FOUND, "# No such page\n\nSee [the API](/docs).".to_owned()),
    };
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(&text, Options::ENABLE_TABLES));
    let title: String = if status == StatusCode::OK { name.into() } else { "puente".into() };
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><link rel=\"icon\" href=\"/favicon.svg\">\
         <link rel=\"stylesheet\" href=\"/docs/docs.css\"></head><body><main>{body}</main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, super::CSP),
    ];
    (status, headers, page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Known;

    #[test]
    fn every_problem_of_ours_has_its_page() {
        for known in Known::ALL {
            assert!(Faults::get(&format!("{}.md", known.code)).is_some(), "{}", known.code);
        }
    }

    #[tokio::test]
    async fn pages_are_shown_and_strangers_are_not_found() {
        let shown = fault(Path("puente.window_closed".into())).await;
        assert_eq!(shown.status(), StatusCode::OK);
        let other = fault(Path("../Cargo".into())).await;
        assert_eq!(other.status(), StatusCode::NOT_FOUND);
    }
}
