//! Finds the built console. It never runs npm: `cargo xtask console` does.
//!
//! A debug build reads the pages from disk while it runs, so it may be built
//! before them. A release build carries them inside and refuses to be built
//! without.

use std::path::PathBuf;

fn main() {
    let root = PathBuf::from(env("CARGO_MANIFEST_DIR")).join("../../console/dist");
    println!("cargo:rustc-env=CONSOLE_EMBED_DIR={}", root.display());
    println!("cargo:rerun-if-changed=build.rs");
    if env("PROFILE") != "release" {
        return;
    }
    let index = root.join("index.html");
    println!("cargo:rerun-if-env-changed=ALLOW_NO_CONSOLE");
    // Without this line a rebuilt console would stay out of the binary.
    println!("cargo:rerun-if-changed={}", index.display());
    let allowed = std::env::var("ALLOW_NO_CONSOLE").is_ok_and(|v| v == "1");
    assert!(
        index.exists() || allowed,
        "the console is not built: run `cargo xtask console` first, \
         or set ALLOW_NO_CONSOLE=1 to build a server without pages"
    );
}

fn env(name: &str) -> String {
    std::env::var(name).expect("cargo sets it for every build script")
}
