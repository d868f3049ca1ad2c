//! Those who call our API: each repeats a request until it has an answer, and
//! only then makes the next.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::front::Front;
use super::kind::{Kind, Tally};
use super::outside::{Outside, TENANTS};
use super::work::Errand;

/// A send that was answered 202.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub pair: usize,
    pub tenant: usize,
    pub class: &'static str,
    pub text: String,
    /// Of the outbox.
    pub id: String,
}

#[derive(Clone, Default)]
pub struct Book {
    accepted: Arc<Mutex<Vec<Accepted>>>,
    wrongs: Arc<Mutex<Vec<String>>>,
}

impl Book {
    /// In the order of the answers.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.accepted.lock().clone()
    }

    /// Answers that no caller may ever get.
    pub fn wrongs(&self) -> Vec<String> {
        self.wrongs.lock().clone()
    }
}

struct Caller {
    front: Arc<Front>,
    tally: Tally,
    book: Book,
    api_key: String,
    address: String,
    tenant: usize,
}

/// One caller for each pair that is written to.
pub fn start(
    outside: &Outside,
    api_keys: &[String],
    book: &Book,
    errands: Vec<Vec<Errand>>,
) -> JoinSet<()> {
    let mut callers = JoinSet::new();
    for (pair, errands) in outside.pairs.iter().zip(errands) {
        let caller = Caller {
            front: outside.front.clone(),
            tally: outside.tally.clone(),
            book: book.clone(),
            api_key: api_keys[pair.tenant].clone(),
            address: pair.address(),
            tenant: pair.tenant,
        };
        callers.spawn(async move {
            for errand in errands {
                caller.runs(&errand).await;
            }
        });
    }
    callers
}

impl Caller {
    async fn runs(&self, errand: &Errand) {
        tokio::time::sleep(Duration::from_millis(errand.after_ms)).await;
        let id = loop {
            let (once, again) = match errand.twice {
                true => {
                    self.tally.count(Kind::EqualRequests);
                    tokio::join!(self.asks(errand), self.asks(errand))
                }
                false => (self.asks(errand).await, None),
            };
            if let (Some(once), Some(again)) = (&once, &again)
                && once != again
            {
                let what =
                    format!("{}: one request was accepted as {once} and as {again}", errand.text);
                self.book.wrongs.lock().push(what);
            }
            if let Some(id) = once.or(again) {
                break id;
            }
            tokio::time::sleep(Duration::from_millis(400)).await;
        };
        let accepted = Accepted {
            pair: errand.pair,
            tenant: self.tenant,
            class: errand.class,
            text: errand.text.clone(),
            id,
        };
        self.book.accepted.lock().push(accepted);
    }

    /// The id of the send, when it was accepted.
    async fn asks(&self, errand: &Errand) -> Option<String> {
        let body = json!({
            "to": self.address, "number": TENANTS[self.tenant].number, "class": errand.class,
            "type": "text", "text": { "body": errand.text },
        });
        let key = errand.text.replace([' ', '/'], "-");
        let answer = self.front.ask(Method::POST, "/send", &self.api_key, Some(&key), &body).await;
        match answer? {
            (StatusCode::ACCEPTED, told) => told["id"].as_str().map(str::to_owned),
            // nobody wrote yet, as far as we know
            (StatusCode::UNPROCESSABLE_ENTITY | StatusCode::NOT_FOUND, told) if waits(&told) => {
                None
            }
            (status, _) if status.is_server_error() => None,
            (status, told) => {
                let what = format!("{}: POST /send answered {status} {told}", errand.text);
                self.book.wrongs.lock().push(what);
                None
            }
        }
    }
}

fn waits(told: &Value) -> bool {
    let text = told.to_string();
    text.contains("puente.window_closed") || text.contains("puente.no_such_recipient")
}
