//! The key and the signed assertion.

use super::*;

fn pem_text(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(|l| str::from_utf8(l).unwrap()).collect();
    format!("a comment\n-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[test]
fn an_assertion_is_signed_by_either_form_of_the_key() {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let pkcs8 = pem_text("PRIVATE KEY", der.as_ref());
    // PKCS#8 wraps PKCS#1 in 26 bytes for a key of this size.
    let pkcs1 = pem_text("RSA PRIVATE KEY", &der.as_ref()[26..]);
    let mut seen = Vec::new();
    for text in [pkcs8, pkcs1.replace('\n', "\r\n")] {
        let read = pem::rsa_key(&text).unwrap();
        let now = UnixMs(1_793_613_600_999);
        let made =
            jwt::assertion(&read, "3MVG9", "u@acme.example", "https://login.salesforce.com", now);
        let made = made.unwrap();
        let parts: Vec<_> = made.split('.').collect();
        let open = |part: &str| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        assert_eq!(open(parts[0]), json!({"alg": "RS256"}));
        assert_eq!(
            open(parts[1]),
            json!({
                "iss": "3MVG9", "sub": "u@acme.example",
                "aud": "https://login.salesforce.com", "exp": 1_793_613_780,
            })
        );
        let signed = format!("{}.{}", parts[0], parts[1]);
        let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref())
            .verify(signed.as_bytes(), &signature)
            .unwrap();
        seen.push(made);
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_bad_key_is_named_with_its_cure() {
    for (pem, says) in [
        (String::new(), "no PEM block"),
        (pem_text("CERTIFICATE", b"x"), "CERTIFICATE"),
        (pem_text("ENCRYPTED PRIVATE KEY", b"x"), "encrypted"),
        (pem_text("PRIVATE KEY", b"x"), "no RSA key"),
        ("-----BEGIN PRIVATE KEY-----\n$$$\n-----END PRIVATE KEY-----".to_owned(), "no base64"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA".to_owned(), "does not end"),
    ] {
        let credentials = Credentials::JwtBearer {
            login_url: "https://login.salesforce.com".to_owned(),
            consumer_key: "k".to_owned(),
            username: "u".to_owned(),
            private_key_pem: SecretString::from(pem),
            audience: "https://login.salesforce.com".to_owned(),
        };
        let fake = Fake::new(|_| unreachable!());
        let ambient = fake::ambient(&Arc::default());
        let fault = Tokens::new(fake, ambient, credentials, options(None)).unwrap_err();
        assert_eq!(fault.code.as_str(), local::CONFIG);
        assert!(fault.detail.contains("private_key_pem") && fault.detail.contains(says), "{fault}");
    }
}

#[tokio::test]
async fn a_jwt_sign_in_asks_as_the_flow_wants() {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let credentials = Credentials::JwtBearer {
        login_url: "https://login.salesforce.com/".to_owned(),
        consumer_key: "k".to_owned(),
        username: "u@acme.example".to_owned(),
        private_key_pem: pem_text("PRIVATE KEY", der.as_ref()).into(),
        audience: "https://login.salesforce.com".to_owned(),
    };
    let shown = format!("{credentials:?}");
    assert!(!shown.contains("BEGIN"), "{shown}");
    let fake = Fake::signed_in(|_| unreachable!());
    let ambient = fake::ambient(&Arc::default());
    let tokens = Tokens::new(fake.clone(), ambient, credentials, options(None)).unwrap();
    let session = tokens.session().await.unwrap();
    assert_eq!(&*session.instance_url, "https://acme.my.salesforce.com");
    assert_eq!(session.user_id.as_str(), "0055500001QdQWaAAN");
    assert!(!format!("{session:?}").contains("token-1"));
    let seen = &fake.seen()[0];
    assert_eq!(seen.url, "https://login.salesforce.com/services/oauth2/token");
    assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey";
    assert!(seen.body.starts_with(grant), "{}", seen.body);
}
