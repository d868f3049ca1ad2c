-- While a number is left alone, lanes of the others are claimed: without a walk
-- over everything that waits for it.
CREATE INDEX outbox_number ON outbox (number, class, due_at, seq) WHERE state = 'queued';
