//! Our side, page by page.

use model::ids::TenantId;
use rules::reconcile::{Kind, Mirror, Ours};
use store::{MirrorRange, Mirrored, Object, Store, StoreError};

use super::run::Scope;
use crate::word::{picklist, word};

pub(super) const PAGE: u32 = 2_000;

pub(super) fn object(kind: Kind) -> Object {
    match kind {
        Kind::Person => Object::Person,
        Kind::Conversation => Object::Conversation,
        Kind::Message => Object::Message,
    }
}

/// Where the walk over our rows of one object stands.
pub(super) struct Pages<'a> {
    pub store: &'a Store,
    pub tenant: &'a TenantId,
    pub kind: Kind,
    pub scope: Scope,
    pub after: Option<(String, [u8; 16])>,
}

impl Pages<'_> {
    /// Empty at the end.
    pub async fn next(&mut self) -> Result<Vec<Ours>, StoreError> {
        let Scope { since, until, .. } = self.scope;
        let range = MirrorRange { after: self.after.take(), since, until, max: PAGE };
        let page = self.store.mirror(self.tenant, object(self.kind), range).await?;
        self.after = page.last().map(|row| (row.key.clone(), row.id));
        Ok(page.iter().map(ours).collect())
    }
}

pub(super) fn ours(row: &Mirrored) -> Ours {
    let mirror = row.sync.as_ref().map(|sync| Mirror {
        wanted: sync.wanted,
        done: sync.done,
        aside: sync.aside,
    });
    let standing = row.direction.map(|d| picklist(word(d, row.stated, row.outbox)));
    Ours { key: row.key.clone(), mirror, standing }
}
