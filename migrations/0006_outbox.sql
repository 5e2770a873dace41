-- What leaves first, at whose pace, and how often nobody knows whether it was said.

-- migrate:up
ALTER TABLE outbox ADD COLUMN priority smallint NOT NULL DEFAULT 0;  -- 0 answer, 1 notice or public word, 2 broadcast
ALTER TABLE outbox ADD COLUMN unsure smallint NOT NULL DEFAULT 0;    -- tries after which it may have been said
-- whose limits it counts against: the channel's account, or its count of private replies
ALTER TABLE outbox ADD COLUMN gate text NOT NULL
    GENERATED ALWAYS AS (split_part(key, ':', 1) || CASE WHEN payload ? 'private' THEN '#private' ELSE '' END) STORED;

-- the sender looks at each account's few next rows, however many wait behind them
CREATE INDEX outbox_gate ON outbox (shop_id, gate, priority, due_at, id) WHERE status = 0;
CREATE INDEX outbox_turn ON outbox (shop_id, key, priority, id) WHERE status = 0;
CREATE INDEX outbox_sending ON outbox (shop_id, key) WHERE status = 2;
DROP INDEX outbox_waiting;

-- key: "<channel>" or "<channel>#private" for an account, a conversation's key for a chat
ALTER TABLE bucket ADD COLUMN why text NOT NULL DEFAULT '';  -- an account the platform refuses: why; one row a try
CREATE INDEX bucket_closed ON bucket (shop_id, key) WHERE why <> '';
