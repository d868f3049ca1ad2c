//! Brings the tables to what this program expects.
//!
//! Numbered scripts, each in one transaction, under a lock. A script expands
//! first and contracts a release later, so that the previous version runs on
//! the tables of this one; therefore scripts of a newer version are no error.

use aws_lc_rs::digest;

use crate::StoreError;
use crate::cx::Cx;
use crate::seal;
use crate::sql::{Tx, args};

pub(crate) struct Migration {
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

pub(crate) const ALL: &[Migration] = &[
    Migration {
        name: "0001_spine",
        sqlite: include_str!("../migrations/sqlite/0001_spine.sql"),
        postgres: include_str!("../migrations/postgres/0001_spine.sql"),
    },
    Migration {
        name: "0002_letters",
        sqlite: include_str!("../migrations/sqlite/0002_letters.sql"),
        postgres: include_str!("../migrations/postgres/0002_letters.sql"),
    },
    Migration {
        name: "0003_media",
        sqlite: include_str!("../migrations/sqlite/0003_media.sql"),
        postgres: include_str!("../migrations/postgres/0003_media.sql"),
    },
    Migration {
        name: "0004_budget",
        sqlite: include_str!("../migrations/sqlite/0004_budget.sql"),
        postgres: include_str!("../migrations/postgres/0004_budget.sql"),
    },
    Migration {
        name: "0005_bulk",
        sqlite: include_str!("../migrations/sqlite/0005_bulk.sql"),
        postgres: include_str!("../migrations/postgres/0005_bulk.sql"),
    },
    Migration {
        name: "0006_reconcile",
        sqlite: include_str!("../migrations/sqlite/0006_reconcile.sql"),
        postgres: include_str!("../migrations/postgres/0006_reconcile.sql"),
    },
    Migration {
        name: "0007_files_aside",
        sqlite: include_str!("../migrations/sqlite/0007_files_aside.sql"),
        postgres: include_str!("../migrations/postgres/0007_files_aside.sql"),
    },
    Migration {
        name: "0008_numbers",
        sqlite: include_str!("../migrations/sqlite/0008_numbers.sql"),
        postgres: include_str!("../migrations/postgres/0008_numbers.sql"),
    },
    Migration {
        name: "0009_mapping",
        sqlite: include_str!("../migrations/sqlite/0009_mapping.sql"),
        postgres: include_str!("../migrations/postgres/0009_mapping.sql"),
    },
    Migration {
        name: "0010_templates",
        sqlite: include_str!("../migrations/sqlite/0010_templates.sql"),
        postgres: include_str!("../migrations/postgres/0010_templates.sql"),
    },
    Migration {
        name: "0011_consent",
        sqlite: include_str!("../migrations/sqlite/0011_consent.sql"),
        postgres: include_str!("../migrations/postgres/0011_consent.sql"),
    },
    Migration {
        name: "0013_routing",
        sqlite: include_str!("../migrations/sqlite/0013_routing.sql"),
        postgres: include_str!("../migrations/postgres/0013_routing.sql"),
    },
    Migration {
        name: "0014_metrics",
        sqlite: include_str!("../migrations/sqlite/0014_metrics.sql"),
        postgres: include_str!("../migrations/postgres/0014_metrics.sql"),
    },
    Migration {
        name: "0015_campaign",
        sqlite: include_str!("../migrations/sqlite/0015_campaign.sql"),
        postgres: include_str!("../migrations/postgres/0015_campaign.sql"),
    },
    Migration {
        name: "0016_campaign_run",
        sqlite: include_str!("../migrations/sqlite/0016_campaign_run.sql"),
        postgres: include_str!("../migrations/postgres/0016_campaign_run.sql"),
    },
    Migration {
        name: "0017_campaign_results",
        sqlite: include_str!("../migrations/sqlite/0017_campaign_results.sql"),
        postgres: include_str!("../migrations/postgres/0017_campaign_results.sql"),
    },
    Migration {
        name: "0018_routing_plan",
        sqlite: include_str!("../migrations/sqlite/0018_routing_plan.sql"),
        postgres: include_str!("../migrations/postgres/0018_routing_plan.sql"),
    },
    Migration {
        name: "0019_case_moves",
        sqlite: include_str!("../migrations/sqlite/0019_case_moves.sql"),
        postgres: include_str!("../migrations/postgres/0019_case_moves.sql"),
    },
    Migration {
        name: "0020_hours",
        sqlite: include_str!("../migrations/sqlite/0020_hours.sql"),
        postgres: include_str!("../migrations/postgres/0020_hours.sql"),
    },
    Migration {
        name: "0021_survey",
        sqlite: include_str!("../migrations/sqlite/0021_survey.sql"),
        postgres: include_str!("../migrations/postgres/0021_survey.sql"),
    },
    Migration {
        name: "0022_attribution",
        sqlite: include_str!("../migrations/sqlite/0022_attribution.sql"),
        postgres: include_str!("../migrations/postgres/0022_attribution.sql"),
    },
];

/// Runs inside one transaction that already holds the write lock on SQLite.
pub(crate) async fn run(cx: &mut Cx, scripts: &'static [Migration]) -> Result<(), StoreError> {
    // Any number that no other program locks: the letters of "puente".
    const LOCK: &str = "SELECT CAST(pg_advisory_xact_lock(123666913223781) AS TEXT)";
    let table = cx.tx.either(
        "CREATE TABLE IF NOT EXISTS schema_migration \
         (name TEXT PRIMARY KEY, hash BLOB NOT NULL, at INTEGER NOT NULL) STRICT",
        "CREATE TABLE IF NOT EXISTS schema_migration \
         (name TEXT PRIMARY KEY, hash BYTEA NOT NULL, at BIGINT NOT NULL)",
    );
    if matches!(cx.tx, Tx::Postgres(_)) {
        cx.tx.rows(LOCK, vec![]).await?;
    }
    cx.tx.exec(table, vec![]).await?;
    for script in scripts {
        let text = cx.tx.either(script.sqlite, script.postgres);
        apply(cx, script.name, text).await?;
    }
    installation(cx).await?;
    seal::first_keys(cx).await
}

async fn apply(cx: &mut Cx, name: &'static str, text: &'static str) -> Result<(), StoreError> {
    const FIND: &str = "SELECT hash FROM schema_migration WHERE name = $1";
    const RECORD: &str = "INSERT INTO schema_migration (name, hash, at) VALUES ($1, $2, $3)";
    let hash = digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec();
    if let Some(mut row) = cx.tx.row(FIND, args![name]).await? {
        return if row.get::<Vec<u8>>()? == hash {
            Ok(())
        } else {
            let why = "was changed after it had run on this database; \
                       run the version of puente that made it, or restore";
            Err(StoreError::Broken(format!("migration {name} {why}")))
        };
    }
    cx.tx.script(text).await?;
    let at = cx.ambient.now();
    cx.tx.exec(RECORD, args![name, hash, at]).await?;
    Ok(())
}

/// The database's own name, given once.
async fn installation(cx: &mut Cx) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO installation (one, id, generation, created_at) \
                       VALUES (1, $1, 1, $2) ON CONFLICT (one) DO NOTHING";
    let id = model::ids::InstallationId::new(&cx.ambient);
    let at = cx.ambient.now();
    cx.tx.exec(SQL, args![id, at]).await?;
    Ok(())
}
