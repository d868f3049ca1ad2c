//! The ways to the remotes. What is under way there goes on when its caller
//! dies, as it would in another machine.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Request;
use model::{Body, Carried, Exchange, Lost, Outcome};
use parking_lot::Mutex;
use sim_kit::SimClock;
use tokio::task::AbortHandle;

use super::halt;
use super::kind::{Kind, Tally};
use crate::door::RouterExchange;

/// What stands in an answer when a fault has reached us.
type Signs = &'static [(&'static str, Kind)];

const META: Signs = &[("\"code\":190", Kind::MetaTokenDead)];
const ORG: Signs = &[
    ("INVALID_SESSION_ID", Kind::OrgSessionDead),
    ("REQUEST_LIMIT_EXCEEDED", Kind::OrgLimit),
    ("UNABLE_TO_LOCK_ROW", Kind::OrgRowLock),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Kind::OrgTrigger),
];

pub struct Line {
    to: Arc<RouterExchange>,
    clock: SimClock,
    tally: Tally,
    /// No answer within this is a lost one, as in the real client.
    patience: Duration,
    refused: Kind,
    restarted: Kind,
    signs: Signs,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// So many connections fail before a byte is written.
    unreachable: u32,
    down_until_ms: i64,
    /// So many composite calls are halted after their n-th part.
    halts: Vec<usize>,
    under_way: Vec<AbortHandle>,
}

impl Line {
    pub fn to_meta(router: Router, clock: SimClock, tally: Tally) -> Arc<Self> {
        let kinds = (Kind::MetaUnreachable, Kind::MetaRestart);
        Self::new(router, clock, tally, Duration::from_secs(30), kinds, META)
    }

    pub fn to_org(router: Router, clock: SimClock, tally: Tally) -> Arc<Self> {
        let kinds = (Kind::OrgUnreachable, Kind::OrgRestart);
        Self::new(router, clock, tally, Duration::from_secs(120), kinds, ORG)
    }

    fn new(
        router: Router,
        clock: SimClock,
        tally: Tally,
        patience: Duration,
        (refused, restarted): (Kind, Kind),
        signs: Signs,
    ) -> Arc<Self> {
        let to = Arc::new(RouterExchange(router));
        let state = Mutex::default();
        Arc::new(Self { to, clock, tally, patience, refused, restarted, signs, state })
    }

    pub fn unreachable(&self, times: u32) {
        self.state.lock().unreachable += times;
    }

    /// The next composite calls are halted after so many parts.
    pub fn halt(&self, after: Vec<usize>) {
        self.state.lock().halts.extend(after);
    }

    /// The far side goes down: calls under way end wherever they are, and none
    /// gets through until it is up again.
    pub fn restart(&self, down_ms: i64) {
        let mut state = self.state.lock();
        state.under_way.drain(..).for_each(|call| call.abort());
        state.down_until_ms = self.clock.now_ms() + down_ms;
        self.tally.count(self.restarted);
    }

    pub fn calm(&self) {
        let mut state = self.state.lock();
        (state.unreachable, state.down_until_ms) = (0, 0);
        state.halts.clear();
    }

    /// Whether a connection fails, and after which part the call is halted.
    fn fate(&self, path: &str) -> Result<Option<usize>, Lost> {
        let mut state = self.state.lock();
        if state.unreachable > 0 {
            state.unreachable -= 1;
            self.tally.count(self.refused);
            return Err(Lost::BeforeWrite);
        }
        if self.clock.now_ms() < state.down_until_ms {
            return Err(Lost::BeforeWrite);
        }
        Ok(if path.ends_with("/composite") { state.halts.pop() } else { None })
    }

    fn look(&self, outcome: &Outcome) {
        let Ok(answer) = outcome else {
            return;
        };
        let text = String::from_utf8_lossy(answer.body());
        for (_, kind) in self.signs.iter().filter(|(sign, _)| text.contains(sign)) {
            self.tally.count(*kind);
        }
        let both = text.contains("\"success\":true") && text.contains("\"success\":false");
        if answer.status() == 200 && both {
            self.tally.count(Kind::OrgPartial);
        }
    }
}

impl Exchange for Line {
    /// Nobody sends a file in the world: every body is held whole.
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let bytes = body.whole().await.map_err(|_| Lost::BeforeWrite)?;
            let answer = self.send(Request::from_parts(parts, bytes)).await?;
            Ok(answer.map(Body::Whole))
        })
    }

    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Outcome> {
        let halted = match self.fate(request.uri().path()) {
            Ok(halted) => halted,
            Err(lost) => return Box::pin(std::future::ready(Err(lost))),
        };
        let to = self.to.clone();
        let call = tokio::spawn(async move {
            match halted {
                Some(after) => halt::send(&*to, request, after).await,
                None => to.send(request).await,
            }
        });
        let mut state = self.state.lock();
        state.under_way.retain(|call| !call.is_finished());
        state.under_way.push(call.abort_handle());
        drop(state);
        Box::pin(async move {
            let answer = tokio::time::timeout(self.patience, call).await;
            let outcome = answer.ok().and_then(Result::ok).unwrap_or(Err(Lost::AfterWrite));
            if halted.is_some() && outcome.is_ok() {
                self.tally.count(Kind::OrgHalted);
            }
            self.look(&outcome);
            outcome
        })
    }
}
