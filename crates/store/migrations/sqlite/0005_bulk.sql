-- A long backlog goes to Salesforce by Bulk jobs: some people at a time, whose
-- rows nobody else writes meanwhile.

-- object: the part under way, 0 person, 1 conversation, 2 message. state:
-- claimed, creating, open, closing, working, settled.
CREATE TABLE bulk_job (
    tenant     TEXT    NOT NULL REFERENCES tenant (id),
    id         BLOB    NOT NULL,
    object     INTEGER NOT NULL DEFAULT 0,
    state      TEXT    NOT NULL DEFAULT 'claimed',
    -- Salesforce's id of the job, once it is known.
    remote     TEXT,
    begun_at   INTEGER NOT NULL,
    stepped_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    -- How often Salesforce was asked whether this part is done.
    looks      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- People whose rows are a job's alone.
CREATE TABLE bulk_hold (
    tenant TEXT NOT NULL,
    root   BLOB NOT NULL,
    job    BLOB NOT NULL,
    PRIMARY KEY (tenant, root),
    FOREIGN KEY (tenant, job) REFERENCES bulk_job (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_hold_job ON bulk_hold (tenant, job);

-- The job a row is in; and that no job is to take it, because a call must.
ALTER TABLE sync_write ADD COLUMN job BLOB;
ALTER TABLE sync_write ADD COLUMN by_call INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sync_write_job ON sync_write (tenant, job) WHERE job IS NOT NULL;
CREATE INDEX sync_write_way ON sync_write (tenant, by_call, due_at, first_wanted_at)
    WHERE wanted > done AND aside = 0;

-- Without figures SQLite takes a tenant for ten rows, and walks all of them
-- where it should look a person up. So it is told what a busy table is like
-- (sqlite_stat1: rows, then rows for each value of the first column, of the
-- first two, and so on). PostgreSQL counts by itself.
ANALYZE sync_write;
DELETE FROM sqlite_stat1 WHERE tbl = 'sync_write';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('sync_write', 'sync_write', '1000000 1000000 300000 1'),
    ('sync_write', 'sync_write_due', '10000 10000 2'),
    ('sync_write', 'sync_write_urgency', '10000 10000 5000 2'),
    ('sync_write', 'sync_write_root', '10000 10000 10'),
    ('sync_write', 'sync_write_way', '10000 10000 9000 2 1'),
    ('sync_write', 'sync_write_job', '10000 10000 2000'),
    ('sync_write', 'sync_write_flight', '1000 2'),
    ('sync_write', 'sync_write_aside', '100 100');
ANALYZE sqlite_schema;
