-- Files that ended aside are dead letters: since when, and why one was discarded.

ALTER TABLE media ADD COLUMN aside_at INTEGER;
-- A row with a reason was discarded for it; the row stays.
ALTER TABLE media ADD COLUMN reason BLOB; -- sealed, tenant
UPDATE media SET aside_at = COALESCE(uploaded_at, downloaded_at, requested_at) WHERE state = 'aside';
CREATE INDEX media_letter ON media (tenant, (COALESCE(aside_at, requested_at)), id)
    WHERE state = 'aside' AND kind = 'in';
