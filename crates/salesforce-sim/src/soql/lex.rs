//! Words, texts, numbers and signs of a query.

use crate::error::ApiError;

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name, a keyword, a bare date or number.
    Word(String),
    Text(String),
    Sign(&'static str),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lexed {
    pub token: Token,
    pub at: usize,
}

const SIGNS: [&str; 10] = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

pub fn lex(query: &str) -> Result<Vec<Lexed>, ApiError> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = query[at..].chars().next() {
        let rest = &query[at..];
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if c == '\'' {
            let (text, length) = quoted(rest).ok_or_else(|| unexpected(query, at, "'"))?;
            out.push(Lexed { token: Token::Text(text), at });
            at += length;
        } else if let Some(sign) = SIGNS.iter().find(|s| rest.starts_with(**s)) {
            out.push(Lexed { token: Token::Sign(sign), at });
            at += sign.len();
        } else {
            let is_word = |c: char| c.is_alphanumeric() || "_.:+-".contains(c);
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if length == 0 {
                return Err(unexpected(query, at, &c.to_string()));
            }
            out.push(Lexed { token: Token::Word(rest[..length].to_owned()), at });
            at += length;
        }
    }
    Ok(out)
}

/// A text in single quotes and how many bytes it takes.
fn quoted(rest: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return Some((text, at + 1)),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

pub fn unexpected(query: &str, at: usize, what: &str) -> ApiError {
    ApiError::bad("MALFORMED_QUERY", located(query, at, &format!("unexpected token: '{what}'")))
}

/// A message under the part of the query that it is about.
pub fn located(query: &str, at: usize, message: &str) -> String {
    let before = &query[..at.min(query.len())];
    let start = before.char_indices().rev().nth(19).map_or(0, |(i, _)| i);
    let end =
        query[before.len()..].char_indices().nth(30).map_or(query.len(), |(i, _)| before.len() + i);
    let shown = query[start..end].replace(['\n', '\r'], " ");
    let indent = query[start..before.len()].chars().count();
    let column = before.chars().count() + 1;
    format!("\n{shown}\n{:indent$}^\nERROR at Row:1:Column:{column}\n{message}", "")
}
