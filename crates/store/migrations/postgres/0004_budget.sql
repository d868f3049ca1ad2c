-- How urgent a write to Salesforce is: 0 live, 1 automatic, 2 status.
ALTER TABLE sync_write ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0;
ALTER TABLE record_link ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sync_write_urgency ON sync_write (tenant, urgency, due_at)
    WHERE wanted > done AND aside = 0;

-- The calls of a tenant's org, as it counted them last.
CREATE TABLE api_budget (
    tenant       TEXT   PRIMARY KEY REFERENCES tenant (id),
    used         BIGINT NOT NULL,
    max          BIGINT NOT NULL,
    read_at      BIGINT NOT NULL,
    ceiling      BIGINT NOT NULL,
    exhausted_at BIGINT,
    -- How many lanes are slowed or wait, the least urgent first.
    slowed       BIGINT NOT NULL,
    waiting      BIGINT NOT NULL
);

-- Calls and what they brought, by spans of five minutes; kept for two days.
CREATE TABLE api_slot (
    tenant   TEXT   NOT NULL REFERENCES tenant (id),
    slot     BIGINT NOT NULL,
    own      BIGINT NOT NULL,
    others   BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    PRIMARY KEY (tenant, slot)
);

-- All since the first: own calls by kind, messages shown, rows not locked.
CREATE TABLE api_total (
    tenant TEXT   NOT NULL REFERENCES tenant (id),
    what   TEXT   NOT NULL,
    kind   TEXT   NOT NULL,
    total  BIGINT NOT NULL,
    PRIMARY KEY (tenant, what, kind)
);
