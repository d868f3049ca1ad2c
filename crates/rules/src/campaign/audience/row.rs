//! One line: a person, and what their message says.

use super::columns::Address;
use crate::{identity, phone};

/// Of a value of a variable, characters: what a template's body has room for.
const VALUE_MAX: usize = 1_024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Digits with the country code.
    Number(String),
    /// A business-scoped user id.
    UserId(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// In the file, from 1.
    pub line: usize,
    pub to: To,
    /// The Salesforce record that the person is.
    pub record: Option<String>,
    /// Of the columns that were asked for, in their order. Empty: the variable's
    /// fallback.
    pub values: Vec<String>,
}

/// Field, why and cure.
pub type No = (String, String, String);

pub fn to(address: Address, text: &str) -> Result<To, (String, String)> {
    let no = |why: String, cure: &str| Err((why, cure.to_owned()));
    if address == Address::UserId {
        return match identity::is_bsuid(text) {
            true => Ok(To::UserId(text.to_owned())),
            false => {
                no(format!("'{text}' is no user id"), "write it as it came, for instance MX.118")
            }
        };
    }
    let bytes = text.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii_digit) && text.contains(['E', 'e']) {
        let why = format!("'{text}' is a number that a spreadsheet has rounded");
        return no(why, "make the column a text before you save the file");
    }
    let plus = text.strip_prefix('+').or_else(|| text.strip_prefix("00"));
    let number = match (address, plus) {
        (Address::Phone, None) => {
            let why = format!("'{text}' does not say its country");
            let cure = "write + and the country code; if all have the code without +, name the \
                        column wa_id";
            return no(why, cure);
        }
        (_, Some(number)) => number,
        (_, None) => text,
    };
    match phone::digits(number).filter(|digits| !digits.starts_with('0')) {
        Some(digits) => Ok(To::Number(digits)),
        None => no(
            format!("'{text}' is no phone number"),
            "write + and 7 to 15 digits that begin with the country code",
        ),
    }
}

/// 15 or 18 letters and digits.
pub fn record(id: &str) -> Result<String, No> {
    if matches!(id.len(), 15 | 18) && id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(id.to_owned());
    }
    let why = format!("'{id}' is no id of a Salesforce record");
    Err(("record_id".into(), why, "write its 15 or 18 characters, or leave it empty".into()))
}

/// Meta refuses tabs and runs of more than four blanks in a variable.
pub fn value(name: &str, text: &str) -> Result<String, No> {
    let no = |why: String, cure: &str| Err((name.to_owned(), why, cure.to_owned()));
    let length = text.chars().count();
    if length > VALUE_MAX {
        return no(format!("it has {length} characters, more than {VALUE_MAX}"), "make it shorter");
    }
    if text.chars().any(char::is_control) {
        return no("it holds a tab or another control character".into(), "take it out");
    }
    if text.contains("     ") {
        return no("it holds more than four blanks in a row".into(), "take some out");
    }
    Ok(text.to_owned())
}
