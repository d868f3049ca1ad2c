//! One call to the Graph API, made with a permit.

use model::ids::{PhoneNumberId, Tracker};
use model::{Act, Code, Fault, Scope, Stage};
use store::op::SendPermit;
use whatsapp::wire::send::{Address, Message, request_body};

use super::claim::{Outbound, PERMIT_MS};

/// How the call ended: Meta's id, or the fault that decides what comes next.
pub enum Ended {
    Accepted { wamid: String, wa_id: Option<String> },
    Fault(Fault),
}

impl Ended {
    /// A stored message that cannot be read back is never sent.
    pub fn unreadable(reason: String) -> Self {
        Self::Fault(fault(Act::Reject, "puente.unreadable_message", reason))
    }
}

/// The permit's deadline is checked on both clocks just before the write: a
/// process that slept past it must not call, because somebody may have decided
/// about the message since.
pub async fn once(
    lane: &Outbound,
    number: &PhoneNumberId,
    permit: &SendPermit,
    opened_ms: i64,
    address: &Address,
    message: &Message,
) -> Ended {
    let Some(client) = lane.clients.get(number) else {
        let reason = format!("no credentials are configured for number {number}");
        // nothing is wrong with the message: it waits until they are
        let fault = fault(Act::Ask, "puente.no_credentials", reason);
        return Ended::Fault(Fault { scope: Scope::Number, ..fault });
    };
    let spent_ms = lane.ambient.clock.mono() - opened_ms;
    if lane.ambient.now() >= permit.deadline || spent_ms >= PERMIT_MS {
        let retry = Act::Retry { after: None };
        return Ended::Fault(fault(retry, "puente.permit_expired", "the permit ran out".into()));
    }
    let tracker = Tracker {
        installation: lane.installation,
        attempt: permit.attempt,
        outbox: Some(permit.outbox),
    };
    match client.send(number, &request_body(address, message, &tracker)).await {
        Ok(sent) => Ended::Accepted { wamid: sent.wamid.to_string(), wa_id: sent.wa_id },
        Err(fault) => Ended::Fault(fault),
    }
}

fn fault(act: Act, code: &'static str, detail: String) -> Fault {
    Fault {
        act,
        scope: Scope::Item,
        stage: Stage::NotSent,
        code: Code::new(code),
        detail,
        cure: "".into(),
    }
}
