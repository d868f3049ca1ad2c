//! Files (Cloud API, Media): fetching takes two steps, first the URL, then the
//! bytes; uploading gives an id that messages name.

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use model::ids::PhoneNumberId;
use model::{Body, Fault, Flow};

use super::{Client, url};
use crate::faults;
use crate::wire::lenient::id;
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

    /// The file behind a URL that Meta gave, as it comes. The token goes only to
    /// Meta's hosts or to where this client calls. `wa.media_expired` asks for a
    /// new URL.
    pub async fn download(&self, media_url: &str) -> Result<Download, Fault> {
        let uri = media_url.parse().map_err(|_| faults::bad_url())?;
        if !url::may_hold_media(&uri, &self.base_url) {
            return Err(faults::foreign_media());
        }
        let nothing = Body::Whole(Bytes::new());
        let request = self.request(&self.token, Method::GET, media_url, nothing)?;
        let answer = self.exchange.carry(request).await.map_err(faults::judge_lost)?;
        let mime = answer.headers().get(header::CONTENT_TYPE).and_then(|m| m.to_str().ok());
        match answer.status() {
            StatusCode::OK => {
                let mime_type = mime.map(str::to_owned);
                Ok(Download { mime_type, body: answer.into_body() })
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(faults::media_expired()),
            // Lookaside refuses in HTML; the cause is the token all the same.
            StatusCode::UNAUTHORIZED => Err(faults::judge(401, br#"{"error":{"code":190}}"#)),
            _ => Err(self.fault(&Self::gather(answer).await?, &self.token)),
        }
    }

    /// Uploads a file for messages of `number`; Meta's id of it, which lives 30
    /// days. Twice the same file is two ids and no harm. `boundary` is a text of
    /// 1 to 60 letters, digits and `_` that the file does not hold.
    pub async fn upload(
        &self,
        number: &PhoneNumberId,
        mime_type: &str,
        file_name: &str,
        boundary: &str,
        file: Flow,
    ) -> Result<String, Fault> {
        let plain = |text: &str| text.replace(['"', '\\', '\r', '\n', '\0'], "_");
        let (mime, name) = (plain(mime_type), plain(file_name));
        let before = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\n\
             whatsapp\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n{mime}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {mime}\r\n\r\n"
        );
        let after = format!("\r\n--{boundary}--\r\n");
        let body = Body::Flow(file.framed(before.into(), after.into()));
        let url = self.url(&[number.as_str(), "media"], &[]);
        let mut request = self.request(&self.token, Method::POST, &url, body)?;
        let form = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"));
        request.headers_mut().insert(header::CONTENT_TYPE, form.map_err(|_| faults::bad_url())?);
        let answer = self.exchange.carry(request).await.map_err(faults::judge_lost)?;
        let answer = self.json(&Self::gather(answer).await?, &self.token)?;
        id(&answer, "id").ok_or_else(|| faults::unreadable(200))
    }
}
