//! Delivered messages by what Meta said of their price.

use model::Month;
use model::ids::TenantId;

/// Counts one month anew from what is known of each message. What was counted
/// for it before is gone.
#[derive(Clone, Debug)]
pub struct CostRecount {
    pub tenant: TenantId,
    pub month: Month,
}
