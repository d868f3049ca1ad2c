-- Message templates as Meta has them; no personal data.
CREATE TABLE template (
    tenant    TEXT    NOT NULL REFERENCES tenant (id),
    waba      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    language  TEXT    NOT NULL, -- with an underscore: en_US
    meta_id   TEXT    NOT NULL,
    state     TEXT    NOT NULL, -- Meta's word: APPROVED, PENDING, ...; DELETED: gone
    category  TEXT    NOT NULL, -- MARKETING, UTILITY, AUTHENTICATION
    agreed    TEXT    NOT NULL, -- the category that a person knows of
    announced TEXT,             -- the category that Meta will change it to
    named     INTEGER NOT NULL, -- parameters have names, not numbers
    parts     TEXT    NOT NULL, -- components as Meta wrote them, JSON
    reason    TEXT,             -- why it was rejected, paused or disabled
    quality   TEXT,             -- GREEN, YELLOW, RED, UNKNOWN
    listed_at INTEGER NOT NULL, -- Meta was asked for the list that last held it; 0: never
    told_at   INTEGER NOT NULL, -- the webhook that last changed it was received
    event_at  INTEGER NOT NULL, -- what that webhook told of had happened
    PRIMARY KEY (tenant, waba, name, language)
) STRICT, WITHOUT ROWID;

-- How far the list of an account was read.
CREATE TABLE template_list (
    tenant    TEXT    NOT NULL REFERENCES tenant (id),
    waba      TEXT    NOT NULL,
    wanted_at INTEGER NOT NULL,
    due_at    INTEGER NOT NULL, -- the next page, or the next reading
    began_at  INTEGER,          -- of the reading under way
    cursor    TEXT,             -- where it goes on
    done_at   INTEGER,          -- a reading came to its end
    PRIMARY KEY (tenant, waba)
) STRICT, WITHOUT ROWID;

-- What a send uses; absent when it is no template.
ALTER TABLE outbox ADD COLUMN template TEXT;
ALTER TABLE outbox ADD COLUMN language TEXT;
