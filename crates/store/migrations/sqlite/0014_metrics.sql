-- What deliveries cost, by month, and what a day came to.

-- Whether Meta charges the message, and the calling code of who got it.
ALTER TABLE message_state ADD COLUMN pricing_billable INTEGER;
ALTER TABLE message_state ADD COLUMN pricing_calling_code TEXT;
CREATE INDEX message_state_delivered
    ON message_state (tenant, COALESCE(delivered_at, read_at, played_at))
    WHERE pricing_category IS NOT NULL;
-- Meta has it and said no word since: 20 is the rank of `accepted`.
CREATE INDEX message_state_accepted ON message_state (tenant, accepted_at) WHERE rank = 20;

-- Delivered messages by what Meta said of their price. `month`: since January
-- 1970, UTC. Kept with each status, and countable anew from message_state.
CREATE TABLE cost_count (
    tenant       TEXT    NOT NULL,
    month        INTEGER NOT NULL,
    number       TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    model        TEXT    NOT NULL,
    billable     INTEGER NOT NULL,
    calling_code TEXT    NOT NULL,
    messages     INTEGER NOT NULL,
    PRIMARY KEY (tenant, month, number, category, kind, model, billable, calling_code)
) STRICT, WITHOUT ROWID;

INSERT INTO cost_count (tenant, month, number, category, kind, model, billable, calling_code, messages)
SELECT tenant,
       (CAST(strftime('%Y', at / 1000, 'unixepoch') AS INTEGER) - 1970) * 12
           + CAST(strftime('%m', at / 1000, 'unixepoch') AS INTEGER) - 1,
       number, pricing_category, pricing_kind, pricing_model,
       CASE pricing_kind WHEN 'regular' THEN 1 ELSE 0 END, '', COUNT(*)
FROM (SELECT *, COALESCE(delivered_at, read_at, played_at) AS at FROM message_state)
WHERE at IS NOT NULL AND pricing_category IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7;

-- For whom a message is sent.
ALTER TABLE outbox ADD COLUMN agent TEXT;
-- A day is walked through in order of time.
CREATE INDEX message_sent ON message (tenant, sent_at, seq);
CREATE INDEX conversation_closed ON conversation (tenant, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX record_link_made ON record_link (tenant, at, slot) WHERE state = 'linked';

-- What a day of the tenant's time zone came to. `day`: since 1970-01-01.
CREATE TABLE metric_day (
    tenant    TEXT    NOT NULL,
    day       INTEGER NOT NULL,
    metric    TEXT    NOT NULL,
    dimension TEXT    NOT NULL,
    place     TEXT    NOT NULL,
    records   INTEGER NOT NULL,
    total     INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, metric, dimension, place)
) STRICT, WITHOUT ROWID;

-- Which days were counted. `settled`: nothing of it is expected to change any
-- more. `asked`: it is to be counted anew, and the new figures taken.
CREATE TABLE metric_kept (
    tenant  TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    at      INTEGER,
    settled INTEGER NOT NULL,
    asked   INTEGER NOT NULL,
    PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX metric_kept_asked ON metric_kept (tenant, day) WHERE asked = 1;
