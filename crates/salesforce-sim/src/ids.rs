//! Record ids: 15 characters that tell upper from lower case, 3 more that let
//! the rest be compared without case.

/// The three characters that follow the first fifteen (Object Reference, ID
/// field type): per group of five, bit i is set when character i is an
/// upper-case letter, and the five bits pick one of 32 characters.
pub fn suffix(fifteen: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    fifteen
        .as_bytes()
        .chunks(5)
        .map(|group| {
            let bits =
                group.iter().rev().fold(0, |n, c| n << 1 | usize::from(c.is_ascii_uppercase()));
            ALPHABET[bits & 31] as char
        })
        .collect()
}

/// The 18-character form of an id given in either form; `None` when its
/// length, its characters or its suffix are wrong.
pub fn full(id: &str) -> Option<String> {
    if !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    match id.len() {
        15 => Some(format!("{id}{}", suffix(id))),
        18 if id[15..].eq_ignore_ascii_case(&suffix(&id[..15])) => {
            Some(format!("{}{}", &id[..15], suffix(&id[..15])))
        }
        _ => None,
    }
}

/// Makes ids of one pod, counting up in base 62.
#[derive(Debug)]
pub struct Minter {
    next: u64,
}

impl Minter {
    pub fn new(first: u64) -> Self {
        Self { next: first }
    }

    /// The next id under a key prefix such as `00Q`, 18 characters.
    pub fn mint(&mut self, prefix: &str) -> String {
        let fifteen = format!("{prefix}Ho{}", base62(self.next));
        self.next += 1;
        full(&fifteen).unwrap_or(fifteen)
    }
}

/// Ten base-62 digits.
fn base62(mut n: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut out = [b'0'; 10];
    for place in out.iter_mut().rev() {
        *place = DIGITS[(n % 62) as usize];
        n /= 62;
    }
    out.iter().map(|b| *b as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_of_recorded_ids() {
        for (fifteen, want) in [
            ("0015500001QdQWa", "AAN"),
            ("0035500001H9cak", "AAB"),
            ("001D000000IRFma", "IAH"),
            ("000000000000000", "AAA"),
            ("ZZZZZZZZZZZZZZZ", "555"),
        ] {
            assert_eq!(suffix(fifteen), want, "{fifteen}");
            assert_eq!(full(fifteen), full(&format!("{fifteen}{want}")));
        }
    }

    #[test]
    fn wrong_ids_are_refused() {
        for id in [
            "",
            "001",
            "0015500001QdQWaAAB",
            "0015500001QdQWaAA",
            "0015500001QdQ-aAAN",
            "0015500001QdQWé",
        ] {
            assert_eq!(full(id), None, "{id}");
        }
        assert_eq!(full("0015500001QdQWaaan").as_deref(), Some("0015500001QdQWaAAN"));
    }

    #[test]
    fn minted_ids_are_whole_and_rise() {
        let mut minter = Minter::new(61);
        let (a, b) = (minter.mint("00Q"), minter.mint("00Q"));
        assert_eq!((a.len(), b.len()), (18, 18));
        assert_eq!(full(&a), Some(a.clone()));
        assert!(a[..15] < b[..15], "{a} {b}");
    }
}
