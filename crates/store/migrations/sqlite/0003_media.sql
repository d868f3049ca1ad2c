-- Files on their way, both directions, and what Meta holds of ours.

-- kind: in (a customer's), kept (uploaded to us, not sent yet), out (to be sent).
-- state: requested, downloaded, uploaded, linked, aside.
CREATE TABLE media (
    tenant        TEXT    NOT NULL,
    id            BLOB    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    person        BLOB,
    message       BLOB,
    outbox        BLOB,
    number        TEXT,
    -- An upload was called: it may be there, so it is looked up by our id first.
    called        INTEGER NOT NULL DEFAULT 0,
    attempts      INTEGER NOT NULL DEFAULT 0,
    -- Null: nothing is left to do.
    due_at        INTEGER,
    epoch         INTEGER NOT NULL DEFAULT 0,
    lease_until   INTEGER NOT NULL DEFAULT 0,
    requested_at  INTEGER NOT NULL,
    downloaded_at INTEGER,
    uploaded_at   INTEGER,
    linked_at     INTEGER,
    -- Kept uploads end then; of others, when their source forgets them.
    expires_at    INTEGER,
    bytes         INTEGER,
    version       TEXT,            -- ContentVersion
    document      TEXT,            -- ContentDocument
    code          TEXT,
    detail        BLOB,            -- sealed, tenant
    about         BLOB    NOT NULL, -- sealed, person (tenant without one)
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX media_fetch ON media (due_at) WHERE due_at IS NOT NULL AND state = 'requested';
CREATE INDEX media_deliver ON media (due_at) WHERE due_at IS NOT NULL AND state <> 'requested';
CREATE UNIQUE INDEX media_message ON media (tenant, message) WHERE message IS NOT NULL;
CREATE INDEX media_aside ON media (tenant, requested_at) WHERE state = 'aside';
CREATE INDEX media_expires ON media (expires_at) WHERE kind = 'kept';

-- Files that Meta holds for a number, by the keyed hash of their bytes.
CREATE TABLE media_copy (
    tenant     TEXT    NOT NULL,
    number     TEXT    NOT NULL,
    hash       BLOB    NOT NULL,
    meta_id    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, number, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_copy_expires ON media_copy (expires_at);
