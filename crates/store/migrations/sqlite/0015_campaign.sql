-- One message to many people: what is planned, and one row for each person.

-- state: draft, checking, checked, scheduled, running, paused, stopping, done,
-- stopped.
CREATE TABLE campaign (
    tenant      TEXT    NOT NULL REFERENCES tenant (id),
    id          BLOB    NOT NULL,
    name        TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    number      TEXT    NOT NULL,
    plan        TEXT    NOT NULL, -- JSON: message, audience, hours, limits
    made_at     INTEGER NOT NULL,
    made_by     BLOB    NOT NULL, -- API key
    acting_user TEXT,
    -- Not before then.
    start_at    INTEGER,
    started_at  INTEGER,
    ended_at    INTEGER,
    -- Where reading the audience, or the check, goes on; and that all is read.
    page        TEXT,
    audience_in INTEGER NOT NULL,
    -- What the flight check found, JSON.
    report      TEXT,
    -- Why it is paused, and until when it waits for what.
    why         TEXT,
    wait_until  INTEGER,
    wait_for    TEXT,
    -- Members that had ended and failed when it was started or resumed last:
    -- its failure rate is counted from there.
    base_ended  INTEGER NOT NULL DEFAULT 0,
    base_failed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_state ON campaign (tenant, state);

-- state: pending, queued, uncertain, sent, delivered, read, failed, left_out.
CREATE TABLE campaign_member (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant     TEXT    NOT NULL,
    campaign   BLOB    NOT NULL,
    person     BLOB    NOT NULL,
    state      TEXT    NOT NULL DEFAULT 'pending',
    -- Not sent before then.
    due_at     INTEGER NOT NULL,
    -- How many sends there were.
    rounds     INTEGER NOT NULL DEFAULT 0,
    outbox     BLOB,              -- of the last
    code       TEXT,
    sent_at    INTEGER,
    replied_at INTEGER,
    member     TEXT,              -- id of the CampaignMember
    -- What the CampaignMember should show and shows: 0, 1 Sent, 2 Responded.
    wants      INTEGER NOT NULL DEFAULT 0,
    shows      INTEGER NOT NULL DEFAULT 0,
    show_at    INTEGER NOT NULL DEFAULT 0,
    show_code  TEXT,
    bound      BLOB    NOT NULL,  -- sealed, person: values of the variables
    UNIQUE (tenant, campaign, person),
    FOREIGN KEY (tenant, campaign) REFERENCES campaign (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX campaign_member_due ON campaign_member (tenant, campaign, due_at, seq)
    WHERE state = 'pending';
CREATE INDEX campaign_member_state ON campaign_member (tenant, campaign, state, code);
CREATE INDEX campaign_member_page ON campaign_member (tenant, campaign, seq);
CREATE INDEX campaign_member_outbox ON campaign_member (tenant, outbox) WHERE outbox IS NOT NULL;
CREATE INDEX campaign_member_person ON campaign_member (tenant, person, sent_at);
CREATE INDEX campaign_member_show ON campaign_member (tenant, campaign, show_at)
    WHERE wants > shows;

-- People a portfolio wrote to first, within a day.
CREATE INDEX outbox_opened ON outbox (tenant, number, accepted_at)
    WHERE free_form = 0 AND accepted_at IS NOT NULL;
