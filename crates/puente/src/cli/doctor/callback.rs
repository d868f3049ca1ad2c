//! Does our public address answer as Meta will ask it (Cloud API, Webhooks,
//! verification requests): the challenge for our verify token, else a refusal?

use bytes::Bytes;
use http::{Request, Response};
use model::{Exchange, Lost};
use secrecy::ExposeSecret;

use super::said::Said;
use super::scene::{Scene, place};

pub async fn check(scene: &Scene<'_>, at: usize) -> Said {
    let app = &scene.config.apps[at];
    let Some(url) = scene.callbacks(at).into_iter().next() else {
        return Said::fail(
            "server.public_url is not set: Meta needs an address to post to",
            "set server.public_url to the https address of this bridge, e.g. https://bridge.example.com",
        );
    };
    if !url.starts_with("https://") {
        return Said::fail(
            format!("{url} is not https"),
            "Meta calls nothing but https: put TLS in front",
        );
    }
    let token = match app.verify_token.read("app.verify_token") {
        Ok(token) => token,
        Err(why) => {
            return Said::fail(
                format!("{why:#}"),
                format!("put a long random text into {}", place(&app.verify_token)),
            );
        }
    };
    let challenge = scene.ambient.chance.u64().to_string();
    let token = token.expose_secret();
    match ask(&*scene.public, &url, token, &challenge).await {
        Ok(answer) if answers(&answer, &challenge) => {}
        Ok(answer) => return other(&url, &answer),
        Err(lost) => return unreached(&url, lost),
    }
    match ask(&*scene.public, &url, &format!("{token}-not"), &challenge).await {
        Ok(answer) if answer.status().is_success() => Said::fail(
            format!("{url} answers any verify token"),
            "something in front of puente answers for it: let the proxy pass the path on as it is",
        ),
        _ => Said::ok(format!("{url} answers our verify token and refuses another")),
    }
}

async fn ask(
    exchange: &dyn Exchange,
    url: &str,
    token: &str,
    challenge: &str,
) -> Result<Response<Bytes>, Lost> {
    let query =
        [("hub.mode", "subscribe"), ("hub.verify_token", token), ("hub.challenge", challenge)];
    let url = reqwest::Url::parse_with_params(url, query).map_err(|_| Lost::BeforeWrite)?;
    let request = Request::get(url.as_str()).body(Bytes::new()).map_err(|_| Lost::BeforeWrite)?;
    exchange.send(request).await
}

/// 200 and the challenge alone.
fn answers(answer: &Response<Bytes>, challenge: &str) -> bool {
    answer.status() == 200 && answer.body() == challenge
}

fn other(url: &str, answer: &Response<Bytes>) -> Said {
    let status = answer.status();
    let cure = match status.as_u16() {
        403 => {
            "puente runs with another verify token than this configuration: restart it with this one"
        }
        300..=399 => "Meta follows no redirect: set server.public_url to where it leads",
        404 => "the path is not puente's: let the proxy pass /messages, /a/ and /t/ on as they are",
        502..=504 => {
            "the proxy does not reach puente: is `puente serve` running, at server.listen?"
        }
        200 => "another program answers there: point the name or the proxy to puente",
        _ => {
            "open the URL and see what answers there; puente gives the challenge back, and nothing else"
        }
    };
    Said::fail(format!("{url} answers {status} instead of the challenge"), cure)
}

fn unreached(url: &str, lost: Lost) -> Said {
    let host = reqwest::Url::parse(url).ok().and_then(|url| Some(url.host_str()?.to_owned()));
    let host = host.unwrap_or_default();
    Said::fail(
        format!("{url}: {lost}"),
        format!(
            "see `curl -v {url}`: the name must resolve, the port be open, the certificate be \
             publicly trusted with its chain (`openssl s_client -connect {host}:443 -servername \
             {host}`). If it works from elsewhere, this machine just cannot call itself"
        ),
    )
}
