-- Periodic work: who may end a tick, what a platform says about a token, and what retention and dead letters look up.

-- migrate:up
ALTER TABLE cron ADD COLUMN epoch bigint NOT NULL DEFAULT 0;    -- grows with each claim; only the newest may end its tick

CREATE TABLE channel_states (                   -- what the last check of a channel's token found; one check serves all processes
    shop_id text NOT NULL,
    channel text NOT NULL,
    token_hash text NOT NULL,                   -- of which token; another one connected meanwhile makes this row old
    state text NOT NULL,                        -- "ok", else the reason in a few words
    since timestamptz NOT NULL DEFAULT now(),   -- since when it is like that
    checked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, channel)
);

-- counted at each look at /metrics; nearly empty, so they cost nothing to keep
CREATE INDEX inbox_dead ON inbox (shop_id, id) WHERE status = 9;
CREATE INDEX outbox_dead ON outbox (shop_id, id) WHERE status = 9;

-- retention: who fell silent, and which cards spoke of whom
CREATE INDEX contacts_silent ON contacts (shop_id, last_at);
CREATE INDEX outbox_about_shopper ON outbox (shop_id, shopper) WHERE shopper <> '';
-- rows grow in the order of their time: a BRIN index of some kilobytes finds the old end of the table
CREATE INDEX inbox_age ON inbox USING brin (received_at);
CREATE INDEX outbox_age ON outbox USING brin (created_at);
