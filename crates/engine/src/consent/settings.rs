//! What a tenant's configuration says about consent.

use model::ConsentPolicy;
use rules::consent::{Notices, Words};

#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub policy: ConsentPolicy,
    pub words: Words,
    pub notices: Notices,
    /// Who writes from an advertisement agrees to marketing.
    pub referral_opts_in: bool,
}
