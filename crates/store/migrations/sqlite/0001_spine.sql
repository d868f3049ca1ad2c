-- The spine: intake, threads, sends, and what Salesforce must come to show.
-- Times are Unix milliseconds, ids are 16 bytes, flags are 0 and 1. A column
-- whose comment says "sealed" holds an envelope that only the program opens.

CREATE TABLE installation (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    id          BLOB    NOT NULL,
    generation  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    -- Set by a restore and cleared when every unfinished send is matched.
    restored_at INTEGER
) STRICT;

-- kind: installation, search, tenant, person. Deleting a row destroys the key.
CREATE TABLE seal_key (
    id         BLOB    PRIMARY KEY,
    kind       TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    owner      BLOB    NOT NULL,
    wrapped    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (kind, tenant, owner)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant (
    id         TEXT    PRIMARY KEY,
    org        TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last numbers given out, so that they become visible in order.
CREATE TABLE tenant_seq (
    tenant     TEXT    PRIMARY KEY,
    feed       INTEGER NOT NULL,
    audit      INTEGER NOT NULL,
    audit_hash BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE number (
    id     TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    waba   TEXT NOT NULL,
    app    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Narrow, because each row is written three times; the body lies apart.
CREATE TABLE journal (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    app         TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    state       TEXT    NOT NULL DEFAULT 'open',
    ended_at    INTEGER,
    code        TEXT
) STRICT;
CREATE INDEX journal_open ON journal (seq) WHERE state = 'open';
CREATE INDEX journal_done ON journal (ended_at) WHERE state = 'done';

CREATE TABLE journal_body (
    seq  INTEGER PRIMARY KEY,
    body BLOB    NOT NULL -- sealed, installation
) STRICT;

CREATE TABLE item (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT,
    app         TEXT    NOT NULL,
    journal     INTEGER NOT NULL,
    ordinal     INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    number      TEXT,
    state       TEXT    NOT NULL,
    code        TEXT,
    detail      BLOB,            -- sealed, tenant or installation
    received_at INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    person      BLOB,
    message     BLOB,
    raw         BLOB             -- sealed, tenant or installation
) STRICT;
CREATE INDEX item_message ON item (tenant, message) WHERE message IS NOT NULL;
CREATE INDEX item_left ON item (id) WHERE state <> 'done';
CREATE INDEX item_aside ON item (tenant, id) WHERE state = 'aside';

CREATE TABLE seen_key (
    day  INTEGER NOT NULL,
    hash BLOB    NOT NULL,
    PRIMARY KEY (day, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    tenant     TEXT    NOT NULL REFERENCES tenant (id),
    id         BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    profile    BLOB    NOT NULL, -- sealed, person
    lead       TEXT,
    contact    TEXT,
    account    TEXT,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX person_lead ON person (tenant, substr(lead, 1, 15)) WHERE lead IS NOT NULL;
CREATE INDEX person_contact ON person (tenant, substr(contact, 1, 15)) WHERE contact IS NOT NULL;
CREATE INDEX person_account ON person (tenant, substr(account, 1, 15)) WHERE account IS NOT NULL;

CREATE TABLE handle (
    tenant  TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    hash    BLOB    NOT NULL,
    person  BLOB    NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, hash),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handle_person ON handle (tenant, person);

CREATE TABLE lane (
    tenant          TEXT    NOT NULL,
    id              BLOB    NOT NULL UNIQUE,
    number          TEXT    NOT NULL,
    person          BLOB    NOT NULL,
    epoch           INTEGER NOT NULL DEFAULT 0,
    lease_until     INTEGER NOT NULL DEFAULT 0,
    hold_until      INTEGER NOT NULL DEFAULT 0,
    last_inbound_at INTEGER,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, number, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX lane_held ON lane (hold_until) WHERE hold_until > 0;

CREATE TABLE conversation (
    tenant            TEXT    NOT NULL,
    id                BLOB    NOT NULL,
    lane              BLOB    NOT NULL,
    person            BLOB    NOT NULL,
    number            TEXT    NOT NULL,
    opened_at         INTEGER NOT NULL,
    closed_at         INTEGER,
    first_inbound_at  INTEGER,
    last_inbound_at   INTEGER,
    first_response_at INTEGER,
    last_message_at   INTEGER,
    case_id           TEXT,
    opportunity_id    TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, lane) REFERENCES lane (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE UNIQUE INDEX conversation_open ON conversation (tenant, lane) WHERE closed_at IS NULL;
CREATE INDEX conversation_opened ON conversation (tenant, opened_at, id);
CREATE INDEX conversation_case ON conversation (tenant, substr(case_id, 1, 15))
    WHERE case_id IS NOT NULL;

CREATE TABLE message (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant       TEXT    NOT NULL,
    id           BLOB    NOT NULL,
    conversation BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    lane         BLOB    NOT NULL,
    number       TEXT    NOT NULL,
    direction    TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    record_key   TEXT    NOT NULL,
    state_key    BLOB,
    outbox       BLOB,
    journal      INTEGER,
    sent_at      INTEGER NOT NULL,
    received_at  INTEGER NOT NULL,
    late         INTEGER NOT NULL,
    body         BLOB    NOT NULL, -- sealed, person
    UNIQUE (tenant, id),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX message_state_key ON message (tenant, number, state_key) WHERE state_key IS NOT NULL;
CREATE INDEX message_thread ON message (tenant, conversation, sent_at, seq);
CREATE INDEX message_person ON message (tenant, person, sent_at, seq);

-- Where a wamid's statuses and the answer to its send meet, whoever comes first.
CREATE TABLE message_state (
    tenant           TEXT    NOT NULL,
    number           TEXT    NOT NULL,
    state_key        BLOB    NOT NULL,
    rank             INTEGER NOT NULL DEFAULT 0,
    accepted_at      INTEGER,
    sent_at          INTEGER,
    delivered_at     INTEGER,
    read_at          INTEGER,
    played_at        INTEGER,
    failed_at        INTEGER,
    code             TEXT,
    code_at          INTEGER,
    detail           BLOB,       -- sealed, tenant
    pricing_rank     INTEGER,
    pricing_category TEXT,
    pricing_kind     TEXT,
    pricing_model    TEXT,
    wamid            BLOB,       -- sealed, person (tenant while the person is unknown)
    PRIMARY KEY (tenant, number, state_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant          TEXT    NOT NULL,
    id              BLOB    NOT NULL,
    lane            BLOB    NOT NULL,
    number          TEXT    NOT NULL,
    person          BLOB    NOT NULL,
    message         BLOB    NOT NULL,
    class           INTEGER NOT NULL, -- 0 live, 1 automatic, 2 campaign
    state           TEXT    NOT NULL,
    request_key     BLOB    NOT NULL,
    request_digest  BLOB    NOT NULL,
    free_form       INTEGER NOT NULL,
    reference_hash  BLOB,
    reference       BLOB,             -- sealed, person
    due_at          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    accepted_at     INTEGER,
    failed_at       INTEGER,
    uncertain_until INTEGER,
    code            TEXT,
    detail          BLOB,             -- sealed, tenant
    body            BLOB    NOT NULL, -- sealed, person
    UNIQUE (tenant, id),
    UNIQUE (tenant, request_key),
    FOREIGN KEY (tenant, lane) REFERENCES lane (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX outbox_due ON outbox (class, due_at, seq) WHERE state = 'queued';
CREATE INDEX outbox_head ON outbox (tenant, lane, class, seq) WHERE state = 'queued';
CREATE INDEX outbox_state ON outbox (tenant, state, seq);
CREATE INDEX outbox_uncertain ON outbox (uncertain_until) WHERE state = 'uncertain';
CREATE INDEX outbox_reference ON outbox (tenant, reference_hash) WHERE reference_hash IS NOT NULL;

-- outcome: open, accepted, refused, not_sent, uncertain, settled.
CREATE TABLE send_attempt (
    tenant   TEXT    NOT NULL,
    id       BLOB    NOT NULL UNIQUE,
    outbox   BLOB    NOT NULL,
    begun_at INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    ended_at INTEGER,
    outcome  TEXT    NOT NULL DEFAULT 'open',
    code     TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, outbox) REFERENCES outbox (tenant, id)
) STRICT;
CREATE INDEX send_attempt_outbox ON send_attempt (tenant, outbox, begun_at);

-- object: 0 person, 1 conversation, 2 message: the order of dependency.
CREATE TABLE sync_write (
    tenant          TEXT    NOT NULL,
    object          INTEGER NOT NULL,
    id              BLOB    NOT NULL,
    root            BLOB    NOT NULL,
    wanted          INTEGER NOT NULL,
    sent            INTEGER NOT NULL DEFAULT 0,
    done            INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0,
    due_at          INTEGER NOT NULL,
    -- A call is open until then, unless it ends first.
    flight_until    INTEGER NOT NULL DEFAULT 0,
    aside           INTEGER NOT NULL DEFAULT 0,
    code            TEXT,
    detail          BLOB,        -- sealed, tenant
    record          TEXT,
    first_wanted_at INTEGER NOT NULL,
    last_sent_at    INTEGER,
    last_done_at    INTEGER,
    PRIMARY KEY (tenant, object, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_write_due ON sync_write (tenant, due_at) WHERE wanted > done AND aside = 0;
CREATE INDEX sync_write_root ON sync_write (tenant, root) WHERE wanted > done AND aside = 0;
CREATE INDEX sync_write_flight ON sync_write (flight_until) WHERE flight_until > 0;
CREATE INDEX sync_write_aside ON sync_write (tenant) WHERE aside = 1;

-- Standard records that puente creates, once per (tenant, person, kind, slot).
CREATE TABLE record_link (
    tenant   TEXT    NOT NULL,
    person   BLOB    NOT NULL,
    kind     TEXT    NOT NULL,
    slot     BLOB    NOT NULL,
    state    TEXT    NOT NULL,
    record   TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    code     TEXT,
    detail   BLOB,               -- sealed, tenant
    PRIMARY KEY (tenant, person, kind, slot),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_link_due ON record_link (tenant, due_at)
    WHERE state <> 'linked' AND state <> 'aside';
CREATE INDEX record_link_slot ON record_link (tenant, slot, kind);

CREATE TABLE lease (
    name   TEXT    PRIMARY KEY,
    holder TEXT    NOT NULL,
    epoch  INTEGER NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
    hash       BLOB    PRIMARY KEY,
    tenant     TEXT    NOT NULL REFERENCES tenant (id),
    id         BLOB    NOT NULL,
    scopes     TEXT    NOT NULL,
    label      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    UNIQUE (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    tenant  TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    hash    BLOB    NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT;

CREATE TABLE alert (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant     TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    text       BLOB    NOT NULL, -- sealed, tenant
    raised_at  INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    cleared_at INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (tenant, kind, subject) WHERE cleared_at IS NULL;

CREATE TABLE feed (
    tenant  TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    message BLOB    NOT NULL,
    outbox  BLOB,
    rank    INTEGER,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_at ON feed (at);

CREATE TABLE cursor (
    tenant TEXT NOT NULL,
    name   TEXT NOT NULL,
    value  BLOB NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
