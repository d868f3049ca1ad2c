-- Which records a message makes, takes or moves, by tenant. A version never changes;
-- version 0 is the program's own and has no row.
CREATE TABLE routing (
    tenant  TEXT    NOT NULL REFERENCES tenant (id),
    version BIGINT  NOT NULL,
    text    TEXT    NOT NULL,
    made_at BIGINT  NOT NULL,
    made_by TEXT    NOT NULL,
    PRIMARY KEY (tenant, version)
);

-- The one that is in use.
CREATE TABLE routing_active (
    tenant  TEXT    NOT NULL PRIMARY KEY REFERENCES tenant (id),
    version BIGINT  NOT NULL,
    at      BIGINT  NOT NULL,
    actor   TEXT    NOT NULL
);
