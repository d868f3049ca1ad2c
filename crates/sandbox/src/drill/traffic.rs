//! People who write and are answered, so many messages a second.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::{Method, Request, StatusCode, header};
use serde_json::json;
use tower::ServiceExt;
use whatsapp_sim::{Customer, NewCustomer};

use crate::town::Town;

/// One message as it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub at_ms: i64,
    /// Whose it is, by their place among all.
    pub person: usize,
}

/// Every message has a number, which is its text: `m17` came in, `s18` went out.
pub struct Traffic<'a> {
    town: &'a Town,
    pub sent: Vec<Sent>,
    /// The first half are people of the outage; the others come after it.
    people: Vec<Customer>,
    turn: usize,
}

impl<'a> Traffic<'a> {
    /// So many people of the outage and as many others. One in ten is a Contact
    /// of the org; the rest are strangers.
    pub fn new(town: &'a Town, people: usize) -> Result<Self, String> {
        let phones = town.sims.whatsapp.handle();
        let org = town.sims.salesforce.handle();
        let mut made = Vec::with_capacity(people * 2);
        for n in 0..people * 2 {
            // none of them is the business number
            let phone = format!("+1212{n:07}");
            made.push(phones.customer(NewCustomer::named(&format!("P{n}"), &phone))?);
            if n % 10 == 0 {
                let contact = json!({ "LastName": format!("P{n}"), "MobilePhone": phone });
                org.create("Contact", contact).map_err(|e| e.message)?;
            }
        }
        Ok(Self { town, sent: Vec::new(), people: made, turn: 0 })
    }

    /// A second of the outage: half of the messages come in, and half answer
    /// them.
    pub async fn outage_second(&mut self, rate: usize) -> Result<(), String> {
        for _ in 0..rate {
            let person = self.turn % (self.people.len() / 2);
            self.one(person).await?;
        }
        Ok(())
    }

    /// A second after it: nine of ten messages are of the others.
    pub async fn live_second(&mut self, rate: usize) -> Result<(), String> {
        let half = self.people.len() / 2;
        for _ in 0..rate {
            let other = if self.turn.is_multiple_of(10) { 0 } else { half };
            self.one(self.turn % half + other).await?;
        }
        Ok(())
    }

    /// One message now: theirs, then an answer. An answer to somebody whose
    /// first message is on its way yet becomes another one of theirs.
    async fn one(&mut self, person: usize) -> Result<(), String> {
        let (number, at_ms) = (self.sent.len(), self.town.ambient.now().0);
        let inbound = number.is_multiple_of(2);
        let to = self.people[person].clone();
        if inbound || !self.answer(&to, number).await? {
            let phones = self.town.sims.whatsapp.handle();
            phones.texts(&to.id, self.town.number.as_str(), &format!("m{number}"))?;
        }
        if !inbound {
            self.turn += 1;
        }
        self.sent.push(Sent { at_ms, person });
        Ok(())
    }

    /// `POST /send`; false while the person's window is not open.
    async fn answer(&self, to: &Customer, number: usize) -> Result<bool, String> {
        let body = json!({ "to": format!("+{}", to.wa_id), "type": "text",
                           "text": { "body": format!("s{number}") } });
        let request = Request::builder()
            .method(Method::POST)
            .uri("/send")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.town.api_key))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", format!("drill-{number}"))
            .body(Body::from(body.to_string()))
            .map_err(|e| e.to_string())?;
        let answer = self.town.router.clone().oneshot(request).await.map_err(|e| e.to_string())?;
        match answer.status() {
            StatusCode::ACCEPTED => Ok(true),
            // their first message is on its way
            StatusCode::UNPROCESSABLE_ENTITY => Ok(false),
            status => {
                let text = to_bytes(answer.into_body(), 1 << 20).await.unwrap_or_default();
                Err(format!("POST /send answered {status}: {}", String::from_utf8_lossy(&text)))
            }
        }
    }
}

/// Until the next second of messages.
pub async fn rest_of_second() {
    tokio::time::sleep(Duration::from_millis(1_000)).await;
}
