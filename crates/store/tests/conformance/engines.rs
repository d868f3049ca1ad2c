//! A fresh world on each engine, and a runtime to live in.

use std::future::Future;

use store::{MasterKey, Store};

use crate::ambient::ambient;
use crate::server::{run, server};
use crate::world::{Place, World};

pub const MASTER: [u8; 32] = [0x42; 32];

pub fn master() -> MasterKey {
    MasterKey::from_bytes(MASTER)
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(future)
}

pub fn memory<F: Future<Output = ()>>(case: fn(World) -> F) {
    let (ambient, clock) = ambient(1);
    block_on(async {
        let store = Store::open_memory(master(), ambient.clone()).expect("memory opens");
        case(World::new(store, ambient, clock, Place::Memory)).await;
    });
}

pub fn file<F: Future<Output = ()>>(case: fn(World) -> F) {
    let (ambient, clock) = ambient(2);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("puente.db");
    block_on(async {
        let store = Store::open_sqlite(&path, master(), ambient.clone()).expect("a file opens");
        let world = World::new(store.clone(), ambient, clock, Place::File(path));
        case(world).await;
        store.close().await;
    });
}

pub fn postgres<F: Future<Output = ()>>(name: &str, case: fn(World) -> F) {
    let Some(server) = server() else { return };
    let (ambient, clock) = ambient(3);
    // A schema for each case: a database for each would cost a checkpoint.
    let schema = format!("puente_{}_{}", std::process::id(), &name[..name.len().min(40)]);
    let joint = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{joint}options=-csearch_path%3D{schema}");
    block_on(async {
        run(&server, &format!("CREATE SCHEMA {schema}")).await;
        let store = Store::open_postgres(&url, master(), ambient.clone()).await;
        let store = store.expect("PostgreSQL opens");
        let world = World::new(store.clone(), ambient, clock, Place::Postgres(url));
        case(world).await;
        store.close().await;
        run(&server, &format!("DROP SCHEMA {schema} CASCADE")).await;
    });
}
