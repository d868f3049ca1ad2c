//! Every kind of fault there is in the world, and how often each fired.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

macro_rules! kinds {
    ($($name:ident = $share:literal, $says:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($name),* }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Share of the seeds in which it is in the air.
            pub(super) const fn share(self) -> f64 {
                match self { $(Self::$name => $share),* }
            }

            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says),* }
            }
        }
    };
}

kinds! {
    Throttled = 0.55, "Meta: number throttled (130429)";
    PairThrottled = 0.5, "Meta: pair throttled (131056)";
    TooManyCalls = 0.4, "Meta: 429, call limit of the app";
    MetaCutBefore = 0.5, "Meta: cut before it acted";
    MetaCutAfter = 0.55, "Meta: cut after it acted";
    MetaErrorIdle = 0.6, "Meta: 131000, and nothing was done";
    MetaErrorActed = 0.55, "Meta: 131000, and it was done";
    MetaHtml = 0.5, "Meta: 502 with a page, and it was done";
    MetaSlow = 0.6, "Meta: slow, statuses come before the answer";
    MetaUnreachable = 0.45, "Meta: no connection";
    MetaTokenDead = 0.45, "Meta: token dead (190)";
    MetaRestart = 0.3, "Meta: restarts, calls under way end";
    OrgCutBefore = 0.25, "Salesforce: cut before it acted";
    OrgCutAfter = 0.25, "Salesforce: cut after it acted";
    OrgHtml = 0.25, "Salesforce: 503 with a page";
    OrgErrorActed = 0.25, "Salesforce: 500, and it was done";
    OrgSlow = 0.4, "Salesforce: slow";
    OrgUnreachable = 0.25, "Salesforce: no connection";
    OrgSessionDead = 0.25, "Salesforce: session dead";
    OrgTokenRefused = 0.3, "Salesforce: no new token";
    OrgLimit = 0.3, "Salesforce: API limit reached";
    OrgRowLock = 0.6, "Salesforce: UNABLE_TO_LOCK_ROW";
    OrgHalted = 0.3, "Salesforce: PROCESSING_HALTED";
    OrgTrigger = 0.4, "Salesforce: a trigger fails larger batches";
    OrgPartial = 0.0, "Salesforce: partial success inside a 200";
    OrgRestart = 0.3, "Salesforce: restarts, calls under way end";
    WebhookTwice = 0.3, "webhooks: delivered twice";
    WebhookConcurrent = 0.3, "webhooks: delivered at the same time";
    WebhookLate = 0.3, "webhooks: out of order";
    WebhookCutBefore = 0.25, "webhooks: cut before we had them";
    WebhookCutAfter = 0.25, "webhooks: cut after we had them";
    EqualRequests = 0.4, "callers: equal requests at the same time";
    KillBefore = 0.45, "killed before a commit";
    KillAfter = 0.45, "killed after a commit";
    PowerCut = 0.35, "power cut within a write";
    DiskFull = 0.3, "disk full";
    SyncFails = 0.25, "a sync fails";
    ClockForward = 0.3, "our clock jumps forward";
    ClockBack = 0.3, "our clock jumps back";
    Restored = 0.4, "the database is lost and a backup restored";
}

/// Shared by its clones.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<Kind, u64>>>);

impl Tally {
    pub fn count(&self, kind: Kind) {
        self.add(kind, 1);
    }

    pub fn add(&self, kind: Kind, times: u64) {
        *self.0.lock().entry(kind).or_default() += times;
    }

    pub fn counts(&self) -> BTreeMap<Kind, u64> {
        self.0.lock().clone()
    }
}
