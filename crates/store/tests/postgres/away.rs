//! A server that goes away.

use model::ids::{AppId, TenantId};
use store::op::*;
use store::{Commit, MasterKey, Op, Store, StoreError};

use crate::ambient::{T0, ambient};
use crate::nodes::{node, on_server};
use crate::server::run;

fn webhook() -> Commit {
    let (app, body) = (AppId::new("main"), "{}".into());
    Commit::of(vec![Op::AppendWebhook(NewWebhook { app, received_at: T0, body })])
}

fn tenant() -> Commit {
    let row = TenantRow { tenant: TenantId::new("acme"), org: None, at: T0 };
    Commit::of(vec![Op::PutTenant(row)])
}

#[test]
fn cut_connections_are_replaced() {
    on_server("cut_connections", |url| async move {
        let store = node(&url, 1).await;
        store.commit(tenant()).await.unwrap();
        let mut refused = 0;
        for round in 0..5 {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            run(&url, cut).await;
            let mut kept = false;
            for _ in 0..8 {
                match store.commit(webhook()).await {
                    Ok(_) => {
                        kept = true;
                        break;
                    }
                    Err(StoreError::Unreachable(_)) => refused += 1,
                    Err(other) => panic!("round {round}: {other}"),
                }
            }
            assert!(kept, "round {round}: nothing can be written after the server is back");
        }
        let rows = store.journal_next(99).await.unwrap().len();
        assert_eq!(rows, 5, "{refused} were refused, and one of them was kept");
        store.close().await;
    });
}

#[test]
fn a_server_that_is_not_there_is_told_with_no_password() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime starts").block_on(async {
        for url in ["postgres://puente:geheim@127.0.0.1:1/puente", "postgres://puente:geheim@:::"] {
            let master = MasterKey::from_bytes([1; 32]);
            let error = Store::open_postgres(url, master, ambient(1).0).await.unwrap_err();
            assert!(matches!(error, StoreError::Unreachable(_)), "{error}");
            assert!(!error.to_string().contains("geheim"), "{error}");
        }
    });
}
