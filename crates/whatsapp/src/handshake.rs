//! Meta's question when a callback URL is set: `GET ?hub.mode=subscribe&
//! hub.verify_token=...&hub.challenge=...` (Cloud API, Webhooks, verification
//! requests). The answer is 200 with the challenge alone, or 403.

use aws_lc_rs::digest;
use subtle::{Choice, ConstantTimeEq};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("no verify token is configured for this webhook")]
    NoToken,
    #[error("hub.mode is not `subscribe`")]
    Mode,
    #[error("hub.challenge is missing")]
    NoChallenge,
    #[error("hub.verify_token is not ours")]
    WrongToken,
}

/// Decides over the three parameters, each already percent-decoded. `ours` are
/// the verify tokens in force; blank ones never match.
///
/// On success the challenge is to be sent back as it is, as plain text.
pub fn decide<'a, T: AsRef<str>>(
    mode: Option<&str>,
    verify_token: Option<&str>,
    challenge: Option<&'a str>,
    ours: &[T],
) -> Result<&'a str, Refused> {
    let ours: Vec<&str> =
        ours.iter().map(|t| t.as_ref().trim()).filter(|t| !t.is_empty()).collect();
    if ours.is_empty() {
        return Err(Refused::NoToken);
    }
    if mode != Some("subscribe") {
        return Err(Refused::Mode);
    }
    let sent = digest_of(verify_token.unwrap_or_default());
    // Every token is compared, whole digests at a time: neither which one fits
    // nor how far a guess fits shows in the time taken.
    let fits = ours
        .iter()
        .fold(Choice::from(0), |fits, token| fits | digest_of(token).as_ref().ct_eq(sent.as_ref()));
    if !bool::from(fits) {
        return Err(Refused::WrongToken);
    }
    challenge.filter(|c| !c.is_empty()).ok_or(Refused::NoChallenge)
}

fn digest_of(token: &str) -> digest::Digest {
    digest::digest(&digest::SHA256, token.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_ask() {
        let ours = ["current", "next"];
        let ask = |mode, token, challenge| decide(mode, token, challenge, &ours);
        let yes = Some("subscribe");
        assert_eq!(ask(yes, Some("current"), Some("1158201444")), Ok("1158201444"));
        assert_eq!(ask(yes, Some("next"), Some("any text")), Ok("any text"));
        assert_eq!(ask(yes, Some("curren"), Some("1")), Err(Refused::WrongToken));
        assert_eq!(ask(yes, Some(""), Some("1")), Err(Refused::WrongToken));
        assert_eq!(ask(yes, None, Some("1")), Err(Refused::WrongToken));
        assert_eq!(ask(Some("unsubscribe"), Some("current"), Some("1")), Err(Refused::Mode));
        assert_eq!(ask(None, Some("current"), Some("1")), Err(Refused::Mode));
        assert_eq!(ask(yes, Some("current"), None), Err(Refused::NoChallenge));
    }

    #[test]
    fn blank_tokens_of_ours_open_nothing() {
        let none: [&str; 0] = [];
        assert_eq!(decide(Some("subscribe"), Some(""), Some("1"), &none), Err(Refused::NoToken));
        assert_eq!(
            decide(Some("subscribe"), Some(""), Some("1"), &["", " "]),
            Err(Refused::NoToken)
        );
    }
}
