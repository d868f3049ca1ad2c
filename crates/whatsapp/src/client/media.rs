//! Fetching a file (Cloud API, Media): first its URL, then its bytes.

use http::{Method, StatusCode, header};
use model::Fault;
use model::ids::PhoneNumberId;

use super::{Client, url};
use crate::faults;
use crate::wire::media::{Download, MediaInfo};

impl Client {
    /// A fresh URL for a media id. With `number`, only when the file is that
    /// number's. The URL lives five minutes.
    pub async fn media(
        &self,
        media_id: &str,
        number: Option<&PhoneNumberId>,
    ) -> Result<MediaInfo, Fault> {
        let query: Vec<_> = number.map(|n| ("phone_number_id", n.as_str())).into_iter().collect();
        let info: MediaInfo = self.node(&[media_id], &query).await?;
        if info.url.is_none() { Err(faults::unreadable(200)) } else { Ok(info) }
    }

    /// The file behind a URL that Meta gave. The token goes only to Meta's hosts
    /// or to where this client calls. `wa.media_expired` asks for a new URL.
    pub async fn download(&self, media_url: &str) -> Result<Download, Fault> {
        let uri = media_url.parse().map_err(|_| faults::bad_url())?;
        if !url::may_hold_media(&uri, &self.base_url) {
            return Err(faults::foreign_media());
        }
        let answer = self.exchange(&self.token, Method::GET, media_url, None).await?;
        let mime = answer.headers.get(header::CONTENT_TYPE).and_then(|m| m.to_str().ok());
        match answer.status {
            StatusCode::OK => {
                Ok(Download { mime_type: mime.map(str::to_owned), bytes: answer.body })
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(faults::media_expired()),
            // Lookaside refuses in HTML; the cause is the token all the same.
            StatusCode::UNAUTHORIZED => Err(faults::judge(401, br#"{"error":{"code":190}}"#)),
            _ => Err(self.fault(&answer, &self.token)),
        }
    }
}
