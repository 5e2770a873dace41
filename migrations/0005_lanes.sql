-- Lanes: how much one conversation has written lately, fair claims between shops, letters that are worked alone.

-- migrate:up
ALTER TABLE lane ADD COLUMN minute_at timestamptz;                 -- windows of turn.per_minute and turn.per_hour: their
ALTER TABLE lane ADD COLUMN minute_n integer NOT NULL DEFAULT 0;   -- beginning, and how many messages came in them
ALTER TABLE lane ADD COLUMN hour_at timestamptz;
ALTER TABLE lane ADD COLUMN hour_n integer NOT NULL DEFAULT 0;
-- a claim by shops looks at the first due lanes of each shop, however many one of them has
CREATE INDEX lane_due_of_shop ON lane (shop_id, due_at) WHERE due_at < 'infinity' AND owner IS NULL;

ALTER TABLE inbox ADD COLUMN alone boolean NOT NULL DEFAULT false;  -- a revived dead letter: a turn of its own
