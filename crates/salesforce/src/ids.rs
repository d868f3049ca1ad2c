//! Record ids: 15 characters that tell upper from lower case, or 18 whose last
//! three say which of the 15 are upper case (REST API, ID field type).

use model::ids::{OrgId, RecordId};

const SUFFIXES: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The 18-character form. `None` when `id` is not 15 or 18 letters and digits,
/// or when its suffix contradicts its first 15 characters.
pub fn to_18(id: &str) -> Option<String> {
    if !matches!(id.len(), 15 | 18) || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let mut long = id[..15].to_owned();
    for group in id.as_bytes()[..15].chunks(5) {
        let upper = |(i, b): (usize, &u8)| usize::from(b.is_ascii_uppercase()) << i;
        let bits: usize = group.iter().enumerate().map(upper).sum();
        long.push(char::from(SUFFIXES[bits]));
    }
    (id.len() == 15 || long[15..].eq_ignore_ascii_case(&id[15..])).then_some(long)
}

/// A record id in its 18-character form; `None` as in [`to_18`].
pub fn record_id(id: &str) -> Option<RecordId> {
    to_18(id).map(RecordId::new)
}

/// A record id out of an answer of Salesforce's, which is believed: what was
/// written must not be taken for lost over a suffix. `None` when it is no id.
pub(crate) fn answered(id: &str) -> Option<RecordId> {
    let long = id.len() == 18 && id.bytes().all(|b| b.is_ascii_alphanumeric());
    if long { Some(RecordId::new(id)) } else { record_id(id) }
}

/// An org id in its 18-character form; `None` as in [`to_18`] or when it does
/// not begin with `00D`.
pub fn org_id(id: &str) -> Option<OrgId> {
    to_18(id).filter(|id| id.starts_with("00D")).map(OrgId::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn suffixes_match_ids_seen_in_real_answers() {
        for long in ["0015500001QdQWaAAN", "0035500001H9cakAAB"] {
            assert_eq!(to_18(&long[..15]).as_deref(), Some(long));
            assert_eq!(to_18(long).as_deref(), Some(long));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for bad in
            ["", "0015500001QdQW", "0015500001QdQWaAAA", "0015500001QdQW'", "00155é0001QdQWa"]
        {
            assert_eq!(to_18(bad), None, "{bad}");
        }
        assert_eq!(answered("0015500001QdQWaAAA"), Some(RecordId::new("0015500001QdQWaAAA")));
        assert_eq!(answered("0015500001QdQWa"), Some(RecordId::new("0015500001QdQWaAAN")));
        assert_eq!(answered("0015500001QdQW"), None);
        assert_eq!(org_id("0015500001QdQWa"), None);
        assert!(org_id("00D5500001QdQWa").is_some());
    }

    proptest! {
        #[test]
        fn the_long_form_survives_a_loss_of_case_in_its_suffix(id in "[0-9A-Za-z]{15}") {
            let long = to_18(&id).unwrap();
            prop_assert_eq!(long.len(), 18);
            let lower = format!("{}{}", &long[..15], long[15..].to_lowercase());
            prop_assert_eq!(to_18(&lower), Some(long));
        }
    }
}
