//! Stored media.

use bytes::Bytes;

/// Who brought a medium in: uploads live 30 days, what came by webhook 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Upload,
    Customer,
}

#[derive(Clone, Debug)]
pub struct Media {
    pub id: String,
    pub number_id: String,
    pub mime: String,
    pub bytes: Bytes,
    pub origin: Origin,
    pub at_ms: i64,
}

impl Media {
    pub fn alive(&self, now_ms: i64) -> bool {
        let days = match self.origin {
            Origin::Upload => 30,
            Origin::Customer => 7,
        };
        now_ms - self.at_ms < days * 86_400_000
    }

    pub fn digest(&self) -> Vec<u8> {
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &self.bytes).as_ref().to_vec()
    }
}

/// The MIME type that the first bytes speak of, where they do.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => return None,
    })
}
