//! The CSV of Bulk API 2.0: UTF-8, comma, LF, quoted as in RFC 4180.

/// Appends one cell; quoted where it must be.
pub(super) fn write(out: &mut Vec<u8>, text: &str) {
    if !text.bytes().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
    {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// The rows of a file, each a list of cells. A row that ends before its
/// closing quote is the last one.
pub(super) struct Rows<'a> {
    left: &'a [u8],
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        Self { left: text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text) }
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left.is_empty() {
            return None;
        }
        let (mut cells, mut cell) = (Vec::new(), Vec::new());
        let (mut quoted, mut at) = (false, 0);
        while let Some(&byte) = self.left.get(at) {
            at += 1;
            match byte {
                b'"' if quoted && self.left.get(at) == Some(&b'"') => {
                    cell.push(b'"');
                    at += 1;
                }
                b'"' => quoted = !quoted,
                b',' if !quoted => cells.push(text(&mut cell)),
                b'\r' if !quoted && self.left.get(at) == Some(&b'\n') => {}
                b'\n' if !quoted => break,
                other => cell.push(other),
            }
        }
        self.left = &self.left[at..];
        cells.push(text(&mut cell));
        Some(cells)
    }
}

fn text(cell: &mut Vec<u8>) -> String {
    String::from_utf8_lossy(&std::mem::take(cell)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_must_be_is_quoted() {
        for (cell, want) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            (" led", "\" led\""),
        ] {
            let mut out = Vec::new();
            write(&mut out, cell);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }

    #[test]
    fn both_line_endings_and_a_missing_last_one_are_read() {
        let rows: Vec<_> = Rows::of(b"\xef\xbb\xbf\"a\",b\r\n\"1,\"\"2\"\"\",\n3").collect();
        assert_eq!(rows, [vec!["a", "b"], vec!["1,\"2\"", ""], vec!["3"]]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            rows in proptest::collection::vec(proptest::collection::vec("[ -~\n\r,\"é🚀]{0,12}", 2..5), 1..5),
        ) {
            let mut out = Vec::new();
            for row in &rows {
                for (n, cell) in row.iter().enumerate() {
                    if n > 0 {
                        out.push(b',');
                    }
                    write(&mut out, cell);
                }
                out.push(b'\n');
            }
            let read: Vec<_> = Rows::of(&out).collect();
            prop_assert_eq!(read, rows);
        }
    }
}
