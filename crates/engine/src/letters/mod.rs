//! Dead letters: what ended aside, listed whole, and what people decide.
//!
//! Promises: everything that is set aside anywhere is in one list, with its
//! cause and its cure; a decision is one commit with its line in the audit
//! trail, and happens once, however often it is asked for; what Meta has is
//! never sent again; a replayed send joins the tail of its lane.
//!
//! It calls no remote. What is brought back is worked on by the same rooms as
//! if it were new.

mod bulk;
mod decide;
mod edit;
mod show;

use model::Ambient;
use model::ids::{AppId, TenantId};
use store::{Reach, Store};

pub use bulk::{Act, Bulk, Count};
pub use edit::Correction;
pub use show::{Open, Shown};

use crate::directory::Directory;
use crate::nudge::Nudges;
use crate::outbound::Desk;

/// A handle, made from the desk's own parts.
#[derive(Clone)]
pub struct Letters {
    desk: Desk,
}

impl Letters {
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    fn store(&self) -> &Store {
        &self.desk.store
    }

    fn ambient(&self) -> &Ambient {
        &self.desk.ambient
    }

    fn directory(&self) -> &Directory {
        &self.desk.directory
    }

    fn nudges(&self) -> &Nudges {
        &self.desk.nudges
    }

    /// A body belongs to its app. It is a tenant's to see when the app serves
    /// nobody else; an item that nobody claimed, also when its number is the
    /// tenant's by now.
    fn reach(&self, tenant: &TenantId) -> Reach {
        let all = || self.directory().numbers();
        let mut apps: Vec<AppId> =
            all().filter(|n| n.tenant == *tenant).map(|n| n.app.clone()).collect();
        apps.sort();
        apps.dedup();
        apps.retain(|app| all().all(|n| n.app != *app || n.tenant == *tenant));
        let numbers = self.directory().numbers_of(tenant).map(|n| n.id.clone()).collect();
        Reach { tenant: tenant.clone(), apps, numbers }
    }
}

#[cfg(test)]
mod tests;
