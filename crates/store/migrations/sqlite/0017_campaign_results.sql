-- The campaign in Salesforce whose members show what became of ours.
ALTER TABLE campaign ADD COLUMN shown_in TEXT;
CREATE INDEX campaign_shown ON campaign (tenant) WHERE shown_in IS NOT NULL;
