//! The forms of one line: what WhatsApp calls it, what is dialled, and what it
//! was called before its country's numbers were given anew.
//!
//! These are rules of ours and not the metadata's: a match key is stored as a
//! hash, so it may not change when the metadata does.

/// Equal for all forms of one line; digits without `+`. Only compared.
pub fn match_key(digits: &str) -> String {
    mexico(digits)
        .or_else(|| argentina(digits))
        .or_else(|| brazil(digits))
        .or_else(|| renumbered(digits))
        .unwrap_or_else(|| digits.to_owned())
}

fn mexico(digits: &str) -> Option<String> {
    let rest = digits.strip_prefix("521").filter(|r| r.len() == 10)?;
    Some(format!("52{rest}"))
}

fn argentina(digits: &str) -> Option<String> {
    let rest = digits.strip_prefix("549").filter(|r| r.len() == 10)?;
    Some(format!("54{rest}"))
}

/// Without the ninth digit, where the rest is a mobile of eight digits: behind
/// it stands 6 to 9. A mobile number given since may have any digit there, and
/// without the 9 it would be a landline's.
fn brazil(digits: &str) -> Option<String> {
    let rest = digits.strip_prefix("55").filter(|r| r.len() == 11)?;
    let (area, line) = rest.split_at_checked(2)?;
    let eight = line.strip_prefix('9').filter(|l| mobile_of_eight(l))?;
    Some(format!("55{area}{eight}"))
}

fn mobile_of_eight(line: &str) -> bool {
    line.len() == 8 && line.starts_with(|c| ('6'..='9').contains(&c))
}

/// Ivory Coast in 2021, Benin in 2024 and Gabon in 2019 put digits before the
/// numbers that were; the other way two lines could become one.
fn renumbered(digits: &str) -> Option<String> {
    let rest = |code: &str, len: usize| digits.strip_prefix(code).filter(|r| r.len() == len);
    if let Some(old) = rest("225", 8) {
        let mobile = !old.starts_with(['1', '2', '3']);
        let operator = match old.as_bytes().get(1).filter(|_| mobile)? {
            b'0'..=b'3' => "01",
            b'4'..=b'6' => "05",
            _ => "07",
        };
        return Some(format!("225{operator}{old}"));
    }
    if let Some(old) = rest("229", 8) {
        return Some(format!("22901{old}"));
    }
    let old = rest("241", 7).or_else(|| rest("2410", 7))?;
    let before = match old.as_bytes().first()? {
        b'1' => "1",
        b'2' | b'5' | b'6' => "6",
        b'4' | b'7' => "7",
        _ => return None,
    };
    Some(format!("241{before}{old}"))
}

/// The forms under which a line may stand in an international notation,
/// digits only: the key itself and its national variants.
pub fn variants(digits: &str) -> Vec<String> {
    let key = match_key(digits);
    let rest = |code: &str, len: usize| key.strip_prefix(code).filter(|r| r.len() == len);
    let other = if let Some(rest) = rest("52", 10) {
        Some(format!("521{rest}"))
    } else if let Some(rest) = rest("54", 10) {
        Some(format!("549{rest}"))
    } else if let Some((area, line)) = rest("55", 10).and_then(|r| r.split_at_checked(2)) {
        mobile_of_eight(line).then(|| format!("55{area}9{line}"))
    } else if let Some(rest) = rest("22501", 8).or(rest("22505", 8)).or(rest("22507", 8)) {
        Some(format!("225{rest}"))
    } else if let Some(rest) = rest("22901", 8) {
        Some(format!("229{rest}"))
    } else {
        rest("241", 8).map(|rest| format!("241{}", &rest[1..]))
    };
    // an old form that two lines would share is a form of neither
    let other = other.filter(|form| match_key(form) == key);
    std::iter::once(key).chain(other).collect()
}

/// What people read and what is dialled: `+` and the digits that the country's
/// plan has (Mexico without `1`, Argentina with `9`, Brazilian mobiles with
/// the ninth digit).
pub fn e164(digits: &str) -> String {
    let forms = variants(digits);
    let dialled = match forms.as_slice() {
        [_, with] if with.starts_with("549") || with.starts_with("55") => with,
        [key, ..] => key,
        [] => digits,
    };
    format!("+{dialled}")
}
