-- What a record is to be, as the rules decided it: JSON, with the rule and why. A link that
-- they declined is asked about again when the person writes.
ALTER TABLE record_link ADD COLUMN plan TEXT;
DROP INDEX record_link_due;
CREATE INDEX record_link_due ON record_link (tenant, due_at)
    WHERE state NOT IN ('linked', 'aside', 'declined');

-- Which conversations end: those that were silent for long, and those with a case.
CREATE INDEX conversation_quiet ON conversation (tenant, last_message_at)
    WHERE closed_at IS NULL;
CREATE INDEX conversation_open_case ON conversation (tenant)
    WHERE closed_at IS NULL AND case_id IS NOT NULL;
