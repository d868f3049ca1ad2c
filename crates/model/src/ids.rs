//! Every id is a type, made and parsed here; its scope stands in its comment.

use std::fmt;
use std::sync::Arc;

use crate::Ambient;

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &self.0)
            }
        }
    )*};
}

text_ids! {
    /// One company: one Salesforce org and one or more numbers. `[a-z0-9_-]`, 1 to 64.
    TenantId,
    /// A Meta app, by the name it has in our configuration. It owns a webhook and its secret.
    AppId,
    /// A WhatsApp business account, Meta's decimal id.
    WabaId,
    /// A business number, Meta's decimal id (not the number itself).
    PhoneNumberId,
    /// Meta's id of one message; unique only together with [`PhoneNumberId`]. Opaque.
    Wamid,
    /// A Salesforce org, 18 characters.
    OrgId,
    /// A Salesforce record, 18 characters.
    RecordId,
}

impl RecordId {
    /// Salesforce ids are equal when their first 15 characters are.
    pub fn same(&self, other: &Self) -> bool {
        self.0.as_bytes().iter().take(15).eq(other.0.as_bytes().iter().take(15))
    }
}

macro_rules! our_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// Ordered by time, then by chance (the layout of UUID version 7).
            pub fn new(ambient: &Ambient) -> Self {
                Self(time_ordered(ambient))
            }

            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Reads the shown form back; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                parse_hex(text.strip_prefix($prefix)?).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

our_ids! {
    /// A database of ours; travels to Meta in the tracker.
    InstallationId = "ins_",
    /// A person of one tenant. Also the key of `Puente_Person__c`.
    PersonId = "per_",
    /// One episode with a person on a number, from open to close.
    ConversationId = "con_",
    /// One number and one person: the unit of order and of pair limits.
    LaneId = "lan_",
    /// One message, either way.
    MessageId = "msg_",
    /// One wish to send. `POST /send` answers with it.
    OutboxId = "out_",
    /// One call to the Graph API. Written before the call.
    AttemptId = "att_",
    /// One file on its way, either direction. Also the key of its version in Salesforce.
    MediaId = "med_",
    /// An API key's public half.
    KeyId = "key_",
    /// A report that compares both sides.
    ReportId = "rep_",
    /// Some people's share of a long backlog, on its way by Bulk jobs.
    BulkId = "blk_",
    /// One message to many people, planned and paced.
    CampaignId = "cmp_",
    /// What the customer of one closed case is asked; travels in each answer's id.
    SurveyId = "srv_",
}

fn time_ordered(ambient: &Ambient) -> [u8; 16] {
    let mut id = [0; 16];
    ambient.chance.fill(&mut id[6..]);
    id[..6].copy_from_slice(&ambient.now().0.max(0).to_be_bytes()[2..]);
    id[6] = 0x70 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    id
}

fn parse_hex(hex: &str) -> Option<[u8; 16]> {
    let digits = hex.as_bytes();
    if digits.len() != 32 {
        return None;
    }
    let mut out = [0; 16];
    for (byte, pair) in out.iter_mut().zip(digits.chunks(2)) {
        let nibble = |d: u8| match d {
            b'0'..=b'9' => Some(d - b'0'),
            b'a'..=b'f' => Some(d - b'a' + 10),
            _ => None,
        };
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(out)
}

/// `p1.<installation>.<attempt>.<outbox>`: what travels in
/// `biz_opaque_callback_data` (at most 512 characters; ours has 101) and comes
/// back in every status. A restored database may know the send and not the
/// attempt; trackers of before have no outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tracker {
    pub installation: InstallationId,
    pub attempt: AttemptId,
    pub outbox: Option<OutboxId>,
}

impl Tracker {
    pub fn parse(text: &str) -> Option<Self> {
        let (installation, rest) = text.strip_prefix("p1.")?.split_once('.')?;
        let (attempt, outbox) = match rest.split_once('.') {
            Some((attempt, outbox)) => (attempt, Some(OutboxId::from_bytes(parse_hex(outbox)?))),
            None => (rest, None),
        };
        Some(Self {
            installation: InstallationId::from_bytes(parse_hex(installation)?),
            attempt: AttemptId::from_bytes(parse_hex(attempt)?),
            outbox,
        })
    }
}

impl fmt::Display for Tracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |id: [u8; 16]| id.iter().map(|b| format!("{b:02x}")).collect::<String>();
        write!(f, "p1.{}.{}", hex(*self.installation.as_bytes()), hex(*self.attempt.as_bytes()))?;
        match self.outbox {
            Some(outbox) => write!(f, ".{}", hex(*outbox.as_bytes())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_forms_come_back() {
        let id = OutboxId::from_bytes(std::array::from_fn(|i| i as u8 * 17));
        assert_eq!(OutboxId::parse(&id.to_string()), Some(id));
        assert_eq!(PersonId::parse(&id.to_string()), None);
        assert_eq!(OutboxId::parse("out_00"), None);
        assert_eq!(OutboxId::parse(&id.to_string().to_uppercase()), None);
    }

    #[test]
    fn trackers_come_back_and_strangers_do_not() {
        for outbox in [None, Some(OutboxId::from_bytes([5; 16]))] {
            let tracker = Tracker {
                installation: InstallationId::from_bytes([7; 16]),
                attempt: AttemptId::from_bytes([9; 16]),
                outbox,
            };
            assert_eq!(Tracker::parse(&tracker.to_string()), Some(tracker));
            assert!(tracker.to_string().len() <= 512);
        }
        for stranger in ["", "job-42", "p1.", "p1.00.11", "p2.x", "p1.00.11.22"] {
            assert_eq!(Tracker::parse(stranger), None);
        }
    }

    #[test]
    fn record_ids_compare_by_fifteen() {
        let long = RecordId::new("0015500001QdQWaAAN");
        assert!(long.same(&RecordId::new("0015500001QdQWa")));
        assert!(!long.same(&RecordId::new("0015500001qdQWaAAN")));
    }
}
