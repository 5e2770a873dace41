-- The shopper's card, in the one step that needs it: money is sent back. Sealed, opened once by the person of the staff
-- who asked, gone after the refund or three days.

-- migrate:up
CREATE TABLE refund_cards (
    shop_id text NOT NULL,
    number bigint NOT NULL,                     -- of the order
    key text NOT NULL,                          -- the conversation that was asked
    asked_by text NOT NULL,                     -- "staff:<channel>:<id>"
    asked_at timestamptz NOT NULL DEFAULT now(),
    sealed bytea,                               -- kit.crypto.Box; NULL: not given yet
    shown_at timestamptz,
    PRIMARY KEY (shop_id, number)
);
CREATE INDEX refund_cards_key ON refund_cards (shop_id, key);
