-- Who is due: waiting for the first time, or held back by Meta. The words of states are
-- waiting, queued, sent, held_back, uncertain, failed, left_out; nothing wrote the earlier ones.
DROP INDEX campaign_member_due;
CREATE INDEX campaign_member_due ON campaign_member (tenant, campaign, due_at, seq)
    WHERE state IN ('waiting', 'held_back');
