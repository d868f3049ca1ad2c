use super::*;
use proptest::prelude::*;

fn read(text: &[u8], wanted: &[&str]) -> Vec<Line> {
    let mut reader = Reader::new(wanted.iter().map(|name| (*name).to_owned()).collect());
    let mut lines = reader.push(text);
    lines.extend(reader.finish());
    lines
}

fn number(digits: &str) -> To {
    To::Number(digits.into())
}

#[test]
fn good_lines_are_taken_and_each_other_is_named() {
    let text = "\u{feff}Phone;Name;Record_Id;notes\r\n\
                +52 55 1234-5678;Ana;003550000001QdQ;x\r\n\
                \r\n\
                5512345678;Beto;;x\r\n\
                +55 (11) 98765-4321;\"Caio; o outro\";;\r\n\
                ;;;\r\n\
                5.25512E+11;Eva;;x\r\n\
                +34600000001;\"Eva;;x\r\n\
                +34600000002;Fe;x\r\n\
                0034600000003;Gil;;x\r\n\
                ;Hugo;;x\r\n\
                +34600000004;Ida;00;x";
    let lines = read(text.as_bytes(), &["name"]);
    let told: Vec<_> = lines
        .iter()
        .map(|line| match line {
            Ok(row) => format!("{} {:?} {:?} {:?}", row.line, row.to, row.record, row.values),
            Err(complaint) => complaint.to_string(),
        })
        .collect();
    let want = [
        "2 Number(\"525512345678\") Some(\"003550000001QdQ\") [\"Ana\"]",
        "line 4, phone: '5512345678' does not say its country; write + and the country code; if \
         all have the code without +, name the column wa_id",
        "5 Number(\"5511987654321\") None [\"Caio; o outro\"]",
        "line 7, phone: '5.25512E+11' is a number that a spreadsheet has rounded; make the column \
         a text before you save the file",
        "line 8, line: a quote is opened and not closed; close it on the same line: a line break \
         cannot be sent in a variable",
        "line 9, line: 3 fields, and 4 columns; put fields with a ';' in them in quotes",
        "10 Number(\"34600000003\") None [\"Gil\"]",
        "line 11, phone: it is empty; fill it, or leave the line out",
        "line 12, record_id: '00' is no id of a Salesforce record; write its 15 or 18 characters, \
         or leave it empty",
    ];
    assert_eq!(told, want);
}

#[test]
fn the_first_line_says_what_columns_are_and_one_mistake_refuses_the_file() {
    for (header, wanted, words) in [
        ("name,city", &["name"][..], "line 1, phone: no column says whom"),
        ("phone,name,Name", &[], "line 1, name: two columns"),
        ("phone,city", &["name"], "bind the variable to one of phone, city"),
        ("phone,\"name", &[], "line 1, line: a quote is opened"),
        ("phone,name\r+34600000001,x\r", &[], "line 1, line: it holds a line break"),
        ("", &[], "line 1, file: it is empty"),
    ] {
        let lines = read(format!("{header}\n+34600000001,x\n").as_bytes(), wanted);
        if header.is_empty() {
            // the first line that is not empty has the names
            assert!(lines[0].as_ref().unwrap_err().to_string().starts_with("line 2, phone"));
            continue;
        }
        assert_eq!(lines.len(), 1, "{header}: nothing is read");
        let told = lines[0].as_ref().unwrap_err().to_string();
        assert!(told.contains(words), "{header}: {told}");
    }
    assert!(read(b"", &[])[0].as_ref().unwrap_err().to_string().contains("it is empty"));
    let mut reader = Reader::new(vec!["name".into()]);
    reader.push(b"wa_id\tname\tcity\t\n");
    assert_eq!((reader.unused(), reader.is_refused()), (vec!["city"], false));
}

#[test]
fn a_person_is_a_number_or_a_user_id_and_nothing_is_guessed() {
    for (line, to) in [
        ("+525512345678,,", Some(number("525512345678"))),
        (",5215512345678,", Some(number("5215512345678"))),
        (",+5215512345678,", Some(number("5215512345678"))),
        (",,MX.118", Some(To::UserId("MX.118".into()))),
        ("+525512345678,,MX.118", Some(number("525512345678"))),
        (",,mx.118", None),
        ("+055123456,,", None),
        ("+52551,,", None),
        ("+52 55 1234 ext 5,,", None),
        (",0445512345678,", None),
    ] {
        let lines = read(format!("phone,wa_id,user_id\n{line}\n").as_bytes(), &[]);
        assert_eq!(lines[0].as_ref().ok().map(|row| row.to.clone()), to, "{line}");
    }
}

#[test]
fn what_meta_refuses_in_a_variable_is_refused_here() {
    let long = "x".repeat(1_025);
    for (value, words) in
        [("a\tb", "control"), ("a     b", "four blanks"), (long.as_str(), "more than 1024")]
    {
        let text = format!("phone,name,x\n+34600000001,{value},\n");
        let told = read(text.as_bytes(), &["name"])[0].as_ref().unwrap_err().to_string();
        assert!(told.starts_with("line 2, name: ") && told.contains(words), "{told}");
    }
    let lines = read(b"phone,name\n+34600000001,a    b\n+34600000002,\n", &["name"]);
    let values: Vec<_> =
        lines.iter().map(|line| line.as_ref().unwrap().values[0].as_str()).collect();
    assert_eq!(values, ["a    b", ""]);
}

#[test]
fn a_line_too_long_or_of_another_encoding_costs_itself() {
    let mut text = b"phone,name\n+34600000001,".to_vec();
    text.extend(std::iter::repeat_n(b'x', 3 * LINE_MAX));
    text.extend(b"\n+34600000002,Jos\xe9\n+34600000003,Ana\n");
    let lines = read(&text, &["name"]);
    let told = |n: usize| lines[n].as_ref().unwrap_err().to_string();
    assert!(told(0).starts_with("line 2, line: it has more than"));
    assert!(told(1).starts_with("line 3, line: it is not UTF-8; save"));
    assert_eq!((lines[2].as_ref().unwrap().line, lines.len()), (4, 3));
}

#[test]
fn the_longest_line_is_taken_and_one_byte_more_is_not() {
    for (more, bom, end) in [
        (0, "", "\n"),
        (0, "\u{feff}", "\r\n"),
        (0, "", ""),
        (1, "\u{feff}", "\r\n"),
        (1, "", "\n"),
        (1, "", ""),
    ] {
        // the first line is the longest: phone and one long name
        let header = format!("phone,{}", "x".repeat(LINE_MAX - 6 + more));
        let mut reader = Reader::new(Vec::new());
        let mut lines = Vec::new();
        for piece in format!("{bom}{header}{end}").as_bytes().chunks(4_096) {
            lines.extend(reader.push(piece));
        }
        lines.extend(reader.finish());
        let told: Vec<_> = lines.iter().map(|l| l.as_ref().unwrap_err().why.as_str()).collect();
        match more {
            0 => assert!(told.is_empty(), "{bom:?} {end:?} {told:?}"),
            _ => assert!(told[0].contains("more than 65536 bytes"), "{bom:?} {end:?} {told:?}"),
        }
    }
}

proptest! {
    /// However the file comes in pieces, the same is read; nothing kept between
    /// pieces is longer than a line may be.
    #[test]
    fn pieces_make_no_difference(
        lines in proptest::collection::vec(
            prop_oneof![
                "[+]?[0-9]{5,16},[a-z\"]{0,5}", "[^\n]{0,20}", Just(String::new()),
            ],
            0..20,
        ),
        cut in 1usize..40,
    ) {
        let text = format!("phone,name\n{}", lines.join("\n"));
        let whole = read(text.as_bytes(), &["name"]);
        let mut reader = Reader::new(vec!["name".into()]);
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(cut) {
            found.extend(reader.push(piece));
            prop_assert!(reader.rest.len() <= KEPT_MAX);
        }
        found.extend(reader.finish());
        prop_assert_eq!(found, whole);
    }

    /// Each line that says something is taken or named, once.
    #[test]
    fn nothing_is_lost_silently(
        lines in proptest::collection::vec("[+0-9a-z;\" ]{0,12}", 0..20),
    ) {
        let text = format!("phone,name\n{}\n", lines.join("\n"));
        let said = lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let want: Vec<_> = said.map(|(at, _)| at + 2).collect();
        let line = |line: &Line| match line {
            Ok(row) => row.line,
            Err(complaint) => complaint.line.unwrap(),
        };
        prop_assert_eq!(read(text.as_bytes(), &["name"]).iter().map(line).collect::<Vec<_>>(), want);
    }
}
