//! A line cut into fields (RFC 4180, with a record being one line).

/// Field by field, without its quotes. The error is why and cure.
pub fn cut(line: &str, separator: char) -> Result<Vec<String>, (&'static str, &'static str)> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find(separator).unwrap_or(rest.len());
                if rest[..end].contains('"') {
                    let cure = "put the whole field in quotes, and write each quote in it twice";
                    return Err(("a quote stands in the middle of a field", cure));
                }
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        fields.push(field);
        if after.is_empty() {
            return Ok(fields);
        }
        rest = after.strip_prefix(separator).ok_or((
            "something follows a field that was closed by a quote",
            "write each quote in a field twice",
        ))?;
    }
}

/// What is within, and what comes after the quote that closes it.
fn unquote(quoted: &str) -> Result<(String, &str), (&'static str, &'static str)> {
    let (mut field, mut rest) = (String::new(), quoted);
    loop {
        let Some(end) = rest.find('"') else {
            let cure = "close it on the same line: a line break cannot be sent in a variable";
            return Err(("a quote is opened and not closed", cure));
        };
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None => return Ok((field, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_cut_at_separators_outside_of_quotes() {
        for (line, fields) in [
            ("a,b", vec!["a", "b"]),
            ("", vec![""]),
            ("a,", vec!["a", ""]),
            (",,", vec!["", "", ""]),
            ("\"a,b\",c", vec!["a,b", "c"]),
            ("\"a \"\"b\"\"\",\"\"", vec!["a \"b\"", ""]),
            (" a , b ", vec![" a ", " b "]),
        ] {
            assert_eq!(cut(line, ',').unwrap(), fields, "{line}");
        }
        for (line, words) in [
            ("\"a", "not closed"),
            ("\"a\"\"", "not closed"),
            ("a\"b,c", "in the middle"),
            ("\"a\"b,c", "follows"),
        ] {
            assert!(cut(line, ',').unwrap_err().0.contains(words), "{line}");
        }
    }

    proptest! {
        /// What is written in quotes comes back, whatever it is.
        #[test]
        fn what_is_quoted_comes_back(fields in proptest::collection::vec("[^\r\n]{0,12}", 1..6)) {
            let quoted = |f: &String| format!("\"{}\"", f.replace('"', "\"\""));
            let line = fields.iter().map(quoted).collect::<Vec<_>>().join(";");
            prop_assert_eq!(cut(&line, ';'), Ok(fields));
        }

        #[test]
        fn no_line_is_too_strange(line in any::<String>()) {
            if let Ok(fields) = cut(&line, ',') {
                prop_assert!(!fields.is_empty());
            }
        }
    }
}
