//! Registering a number and taking it off.

use std::sync::Arc;

use super::auth::{self, MANAGEMENT};
use super::{Call, Replied, Reply, Wrong};
use crate::core::Core;

const WINDOW_MS: i64 = 72 * 3_600_000;

/// `POST /{PHONE_ID}/register` and `/deregister`: ten calls in 72 hours
/// (133016), and the PIN must fit when there is one (133005).
pub fn register(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    let world = &mut *core.world.lock();
    let number = auth::number(world, call, &token, MANAGEMENT)?;
    number.registrations.retain(|at| now_ms - at < WINDOW_MS);
    if number.registrations.len() >= 10 {
        return Err(Wrong::new(133016));
    }
    number.registrations.push(now_ms);
    if call.op() == "number.deregister" {
        number.registered = false;
        return Ok(Reply::success());
    }
    if call.param("messaging_product").as_deref() != Some("whatsapp") {
        return Err(Wrong::graph(100, None, "The parameter messaging_product is required."));
    }
    let pin = call.param("pin").unwrap_or_default();
    if pin.len() != 6 || !pin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Wrong::with(100, "Param pin must be 6 digits."));
    }
    if number.pin.as_ref().is_some_and(|known| *known != pin) {
        return Err(Wrong::new(133005));
    }
    number.pin = Some(pin);
    number.registered = true;
    Ok(Reply::success())
}
