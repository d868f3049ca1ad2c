//! One send, two wamids: the promise was broken, so a person is told.

use model::UnixMs;
use model::ids::{MessageId, TenantId};

use super::alert;
use crate::StoreError;
use crate::cx::Cx;
use crate::op::AlertRaised;

pub(super) async fn alert(
    cx: &mut Cx,
    tenant: &TenantId,
    message: MessageId,
    at: UnixMs,
) -> Result<(), StoreError> {
    let text = "Meta reports two messages for one send. The first one is shown; \
                look at the attempts of this send.";
    let op = AlertRaised {
        tenant: tenant.clone(),
        kind: "double_send".into(),
        subject: message.to_string(),
        text: text.into(),
        at,
    };
    alert::raise(cx, op).await.map(drop)
}
