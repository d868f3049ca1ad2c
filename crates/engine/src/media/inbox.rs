//! A customer's message brings a file: it is wanted in the commit that registers
//! the message.

use model::ids::{MediaId, MessageId, PersonId};
use store::op::NewMedia;
use store::{MediaKind, MediaState, Op};
use whatsapp::wire::webhook::Content;

use super::about::{About, Source};
use crate::inbound::Arrival;

/// Ids that came by webhook live so long (Cloud API, Media).
pub(super) const META_KEEPS_MS: i64 = 7 * 86_400_000;

/// `None` for messages without a file, and for files that WhatsApp itself could
/// not pass on: those have no id.
pub fn arrived(arrival: &Arrival<'_>, message: MessageId, person: PersonId) -> Option<Op> {
    let Content::Media(part) = &arrival.message.content else {
        return None;
    };
    let source = Source::Meta(part.id.clone().filter(|id| !id.is_empty())?);
    let about = About {
        mime_type: part.mime_type.clone(),
        file_name: part.filename.clone(),
        sha256: part.sha256.clone(),
        ..About::new(arrival.message.kind.as_str(), source)
    };
    let at = arrival.received_at;
    Some(Op::NewMedia(NewMedia {
        tenant: arrival.number.tenant.clone(),
        id: MediaId::new(arrival.ambient),
        kind: MediaKind::In,
        state: MediaState::Requested,
        person: Some(person),
        message: Some(message),
        outbox: None,
        number: Some(arrival.number.id.clone()),
        at,
        due_at: Some(at),
        expires_at: Some(at.plus(META_KEEPS_MS)),
        bytes: None,
        about: about.seal(),
    }))
}
