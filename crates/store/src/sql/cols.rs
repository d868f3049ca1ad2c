//! Columns of an answered row, taken in the order of the statement.

use bytes::Bytes;
use model::ids::{
    AppId, AttemptId, BulkId, CampaignId, ConversationId, InstallationId, KeyId, LaneId, MediaId,
    MessageId, OrgId, OutboxId, PersonId, PhoneNumberId, RecordId, ReportId, SurveyId, TenantId,
    WabaId,
};
use model::{ConsentKind, Purpose, Status, UnixMs, Urgency};

use super::{Row, V};
use crate::StoreError;
use crate::op::HandleKind;
use crate::row::{
    BulkState, CampaignState, Class, Direction, HoldWhy, MediaKind, MediaState, MemberState,
    Object, OutboxState, RecordKind, RecordState, ReportState, SurveyState,
};

pub(crate) struct Cols {
    left: std::vec::IntoIter<V>,
}

impl Cols {
    pub fn new(row: Row) -> Self {
        Self { left: row.into_iter() }
    }

    /// The next column. A value that does not fit its type was not written by
    /// this program, or by a newer one.
    pub fn get<T: FromV>(&mut self) -> Result<T, StoreError> {
        let type_name = std::any::type_name::<T>();
        let value = self
            .left
            .next()
            .ok_or_else(|| StoreError::Broken(format!("a row ends before its {type_name}")))?;
        T::from_v(value)
            .ok_or_else(|| StoreError::Broken(format!("a stored value is no {type_name}")))
    }
}

pub(crate) trait FromV: Sized {
    fn from_v(value: V) -> Option<Self>;
}

impl<T: FromV> FromV for Option<T> {
    fn from_v(value: V) -> Option<Self> {
        match value {
            V::Null => Some(None),
            value => T::from_v(value).map(Some),
        }
    }
}

impl FromV for i64 {
    fn from_v(value: V) -> Option<Self> {
        if let V::I(n) = value { Some(n) } else { None }
    }
}

impl FromV for u32 {
    fn from_v(value: V) -> Option<Self> {
        i64::from_v(value)?.try_into().ok()
    }
}

impl FromV for u64 {
    fn from_v(value: V) -> Option<Self> {
        i64::from_v(value)?.try_into().ok()
    }
}

impl FromV for bool {
    fn from_v(value: V) -> Option<Self> {
        i64::from_v(value).map(|n| n != 0)
    }
}

impl FromV for UnixMs {
    fn from_v(value: V) -> Option<Self> {
        i64::from_v(value).map(Self)
    }
}

impl FromV for Status {
    fn from_v(value: V) -> Option<Self> {
        Self::from_rank(i64::from_v(value)?.try_into().ok()?)
    }
}

impl FromV for Class {
    fn from_v(value: V) -> Option<Self> {
        Self::ALL.get(usize::try_from(i64::from_v(value)?).ok()?).copied()
    }
}

impl FromV for Urgency {
    fn from_v(value: V) -> Option<Self> {
        Self::ALL.get(usize::try_from(i64::from_v(value)?).ok()?).copied()
    }
}

impl FromV for Object {
    fn from_v(value: V) -> Option<Self> {
        Self::ALL.get(usize::try_from(i64::from_v(value)?).ok()?).copied()
    }
}

impl FromV for String {
    fn from_v(value: V) -> Option<Self> {
        if let V::T(text) = value { Some(text) } else { None }
    }
}

impl FromV for Vec<u8> {
    fn from_v(value: V) -> Option<Self> {
        if let V::B(bytes) = value { Some(bytes) } else { None }
    }
}

impl FromV for Bytes {
    fn from_v(value: V) -> Option<Self> {
        Vec::from_v(value).map(Self::from)
    }
}

impl<const N: usize> FromV for [u8; N] {
    fn from_v(value: V) -> Option<Self> {
        Vec::from_v(value)?.try_into().ok()
    }
}

macro_rules! from_v {
    (text: $($text:ty),*; id: $($id:ty),*; word: $($word:ty),*) => {
        $(impl FromV for $text {
            fn from_v(value: V) -> Option<Self> { String::from_v(value).map(Self::new) }
        })*
        $(impl FromV for $id {
            fn from_v(value: V) -> Option<Self> { FromV::from_v(value).map(Self::from_bytes) }
        })*
        $(impl FromV for $word {
            fn from_v(value: V) -> Option<Self> { Self::parse(&String::from_v(value)?) }
        })*
    };
}

from_v! {
    text: TenantId, AppId, WabaId, PhoneNumberId, OrgId, RecordId;
    id: InstallationId, PersonId, ConversationId, LaneId, MessageId, OutboxId, AttemptId, KeyId,
        MediaId, ReportId, BulkId, CampaignId, SurveyId;
    word: HandleKind, Direction, OutboxState, RecordKind, RecordState, ReportState, HoldWhy,
        MediaKind, MediaState, BulkState, Purpose, ConsentKind, CampaignState, MemberState, SurveyState
}
