-- Reports that compare both sides, and the hold after a restore.

-- A report asks for messages in the order of their keys in Salesforce.
CREATE INDEX message_record_key ON message (tenant, record_key, id);

-- The last send that was begun is what a database is compared by.
CREATE INDEX send_attempt_begun ON send_attempt (tenant, begun_at);

-- state: wanted, done, failed.
CREATE TABLE reconcile_report (
    tenant   TEXT    NOT NULL REFERENCES tenant (id),
    id       BLOB    NOT NULL,
    state    TEXT    NOT NULL,
    asked_at INTEGER NOT NULL,
    asked_by TEXT    NOT NULL,
    since    INTEGER,
    repair   INTEGER NOT NULL,
    ended_at INTEGER,
    summary  TEXT,
    body     BLOB,               -- sealed, tenant
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reconcile_report_asked ON reconcile_report (tenant, asked_at, id);
CREATE INDEX reconcile_report_wanted ON reconcile_report (tenant, asked_at, id) WHERE state = 'wanted';

-- Why nothing is sent, while restored_at is set.
ALTER TABLE installation ADD COLUMN held_why TEXT;
