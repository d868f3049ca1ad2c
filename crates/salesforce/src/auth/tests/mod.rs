//! Sign-in against a token endpoint that answers by a script.

mod answers;
mod renewal;
mod signing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::StatusCode;
use model::ids::OrgId;
use model::{Act, Fault, Lost, Stage, UnixMs};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::auth::{Credentials, Session, Tokens, TokensOptions, jwt, pem};
use crate::fake::{self, Fake, ORG, Still, answer, token};
use crate::faults::{local, login};

fn options(org: Option<&str>) -> TokensOptions {
    TokensOptions { org_id: org.map(OrgId::new), ..TokensOptions::default() }
}

fn tokens(fake: &Arc<Fake>, clock: &Arc<Still>, org: Option<&str>) -> Arc<Tokens> {
    let credentials = fake::client_credentials();
    Arc::new(Tokens::new(fake.clone(), fake::ambient(clock), credentials, options(org)).unwrap())
}

fn text(session: &Session) -> &str {
    session.access_token.expose_secret()
}
