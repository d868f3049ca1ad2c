//! The public key of an app, from a certificate or a key file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The key in DER, from PEM: a certificate, a public key, or an RSA public key.
pub fn from_pem(pem: &str) -> Result<Vec<u8>, String> {
    let begin = pem.find("-----BEGIN ").ok_or("no PEM block")?;
    let (label, rest) = pem[begin + 11..].split_once("-----").ok_or("no PEM label")?;
    let (body, _) = rest.split_once("-----END").ok_or("the PEM block does not end")?;
    let body: String = body.split_whitespace().collect();
    let der = STANDARD.decode(body).map_err(|e| e.to_string())?;
    match label {
        "CERTIFICATE" => {
            key_of_certificate(&der).ok_or_else(|| "the certificate does not read as X.509".into())
        }
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Ok(der),
        other => Err(format!("{other}: give a certificate or a public key")),
    }
}

/// `Certificate { tbs { [0] version, serial, algorithm, issuer, validity, subject, key, .. }, .. }`
fn key_of_certificate(der: &[u8]) -> Option<Vec<u8>> {
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    if *rest.first()? == 0xa0 {
        rest = element(rest)?.2;
    }
    for _ in 0..5 {
        rest = element(rest)?.2;
    }
    Some(element(rest)?.0.to_vec())
}

/// The whole first element, its content, and what follows it.
fn element(der: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let first = usize::from(*der.get(1)?);
    let (length, head) = if first < 0x80 {
        (first, 2)
    } else {
        let bytes = der.get(2..2 + (first & 0x7f))?;
        let length = bytes
            .iter()
            .try_fold(0_usize, |n, b| n.checked_mul(256)?.checked_add(usize::from(*b)))?;
        (length, 2 + bytes.len())
    };
    let end = head.checked_add(length)?;
    Some((der.get(..end)?, der.get(head..end)?, der.get(end..)?))
}
