//! What each `sslmode` demands of the server, and what goes over the wire.
//!
//! The server is given a certificate and told to read its settings again; only
//! its superuser may do that, and the connections of other tests notice nothing.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use store::{MasterKey, Store, StoreError};

use crate::ambient::ambient;
use crate::nodes::on_server;
use crate::server::{ask, run};

/// An authority, and a certificate for `localhost` issued by it.
struct Issued {
    authority: String,
    certificate: String,
    key: String,
}

fn issued(by: &str) -> Issued {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, by);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(params, authority_key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().pem();
    Issued { authority, certificate, key: key.serialize_pem() }
}

/// Writes a file into the server's own folder, as the server's own user.
async fn put(url: &str, name: &str, pem: &str) {
    let lines: Vec<_> = pem.lines().map(|line| format!("('{line}')")).collect();
    let lines = lines.join(", ");
    let program = format!("umask 077; cat > {name}");
    run(url, &format!("COPY (VALUES {lines}) TO PROGRAM '{program}'")).await;
}

async fn set(url: &str, settings: &[(&str, &str)]) {
    for (name, value) in settings {
        run(url, &format!("ALTER SYSTEM SET {name} = '{value}'")).await;
    }
    run(url, "SELECT pg_reload_conf()").await;
    let on = settings.contains(&("ssl", "on"));
    while (ask(url, "SHOW ssl").await == "on") != on {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn open(url: &str) -> Result<Store, StoreError> {
    Store::open_postgres(url, MasterKey::from_bytes([0x42; 32]), ambient(1).0).await
}

/// Opens a store and says whether the server sees its connections encrypted.
async fn encrypted(url: &str, server: &str) -> Result<bool, String> {
    let store = open(url).await.map_err(|error| error.to_string())?;
    let seen = "SELECT bool_or(ssl)::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let seen = ask(server, seen).await;
    store.close().await;
    // its connections are gone before the next one looks
    let gone = "SELECT count(*)::text FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while ask(server, gone).await != "0" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Ok(seen == "true")
}

#[test]
fn each_sslmode_gets_what_it_asks_for() {
    on_server("tls", |url| async move {
        let host = |host: &str, query: &str| {
            let named = url.replace("127.0.0.1", host).replace("localhost", host);
            format!("{named}?{query}")
        };
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, pem: &str| -> PathBuf {
            let path = dir.path().join(name);
            std::fs::write(&path, pem).unwrap();
            path
        };
        let (ours, other) = (issued("ours"), issued("another"));
        let (ca, stranger) = (file("ca.pem", &ours.authority), file("other.pem", &other.authority));
        let verified = |ca: &PathBuf| format!("sslmode=verify-full&sslrootcert={}", ca.display());

        // a server without TLS
        assert_eq!(encrypted(&host("localhost", "sslmode=disable"), &url).await, Ok(false));
        assert_eq!(encrypted(&host("localhost", "sslmode=prefer"), &url).await, Ok(false));
        for query in ["sslmode=require".to_owned(), verified(&ca)] {
            let refused = open(&host("localhost", &query)).await.unwrap_err();
            assert!(matches!(refused, StoreError::Unreachable(_)), "{query}: {refused}");
            assert!(refused.to_string().contains("does not support TLS"), "{query}: {refused}");
        }

        // the same with it
        put(&url, "puente-test.crt", &ours.certificate).await;
        put(&url, "puente-test.key", &ours.key).await;
        let on = [
            ("ssl_cert_file", "puente-test.crt"),
            ("ssl_key_file", "puente-test.key"),
            ("ssl", "on"),
        ];
        set(&url, &on).await;
        let mut told = Vec::new();
        for (host_name, query) in [
            ("localhost", "sslmode=disable".to_owned()),
            ("localhost", "sslmode=prefer".to_owned()),
            ("127.0.0.1", "sslmode=require".to_owned()),
            ("localhost", verified(&ca)),
            // the certificate is not for this name
            ("127.0.0.1", verified(&ca)),
            // nobody we trust issued it
            ("localhost", verified(&stranger)),
            ("localhost", "sslmode=verify-full".to_owned()),
            // no authority at all
            ("localhost", verified(&dir.path().join("none.pem"))),
        ] {
            told.push(encrypted(&host(host_name, &query), &url).await);
        }
        set(&url, &[("ssl", "off")]).await;
        let oks: Vec<_> = told.iter().map(|told| told.as_ref().ok().copied()).collect();
        let want = [Some(false), Some(true), Some(true), Some(true), None, None, None, None];
        assert_eq!(oks, want, "{told:#?}");
        let words = |at: usize| told[at].as_ref().unwrap_err().clone();
        assert!(words(4).contains("not valid for name"), "{}", words(4));
        assert!(words(5).contains("UnknownIssuer"), "{}", words(5));
        assert!(words(7).contains("sslrootcert"), "{}", words(7));
    });
}
