//! Media: upload, address, download, delete.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use serde_json::json;

use super::auth::{self, MESSAGING};
use super::{Call, Replied, Reply, Wrong};
use crate::core::Core;
use crate::state::{Media, Origin, Token, World, sniff};
use crate::webhook::proof;

const URL_LIFE_S: i64 = 300;
const KB: usize = 1024;
const MB: usize = 1024 * KB;

/// The size limit of a MIME type; none where the type is not taken.
fn limit(mime: &str) -> Option<usize> {
    let mime = bare(mime);
    Some(match mime {
        "image/jpeg" | "image/png" => 5 * MB,
        "image/webp" => 500 * KB,
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => 16 * MB,
        "video/mp4" | "video/3gpp" => 16 * MB,
        "text/plain" => 100 * MB,
        // What clients declare that do not know the type; never taken.
        "application/octet-stream" => return None,
        _ if mime.starts_with("application/") && mime.len() > 12 => 100 * MB,
        _ => return None,
    })
}

/// `POST /{PHONE_ID}/media`, multipart.
pub async fn upload(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    let world = &mut *core.world.lock();
    let number_id = auth::number(world, call, &token, MESSAGING)?.id.clone();
    let part = |name: &str| call.parts.iter().find(|(known, ..)| known == name);
    let text = |name: &str| part(name).map(|(.., b)| String::from_utf8_lossy(b).into_owned());
    if text("messaging_product").as_deref() != Some("whatsapp") {
        return Err(Wrong::graph(100, None, "The parameter messaging_product is required."));
    }
    let Some((_, part_mime, bytes)) = part("file") else {
        return Err(Wrong::graph(100, None, "The parameter file is required."));
    };
    let Some(declared) = text("type").filter(|mime| !mime.is_empty()) else {
        return Err(Wrong::graph(100, None, "The parameter type is required."));
    };
    let mime = part_mime.clone().unwrap_or_else(|| declared.clone());
    if bare(&mime) != bare(&declared) {
        let details = format!("Param type is {declared}, and the file's own type {mime}.");
        return Err(Wrong::with(100, details));
    }
    check(&mime, bytes)?;
    let media = Media {
        id: world.mint_id(10370),
        number_id,
        mime,
        bytes: bytes.clone(),
        origin: Origin::Upload,
        at_ms: now_ms,
    };
    let id = media.id.clone();
    world.media.insert(id.clone(), media);
    Ok(Reply::json(json!({ "id": id })))
}

fn bare(mime: &str) -> &str {
    mime.split(';').next().unwrap_or_default().trim()
}

fn check(mime: &str, bytes: &Bytes) -> Result<(), Wrong> {
    let Some(most) = limit(mime) else {
        let details =
            format!("Param file must be a file with one of the supported types, got {mime}.");
        return Err(Wrong::with(100, details));
    };
    if bytes.is_empty() || bytes.len() > most {
        let details = format!("{mime}: {} bytes; the limit is {most}.", bytes.len());
        return Err(Wrong::with(131053, details));
    }
    let declared = bare(mime);
    match sniff(bytes) {
        Some(real) if real != declared && limit(real).is_none_or(|_| strict(declared)) => {
            Err(Wrong::with(131053, format!("The file is {real}, not {declared}.")))
        }
        _ => Ok(()),
    }
}

/// Types whose first bytes must agree; documents may be anything.
fn strict(mime: &str) -> bool {
    ["image/", "audio/", "video/"].iter().any(|kind| mime.starts_with(kind))
}

/// A signed address of a medium, good for five minutes.
pub fn url(world: &World, media: &Media, now_ms: i64, source: Option<&str>) -> String {
    let ends = now_ms / 1000 + URL_LIFE_S;
    let source = source.map(|s| format!("&source={s}")).unwrap_or_default();
    let hash = signature(&media.id, ends);
    format!("{}/_media/?mid={}{source}&ext={ends}&hash={hash}", world.public_url, media.id)
}

fn signature(id: &str, ends: i64) -> String {
    proof("lookaside", &format!("{id}/{ends}"))[..32].to_owned()
}

/// `GET /{MEDIA_ID}`.
pub fn get(core: &Arc<Core>, world: &World, token: &Token, call: &Call) -> Replied {
    let now_ms = core.now_ms();
    let media = owned(world, token, call, now_ms)?;
    let hex: String = media.digest().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Reply::json(json!({
        "messaging_product": "whatsapp", "url": url(world, media, now_ms, None),
        "mime_type": media.mime, "sha256": hex, "file_size": media.bytes.len(), "id": media.id,
    })))
}

/// `DELETE /{MEDIA_ID}`.
pub fn delete(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    let mut world = core.world.lock();
    let id = owned(&world, &token, call, now_ms)?.id.clone();
    world.media.remove(&id);
    Ok(Reply::success())
}

/// A living medium of a number that the token may use; with `phone_number_id`
/// also of that very number.
fn owned<'a>(
    world: &'a World,
    token: &Token,
    call: &Call,
    now_ms: i64,
) -> Result<&'a Media, Wrong> {
    let missing = || Wrong::no_object(call.method.as_str(), call.node());
    let media = world.media.get(call.node()).filter(|m| m.alive(now_ms)).ok_or_else(missing)?;
    let number = world.numbers.get(&media.number_id).ok_or_else(missing)?;
    auth::permit(token, MESSAGING, &number.waba_id)?;
    match call.query.get("phone_number_id") {
        Some(asked) if *asked != media.number_id => {
            Err(Wrong::with(100, "Param phone_number_id is not the owner of this media."))
        }
        _ => Ok(media),
    }
}

/// `GET /_media/?mid=&ext=&hash=`: bytes, 404 when the address expired or was
/// forged, and a page instead of an error without a token.
pub fn download(core: &Arc<Core>, call: &Call) -> Replied {
    let Ok(token) = auth::token(core, call) else {
        return Ok(Reply::Html(StatusCode::UNAUTHORIZED, "<!DOCTYPE html><title>Error</title>"));
    };
    let text = |key: &str| call.query.get(key).map_or("", String::as_str);
    let ends: i64 = text("ext").parse().unwrap_or(0);
    let gone = Ok(Reply::Html(StatusCode::NOT_FOUND, "<!DOCTYPE html><title>Not found</title>"));
    if text("hash") != signature(text("mid"), ends) || core.gate.clock.now_secs() >= ends {
        return gone;
    }
    let world = core.world.lock();
    let media = world.media.get(text("mid")).filter(|m| m.alive(core.now_ms()));
    let reaches =
        |m: &&Media| world.numbers.get(&m.number_id).is_some_and(|n| token.reaches(&n.waba_id));
    match media.filter(reaches) {
        Some(media) => Ok(Reply::Bytes { mime: media.mime.clone(), bytes: media.bytes.clone() }),
        None => gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_sizes_are_checked() {
        let jpeg = |n: usize| [&b"\xff\xd8\xff"[..], &vec![0; n - 3]].concat();
        let table = [
            ("image/jpeg", jpeg(5 * MB), None),
            ("image/jpeg", jpeg(5 * MB + 1), Some(131053)),
            ("image/png", jpeg(100), Some(131053)),
            ("image/tiff", jpeg(100), Some(100)),
            ("", jpeg(100), Some(100)),
            ("application/octet-stream", jpeg(100), Some(100)),
            ("image/webp", vec![1; 500 * KB + 1], Some(131053)),
            ("audio/ogg; codecs=opus", b"OggS1".to_vec(), None),
            ("application/pdf", b"plain".to_vec(), None),
            ("text/plain", Vec::new(), Some(131053)),
        ];
        for (mime, bytes, want) in table {
            let got = check(mime, &Bytes::from(bytes)).err().map(|wrong| wrong.code);
            assert_eq!(got, want, "{mime}");
        }
    }
}
