//! Arguments of a statement.

use model::ids::{
    AppId, AttemptId, BulkId, CampaignId, ConversationId, InstallationId, KeyId, LaneId, MediaId,
    MessageId, OrgId, OutboxId, PersonId, PhoneNumberId, RecordId, ReportId, SurveyId, TenantId,
    WabaId,
};
use model::{UnixMs, Urgency};

use crate::op::HandleKind;
use crate::row::{
    BulkState, CampaignState, Class, Direction, HoldWhy, MediaKind, MediaState, MemberState,
    Object, OutboxState, RecordKind, RecordState, ReportState, SurveyState,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum V {
    Null,
    I(i64),
    T(String),
    B(Vec<u8>),
}

/// The arguments of one statement, each by its own type.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::V::from($value)),*] };
}
pub(crate) use args;

impl<T: Into<V>> From<Option<T>> for V {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&str> for V {
    /// PostgreSQL has no NUL in text; both engines keep the same stand-in.
    fn from(text: &str) -> Self {
        Self::T(if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into() })
    }
}

impl From<String> for V {
    fn from(text: String) -> Self {
        if text.contains('\0') { Self::from(text.as_str()) } else { Self::T(text) }
    }
}

impl From<&String> for V {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Vec<u8>> for V {
    fn from(bytes: Vec<u8>) -> Self {
        Self::B(bytes)
    }
}

impl<const N: usize> From<[u8; N]> for V {
    fn from(bytes: [u8; N]) -> Self {
        Self::B(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for V {
    fn from(bytes: &[u8; N]) -> Self {
        Self::B(bytes.to_vec())
    }
}

impl From<UnixMs> for V {
    fn from(time: UnixMs) -> Self {
        Self::I(time.0)
    }
}

impl From<Class> for V {
    fn from(class: Class) -> Self {
        Self::I(class as i64)
    }
}

impl From<Urgency> for V {
    fn from(urgency: Urgency) -> Self {
        Self::I(urgency as i64)
    }
}

impl From<Object> for V {
    fn from(object: Object) -> Self {
        Self::I(object as i64)
    }
}

macro_rules! from {
    (int: $($int:ty),*; text: $($text:ty),*; id: $($id:ty),*; word: $($word:ty),*) => {
        $(impl From<$int> for V { fn from(n: $int) -> Self { Self::I(n.into()) } })*
        $(impl From<&$text> for V { fn from(t: &$text) -> Self { Self::from(t.as_str()) } })*
        $(impl From<$id> for V { fn from(id: $id) -> Self { Self::B(id.as_bytes().to_vec()) } })*
        $(impl From<$word> for V { fn from(w: $word) -> Self { Self::from(w.as_str()) } })*
    };
}

from! {
    int: i64, i32, i16, u32, bool;
    text: TenantId, AppId, WabaId, PhoneNumberId, OrgId, RecordId;
    id: InstallationId, PersonId, ConversationId, LaneId, MessageId, OutboxId, AttemptId, KeyId,
        MediaId, ReportId, BulkId, CampaignId, SurveyId;
    word: HandleKind, Direction, OutboxState, RecordKind, RecordState, ReportState, HoldWhy,
        MediaKind, MediaState, BulkState, CampaignState, MemberState, SurveyState
}
