//! Consents in a CSV file (RFC 4180), line by line.

use anyhow::bail;

const NAMES: [&str; 8] =
    ["to", "purpose", "kind", "happened_at", "channel", "source", "wording", "evidence"];
/// Without a time the same file would record everything again.
const NEEDED: usize = 4;

/// The fields of one line by name, or what is wrong with it.
pub type Line = Result<Vec<(String, String)>, String>;

/// Each record with the number of the line it begins on, from 1. Fails when the
/// first line does not name the columns.
pub fn lines(text: &str) -> anyhow::Result<Vec<(usize, Line)>> {
    let mut records = records(text.trim_start_matches('\u{feff}')).into_iter();
    let Some((_, Ok(header))) = records.next() else {
        bail!("the first line must name the columns: {}", NAMES.join(","));
    };
    let header: Vec<_> = header.iter().map(|name| name.trim().to_lowercase()).collect();
    if let Some(other) = header.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!("line 1: there is no column '{other}'; the columns are {}", NAMES.join(","));
    }
    if let Some(missing) = NAMES[..NEEDED].iter().find(|name| !header.iter().any(|h| h == *name)) {
        bail!("line 1: the column '{missing}' is missing");
    }
    Ok(records
        .filter(|(_, record)| !matches!(record, Ok(fields) if fields.iter().all(|f| f.trim().is_empty())))
        .map(|(line, record)| (line, record.and_then(|fields| named(&header, fields))))
        .collect())
}

fn named(header: &[String], fields: Vec<String>) -> Line {
    if fields.len() != header.len() {
        let (has, names) = (fields.len(), header.len());
        return Err(format!("it has {has} fields, the first line names {names}"));
    }
    let named: Vec<_> =
        header.iter().cloned().zip(fields.iter().map(|f| f.trim().to_owned())).collect();
    match named.iter().find(|(name, value)| NAMES[..NEEDED].contains(&&**name) && value.is_empty())
    {
        Some((name, _)) => Err(format!("{name}: it is empty")),
        None => Ok(named),
    }
}

type Record = Result<Vec<String>, String>;

fn records(text: &str) -> Vec<(usize, Record)> {
    let (mut out, mut line) = (Vec::new(), 1);
    let mut rest = text.chars().peekable();
    while rest.peek().is_some() {
        let began = line;
        let (mut fields, mut field, mut quoted, mut wrong) =
            (Vec::new(), String::new(), false, None);
        loop {
            match rest.next() {
                None => break,
                Some('"') if quoted && rest.peek() == Some(&'"') => {
                    rest.next();
                    field.push('"');
                }
                Some('"') if quoted => quoted = false,
                Some('"') if field.is_empty() => quoted = true,
                Some('"') => {
                    wrong = Some("a quote stands within a field; double it, and quote the field")
                }
                Some('\n') if !quoted => {
                    line += 1;
                    break;
                }
                Some('\r') if !quoted && matches!(rest.peek(), None | Some('\n')) => {}
                Some(',') if !quoted => fields.push(std::mem::take(&mut field)),
                Some(c) => {
                    line += usize::from(c == '\n');
                    field.push(c);
                }
            }
        }
        fields.push(field);
        if quoted {
            wrong = Some("a quoted field has no end");
        }
        out.push((began, wrong.map_or(Ok(fields), |why| Err(why.to_owned()))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "to,purpose,kind,happened_at,wording\n";

    fn read(rows: &str) -> Vec<(usize, Result<String, String>)> {
        let lines = lines(&format!("{HEAD}{rows}")).unwrap();
        let last = |fields: Vec<(String, String)>| fields.last().unwrap().1.clone();
        lines.into_iter().map(|(line, read)| (line, read.map(last))).collect()
    }

    #[test]
    fn good_lines_are_read_and_others_are_named() {
        let rows = "+1555,marketing,opt_in,2024-01-01T00:00:00Z,plain\r\n\
            +1555,marketing,opt_in,2024-01-01T00:00:00Z,\"with, comma and \"\"quotes\"\"\"\n\
            \n\
            +1555,marketing,opt_in\n\
            +1555,marketing,opt_in,2024-01-01T00:00:00Z,\"two\nlines\"\n\
            +1555,marketing,opt_in,,x\n\
            +1555,marketing,opt_in,2024-01-01T00:00:00Z,a \"quote\"\n\
            +1555,marketing,opt_in,2024-01-01T00:00:00Z,last";
        let read = read(rows);
        let good: Vec<_> =
            read.iter().filter_map(|(line, r)| Some((*line, r.as_deref().ok()?))).collect();
        assert_eq!(
            good,
            [(2, "plain"), (3, "with, comma and \"quotes\""), (6, "two\nlines"), (10, "last")]
        );
        let wrong: Vec<_> =
            read.iter().filter_map(|(line, r)| Some((*line, r.as_ref().err()?.as_str()))).collect();
        assert_eq!(wrong[0], (5, "it has 3 fields, the first line names 5"));
        assert_eq!(wrong[1], (8, "happened_at: it is empty"));
        assert!(wrong[2].0 == 9 && wrong[2].1.contains("quote"), "{wrong:?}");
        assert_eq!(wrong.len(), 3);
    }

    #[test]
    fn a_quote_without_end_takes_the_rest_and_is_named() {
        let read = read("+1555,marketing,opt_in,2024-01-01T00:00:00Z,\"open\n+1556,x,y,z,w\n");
        assert_eq!(read, [(2, Err("a quoted field has no end".to_owned()))]);
    }

    #[test]
    fn the_first_line_names_the_columns() {
        for (text, told) in [
            ("", "must name the columns"),
            ("to,purpose,kind\n", "'happened_at' is missing"),
            ("to,purpose,kind,happened_at,tlf\n", "no column 'tlf'"),
        ] {
            let error = format!("{:#}", lines(text).unwrap_err());
            assert!(error.contains(told), "{text:?}: {error}");
        }
        assert!(lines("\u{feff}To, Purpose ,kind,happened_at\r\n").unwrap().is_empty());
    }
}
