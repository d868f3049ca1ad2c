//! The way of an accepted message to the phone, told step by step.

use std::sync::Arc;

use crate::core::Core;
use crate::state::{Direction, Message, Outcome, Tick};
use crate::webhook::{emit, status_change};

/// Sends an accepted message on its way. `fate` is decided at acceptance.
pub fn depart(core: &Arc<Core>, wamid: String, fate: Outcome) {
    let (sent_ms, delivered_ms) = {
        let world = &mut *core.world.lock();
        let pace = world.pace.clone();
        // By the message and not by the order of sends, so that a run repeats.
        let mut seed = world.seed.fork(&wamid);
        let (sent, delivered) = (pace.sent_ms, pace.delivered_ms);
        (seed.between(sent.0, sent.1), seed.between(delivered.0, delivered.1))
    };
    let travelling = core.clone();
    core.background(async move {
        let core = travelling;
        core.gate.clock.sleep_ms(sent_ms).await;
        match fate {
            Outcome::Silence => return,
            Outcome::Fail(code) => return fail(&core, &wamid, code),
            Outcome::FailThenDeliver(code) => fail(&core, &wamid, code),
            _ => step(&core, &wamid, Tick::Sent),
        }
        core.gate.clock.sleep_ms(delivered_ms).await;
        match fate {
            Outcome::SentThenFail(code) => fail(&core, &wamid, code),
            Outcome::SentOnly => {}
            _ => arrive(&core, &wamid).await,
        }
    });
}

/// On the phone, if it is switched on; read at once, if the chat is open.
async fn arrive(core: &Arc<Core>, wamid: &str) {
    let (online, watching, reads_after_ms, quiet) = {
        let world = core.world.lock();
        let Some(message) = world.message(wamid) else {
            return;
        };
        let Some(customer) = world.customers.get(&message.customer_id) else {
            return;
        };
        let quiet = message.kind == "reaction";
        (customer.online, customer.watching, customer.reads_after_ms, quiet)
    };
    // Reactions are told as sent and never again.
    if !online || quiet {
        return;
    }
    if watching {
        return step(core, wamid, Tick::Read);
    }
    step(core, wamid, Tick::Delivered);
    if let Some(after_ms) = reads_after_ms {
        core.gate.clock.sleep_ms(after_ms).await;
        step(core, wamid, Tick::Read);
    }
}

/// Takes one step and tells it; a step that does not rise is not taken.
fn step(core: &Arc<Core>, wamid: &str, tick: Tick) {
    let now_ms = core.now_ms();
    let change = {
        let world = &mut *core.world.lock();
        if world.message(wamid).is_none_or(|m| m.tick >= tick) {
            return;
        }
        let change = status_change(world, wamid, tick, now_ms);
        world.alter(wamid, |message| {
            message.tick = tick;
            message.steps.push((tick, now_ms));
        });
        change
    };
    if let Some(change) = change {
        emit(core, change);
    }
}

fn fail(core: &Arc<Core>, wamid: &str, code: u32) {
    core.world.lock().alter(wamid, |message| message.error = Some(code));
    step(core, wamid, Tick::Failed);
}

/// The customer opens the chat with a number: everything that arrived is read.
/// Answers how many messages that were.
pub fn reads(core: &Arc<Core>, customer_id: &str, number_id: &str) -> usize {
    let unread = |m: &&Message| {
        let voice = m.tick == Tick::Delivered && m.direction == Direction::Out;
        voice && m.number_id == number_id && m.kind != "reaction"
    };
    let wamids: Vec<_> = {
        let world = core.world.lock();
        world.thread(customer_id).filter(unread).map(|m| m.wamid.clone()).collect()
    };
    wamids.iter().for_each(|wamid| step(core, wamid, Tick::Read));
    wamids.len()
}

/// The phone is switched on: what waited at one tick arrives now.
pub fn comes_online(core: &Arc<Core>, customer_id: &str) {
    let wamids: Vec<_> = {
        let world = &mut *core.world.lock();
        let Some(customer) = world.customers.get_mut(customer_id) else {
            return;
        };
        customer.online = true;
        let blocked = customer.blocked.clone();
        let waits = |m: &&Message| {
            m.direction == Direction::Out && m.tick == Tick::Sent && !blocked.contains(&m.number_id)
        };
        world.thread(customer_id).filter(waits).map(|m| m.wamid.clone()).collect()
    };
    for wamid in wamids {
        let arriving = core.clone();
        core.background(async move { arrive(&arriving, &wamid).await });
    }
}
