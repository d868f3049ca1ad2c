//! Where a file is (Cloud API, Media).

use model::Body;

use super::shape::shape;

shape! {
    /// The answer of `GET /{media_id}`. The URL lives five minutes and needs the
    /// bearer token.
    MediaInfo {
        text { id, url, mime_type, sha256 }
        int {
            /// Bytes.
            file_size,
        }
    }
}

/// A file as it comes.
#[derive(Debug)]
pub struct Download {
    pub body: Body,
    /// The `Content-Type` of the answer.
    pub mime_type: Option<String>,
}

/// The 32 bytes of a `sha256`, which Meta writes in base64 in messages and in
/// hexadecimal elsewhere.
pub fn digest_bytes(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() == 64 {
        let mut out = [0; 32];
        for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let nibble = |digit: u8| (digit as char).to_digit(16);
            *byte = (nibble(pair[0])? << 4 | nibble(pair[1])?) as u8;
        }
        return Some(out);
    }
    let digits = text.trim_end_matches('=');
    if digits.len() != 43 {
        return None;
    }
    let mut bits = 0_u32;
    let mut held = 0;
    let mut out = Vec::with_capacity(32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_one_digest() {
        // SHA-256 of nothing.
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let base64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"");
        for text in [hex, &hex.to_uppercase(), base64, base64.trim_end_matches('=')] {
            let read = digest_bytes(text);
            assert_eq!(read.as_ref().map(|d| &d[..]), Some(digest.as_ref()), "{text}");
        }
        assert_eq!(digest_bytes("e3b0"), None);
        assert_eq!(digest_bytes(&"g".repeat(64)), None);
    }
}
