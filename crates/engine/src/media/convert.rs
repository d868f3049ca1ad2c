//! Names and types of files. Pure.

use model::UnixMs;
use rules::text::fit;
use whatsapp::limits::media::bare;

/// The types that people send, with the extension their files carry.
const TYPES: &[(&str, &str)] = &[
    ("image/jpeg", "jpg"),
    ("image/jpeg", "jpeg"),
    ("image/png", "png"),
    ("image/webp", "webp"),
    ("image/gif", "gif"),
    ("video/mp4", "mp4"),
    ("video/3gpp", "3gp"),
    ("audio/ogg", "ogg"),
    ("audio/ogg", "opus"),
    ("audio/aac", "aac"),
    ("audio/amr", "amr"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("text/plain", "txt"),
    ("application/pdf", "pdf"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/zip", "zip"),
    ("text/csv", "csv"),
];

/// The extension of a type; `bin` for one that is not known.
pub fn extension(mime: &str) -> &'static str {
    let mime = bare(mime);
    TYPES.iter().find(|(known, _)| *known == mime).map_or("bin", |(_, extension)| extension)
}

/// The type of a file by its name; `None` when its extension is not known.
pub fn type_of(file_name: &str) -> Option<&'static str> {
    let (_, extension) = file_name.rsplit_once('.')?;
    let found = TYPES.iter().find(|(_, known)| known.eq_ignore_ascii_case(extension));
    found.map(|(mime, _)| *mime)
}

/// A name that no system takes for a path, at most 200 UTF-16 units.
pub fn clean(file_name: &str) -> Option<String> {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if ":*?\"<>|".contains(c) { '_' } else { c })
        .collect();
    let plain = plain.trim().trim_matches('.').trim();
    if plain.is_empty() {
        return None;
    }
    let (stem, extension) = plain.rsplit_once('.').unwrap_or((plain, ""));
    Some(match extension {
        "" => fit(stem, 200),
        extension => format!("{}.{}", fit(stem, 180), fit(extension, 19)),
    })
}

/// What a file is called: its own name, else kind and day.
pub fn name(file_name: Option<&str>, kind: &str, mime: Option<&str>, at: UnixMs) -> String {
    let extension = extension(mime.unwrap_or_default());
    match file_name.and_then(clean) {
        Some(name) if name.contains('.') => name,
        Some(name) => format!("{name}.{extension}"),
        None => {
            let time = salesforce::time::to_text(at);
            let day = time.get(..10).unwrap_or_default();
            format!("WhatsApp {kind} {day}.{extension}")
        }
    }
}

/// The name without its extension: what lists show.
pub fn title(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    fit(stem, 255)
}
