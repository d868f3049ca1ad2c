//! Where a message stands, in one word: the rule that the API, the command
//! line and Salesforce all show.

use model::Status;
use store::{Direction, OutboxState};

/// `received`, `queued`, `uncertain`, `asked`, `held`, `accepted`, `sent`,
/// `delivered`, `read`, `played`, `failed`, `dropped`. A status of Meta's, once
/// there is one, says more than our outbox.
pub fn word(
    direction: Direction,
    stated: Option<Status>,
    outbox: Option<OutboxState>,
) -> &'static str {
    match (direction, stated, outbox) {
        (Direction::In, _, _) => "received",
        (_, Some(status), _) if status > Status::Uncertain => status.as_str(),
        (Direction::Echo, _, _) => "sent",
        (Direction::Out, _, Some(OutboxState::Queued | OutboxState::Sending) | None) => "queued",
        (Direction::Out, _, Some(state)) => state.as_str(),
    }
}

/// The same in the words of the package's picklist, which knows no decision of
/// a person: a send that is asked about is uncertain, a dropped one failed, a
/// held one still queued.
pub fn picklist(word: &'static str) -> &'static str {
    match word {
        "asked" => "uncertain",
        "dropped" => "failed",
        "held" => "queued",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Status__c` of `Puente_Message__c`.
    const PICKLIST: [&str; 9] = [
        "received",
        "queued",
        "uncertain",
        "accepted",
        "sent",
        "delivered",
        "read",
        "played",
        "failed",
    ];

    #[test]
    fn every_standing_has_a_value_of_the_picklist() {
        for direction in [Direction::In, Direction::Out, Direction::Echo] {
            for stated in Status::ALL.into_iter().map(Some).chain([None]) {
                for outbox in OutboxState::ALL.iter().copied().map(Some).chain([None]) {
                    let shown = picklist(word(direction, stated, outbox));
                    assert!(PICKLIST.contains(&shown), "{shown}");
                }
            }
        }
    }

    #[test]
    fn meta_is_believed_before_our_outbox() {
        let out = |stated, outbox| word(Direction::Out, stated, Some(outbox));
        assert_eq!(out(Some(Status::Delivered), OutboxState::Uncertain), "delivered");
        assert_eq!(out(Some(Status::Uncertain), OutboxState::Asked), "asked");
        assert_eq!(out(None, OutboxState::Sending), "queued");
        assert_eq!(out(None, OutboxState::Failed), "failed");
    }
}
