//! What the simulator promises, asked over its own wire.

mod admin;
mod book;
mod callbacks;
mod inbound;
mod media;
mod scene;
mod sends;
mod statuses;
mod webhooks;
