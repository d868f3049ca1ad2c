//! A file of ours from the spool to Meta, which gives it the id that the
//! message names.

use model::ids::MediaId;
use store::op::{ClaimedMedia, MediaCopy, MediaMove};
use store::{Media, MediaState, Op, StoreError};

use super::about::{About, Source};
use super::claim::Worker;
use super::fetch::again;
use super::settle::Ended;
use super::source::{checked, copy_text};
use super::{convert, scan};

/// Meta keeps what is uploaded for 30 days (Cloud API, Media); a send may wait
/// for one of them.
const COPY_MS: i64 = 29 * 86_400_000;

pub async fn once(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
    mut about: About,
) -> Result<(Ended, Vec<Op>), StoreError> {
    let spooled = about.spooled.clone();
    let here = spooled.and_then(|spooled| Some((MediaId::parse(&spooled.id)?, spooled)));
    let Some((id, spooled)) = here.filter(|(id, _)| worker.spool.has(*id)) else {
        if let Source::Upload(_) = about.source {
            let why = "the upload is no longer in the spool";
            return Ok((Ended::over("puente.media_gone", why), vec![]));
        }
        return Ok((again(worker), vec![]));
    };
    let mime = about.mime_type.clone().unwrap_or_default();
    if let Err(ended) = checked(&about.kind, &mime, spooled.bytes) {
        return Ok((ended, vec![]));
    }
    if let Some(ended) = scan::once(worker, &about, &spooled).await {
        return Ok((ended, vec![]));
    }
    let (line, number) = match (worker.meta(media, &claimed.tenant), &media.number) {
        (Ok(line), Some(number)) => (line, number),
        (Err(ended), _) => return Ok((ended, vec![])),
        (_, None) => return Ok((Ended::wait("puente.no_credentials"), vec![])),
    };
    let (tenant, now) = (&claimed.tenant, worker.ambient.now());
    let hex: String = spooled.sha256.iter().map(|b| format!("{b:02x}")).collect();
    let origins = [Some(format!("sha256|{mime}|{hex}")), about.origin.clone()];
    let hashes: Vec<_> = origins
        .iter()
        .flatten()
        .map(|origin| worker.store.hmac(tenant, copy_text(origin).as_bytes()))
        .collect();
    let held = worker.store.media_copy(tenant, number, &hashes[0], now).await?;
    let meta_id = match held {
        Some(meta_id) => meta_id,
        None => {
            let name = convert::name(about.file_name.as_deref(), &about.kind, Some(&mime), now);
            let flow = match worker.spool.read(id, &spooled.key) {
                Ok(flow) => flow,
                Err(why) => return Ok((Ended::over("puente.media_gone", why.to_string()), vec![])),
            };
            let boundary = claimed.id.to_string();
            match line.call(line.client.upload(number, &mime, &name, &boundary, flow)).await {
                Ok(meta_id) => meta_id,
                Err(ended) => return Ok((ended, vec![])),
            }
        }
    };
    let copies = hashes.into_iter().map(|hash| {
        Op::KeepCopy(MediaCopy {
            tenant: tenant.clone(),
            number: number.clone(),
            hash,
            meta_id: meta_id.clone(),
            expires_at: now.plus(COPY_MS),
        })
    });
    let copies = copies.collect();
    about.meta_id = Some(meta_id);
    Ok((there(&about), copies))
}

/// The end: the send that waited for it is due.
pub(super) fn there(about: &About) -> Ended {
    Ended::Reached(Box::new(MediaMove::Reached {
        state: MediaState::Uploaded,
        due_at: None,
        about: Some(about.seal()),
        bytes: None,
        version: None,
        document: None,
    }))
}
