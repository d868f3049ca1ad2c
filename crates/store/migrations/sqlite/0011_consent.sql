-- What people said about being written to: only ever added to. A key that is
-- there already is the same event again.
CREATE TABLE consent_event (
    tenant      TEXT    NOT NULL,
    event_key   BLOB    NOT NULL, -- keyed hash
    person      BLOB    NOT NULL,
    purpose     TEXT    NOT NULL,
    kind        TEXT    NOT NULL, -- opt_in, opt_out
    channel     TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    number      TEXT,
    happened_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    about       BLOB    NOT NULL, -- wording and evidence; sealed, person
    PRIMARY KEY (tenant, event_key),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_event_person ON consent_event (tenant, person, happened_at);

-- The newest event of each person and purpose: what sends are held against.
CREATE TABLE consent (
    tenant      TEXT    NOT NULL,
    person      BLOB    NOT NULL,
    purpose     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    happened_at INTEGER NOT NULL,
    event_key   BLOB    NOT NULL,
    PRIMARY KEY (tenant, person, purpose),
    FOREIGN KEY (tenant, event_key) REFERENCES consent_event (tenant, event_key)
) STRICT, WITHOUT ROWID;

-- What a send is for. Rows of a version before have none: free-form ones are
-- service, templates count as marketing.
ALTER TABLE outbox ADD COLUMN purpose TEXT;
