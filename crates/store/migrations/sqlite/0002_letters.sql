-- What ended aside, or is not known, waits for a person: what they decided, and
-- what it takes to bring it back.

-- Sent again after a person's or a rule's decision: out of the order of its lane.
ALTER TABLE outbox ADD COLUMN replays INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN replayed_at INTEGER;
CREATE INDEX outbox_failed ON outbox (tenant, failed_at, id) WHERE state = 'failed';

-- A row with a reason was discarded for it; the row stays.
ALTER TABLE journal ADD COLUMN reason BLOB; -- sealed, installation
CREATE INDEX journal_aside ON journal (app, ended_at, seq) WHERE state = 'aside';

ALTER TABLE item ADD COLUMN reason BLOB;      -- sealed, tenant or installation
-- A webhook body that holds this item alone; only of items that are left.
ALTER TABLE item ADD COLUMN envelope BLOB;    -- sealed, tenant or installation
-- Its natural key: a replay must forget it.
ALTER TABLE item ADD COLUMN key_day INTEGER;
ALTER TABLE item ADD COLUMN key_hash BLOB;
CREATE INDEX item_aside_at ON item (tenant, at, id) WHERE state = 'aside';
CREATE INDEX item_unclaimed ON item (app, at, id) WHERE state = 'unclaimed';
CREATE INDEX item_unclaimed_number ON item (number, at, id) WHERE state = 'unclaimed';

ALTER TABLE sync_write ADD COLUMN aside_at INTEGER;
ALTER TABLE sync_write ADD COLUMN reason BLOB; -- sealed, tenant
UPDATE sync_write SET aside_at = COALESCE(last_sent_at, first_wanted_at) WHERE aside = 1;
CREATE INDEX sync_write_letter ON sync_write (tenant, (COALESCE(aside_at, due_at)), object, id) WHERE aside = 1;

ALTER TABLE record_link ADD COLUMN reason BLOB; -- sealed, tenant
CREATE INDEX record_link_aside ON record_link (tenant, at, kind, slot) WHERE state = 'aside';

-- Calls to Salesforce that did not write their row: outcome retry or aside.
CREATE TABLE sync_attempt (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant  TEXT    NOT NULL,
    object  INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    at      INTEGER NOT NULL,
    version INTEGER NOT NULL,
    outcome TEXT    NOT NULL,
    code    TEXT    NOT NULL
) STRICT;
CREATE INDEX sync_attempt_row ON sync_attempt (tenant, object, id, seq);
CREATE INDEX sync_attempt_at ON sync_attempt (at);
