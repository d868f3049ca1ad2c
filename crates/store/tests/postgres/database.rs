//! A database of its own, whose connections may be cut.

use crate::server::run;

pub struct Database {
    server: String,
    name: String,
    pub url: String,
}

impl Database {
    pub async fn create(server: &str, case: &str) -> Self {
        let name = format!("puente_{}_{}", std::process::id(), &case[..case.len().min(40)]);
        run(server, &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await;
        let (base, _) = server.rsplit_once('/').expect("the URL ends in a database name");
        Self { server: server.into(), url: format!("{base}/{name}"), name }
    }

    pub async fn drop_it(self) {
        run(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}
