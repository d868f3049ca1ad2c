//! The one door of a simulator: every request passes the fault script and the log.

use std::future::Future;

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};

use crate::faults::Canned;
use crate::{Act, Cut, Faults, RequestLog, Seed, SimClock};

#[derive(Clone, Debug)]
pub struct Gate {
    pub clock: SimClock,
    pub faults: Faults,
    pub log: RequestLog,
}

impl Gate {
    pub fn new(clock: SimClock, seed: &Seed) -> Self {
        Self { clock, faults: Faults::new(seed), log: RequestLog::default() }
    }

    /// Runs `handle` for one request of `op`, unless the script says otherwise,
    /// and writes the request down when it ends.
    pub async fn pass<F>(&self, op: &str, path: &str, handle: F) -> Response<Body>
    where
        F: Future<Output = Response<Body>>,
    {
        let verdict = self.faults.decide(op);
        self.clock.sleep_ms(verdict.delay_ms as i64).await;
        let response = match verdict.end {
            Some(Act::CutBefore) => Cut::Before.response(),
            Some(Act::Answer(canned)) => canned.response(),
            after => {
                let response = handle.await;
                self.clock.sleep_ms(verdict.delay_after_ms as i64).await;
                match after {
                    Some(Act::CutAfter) => Cut::After.response(),
                    Some(Act::AnswerAfter(canned)) => canned.response(),
                    _ => response,
                }
            }
        };
        let status = Cut::of(&response).is_none().then(|| response.status().as_u16());
        self.log.record(self.clock.now_ms(), op, path, status);
        response
    }
}

impl Canned {
    fn response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Ok(value) = HeaderValue::from_str(&self.content_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rule, When};
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn whether_the_handler_acts_and_what_is_answered() {
        let table = [
            (None, 1, Some(200), None),
            (Some(Act::CutBefore), 0, None, Some(Cut::Before)),
            (Some(Act::CutAfter), 1, None, Some(Cut::After)),
            (Some(Act::answer(503, "no")), 0, Some(503), None),
            (Some(Act::answer_after(500, "no")), 1, Some(500), None),
            (Some(Act::Delay(90)), 1, Some(200), None),
            (Some(Act::DelayAfter(90)), 1, Some(200), None),
        ];
        for (act, acts, status, cut) in table {
            let gate = Gate::new(SimClock::starting_at(0), &Seed::new(1));
            if let Some(act) = act.clone() {
                gate.faults.add(Rule::new("op", When::Always, act));
            }
            let acted = AtomicU32::new(0);
            let response = gate
                .pass("op", "/x", async {
                    acted.fetch_add(1, Ordering::Relaxed);
                    Response::new(Body::empty())
                })
                .await;
            assert_eq!(acted.into_inner(), acts, "{act:?}");
            assert_eq!(Cut::of(&response), cut, "{act:?}");
            let entry = &gate.log.after(0)[0];
            assert_eq!((entry.status, entry.op.as_str()), (status, "op"));
            let waited = matches!(act, Some(Act::Delay(_) | Act::DelayAfter(_)));
            assert_eq!(entry.at_ms, if waited { 90 } else { 0 });
        }
    }
}
