//! What a row that stands on one side, or on both, means.

use model::Status;

use super::merge::{Keyed, Met};

/// Our own objects; the order is the order of dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Person,
    Conversation,
    Message,
}

/// How far a row of ours got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mirror {
    pub wanted: i64,
    /// 0 when Salesforce never had it.
    pub done: i64,
    /// Refused, and waiting for a person.
    pub aside: bool,
}

/// A row that we hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    pub key: String,
    /// `None`: nobody ever asked for it in Salesforce.
    pub mirror: Option<Mirror>,
    /// Of a message, in the words of the package's picklist.
    pub standing: Option<&'static str>,
}

/// A row that Salesforce shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    pub key: String,
    pub record: String,
    pub standing: Option<String>,
}

impl Keyed for Ours {
    fn key(&self) -> &str {
        &self.key
    }
}

impl Keyed for Theirs {
    fn key(&self) -> &str {
        &self.key
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Same,
    /// Its newest version is not written yet.
    Waiting,
    /// Refused by Salesforce, for a person to look at.
    Aside,
    /// It was written, and somebody deleted it.
    Missing,
    /// It was never asked for: a defect of ours.
    Unwanted,
    /// The status there is below ours, or none that we ever write.
    Lower,
    /// The status there is above ours: this database is older than that.
    Higher,
    /// A row there that is not ours.
    Extra,
}

impl Verdict {
    pub const ALL: [Self; 8] = [
        Self::Same,
        Self::Waiting,
        Self::Aside,
        Self::Missing,
        Self::Unwanted,
        Self::Lower,
        Self::Higher,
        Self::Extra,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Waiting => "waiting",
            Self::Aside => "aside",
            Self::Missing => "missing",
            Self::Unwanted => "unwanted",
            Self::Lower => "lower",
            Self::Higher => "higher",
            Self::Extra => "extra",
        }
    }

    /// Both sides disagree though nothing is under way. The two were read one
    /// after the other, so it is believed only after a second look at both.
    pub const fn needs_a_second_look(self) -> bool {
        !matches!(self, Self::Same | Self::Waiting | Self::Aside)
    }

    /// Writing the row again makes both sides agree. An extra row may be
    /// somebody's work, and one that is ahead knows more than we do.
    pub const fn is_repaired_by_writing(self) -> bool {
        matches!(self, Self::Missing | Self::Unwanted | Self::Lower)
    }
}

/// Whether a key of this object can be one of ours. Only such keys are walked
/// in order: how Salesforce sorts others depends on the org's language.
pub fn is_key(kind: Kind, key: &str) -> bool {
    let (prefix, digits) = match kind {
        Kind::Person => ("per_", 32),
        Kind::Conversation => ("con_", 32),
        Kind::Message => ("", 64),
    };
    let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
    key.strip_prefix(prefix).is_some_and(|rest| rest.len() == digits && rest.bytes().all(hex))
}

pub fn judge(met: &Met<Ours, Theirs>) -> Verdict {
    let (ours, theirs) = match met {
        Met::Right(_) => return Verdict::Extra,
        Met::Left(ours) => (ours, None),
        Met::Both(ours, theirs) => (ours, Some(theirs)),
    };
    match (ours.mirror, theirs) {
        (Some(mirror), _) if mirror.aside => Verdict::Aside,
        (Some(mirror), _) if mirror.wanted > mirror.done => Verdict::Waiting,
        (Some(_), None) => Verdict::Missing,
        (None, None) => Verdict::Unwanted,
        (_, Some(theirs)) => standing(ours.standing, theirs.standing.as_deref()),
    }
}

fn standing(ours: Option<&str>, theirs: Option<&str>) -> Verdict {
    if ours == theirs {
        return Verdict::Same;
    }
    let rank = |word: &str| Status::ALL.into_iter().find(|s| s.as_str() == word);
    match (ours.and_then(rank), theirs.and_then(rank)) {
        (Some(ours), Some(theirs)) if theirs > ours => Verdict::Higher,
        _ => Verdict::Lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(mirror: Option<(i64, i64, bool)>, standing: &'static str) -> Ours {
        let mirror = mirror.map(|(wanted, done, aside)| Mirror { wanted, done, aside });
        Ours { key: "a".into(), mirror, standing: Some(standing) }
    }

    fn theirs(standing: Option<&str>) -> Theirs {
        Theirs { key: "a".into(), record: "r".into(), standing: standing.map(Into::into) }
    }

    #[test]
    fn a_row_on_one_side_only() {
        for (mirror, want) in [
            (Some((3, 3, false)), Verdict::Missing),
            (Some((4, 3, false)), Verdict::Waiting),
            (Some((1, 0, false)), Verdict::Waiting),
            (Some((1, 0, true)), Verdict::Aside),
            (None, Verdict::Unwanted),
        ] {
            assert_eq!(judge(&Met::Left(ours(mirror, "sent"))), want, "{mirror:?}");
        }
        assert_eq!(judge(&Met::Right(theirs(None))), Verdict::Extra);
    }

    #[test]
    fn a_row_on_both_sides() {
        let done = Some((3, 3, false));
        for (here, there, want) in [
            ("delivered", Some("delivered"), Verdict::Same),
            ("received", Some("received"), Verdict::Same),
            ("delivered", Some("sent"), Verdict::Lower),
            ("delivered", Some("failed"), Verdict::Lower),
            ("delivered", Some("on hold"), Verdict::Lower),
            ("delivered", None, Verdict::Lower),
            ("received", Some("read"), Verdict::Lower),
            ("delivered", Some("read"), Verdict::Higher),
        ] {
            let met = Met::Both(ours(done, here), theirs(there));
            assert_eq!(judge(&met), want, "{here} here and {there:?} there");
        }
        let waits = Met::Both(ours(Some((4, 3, false)), "read"), theirs(Some("sent")));
        assert_eq!(judge(&waits), Verdict::Waiting);
        let aside = Met::Both(ours(Some((4, 3, true)), "read"), theirs(Some("sent")));
        assert_eq!(judge(&aside), Verdict::Aside);
    }

    #[test]
    fn what_is_repaired_was_looked_at_twice() {
        for verdict in Verdict::ALL {
            assert!(verdict.needs_a_second_look() || !verdict.is_repaired_by_writing());
        }
    }

    #[test]
    fn only_what_we_could_have_written_is_a_key() {
        let hex = "0f".repeat(32);
        assert!(is_key(Kind::Message, &hex));
        assert!(is_key(Kind::Person, &format!("per_{}", &hex[..32])));
        for (kind, key) in [
            (Kind::Message, hex.to_uppercase()),
            (Kind::Message, hex[1..].to_owned()),
            (Kind::Conversation, format!("per_{}", &hex[..32])),
            (Kind::Person, "X-1".into()),
            (Kind::Message, String::new()),
        ] {
            assert!(!is_key(kind, &key), "{key}");
        }
    }
}
