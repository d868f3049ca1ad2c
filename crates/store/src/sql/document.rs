//! Statements about versions: each document has a pair of tables of one shape,
//! so that a program that knows fewer documents works on as before.

use crate::row::Document;

pub(crate) struct Statements {
    pub lock: &'static str,
    pub newest: &'static str,
    pub insert: &'static str,
    pub put_to_use: &'static str,
    pub known: &'static str,
    pub activate: &'static str,
    pub active: &'static str,
    pub text: &'static str,
    pub list: &'static str,
}

macro_rules! statements {
    ($versions:literal, $active:literal) => {
        Statements {
            lock: concat!(
                "INSERT INTO ",
                $active,
                " (tenant, version, at, actor) VALUES ($1, 0, $2, $3) \
                 ON CONFLICT (tenant) DO UPDATE SET at = excluded.at, actor = excluded.actor"
            ),
            newest: concat!(
                "SELECT version, text FROM ",
                $versions,
                " WHERE tenant = $1 ORDER BY version DESC LIMIT 1"
            ),
            insert: concat!(
                "INSERT INTO ",
                $versions,
                " (tenant, version, text, made_at, made_by) VALUES ($1, $2, $3, $4, $5)"
            ),
            put_to_use: concat!("UPDATE ", $active, " SET version = $1 WHERE tenant = $2"),
            known: concat!("SELECT 1 FROM ", $versions, " WHERE tenant = $1 AND version = $2"),
            activate: concat!(
                "INSERT INTO ",
                $active,
                " (tenant, version, at, actor) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (tenant) DO UPDATE SET \
                     version = excluded.version, at = excluded.at, actor = excluded.actor"
            ),
            active: concat!("SELECT version, at, actor FROM ", $active, " WHERE tenant = $1"),
            text: concat!("SELECT text FROM ", $versions, " WHERE tenant = $1 AND version = $2"),
            list: concat!(
                "SELECT version, made_at, made_by FROM ",
                $versions,
                " WHERE tenant = $1 ORDER BY version DESC LIMIT $2"
            ),
        }
    };
}

pub(crate) const fn statements(document: Document) -> Statements {
    match document {
        Document::Mapping => statements!("mapping", "mapping_active"),
        Document::Routing => statements!("routing", "routing_active"),
        Document::Hours => statements!("hours", "hours_active"),
        Document::Survey => statements!("survey", "survey_active"),
    }
}
