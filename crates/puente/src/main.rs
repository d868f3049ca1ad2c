//! puente: the bridge between WhatsApp Business and Salesforce.

mod ambient;
mod app;
mod clamav;
mod cli;
mod config;
mod http;
mod lifecycle;
mod web;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const _: () = assert!(
    !model::planted::POSSIBLE,
    "planted faults are for the simulated world alone: build without the feature `planted`"
);

fn main() -> std::process::ExitCode {
    // one crypto provider for TLS, signatures and sealing alike
    let installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    debug_assert!(installed.is_ok(), "the provider is installed once, here");
    cli::run()
}
