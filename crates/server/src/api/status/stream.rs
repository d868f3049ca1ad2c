//! `GET /status/stream`: changes as they happen (server-sent events, WHATWG
//! HTML, "Server-sent events").
//!
//! An event's id is its place in the tenant's feed, always below the horizon
//! under which no commit can still appear. So a reader that comes back with
//! `Last-Event-ID` misses nothing and gets nothing twice. An id that is unknown
//! or older than the feed is answered with `reset` and a `snapshot`.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use http::HeaderMap;
use store::{FeedRow, StoreError};
use tokio::sync::OwnedSemaphorePermit;

use super::snapshot;
use super::standing::Standing;
use crate::auth::{ReadKey, Session};
use crate::metrics::OpenStream;
use crate::problem::Problem;
use crate::state::App;

const ROWS_MAX: u32 = 100;

/// Every change of this tenant's messages, as it happens.
///
/// Events: `message.in`, `message.status`, `send.accepted`, `send.failed`,
/// `send.uncertain`, each with the message's standing as data; `ready` opens a
/// new stream; `reset` says that changes were missed and is followed by
/// `snapshot`, the standings of the most recent conversations. Comments keep
/// the connection open.
#[utoipa::path(
    get, path = "/status/stream", tag = "status",
    params(("Last-Event-ID" = Option<String>, Header, description = "Id of the last event seen")),
    responses(
        (status = 200, description = "An event stream", body = String, content_type = "text/event-stream"),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 503, description = "Too many streams are open; come again", body = Problem),
    )
)]
pub async fn stream(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let place = app.streams.take("streams")?;
    let last = headers.get("last-event-id").map(|v| v.to_str().unwrap_or_default());
    let bounds = app.store.feed_bounds(&session.tenant).await?;
    let (after, queue) = match resume(last, bounds) {
        Resume::New(at) => (at, VecDeque::from([named("ready", at).data("{}")])),
        Resume::After(seq) => (seq, VecDeque::new()),
        Resume::Reset(at) => {
            let snapshot = snapshot::take(&app, &session.tenant).await?;
            let snapshot = serde_json::to_string(&snapshot).unwrap_or_default();
            let events = [named("reset", at).data("{}"), named("snapshot", at).data(snapshot)];
            (at, VecDeque::from(events))
        }
    };
    let reader = Reader {
        key_checked_at: app.ambient.clock.mono(),
        _open: app.metrics.stream_opened(),
        _place: place,
        app,
        session,
        after,
        queue,
    };
    let events = stream::unfold(reader, |mut reader| async {
        reader.next().await.map(|event| (Ok(event), reader))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resume {
    New(i64),
    After(i64),
    Reset(i64),
}

/// `bounds`: the oldest sequence kept, and the horizon.
fn resume(last: Option<&str>, (oldest, horizon): (i64, i64)) -> Resume {
    let Some(text) = last else {
        return Resume::New(horizon);
    };
    match text.parse::<i64>() {
        Ok(seq) if (oldest - 1..=horizon).contains(&seq) => Resume::After(seq),
        _ => Resume::Reset(horizon),
    }
}

fn named(name: &str, id: i64) -> Event {
    Event::default().event(name).id(id.to_string())
}

struct Reader {
    app: App,
    session: Session,
    after: i64,
    queue: VecDeque<Event>,
    key_checked_at: i64,
    _open: OpenStream,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// `None` ends the stream: the process stops, the key no longer holds, or
    /// the store failed. The reader comes back with the last id it saw.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return Some(event);
            }
            if self.app.stopping.is_cancelled() || !self.key_holds().await {
                return None;
            }
            let tenant = &self.session.tenant;
            let rows = self.app.store.feed_after(tenant, self.after, ROWS_MAX).await.ok()?;
            if rows.is_empty() {
                tokio::select! {
                    biased;
                    () = self.app.stopping.cancelled() => return None,
                    () = tokio::time::sleep(self.app.options.stream_tick) => {}
                }
            }
            for row in rows {
                self.tell(&row).await.ok()?;
            }
        }
    }

    async fn tell(&mut self, row: &FeedRow) -> Result<(), StoreError> {
        // Gone when the person was erased: there is nothing left to tell.
        if let Some(found) = self.app.board.standing(&self.session.tenant, row.message).await? {
            let data = serde_json::to_string(&Standing::from(found)).unwrap_or_default();
            self.queue.push_back(named(&row.kind, row.seq).data(data));
        }
        self.after = row.seq;
        Ok(())
    }

    async fn key_holds(&mut self) -> bool {
        let now = self.app.ambient.clock.mono();
        if now - self.key_checked_at < self.app.options.stream_key_check_ms {
            return true;
        }
        self.key_checked_at = now;
        self.session.holds(&self.app).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_reader_goes_on() {
        let bounds = (40, 100);
        for (last, want) in [
            (None, Resume::New(100)),
            (Some("100"), Resume::After(100)),
            (Some("39"), Resume::After(39)),
            (Some("38"), Resume::Reset(100)),
            (Some("101"), Resume::Reset(100)),
            (Some("-1"), Resume::Reset(100)),
            (Some(""), Resume::Reset(100)),
            (Some("abc"), Resume::Reset(100)),
        ] {
            assert_eq!(resume(last, bounds), want, "{last:?}");
        }
    }
}
