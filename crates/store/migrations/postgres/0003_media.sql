-- Files on their way, both directions, and what Meta holds of ours.

-- kind: in (a customer's), kept (uploaded to us, not sent yet), out (to be sent).
-- state: requested, downloaded, uploaded, linked, aside.
CREATE TABLE media (
    tenant        TEXT    NOT NULL,
    id            BYTEA    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    person        BYTEA,
    message       BYTEA,
    outbox        BYTEA,
    number        TEXT,
    -- An upload was called: it may be there, so it is looked up by our id first.
    called        BIGINT NOT NULL DEFAULT 0,
    attempts      BIGINT NOT NULL DEFAULT 0,
    -- Null: nothing is left to do.
    due_at        BIGINT,
    epoch         BIGINT NOT NULL DEFAULT 0,
    lease_until   BIGINT NOT NULL DEFAULT 0,
    requested_at  BIGINT NOT NULL,
    downloaded_at BIGINT,
    uploaded_at   BIGINT,
    linked_at     BIGINT,
    -- Kept uploads end then; of others, when their source forgets them.
    expires_at    BIGINT,
    bytes         BIGINT,
    version       TEXT,            -- ContentVersion
    document      TEXT,            -- ContentDocument
    code          TEXT,
    detail        BYTEA,            -- sealed, tenant
    about         BYTEA    NOT NULL, -- sealed, person (tenant without one)
    PRIMARY KEY (tenant, id)
);
CREATE INDEX media_fetch ON media (due_at) WHERE due_at IS NOT NULL AND state = 'requested';
CREATE INDEX media_deliver ON media (due_at) WHERE due_at IS NOT NULL AND state <> 'requested';
CREATE UNIQUE INDEX media_message ON media (tenant, message) WHERE message IS NOT NULL;
CREATE INDEX media_aside ON media (tenant, requested_at) WHERE state = 'aside';
CREATE INDEX media_expires ON media (expires_at) WHERE kind = 'kept';

-- Files that Meta holds for a number, by the keyed hash of their bytes.
CREATE TABLE media_copy (
    tenant     TEXT    NOT NULL,
    number     TEXT    NOT NULL,
    hash       BYTEA    NOT NULL,
    meta_id    TEXT    NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, number, hash)
);
CREATE INDEX media_copy_expires ON media_copy (expires_at);
