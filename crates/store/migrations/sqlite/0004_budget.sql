-- How urgent a write to Salesforce is: 0 live, 1 automatic, 2 status.
ALTER TABLE sync_write ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record_link ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sync_write_urgency ON sync_write (tenant, urgency, due_at)
    WHERE wanted > done AND aside = 0;

-- The calls of a tenant's org, as it counted them last.
CREATE TABLE api_budget (
    tenant       TEXT   PRIMARY KEY REFERENCES tenant (id),
    used         INTEGER NOT NULL,
    max          INTEGER NOT NULL,
    read_at      INTEGER NOT NULL,
    ceiling      INTEGER NOT NULL,
    exhausted_at INTEGER,
    -- How many lanes are slowed or wait, the least urgent first.
    slowed       INTEGER NOT NULL,
    waiting      INTEGER NOT NULL
) STRICT;

-- Calls and what they brought, by spans of five minutes; kept for two days.
CREATE TABLE api_slot (
    tenant   TEXT   NOT NULL REFERENCES tenant (id),
    slot     INTEGER NOT NULL,
    own      INTEGER NOT NULL,
    others   INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (tenant, slot)
) STRICT, WITHOUT ROWID;

-- All since the first: own calls by kind, messages shown, rows not locked.
CREATE TABLE api_total (
    tenant TEXT   NOT NULL REFERENCES tenant (id),
    what   TEXT   NOT NULL,
    kind   TEXT   NOT NULL,
    total  INTEGER NOT NULL,
    PRIMARY KEY (tenant, what, kind)
) STRICT, WITHOUT ROWID;
