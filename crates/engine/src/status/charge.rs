//! What a status says of the price of its message.

use model::UnixMs;
use rules::phone;
use store::Op;
use store::op::{AlertRaised, Pricing};
use whatsapp::wire::webhook::StatusItem;

use crate::directory::Number;

/// The alert about a number whose messages Meta does not deliver, because
/// nobody pays for them; its subject is the number.
pub const UNPAID: &str = "unpaid";
/// Meta cannot charge the account.
const CODE: i64 = 131_042;

/// A status without `type` and `billable` counts as charged, so that nobody is
/// surprised later.
pub fn pricing(seen: &StatusItem) -> Option<Pricing> {
    let wire = seen.pricing.as_ref()?;
    let digits = seen.recipient.wa_id.as_deref().unwrap_or_default();
    Some(Pricing {
        category: wire.category_key().unwrap_or_default(),
        kind: wire.kind.clone().unwrap_or_default(),
        model: wire.pricing_model.clone().unwrap_or_default(),
        billable: wire.is_billed().unwrap_or(true),
        calling_code: phone::calling_code(digits),
    })
}

/// Meta took the message, then said that nobody pays for it.
pub fn unpaid(number: &Number, seen: &StatusItem, at: UnixMs) -> Option<Op> {
    let refused = seen.errors.iter().any(|error| error.code == Some(CODE));
    refused.then(|| {
        let text = format!(
            "Meta does not deliver messages of {}: it cannot charge the account (131042). Correct \
             the payment method in the billing hub of WhatsApp Manager; what failed meanwhile is \
             not sent again by itself",
            number.display
        );
        let (tenant, subject) = (number.tenant.clone(), number.id.to_string());
        Op::RaiseAlert(AlertRaised { tenant, kind: UNPAID.into(), subject, text, at })
    })
}
