//! The malware hook: a file goes on only when the scanner found nothing.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use model::ids::MediaId;
use model::{Body, Code, Exchange, Fault, Scope, Stage};

use super::about::{About, InSpool};
use super::claim::Worker;
use super::settle::Ended;

/// `None`: go on. A file that was found clean is not scanned again.
pub async fn once(worker: &Worker, about: &About, spooled: &InSpool) -> Option<Ended> {
    let scanner = worker.scanner.as_ref().filter(|_| !about.scanned)?;
    let Some(id) = MediaId::parse(&spooled.id) else {
        return Some(unanswered("the file's id cannot be read".into()));
    };
    let said = match ask(worker, scanner, id, spooled).await {
        Ok(said) => said,
        Err(why) => return Some(unanswered(why)),
    };
    Some(match verdict(&said) {
        Verdict::Clean => {
            let about = About { scanned: true, ..about.clone() };
            super::fetch::downloaded(&about, spooled.bytes, worker.ambient.now())
        }
        Verdict::Found(what) => {
            let detail = format!("the scanner found {what}; the file was not passed on");
            Ended::Over { code: "puente.media_infected", detail, alert: true }
        }
        Verdict::Unclear(said) => unanswered(said),
    })
}

async fn ask(
    worker: &Worker,
    scanner: &Arc<dyn Exchange>,
    id: MediaId,
    spooled: &InSpool,
) -> Result<Bytes, String> {
    let flow = worker.spool.read(id, &spooled.key).map_err(|why| why.to_string())?;
    let request = Request::post("http://clamd/instream").body(Body::Flow(flow));
    let request = request.map_err(|why| why.to_string())?;
    let answer = scanner.carry(request).await.map_err(|lost| lost.to_string())?;
    answer.into_body().whole().await.map_err(|why| why.to_string())
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Clean,
    Found(String),
    Unclear(String),
}

/// `stream: OK`, `stream: Eicar-Signature FOUND`, `... ERROR` (clamd, INSTREAM).
pub(super) fn verdict(said: &Bytes) -> Verdict {
    let text = String::from_utf8_lossy(said);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let text = text.strip_prefix("stream: ").unwrap_or(text);
    match text.strip_suffix(" FOUND") {
        Some(what) => Verdict::Found(what.chars().take(100).collect()),
        None if text == "OK" => Verdict::Clean,
        None => Verdict::Unclear(text.chars().take(200).collect()),
    }
}

/// Nothing passes unscanned: the file waits until the scanner answers.
fn unanswered(detail: String) -> Ended {
    Ended::Fault(Fault {
        act: model::Act::Ask,
        scope: Scope::Account,
        stage: Stage::Answered,
        code: Code::new("puente.scanner_away"),
        detail,
        cure: "check that clamd runs, takes files of this size and is reached at media.clamav"
            .into(),
    })
}
