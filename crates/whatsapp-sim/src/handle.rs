//! Driving the simulator and reading its truth, from code.

use std::sync::Arc;

use serde_json::Value;
use sim_kit::Gate;

use crate::core::Core;
use crate::graph::{Wrong, decide_template, recategorize_template};
use crate::phone;
use crate::state::{Customer, NewCustomer, World};
use crate::webhook::{Change, Delivery, Dirt, Tally, emit, send_raw, shake};
use crate::{Say, Utterance};

/// A cheap clone; all of them drive the same simulator. Errors are sentences
/// that name the field and the cure.
#[derive(Clone)]
pub struct Handle {
    core: Arc<Core>,
}

impl Handle {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Clock, fault script and request log.
    pub fn gate(&self) -> &Gate {
        &self.core.gate
    }

    /// Reads the truth.
    pub fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.core.world.lock())
    }

    /// Changes knobs and states. Nothing is told by webhook.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.core.world.lock())
    }

    /// Makes a person with a phone.
    pub fn customer(&self, new: NewCustomer) -> Result<Customer, String> {
        self.core.world.lock().add_customer(new)
    }

    /// A customer writes to a business number. Answers the wamid.
    pub fn says(
        &self,
        customer: &str,
        number: &str,
        utterance: &Utterance,
    ) -> Result<String, String> {
        phone::says(&self.core, customer, number, utterance)
    }

    /// A customer writes a text. Answers the wamid.
    pub fn texts(&self, customer: &str, number: &str, body: &str) -> Result<String, String> {
        self.says(customer, number, &Utterance::new(Say::Text { body: body.into() }))
    }

    /// A customer taps the `index`-th button or row of a message. Answers the
    /// wamid of the tap.
    pub fn taps(&self, customer: &str, wamid: &str, index: usize) -> Result<String, String> {
        phone::taps(&self.core, customer, wamid, index)
    }

    /// A customer opens the chat. Answers how many messages were read by that.
    pub fn reads(&self, customer: &str, number: &str) -> usize {
        phone::reads(&self.core, customer, number)
    }

    pub fn edits(&self, customer: &str, wamid: &str, body: &str) -> Result<(), String> {
        phone::edits(&self.core, customer, wamid, body)
    }

    pub fn deletes(&self, customer: &str, wamid: &str) -> Result<(), String> {
        phone::deletes(&self.core, customer, wamid)
    }

    /// A customer changes the phone number, and with it every BSUID.
    pub fn moves(&self, customer: &str, phone: &str) -> Result<(), String> {
        phone::moves(&self.core, customer, phone)
    }

    /// A customer stops (or resumes) marketing messages in the app.
    pub fn prefers(&self, customer: &str, number: &str, stop: bool) -> Result<(), String> {
        phone::prefers(&self.core, customer, number, stop)
    }

    /// A phone is switched on; what waited arrives.
    pub fn comes_online(&self, customer: &str) {
        phone::comes_online(&self.core, customer);
    }

    /// What a phone shows after a cursor; none for an unknown customer.
    pub fn phone(&self, customer: &str, after: u64) -> Option<Value> {
        phone::view(&self.core.world.lock(), customer, after, self.core.now_ms())
    }

    /// Sets a template's status and tells it; false when there is none.
    pub fn template_status(&self, id: &str, status: &str, reason: Option<&str>) -> bool {
        decide_template(&self.core, id, status, reason)
    }

    /// Puts a template into another category and tells it; false when there is none.
    pub fn template_category(&self, id: &str, category: &str) -> bool {
        recategorize_template(&self.core, id, category)
    }

    /// Hands any change over for delivery.
    pub fn emit(&self, change: Change) {
        emit(&self.core, change);
    }

    /// Sends a webhook of a bad day; false when customer or number is unknown.
    pub fn dirty(&self, dirt: Dirt, customer: &str, number: &str) -> bool {
        let now_ms = self.core.now_ms();
        let change = dirt.change(&mut self.core.world.lock(), number, customer, now_ms);
        let known = change.is_some();
        change.into_iter().for_each(|change| emit(&self.core, change));
        known
    }

    /// Posts a body of the caller's own, once, signed for an app. Answers the
    /// status, or none when no answer came.
    pub async fn post_raw(&self, app: &str, body: &Value) -> Option<u16> {
        send_raw(&self.core, app, body).await
    }

    /// Sets an app's callback after its handshake, as the dashboard does.
    pub async fn set_callback(&self, app: &str, url: &str) -> Result<(), String> {
        let token = {
            let world = self.core.world.lock();
            world.apps.get(app).ok_or("app: not there")?.verify_token.clone()
        };
        shake(&self.core, url, &token).await.map_err(|wrong: Wrong| wrong.title)?;
        if let Some(app) = self.core.world.lock().apps.get_mut(app) {
            app.callback_url = Some(url.into());
        }
        Ok(())
    }

    /// The newest POSTs of webhooks.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.core.post.log()
    }

    /// Exact counts of changes and POSTs.
    pub fn tally(&self) -> Tally {
        self.core.post.tally()
    }

    /// Pieces of background work under way.
    pub fn busy(&self) -> usize {
        self.core.busy()
    }

    /// Returns when no message travels and every webhook was taken or dropped.
    pub async fn settled(&self) {
        self.core.settled().await;
    }
}
