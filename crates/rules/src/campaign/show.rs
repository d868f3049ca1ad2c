//! What a CampaignMember in Salesforce is to show of a member.

use super::outcome::DAY_MS;

/// For so long after the message, what the person writes counts as an answer to
/// the campaign.
pub const ANSWERS_MS: i64 = 7 * DAY_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    Sent,
    Answered,
}

/// How a CampaignMember stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    pub status: &'a str,
    /// Its status counts as a response.
    pub responded: bool,
}

/// The campaign's own words for what became of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<'a> {
    pub sent: &'a str,
    pub responded: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show<'a> {
    /// It says so, or more than that.
    Keep,
    Change(&'a str),
    Add(&'a str),
}

/// A response is never taken back, whoever noted it.
pub fn show<'a>(there: Option<&Standing<'_>>, wanted: Shown, words: Words<'a>) -> Show<'a> {
    let word = match wanted {
        Shown::Sent => words.sent,
        Shown::Answered => words.responded,
    };
    match there {
        None => Show::Add(word),
        Some(there) if there.responded || there.status == word => Show::Keep,
        Some(_) => Show::Change(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_shows_what_became_of_it_and_never_less() {
        let words = Words { sent: "Sent", responded: "Responded" };
        let there = |status, responded| Some(Standing { status, responded });
        for (standing, wanted, expected) in [
            (None, Shown::Sent, Show::Add("Sent")),
            (None, Shown::Answered, Show::Add("Responded")),
            (there("Planned", false), Shown::Sent, Show::Change("Sent")),
            (there("Sent", false), Shown::Sent, Show::Keep),
            (there("Sent", false), Shown::Answered, Show::Change("Responded")),
            (there("Responded", true), Shown::Sent, Show::Keep),
            (there("Responded", true), Shown::Answered, Show::Keep),
            (there("Attended", true), Shown::Answered, Show::Keep),
        ] {
            assert_eq!(show(standing.as_ref(), wanted, words), expected, "{standing:?} {wanted:?}");
        }
    }
}
