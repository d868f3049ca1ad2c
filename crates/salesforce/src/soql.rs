//! Values in SOQL text: quoting, lists, and lists cut to what a URL carries.

use model::UnixMs;

use crate::{encode, time};

/// Bytes that the percent-encoded lists of one query may take: a request line
/// with its headers holds 16,384, and the rest of the query needs some.
pub const LIST_BYTES_MAX: usize = 10_000;

/// `'…'` with the escapes of SOQL (SOQL and SOSL Reference, quoted string
/// escape sequences). A literal in WHERE holds at most 4,000 characters.
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// `'%…%'` for LIKE, in which the text's own `%` and `_` stand for themselves.
pub fn like_literal(text: &str) -> String {
    let quoted = literal(text).replace('%', "\\%").replace('_', "\\_");
    format!("'%{}%'", &quoted[1..quoted.len() - 1])
}

/// A date-time literal; unquoted, as SOQL wants it.
pub fn datetime(at: UnixMs) -> String {
    time::to_text(at)
}

/// `('a','b')`. Meaningless when empty: an empty IN list is an error in SOQL.
pub fn list<S: AsRef<str>>(values: &[S]) -> String {
    let quoted: Vec<_> = values.iter().map(|v| literal(v.as_ref())).collect();
    format!("({})", quoted.join(","))
}

/// Cuts `values` into lists for `IN`, each of at most `bytes_max` bytes once
/// percent-encoded (see [`LIST_BYTES_MAX`]); a single longer value stands in a
/// list of its own. No list is empty, and together they hold every value in
/// order.
pub fn lists<S: AsRef<str>>(values: &[S], bytes_max: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut bytes = 0;
    for (i, value) in values.iter().enumerate() {
        let more = value_bytes(value.as_ref());
        if i > start && bytes + more > bytes_max {
            out.push(list(&values[start..i]));
            start = i;
            bytes = 0;
        }
        bytes += more;
    }
    if start < values.len() {
        out.push(list(&values[start..]));
    }
    out
}

/// Bytes that a value takes in a list once percent-encoded, with its comma.
pub fn value_bytes(value: &str) -> usize {
    encode::component(&literal(value)).len() + encode::component(",").len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quote_never_ends_a_literal() {
        assert_eq!(literal("O'Hara\\"), "'O\\'Hara\\\\'");
        assert_eq!(literal("a\nb\"c"), "'a\\nb\\\"c'");
        assert_eq!(like_literal("5_0%"), "'%5\\_0\\%%'");
        assert_eq!(list(&["a", "b'"]), "('a','b\\'')");
    }

    /// Reads a list back as SOQL does.
    fn read(list: &str) -> Vec<String> {
        let mut out = Vec::new();
        let mut chars = list.chars();
        let mut open: Option<String> = None;
        while let Some(c) = chars.next() {
            match (&mut open, c) {
                (Some(text), '\\') => text.push(match chars.next().unwrap() {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    c => c,
                }),
                (Some(_), '\'') => out.push(open.take().unwrap()),
                (Some(text), c) => text.push(c),
                (None, '\'') => open = Some(String::new()),
                (None, c) => assert!("(),".contains(c), "{c} outside of a literal"),
            }
        }
        assert!(open.is_none());
        out
    }

    proptest! {
        #[test]
        fn lists_hold_every_value_in_order(
            values in prop::collection::vec("(?s).{0,12}", 0..60),
            bytes_max in 20_usize..400,
        ) {
            let lists = lists(&values, bytes_max);
            let back: Vec<_> = lists.iter().flat_map(|l| read(l)).collect();
            prop_assert_eq!(&back, &values);
            for list in &lists {
                let count = read(list).len();
                prop_assert!(count > 0);
                let long = encode::component(list).len() - encode::component("()").len();
                prop_assert!(count == 1 || long <= bytes_max, "{} {}", count, long);
            }
        }
    }
}
