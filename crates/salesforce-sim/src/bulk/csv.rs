//! Reading an upload, as strictly as Salesforce does.

/// `ClientInputError : ...` or `InvalidBatch : ...`
pub type Complaint = String;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnding {
    Lf,
    CrLf,
}

impl LineEnding {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "LF" => Some(Self::Lf),
            "CRLF" => Some(Self::CrLf),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::CrLf => "CRLF",
        }
    }
}

pub const DELIMITERS: [(&str, u8); 6] = [
    ("COMMA", b','),
    ("TAB", b'\t'),
    ("SEMICOLON", b';'),
    ("PIPE", b'|'),
    ("CARET", b'^'),
    ("BACKQUOTE", b'`'),
];

/// All rows, the header first. Each has as many cells as the header.
pub fn read(text: &[u8], ending: LineEnding, delimiter: u8) -> Result<Vec<Vec<String>>, Complaint> {
    let text = std::str::from_utf8(text)
        .map_err(|_| "ClientInputError : the data is not UTF-8".to_owned())?;
    let bytes = text.as_bytes();
    let wrong = || {
        let name = ending.name();
        format!(
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {name}"
        )
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut cells, mut cell) = (Vec::new(), Vec::new());
    let (mut quoted, mut at) = (false, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        match byte {
            b'"' if quoted && bytes.get(at) == Some(&b'"') => {
                cell.push(b'"');
                at += 1;
            }
            b'"' => quoted = !quoted,
            b'\r' if ending == LineEnding::CrLf && bytes.get(at) == Some(&b'\n') => {
                at += 1;
                if quoted {
                    cell.extend_from_slice(b"\r\n");
                } else {
                    end_row(&mut rows, &mut cells, &mut cell)?;
                }
            }
            // also within quotes: the other ending is none
            b'\r' => return Err(wrong()),
            b'\n' if ending == LineEnding::CrLf => return Err(wrong()),
            b'\n' if !quoted => end_row(&mut rows, &mut cells, &mut cell)?,
            other if other == delimiter && !quoted => cells.push(text_of(&mut cell)),
            other => cell.push(other),
        }
    }
    if quoted {
        return Err("ClientInputError : a quoted value does not end".to_owned());
    }
    if !cell.is_empty() || !cells.is_empty() {
        end_row(&mut rows, &mut cells, &mut cell)?;
    }
    if rows.is_empty() {
        return Err("InvalidBatch : the data has no header".to_owned());
    }
    Ok(rows)
}

fn end_row(
    rows: &mut Vec<Vec<String>>,
    cells: &mut Vec<String>,
    cell: &mut Vec<u8>,
) -> Result<(), Complaint> {
    cells.push(text_of(cell));
    let row = std::mem::take(cells);
    // an empty line is skipped, unless one empty cell is all that a row has
    let wide = rows.first().map_or(row.len(), Vec::len);
    if row.len() == 1 && row[0].is_empty() && wide > 1 {
        return Ok(());
    }
    if row.len() != wide {
        let (line, has) = (rows.len() + 1, row.len());
        return Err(format!("InvalidBatch : row {line} has {has} values, the header has {wide}"));
    }
    rows.push(row);
    Ok(())
}

fn text_of(cell: &mut Vec<u8>) -> String {
    String::from_utf8_lossy(&std::mem::take(cell)).into_owned()
}

/// One line of a results file: every cell quoted, LF at its end.
pub fn line<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lf(text: &str) -> Result<Vec<Vec<String>>, Complaint> {
        read(text.as_bytes(), LineEnding::Lf, b',')
    }

    #[test]
    fn quotes_hold_delimiters_and_line_ends() {
        let rows = lf("A,B\n\"x,\"\"y\"\"\nz\",\n1,2").unwrap();
        assert_eq!(rows, [vec!["A", "B"], vec!["x,\"y\"\nz", ""], vec!["1", "2"]]);
        let rows = read(b"A\tB\r\n1\t\"2\r\n3\"\r\n", LineEnding::CrLf, b'\t').unwrap();
        assert_eq!(rows, [vec!["A", "B"], vec!["1", "2\r\n3"]]);
        assert_eq!(lf("A,B\n\n1,2\n\n").unwrap().len(), 2, "empty lines are skipped");
        assert_eq!(lf("A\n").unwrap(), [vec!["A"]]);
    }

    #[test]
    fn what_salesforce_refuses_is_refused() {
        for (text, says) in [
            (
                "A,B\r\n1,2\r\n",
                "LineEnding is invalid on user data. Current LineEnding setting is LF",
            ),
            ("A,B\n\"1\r\n\",2\n", "LineEnding is invalid"),
            ("A,B\n1\n", "InvalidBatch : row 2 has 1 values"),
            ("A,B\n\"1,2\n", "does not end"),
            ("", "no header"),
        ] {
            let complaint = lf(text).unwrap_err();
            assert!(complaint.contains(says), "{text:?}: {complaint}");
        }
        assert!(read(b"A\n1\n", LineEnding::CrLf, b',').unwrap_err().contains("setting is CRLF"));
        assert!(read(b"A\n\xff\n", LineEnding::Lf, b',').is_err());
    }
}
