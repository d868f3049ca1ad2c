//! `puente key`: works on the store of the configuration, so that the first key
//! needs no key.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use model::ids::{KeyId, TenantId};
use store::op::{ApiKeyRevoked, NewApiKey, TenantRow};
use store::{Commit, Op};

use crate::app::open_store;
use crate::config::Config;

const SCOPES: [&str; 3] = ["send", "read", "admin"];

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a key and print it: it is shown this once.
    Create {
        #[arg(long)]
        tenant: String,
        /// send, read, admin; several with commas.
        #[arg(long, value_delimiter = ',', default_value = "send,read")]
        scopes: Vec<String>,
        /// What it is for.
        #[arg(long, default_value = "")]
        label: String,
        /// Days until it expires; never when left out.
        #[arg(long)]
        days: Option<u32>,
    },
    /// List a tenant's keys.
    List {
        #[arg(long)]
        tenant: String,
    },
    /// End a key at once.
    Revoke {
        #[arg(long)]
        tenant: String,
        /// key_..., as `list` shows it.
        id: String,
    },
}

pub async fn run(args: Args, path: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::read(path)?;
    let ambient = crate::ambient::system();
    let store = open_store(&config.store, &ambient).await?;
    let known = |tenant: &str| {
        if config.tenants.iter().any(|t| t.id == tenant) {
            return Ok(TenantId::new(tenant));
        }
        let ids: Vec<_> = config.tenants.iter().map(|t| t.id.as_str()).collect();
        bail!("--tenant {tenant}: the configuration has {}", ids.join(", "))
    };
    let at = ambient.now();
    match args.what {
        What::Create { tenant, scopes, label, days } => {
            let tenant = known(&tenant)?;
            if let Some(bad) = scopes.iter().find(|s| !SCOPES.contains(&s.as_str())) {
                bail!("--scopes {bad}: use {}", SCOPES.join(", "));
            }
            let minted = server::auth::mint(&ambient);
            let expires_at = days.map(|d| at.plus(i64::from(d) * 86_400_000));
            let row = TenantRow { tenant: tenant.clone(), org: None, at };
            let (id, hash) = (minted.id, minted.hash);
            let key = NewApiKey { tenant, id, hash, scopes, label, at, expires_at };
            store.commit(Commit::of(vec![Op::PutTenant(row), Op::NewApiKey(key)])).await?;
            anstream::println!("{}", minted.text);
            anstream::eprintln!("{} is made; it is not shown again", minted.id);
        }
        What::List { tenant } => {
            for key in store.api_keys(&known(&tenant)?).await? {
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(_), _) => "revoked",
                    (None, Some(end)) if end <= at => "expired",
                    _ => "live",
                };
                anstream::println!("{} {state} {} {}", key.id, key.scopes.join(","), key.label);
            }
        }
        What::Revoke { tenant, id } => {
            let id = KeyId::parse(&id).context("id: key_ and 32 hex digits, as `list` shows it")?;
            let revoked = ApiKeyRevoked { tenant: known(&tenant)?, id, at };
            store.commit(Commit::of(vec![Op::RevokeApiKey(revoked)])).await?;
            anstream::println!("{id} is revoked");
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
