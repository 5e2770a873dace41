-- What the queue needs besides the spine: owners of rows being sent, pacing, and what staff typed in confidence.

-- migrate:up
ALTER TABLE lane ADD COLUMN rethought smallint NOT NULL DEFAULT 0;  -- answers dropped in a row because newer words came
CREATE INDEX lane_owned ON lane (owner) WHERE owner IS NOT NULL;

ALTER TABLE inbox ADD COLUMN sealed bytea;      -- a staff member's text with a card number in it; wiped when done

ALTER TABLE outbox ADD COLUMN owner bigint;     -- workers.id of who is sending it
ALTER TABLE outbox ADD COLUMN later boolean NOT NULL DEFAULT false;  -- put with a delay: holds nothing back until due
CREATE INDEX outbox_owned ON outbox (owner) WHERE status = 2;

-- The pace of sending (GCRA): tat is the moment the next message would leave if all left evenly.
CREATE TABLE bucket (
    shop_id text NOT NULL,
    key text NOT NULL,                          -- "<channel>" or a conversation's key
    tat timestamptz NOT NULL,
    PRIMARY KEY (shop_id, key)
) WITH (fillfactor = 50);
