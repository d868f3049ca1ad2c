-- A long backlog goes to Salesforce by Bulk jobs: some people at a time, whose
-- rows nobody else writes meanwhile.

-- object: the part under way, 0 person, 1 conversation, 2 message. state:
-- claimed, creating, open, closing, working, settled.
CREATE TABLE bulk_job (
    tenant     TEXT    NOT NULL REFERENCES tenant (id),
    id         BYTEA    NOT NULL,
    object     BIGINT NOT NULL DEFAULT 0,
    state      TEXT    NOT NULL DEFAULT 'claimed',
    -- Salesforce's id of the job, once it is known.
    remote     TEXT,
    begun_at   BIGINT NOT NULL,
    stepped_at BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    -- How often Salesforce was asked whether this part is done.
    looks      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, id)
);

-- People whose rows are a job's alone.
CREATE TABLE bulk_hold (
    tenant TEXT NOT NULL,
    root   BYTEA NOT NULL,
    job    BYTEA NOT NULL,
    PRIMARY KEY (tenant, root),
    FOREIGN KEY (tenant, job) REFERENCES bulk_job (tenant, id)
);
CREATE INDEX bulk_hold_job ON bulk_hold (tenant, job);

-- The job a row is in; and that no job is to take it, because a call must.
ALTER TABLE sync_write ADD COLUMN job BYTEA;
ALTER TABLE sync_write ADD COLUMN by_call BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sync_write_job ON sync_write (tenant, job) WHERE job IS NOT NULL;
CREATE INDEX sync_write_way ON sync_write (tenant, by_call, due_at, first_wanted_at)
    WHERE wanted > done AND aside = 0;
