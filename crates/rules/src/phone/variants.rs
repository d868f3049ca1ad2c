//! The forms of one line: what WhatsApp calls it, and what is dialled.
//!
//! These are rules of ours and not the metadata's: a match key is stored as a
//! hash, so it may not change when the metadata does.

/// Equal for all forms of one line; digits without `+`. Only compared.
pub fn match_key(digits: &str) -> String {
    mexico(digits)
        .or_else(|| argentina(digits))
        .or_else(|| brazil(digits))
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
    } else {
        None
    };
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
