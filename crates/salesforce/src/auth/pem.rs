//! An RSA private key out of PEM text.

use aws_lc_rs::rsa::KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Fault;

use crate::faults::local;

/// PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), as OpenSSL writes them.
/// Text around the block is skipped.
pub(super) fn rsa_key(pem: &str) -> Result<KeyPair, Fault> {
    let bad = |what: &str| {
        local::config(
            format!("private_key_pem: {what}"),
            "give the key of the app's certificate as PEM: openssl genrsa -out key.pem 2048",
        )
    };
    let (_, tail) = pem.split_once("-----BEGIN ").ok_or_else(|| bad("no PEM block found"))?;
    let (label, tail) = tail.split_once("-----").ok_or_else(|| bad("no PEM block found"))?;
    let (body, _) =
        tail.split_once("-----END ").ok_or_else(|| bad("the PEM block does not end"))?;
    if label == "ENCRYPTED PRIVATE KEY" || body.contains("ENCRYPTED") {
        return Err(bad("the key is encrypted: take its passphrase off with openssl rsa"));
    }
    let base64: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let der = STANDARD.decode(base64).map_err(|_| bad("the PEM block is no base64"))?;
    match label {
        "PRIVATE KEY" => KeyPair::from_pkcs8(&der),
        "RSA PRIVATE KEY" => KeyPair::from_der(&der),
        other => return Err(bad(&format!("a {other} block is no RSA private key"))),
    }
    .map_err(|why| bad(&format!("no RSA key of 2,048 bits or more ({why})")))
}
