//! Keys made, found and destroyed, as rows of `seal_key`.

use std::sync::Arc;

use model::ids::{PersonId, TenantId};
use zeroize::Zeroizing;

use super::key::KeyId;
use super::{Key, Keyring, Owner, Place};
use crate::StoreError;
use crate::cx::Cx;
use crate::sql::args;

const WRAPPED: &str = "seal_key.wrapped";

fn place(owner: &Owner) -> Place<'_> {
    Place { tenant: owner.tenant(), column: WRAPPED, row: owner.row() }
}

/// The installation's two keys, made when the database is new. Run under the
/// lock of the migrations, so that two nodes make them once.
pub(crate) async fn first_keys(cx: &mut Cx) -> Result<(), StoreError> {
    if load(cx, &Owner::Installation).await?.is_none() {
        make(cx, Owner::Installation).await?;
    }
    let search = Place { tenant: "", column: "seal_key.search", row: &[] };
    const FIND: &str = "SELECT wrapped FROM seal_key WHERE kind = 'search'";
    let bytes = match cx.tx.row(FIND, vec![]).await? {
        Some(mut row) => cx.keys.master.unwrap(search, row.get()?)?,
        None => {
            let bytes = random(cx);
            let wrapped = cx.keys.master.seal(search, &*cx.ambient.chance, &*bytes);
            insert(cx, random_id(cx), "search", "", &[], wrapped).await?;
            bytes
        }
    };
    cx.keys.set_search(&bytes);
    Ok(())
}

/// Does nothing when the tenant has one.
pub(crate) async fn new_tenant(cx: &mut Cx, tenant: &TenantId) -> Result<(), StoreError> {
    let owner = Owner::Tenant(tenant.clone());
    match load(cx, &owner).await? {
        Some(_) => Ok(()),
        None => make(cx, owner).await,
    }
}

pub(crate) async fn new_person(
    cx: &mut Cx,
    tenant: &TenantId,
    person: PersonId,
) -> Result<(), StoreError> {
    make(cx, Owner::Person(tenant.clone(), person)).await
}

/// After this commit, nothing sealed for the person can be opened again.
pub(crate) async fn destroy_person(
    cx: &mut Cx,
    tenant: &TenantId,
    person: PersonId,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM seal_key WHERE kind = 'person' AND tenant = $1 AND owner = $2";
    let rows = cx.tx.exec(SQL, args![tenant, person]).await?;
    cx.fresh.remove(Owner::Person(tenant.clone(), person));
    Ok(rows > 0)
}

impl Cx {
    /// The key to seal with.
    pub async fn key_of(&mut self, owner: &Owner) -> Result<Arc<Key>, StoreError> {
        if let Some(key) = self.keys.get(&self.fresh, owner) {
            return Ok(key);
        }
        load(self, owner).await?.ok_or(match owner {
            Owner::Installation => StoreError::Sealed("the installation has no key"),
            Owner::Tenant(_) => StoreError::Sealed("the tenant has no key: PutTenant makes it"),
            Owner::Person(..) => StoreError::Sealed("the person has no key: unknown, or erased"),
        })
    }

    /// The key that sealed a value.
    async fn key_by_id(&mut self, id: KeyId) -> Result<Arc<Key>, StoreError> {
        const GONE: StoreError =
            StoreError::Sealed("its key was destroyed, or belongs to another database");
        let owner = match self.keys.owner_of(&self.fresh, id) {
            Some(owner) => owner,
            None => {
                const FIND: &str = "SELECT kind, tenant, owner FROM seal_key WHERE id = $1";
                let mut row = self.tx.row(FIND, args![id]).await?.ok_or(GONE)?;
                let (kind, tenant, row): (String, String, Vec<u8>) =
                    (row.get()?, row.get()?, row.get()?);
                Owner::parse(&kind, &tenant, &row).ok_or(GONE)?
            }
        };
        let key = self.key_of(&owner).await.map_err(|error| match error {
            StoreError::Sealed(_) => GONE,
            error => error,
        })?;
        if key.id == id { Ok(key) } else { Err(GONE) }
    }

    pub async fn seal(
        &mut self,
        owner: &Owner,
        column: &'static str,
        row: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let key = self.key_of(owner).await?;
        let place = Place { tenant: owner.tenant(), column, row };
        Ok(key.seal(place, &*self.ambient.chance, plain))
    }

    pub async fn open(
        &mut self,
        tenant: &str,
        column: &'static str,
        row: &[u8],
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        let key = self.key_by_id(Key::id_of(&sealed)?).await?;
        key.open(Place { tenant, column, row }, sealed)
    }
}

/// What wraps the keys of this owner.
async fn parent(cx: &mut Cx, owner: &Owner) -> Result<Parent, StoreError> {
    let Owner::Person(tenant, _) = owner else {
        return Ok(Parent::Master);
    };
    let tenant = Owner::Tenant(tenant.clone());
    if let Some(key) = cx.keys.get(&cx.fresh, &tenant) {
        return Ok(Parent::Tenant(key));
    }
    let missing = StoreError::Sealed("the tenant has no key: PutTenant makes it");
    let wrapped = wrapped(cx, &tenant).await?.ok_or(missing)?;
    let key = opened(&cx.keys.master, &tenant, wrapped)?;
    cx.fresh.add(tenant, key.clone());
    Ok(Parent::Tenant(key))
}

enum Parent {
    Master,
    Tenant(Arc<Key>),
}

impl Parent {
    fn key<'a>(&'a self, keys: &'a Keyring) -> &'a Key {
        match self {
            Self::Master => &keys.master,
            Self::Tenant(key) => key,
        }
    }
}

async fn load(cx: &mut Cx, owner: &Owner) -> Result<Option<Arc<Key>>, StoreError> {
    let Some(row) = wrapped(cx, owner).await? else {
        return Ok(None);
    };
    let parent = parent(cx, owner).await?;
    let key = opened(parent.key(&cx.keys), owner, row)?;
    cx.fresh.add(owner.clone(), key.clone());
    Ok(Some(key))
}

async fn wrapped(cx: &mut Cx, owner: &Owner) -> Result<Option<(KeyId, Vec<u8>)>, StoreError> {
    const FIND: &str =
        "SELECT id, wrapped FROM seal_key WHERE kind = $1 AND tenant = $2 AND owner = $3";
    let args = args![owner.kind(), owner.tenant(), owner.row().to_vec()];
    let Some(mut row) = cx.tx.row(FIND, args).await? else {
        return Ok(None);
    };
    Ok(Some((row.get()?, row.get()?)))
}

fn opened(parent: &Key, owner: &Owner, row: (KeyId, Vec<u8>)) -> Result<Arc<Key>, StoreError> {
    let (id, wrapped) = row;
    if *owner == Owner::Installation && Key::id_of(&wrapped)? != parent.id {
        return Err(StoreError::Sealed(
            "this is not the master key this database was sealed with; give the one it was made with",
        ));
    }
    Ok(Arc::new(Key::new(id, &*parent.unwrap(place(owner), wrapped)?)))
}

async fn make(cx: &mut Cx, owner: Owner) -> Result<(), StoreError> {
    let parent = parent(cx, &owner).await?;
    let bytes = random(cx);
    let id = random_id(cx);
    let wrapped = parent.key(&cx.keys).seal(place(&owner), &*cx.ambient.chance, &*bytes);
    insert(cx, id, owner.kind(), owner.tenant(), owner.row(), wrapped).await?;
    cx.fresh.add(owner, Arc::new(Key::new(id, &bytes)));
    Ok(())
}

async fn insert(
    cx: &mut Cx,
    id: KeyId,
    kind: &str,
    tenant: &str,
    row: &[u8],
    wrapped: Vec<u8>,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO seal_key (id, kind, tenant, owner, wrapped, created_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    let at = cx.ambient.now();
    cx.tx.exec(SQL, args![id, kind, tenant, row.to_vec(), wrapped, at]).await?;
    Ok(())
}

fn random(cx: &Cx) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    cx.ambient.chance.fill(&mut *bytes);
    bytes
}

fn random_id(cx: &Cx) -> KeyId {
    let mut id = [0; 8];
    cx.ambient.chance.fill(&mut id);
    id
}
