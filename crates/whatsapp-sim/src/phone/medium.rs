//! What a customer attaches.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::say::Medium;
use crate::state::{Media, Origin, World};

/// Keeps a customer's medium and answers what stands on the wire about it.
pub fn store(
    world: &mut World,
    number_id: &str,
    kind: &str,
    medium: &Medium,
    now_ms: i64,
) -> Result<Value, String> {
    let (mime, magic): (&str, &[u8]) = match kind {
        "image" => ("image/jpeg", b"\xff\xd8\xff\xe0"),
        "video" => ("video/mp4", b"\0\0\0\x18ftypmp42"),
        "audio" => ("audio/ogg; codecs=opus", b"OggS"),
        "sticker" => ("image/webp", b"RIFF\0\0\0\0WEBP"),
        _ => ("application/pdf", b"%PDF-1.7\n"),
    };
    let bytes = match &medium.base64 {
        Some(text) => STANDARD.decode(text).map_err(|e| format!("base64: {e}"))?,
        None => {
            let mut bytes = magic.to_vec();
            let mut noise = vec![0; medium.size.unwrap_or(512).saturating_sub(bytes.len())];
            world.seed.fill(&mut noise);
            bytes.extend(noise);
            bytes
        }
    };
    let media = Media {
        id: world.mint_id(10138),
        number_id: number_id.into(),
        mime: medium.mime_type.clone().unwrap_or_else(|| mime.into()),
        bytes: Bytes::from(bytes),
        origin: Origin::Customer,
        at_ms: now_ms,
    };
    let url = crate::graph::media_url(world, &media, now_ms, Some("webhook"));
    let mut wire = json!({ "id": media.id, "mime_type": media.mime, "url": url,
        "sha256": STANDARD.encode(media.digest()) });
    for (key, text) in [("caption", &medium.caption), ("filename", &medium.filename)] {
        if let Some(text) = text {
            wire[key] = json!(text);
        }
    }
    match kind {
        "audio" => wire["voice"] = json!(medium.voice),
        "sticker" => wire["animated"] = json!(medium.animated),
        _ => {}
    }
    world.media.insert(media.id.clone(), media);
    Ok(wire)
}
