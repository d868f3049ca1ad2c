//! Records of an org that share a line, and which of them is proposed to stay.
//! Pure: nobody merges anything by it.

use std::collections::BTreeMap;

use model::UnixMs;

use crate::fold::fold;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Lead,
    Contact,
}

/// A record with at least one phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    pub kind: Kind,
    pub name: String,
    /// Its phones as [`crate::phone::match_key`]s: equal for all writings of a line.
    pub lines: Vec<String>,
    pub made_at: UnixMs,
    pub open_cases: u32,
    /// Of the fields that were read, those that are filled.
    pub filled: u32,
}

/// Records that share lines, the one that is proposed to stay first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// One of the lines that two of them share.
    pub line: String,
    pub records: Vec<Candidate>,
    pub why: Why,
    /// Their names differ: perhaps a line of several people, such as a family's or a
    /// company's.
    pub may_be_several: bool,
}

/// What puts the first before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    IsContact,
    OpenCases,
    Filled,
    Older,
}

impl Why {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IsContact => "is a Contact",
            Self::OpenCases => "has more open cases",
            Self::Filled => "has more fields filled",
            Self::Older => "is older",
        }
    }
}

/// Groups of two and more, the largest first. A record of two lines joins the
/// groups of both.
pub fn groups(found: Vec<Candidate>) -> Vec<Group> {
    let mut parent: Vec<usize> = (0..found.len()).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, one) in found.iter().enumerate() {
        for line in &one.lines {
            let other = *first.entry(line).or_insert(at);
            let (a, b) = (root(&mut parent, at), root(&mut parent, other));
            parent[a.max(b)] = a.min(b);
        }
    }
    let roots: Vec<_> = (0..found.len()).map(|at| root(&mut parent, at)).collect();
    let mut sets: BTreeMap<usize, Vec<Candidate>> = BTreeMap::new();
    for (one, root) in found.into_iter().zip(roots) {
        sets.entry(root).or_default().push(one);
    }
    let mut groups: Vec<_> = sets.into_values().filter_map(group).collect();
    groups.sort_by(|a, b| (b.records.len(), &a.line).cmp(&(a.records.len(), &b.line)));
    groups
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

fn group(mut records: Vec<Candidate>) -> Option<Group> {
    // what stays is what most hangs on; the id makes the same report twice alike
    records.sort_by(|a, b| {
        (b.kind, b.open_cases, b.filled, a.made_at, &a.id).cmp(&(
            a.kind,
            a.open_cases,
            a.filled,
            b.made_at,
            &b.id,
        ))
    });
    let [first, second, ..] = &records[..] else { return None };
    let why = if first.kind != second.kind {
        Why::IsContact
    } else if first.open_cases != second.open_cases {
        Why::OpenCases
    } else if first.filled != second.filled {
        Why::Filled
    } else {
        Why::Older
    };
    let line = shared(&records)?;
    let may_be_several = records.iter().any(|one| !alike(&records[0].name, &one.name));
    Some(Group { line, why, may_be_several, records })
}

fn shared(records: &[Candidate]) -> Option<String> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for one in records {
        let mut lines: Vec<_> = one.lines.iter().collect();
        lines.sort_unstable();
        lines.dedup();
        lines.into_iter().for_each(|line| *seen.entry(line).or_default() += 1);
    }
    let most = seen.into_iter().max_by_key(|(line, count)| (*count, std::cmp::Reverse(*line)));
    most.map(|(line, _)| line.to_owned())
}

/// One word of both at least is the same: people leave out names and change
/// their order.
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    a.is_empty() || b.is_empty() || a.split(' ').any(|word| b.split(' ').any(|other| word == other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(id: &str, kind: Kind, name: &str, lines: &[&str]) -> Candidate {
        Candidate {
            id: id.into(),
            kind,
            name: name.into(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            made_at: UnixMs(9),
            open_cases: 0,
            filled: 1,
        }
    }

    #[test]
    fn the_one_that_most_hangs_on_stays() {
        use Kind::{Contact, Lead};
        let ana = |id, kind| one(id, kind, "Ana Ruiz", &["55"]);
        let cases = |id, n| Candidate { open_cases: n, ..ana(id, Contact) };
        let filled = |id, n| Candidate { filled: n, ..ana(id, Contact) };
        let older = |id, ms| Candidate { made_at: UnixMs(ms), ..ana(id, Contact) };
        for (found, stays, why) in [
            (vec![ana("1", Lead), ana("2", Contact)], "2", Why::IsContact),
            (vec![cases("1", 0), cases("2", 3)], "2", Why::OpenCases),
            (vec![filled("1", 2), filled("2", 5)], "2", Why::Filled),
            (vec![older("1", 9), older("2", 3)], "2", Why::Older),
            (vec![older("2", 9), older("1", 9)], "1", Why::Older),
        ] {
            let group = groups(found).remove(0);
            assert_eq!((group.records[0].id.as_str(), group.why), (stays, why));
        }
    }

    #[test]
    fn lines_join_records_and_names_tell_whether_they_may_be_several_people() {
        use Kind::Contact;
        let found = vec![
            one("1", Contact, "Ana Ruiz", &["55"]),
            one("2", Contact, "Ruiz, Ána", &["55", "66"]),
            one("3", Contact, "A. Ruiz", &["66"]),
            one("4", Contact, "Leo Paz", &["77"]),
            one("5", Contact, "Eva Sol", &["77"]),
            one("6", Contact, "Zoe", &["88", "88"]),
        ];
        let groups = groups(found);
        let told: Vec<_> =
            groups.iter().map(|g| (g.records.len(), g.line.as_str(), g.may_be_several)).collect();
        assert_eq!(told, [(3, "55", false), (2, "77", true)]);
    }

    proptest! {
        /// Each record is in one group at most, and who shares a line in the same.
        #[test]
        fn who_shares_a_line_is_together(lines in proptest::collection::vec(
            proptest::collection::vec(0u8..12, 1..3), 0..40))
        {
            let found: Vec<_> = lines.iter().enumerate().map(|(n, lines)| {
                let lines: Vec<_> = lines.iter().map(|l| l.to_string()).collect();
                let lines: Vec<_> = lines.iter().map(String::as_str).collect();
                one(&n.to_string(), Kind::Lead, "x", &lines)
            }).collect();
            let groups = groups(found.clone());
            let place = |id: &str| groups.iter().position(|g| g.records.iter().any(|r| r.id == id));
            let members: usize = groups.iter().map(|g| g.records.len()).sum();
            prop_assert!(members <= found.len());
            for a in &found {
                for b in found.iter().filter(|b| b.id != a.id) {
                    if a.lines.iter().any(|line| b.lines.contains(line)) {
                        prop_assert!(place(&a.id).is_some());
                        prop_assert_eq!(place(&a.id), place(&b.id));
                    }
                }
            }
        }
    }
}
