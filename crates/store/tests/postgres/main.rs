//! What only several nodes on one PostgreSQL show: races, and a server that
//! goes away. Runs where `PUENTE_TEST_POSTGRES` names a server.

#[path = "../support/ambient.rs"]
mod ambient;
mod away;
mod database;
mod meeting;
mod nodes;
#[path = "../support/server.rs"]
mod server;
mod tls;
