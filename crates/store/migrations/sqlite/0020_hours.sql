-- When a tenant answers, and what is said when it does not. A version never changes;
-- version 0 is the program's own and has no row.
CREATE TABLE hours (
    tenant  TEXT    NOT NULL REFERENCES tenant (id),
    version INTEGER NOT NULL,
    text    TEXT    NOT NULL,
    made_at INTEGER NOT NULL,
    made_by TEXT    NOT NULL,
    PRIMARY KEY (tenant, version)
) STRICT, WITHOUT ROWID;

-- The one that is in use.
CREATE TABLE hours_active (
    tenant  TEXT    NOT NULL PRIMARY KEY REFERENCES tenant (id),
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- When somebody was last told that nobody answers now.
ALTER TABLE conversation ADD COLUMN told_at INTEGER;
