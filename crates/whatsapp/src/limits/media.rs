//! What files Meta takes for each kind of message (Cloud API, Media, supported
//! media types).

use super::Problem;

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;

struct Kind {
    name: &'static str,
    /// Empty: any type of an application, and plain text.
    types: &'static [&'static str],
    bytes_max: u64,
}

const KINDS: &[Kind] = &[
    Kind { name: "image", types: &["image/jpeg", "image/png"], bytes_max: 5 * MB },
    Kind { name: "video", types: &["video/mp4", "video/3gpp"], bytes_max: 16 * MB },
    Kind {
        name: "audio",
        types: &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
        bytes_max: 16 * MB,
    },
    Kind { name: "document", types: &[], bytes_max: 100 * MB },
    // animated ones; of others Meta takes 100 KB, which only it can tell apart
    Kind { name: "sticker", types: &["image/webp"], bytes_max: 500 * KB },
];

/// The type without its parameters, in lower case: `audio/ogg; codecs=opus` is
/// `audio/ogg`.
pub fn bare(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The largest file of this kind of message; `None` for kinds without files.
pub fn bytes_max(kind: &str) -> Option<u64> {
    KINDS.iter().find(|k| k.name == kind).map(|k| k.bytes_max)
}

/// Whether a file of this type and size may go as `kind`. `field` names where
/// the caller gave it.
pub fn check(field: &str, kind: &str, mime: &str, bytes: u64) -> Result<(), Problem> {
    let Some(of) = KINDS.iter().find(|k| k.name == kind) else {
        return Err(Problem::new(field, format!("`{kind}` has no file"), "leave it out"));
    };
    let mime = bare(mime);
    let any = of.types.is_empty();
    let named = mime.split_once('/').is_some_and(|(_, sub)| !sub.is_empty());
    let fits = if any {
        named && mime != "application/octet-stream"
    } else {
        of.types.contains(&mime.as_str())
    };
    if !fits {
        let known = if any { "the file's own type".to_owned() } else { of.types.join(", ") };
        let cure = match KINDS.iter().find(|k| k.types.contains(&mime.as_str())) {
            Some(other) => format!("send it as `{}`, or convert the file", other.name),
            None if any => "give the file its type, such as application/pdf".into(),
            None => "send it as `document`, or convert the file".into(),
        };
        return Err(Problem::new(field, format!("one of {known}, found {mime}"), cure));
    }
    if bytes == 0 {
        return Err(Problem::new(field, "a file that is not empty", "choose another file"));
    }
    if bytes > of.bytes_max {
        let limit = format!("at most {} bytes for `{kind}`, found {bytes}", of.bytes_max);
        let cure = match kind {
            "document" => "make it smaller, or send a link to it as text",
            _ => "make it smaller, or send it as `document` (up to 100 MB)",
        };
        return Err(Problem::new(field, limit, cure));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_sizes_by_kind() {
        let table = [
            ("image", "image/jpeg", 5 * MB, None),
            ("image", "IMAGE/PNG", 1, None),
            ("image", "image/jpeg", 5 * MB + 1, Some("at most 5242880 bytes")),
            ("image", "image/webp", 1, Some("send it as `sticker`")),
            ("image", "image/gif", 1, Some("send it as `document`")),
            ("image", "image/jpeg", 0, Some("not empty")),
            ("audio", "audio/ogg; codecs=opus", 16 * MB, None),
            ("video", "audio/ogg", 1, Some("send it as `audio`")),
            ("document", "application/pdf", 100 * MB, None),
            ("document", "image/gif", 9, None),
            ("document", "application/octet-stream", 9, Some("its type")),
            ("document", "", 9, Some("its type")),
            ("document", "text/plain", 100 * MB + 1, Some("a link")),
            ("sticker", "image/webp", 500 * KB, None),
            ("text", "text/plain", 1, Some("no file")),
        ];
        for (kind, mime, bytes, want) in table {
            let told = check("f", kind, mime, bytes).err().map(|p| p.to_string());
            match want {
                None => assert_eq!(told, None, "{kind} {mime} {bytes}"),
                Some(words) => {
                    let told = told.unwrap_or_default();
                    assert!(told.contains(words), "{kind} {mime} {bytes}: {told}");
                }
            }
        }
    }
}
