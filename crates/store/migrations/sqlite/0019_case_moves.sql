-- Until which message of the customer the case was looked at, to be moved by it; and when a
-- rule closed it.
ALTER TABLE conversation ADD COLUMN moved_at INTEGER;
ALTER TABLE conversation ADD COLUMN rule_closed_at INTEGER;
CREATE INDEX conversation_unmoved ON conversation (tenant, last_inbound_at)
    WHERE closed_at IS NULL AND case_id IS NOT NULL
        AND (moved_at IS NULL OR moved_at < last_inbound_at);
