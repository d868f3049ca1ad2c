//! The only way out: one request, and a second one when the session had ended.

use std::io;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use model::{Act, Body, Fault, Flow, Lost};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{Budget, Client};
use crate::faults::{self, Refusal, local};
use crate::{Session, SubResponse, Subrequest};

/// A request without host and token.
pub(super) struct Call {
    pub(super) method: Method,
    /// From the root of the host.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// A request that is sent twice when the session had ended, so its body is made
/// anew each time.
pub(super) struct Form<'a> {
    pub(super) path: String,
    pub(super) content_type: HeaderValue,
    pub(super) body: &'a (dyn Fn() -> io::Result<Flow> + Sync),
}

impl Call {
    pub(super) fn get(path: String) -> Self {
        Self { method: Method::GET, path, headers: HeaderMap::new(), body: Bytes::new() }
    }
}

impl Client {
    /// Sends one request by itself. A fault is about more than its records, or
    /// leaves open what became of them; a refusal of the records alone is in
    /// the answer.
    pub async fn send(&self, request: &Subrequest) -> Result<SubResponse, Fault> {
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let value = HeaderValue::from_str(value).map_err(|_| {
                local::request(format!("{name}: no header value"), "a defect of puente: report it")
            })?;
            headers.insert(*name, value);
        }
        let call = Call {
            method: request.method.clone(),
            path: self.data(&request.path),
            headers,
            body: request.body.as_ref().map_or_else(Bytes::new, |b| b.get().to_owned().into()),
        };
        match self.call(&call).await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let body = match answer.body() {
                    empty if empty.is_empty() => Value::Null,
                    json => read(json)?,
                };
                Ok(SubResponse::new(request, &self.names, Ok((status, body))))
            }
            Err(refusal) if refusal.is_about_records() => {
                Ok(SubResponse::new(request, &self.names, Err(refusal)))
            }
            Err(refusal) => Err(refusal.fault),
        }
    }

    /// A read whose answer is JSON.
    pub(super) async fn read(&self, path: String) -> Result<Value, Fault> {
        let answer = self.call(&Call::get(path)).await?;
        Ok(read(answer.body())?)
    }

    /// One success or one refusal. `INVALID_SESSION_ID` is answered before any
    /// effect, so the one replay is safe for writes, too.
    pub(super) async fn call(&self, call: &Call) -> Result<Response<Bytes>, Box<Refusal>> {
        let session = self.tokens.session().await?;
        let refusal = match self.attempt(&session, call).await {
            Err(refusal) if refusal.fault.act == Act::Renew => refusal,
            other => return other,
        };
        tracing::info!(code = %refusal.fault.code, "the session has ended");
        let fresh = self.tokens.renew(&session).await?;
        match self.attempt(&fresh, call).await {
            Err(refusal) if refusal.fault.act == Act::Renew => {
                Err(self.tokens.refused_again(&fresh, refusal.fault).into())
            }
            other => other,
        }
    }

    async fn attempt(
        &self,
        session: &Session,
        call: &Call,
    ) -> Result<Response<Bytes>, Box<Refusal>> {
        let request = self.request(session, call)?.map(|()| call.body.clone());
        let answer = self.exchange.send(request).await.map_err(faults::of_loss)?;
        self.judge(session, call, answer)
    }

    /// A form with a file. As [`Self::call`].
    pub(super) async fn post(&self, form: &Form<'_>) -> Result<Response<Bytes>, Box<Refusal>> {
        let session = self.tokens.session().await?;
        let refusal = match self.attempt_form(&session, form).await {
            Err(refusal) if refusal.fault.act == Act::Renew => refusal,
            other => return other,
        };
        tracing::info!(code = %refusal.fault.code, "the session has ended");
        let fresh = self.tokens.renew(&session).await?;
        match self.attempt_form(&fresh, form).await {
            Err(refusal) if refusal.fault.act == Act::Renew => {
                Err(self.tokens.refused_again(&fresh, refusal.fault).into())
            }
            other => other,
        }
    }

    async fn attempt_form(
        &self,
        session: &Session,
        form: &Form<'_>,
    ) -> Result<Response<Bytes>, Box<Refusal>> {
        let (path, headers) = (form.path.clone(), HeaderMap::new());
        let call = Call { method: Method::POST, path, headers, body: Bytes::new() };
        let flow = (form.body)().map_err(|why| {
            local::request(format!("file: {why}"), "it is fetched again by itself")
        })?;
        let mut request = self.request(session, &call)?.map(|()| Body::Flow(flow));
        request.headers_mut().insert(header::CONTENT_TYPE, form.content_type.clone());
        let answer = self.exchange.carry(request).await.map_err(faults::of_loss)?;
        self.judge(session, &call, gather(answer).await?)
    }

    /// The bytes behind a path, as they come; a refusal is whole.
    pub(super) async fn fetch(&self, path: String) -> Result<Body, Fault> {
        let call = Call::get(path);
        let session = self.tokens.session().await?;
        match self.attempt_fetch(&session, &call).await {
            Err(refusal) if refusal.fault.act == Act::Renew => {}
            other => return other.map_err(Fault::from),
        }
        let fresh = self.tokens.renew(&session).await?;
        match self.attempt_fetch(&fresh, &call).await {
            Err(refusal) if refusal.fault.act == Act::Renew => {
                Err(self.tokens.refused_again(&fresh, refusal.fault))
            }
            other => other.map_err(Fault::from),
        }
    }

    async fn attempt_fetch(&self, session: &Session, call: &Call) -> Result<Body, Box<Refusal>> {
        let request = self.request(session, call)?.map(|()| Body::Whole(Bytes::new()));
        let answer = self.exchange.carry(request).await.map_err(faults::of_loss)?;
        if answer.status().is_success() {
            self.tokens.worked(session);
            return Ok(answer.into_body());
        }
        match self.judge(session, call, gather(answer).await?) {
            Err(refusal) => Err(refusal),
            Ok(answer) => Ok(Body::Whole(answer.into_body())),
        }
    }

    fn judge(
        &self,
        session: &Session,
        call: &Call,
        answer: Response<Bytes>,
    ) -> Result<Response<Bytes>, Box<Refusal>> {
        let limit = answer.headers().get("Sforce-Limit-Info");
        if let Some(budget) = limit.and_then(|v| Budget::parse(v.to_str().ok()?)) {
            self.budget.send_replace(Some(budget));
        }
        let status = answer.status();
        if status.is_success() {
            self.tokens.worked(session);
            tracing::debug!(method = %call.method, path = shown(call), status = status.as_u16(), "called");
            return Ok(answer);
        }
        let refusal = faults::of_answer(status, answer.headers(), answer.body());
        let code = refusal.fault.code.as_str();
        tracing::debug!(method = %call.method, path = shown(call), status = status.as_u16(), code, "refused");
        if code == "sf.INVALID_SESSION_ID" && refusal.fault.act == Act::Ask {
            self.tokens.park(&refusal.fault);
        }
        Err(refusal)
    }

    fn request(&self, session: &Session, call: &Call) -> Result<Request<()>, Fault> {
        let bad = |_| {
            local::config(
                format!("instance URL: '{}' cannot be called", session.instance_url),
                "check the org's My Domain",
            )
        };
        let bearer = format!("Bearer {}", session.access_token.expose_secret());
        let mut bearer = HeaderValue::try_from(bearer).map_err(|_| {
            local::config(
                "access token: holds characters that no header can carry",
                "sign in again",
            )
        })?;
        bearer.set_sensitive(true);
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(format!("{}{}", session.instance_url, call.path))
            .body(())
            .map_err(bad)?;
        let headers = request.headers_mut();
        headers.extend(call.headers.clone());
        headers.insert(header::AUTHORIZATION, bearer);
        let json = HeaderValue::from_static("application/json");
        headers.entry(header::ACCEPT).or_insert(json.clone());
        if !call.body.is_empty() {
            headers.entry(header::CONTENT_TYPE).or_insert(json);
        }
        if call.method != Method::GET {
            headers.insert("Sforce-Call-Options", self.call_options.clone());
        }
        Ok(request)
    }
}

async fn gather(answer: Response<Body>) -> Result<Response<Bytes>, Fault> {
    let (parts, body) = answer.into_parts();
    let body = body.whole().await.map_err(|_| faults::of_loss(Lost::AfterWrite))?;
    Ok(Response::from_parts(parts, body))
}

/// JSON out of a successful answer. What the call did is then unknown, because
/// nobody can tell what answered.
pub(super) fn read(body: &[u8]) -> Result<Value, Box<Refusal>> {
    serde_json::from_slice(body)
        .map_err(|_| faults::not_understood(format!("HTTP {} without JSON", StatusCode::OK)).into())
}

/// The path without the query, which holds values.
fn shown(call: &Call) -> &str {
    call.path.split('?').next().unwrap_or_default()
}
