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
