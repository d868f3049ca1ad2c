//! The whole surface through its router, on a store in memory: what a caller
//! sees is what is tested.

mod auth;
mod campaigns;
mod consent;
mod cost;
mod crowded;
mod health;
mod keys;
mod letters;
mod listen;
mod lists;
mod mapping;
mod media;
mod metrics;
mod openapi;
mod pages;
mod problems;
mod reports;
mod routing;
mod send;
mod status;
mod stream;
mod templates;
mod webhooks;
mod world;
